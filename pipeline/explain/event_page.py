"""``tocsin explain --event ID --html``: an event, who says so and who denies it, its history and its articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.errors import UserError
from pipeline.explain import words
from pipeline.explain.marks import KINDS
from pipeline.explain.page import Way, page
from pipeline.explain.views import ArticleView, ClaimView, article_view, claim_view, moment
from pipeline.page import address, language_tag
from transforms.contracts import Store
from transforms.merge.curate import JudgementError, live_event
from transforms.notify import names
from transforms.notify.content import how_many, parties, value
from transforms.notify.counted import of_which
from transforms.notify.feedback import Feedback, feedback_on
from transforms.recognise.mentions import document_of, recognise, subject
from transforms.records import Article, Claim, Event, Mention, Report

MOST_TEXTS = 25
"""Articles shown whole; a page of a much reported event would else take minutes to read and to load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report of the event, for a line in a table or under a claim."""

    title: str
    url: str | None
    publisher: str
    origin: str
    grade: str
    published: str
    language: str | None
    copy: bool


def mentions_of(article: Article) -> Sequence[Mention]:
    """The mentions of a stored article, recognised anew: the store does not keep them."""
    return recognise(subject(document_of(article)))


def stored_event_page(store: Store, id: str, made: datetime) -> str:
    """The page of an event of the store; one merged away leads to the one it became. Raises UserError."""
    try:
        event = live_event(store, id)
    except JudgementError as error:
        raise UserError(str(error)) from None
    wanted = [report.article for report in event.reports]
    feedback = feedback_on(store, [event.id]).get(event.id, ())
    return event_page(event, store.articles(wanted), feedback, made, asked=id)


def event_page(
    event: Event,
    articles: Mapping[str, Article],
    feedback: Sequence[Feedback],
    made: datetime,
    *,
    asked: str | None = None,
    read: Callable[[Article], Sequence[Mention]] = mentions_of,
    ways: Sequence[Way] = (),
) -> str:
    """The page of an event. articles: those of its reports that are known; asked: the id it was asked for by."""
    texts, claims, sources = _told(event, articles, read)
    counts = {kind: sum(text.counts[kind] for text in texts) for kind in KINDS}
    return page(
        "event.html.j2",
        made,
        ways,
        event=event,
        asked=asked if asked != event.id else None,
        title=parties(event),
        facts=_facts(event),
        claims=claims,
        says=_speakers(claims, "says"),
        denies=_speakers(claims, "denies"),
        sources=sources,
        feedback=feedback,
        reports=[_report(report) for report in event.reports],
        texts=texts,
        counts=counts,
        furniture=any(text.furniture for text in texts),
        embargoes=[(note, names.state(note.target)) for note in event.embargoes],
        moment=lambda at: f"{at:%Y-%m-%d %H:%M} UTC",
    )


def _told(
    event: Event, articles: Mapping[str, Article], read: Callable[[Article], Sequence[Mention]]
) -> tuple[list[ArticleView], list[ClaimView], dict[int, ReportView]]:
    """Texts and claims, numbered through in the order of the reports, and the report of each claim by its number."""
    by_document: dict[str, list[Claim]] = {}
    for claim in event.claims:
        by_document.setdefault(claim.document, []).append(claim)
    reports = {report.article: report for report in event.reports}
    texts: list[ArticleView] = []
    claims: list[ClaimView] = []
    sources: dict[int, ReportView] = {}
    for document in [*reports, *(document for document in by_document if document not in reports)]:
        own = by_document.get(document, [])
        article, report = articles.get(document), reports.get(document)
        first = len(claims) + 1
        if article is not None and own and len(texts) < MOST_TEXTS:
            text = article_view(article, read(article), own, prefix=f"t{len(texts) + 1}-", first=first)
            texts.append(text)
            claims += text.claims
        else:
            language = language_tag(report.language) if report else None
            claims += [claim_view(claim, number, language, "elsewhere") for number, claim in enumerate(own, first)]
        if report:
            sources |= {number: _report(report) for number in range(first, len(claims) + 1)}
    return texts, claims, sources


def _speakers(claims: Sequence[ClaimView], what: Literal["says", "denies"]) -> dict[str, list[int]]:
    """Who says or denies it, and the numbers of the claims in which they do."""
    found: dict[str, list[int]] = {}
    for claim in claims:
        for voice in getattr(claim, what):
            found.setdefault(voice, []).append(claim.number)
    return found


def _report(report: Report) -> ReportView:
    return ReportView(
        title=report.title or report.url,
        url=address(report.url),
        publisher=report.publisher,
        origin=report.origin,
        grade=f"{report.reliability}, {words.RELIABILITIES[report.reliability]}",
        published=moment(report.published),
        language=language_tag(report.language),
        copy=report.copy_of is not None,
    )


def _facts(event: Event) -> list[tuple[str, str]]:
    grade = f"{event.reliability}{event.credibility}"
    meaning = f"{words.RELIABILITIES[event.reliability]}, {words.CREDIBILITIES[event.credibility - 1]}"
    origins = f"{event.origins} independent {'origin' if event.origins == 1 else 'origins'}"
    rows = [
        ("what", ", ".join(map(words.goods, event.goods)) or "arms, kind not told"),
        ("ordered", of_which(event, event.quantity_ordered, how_many(event.quantity_ordered))),
        ("delivered", of_which(event, event.quantity_delivered, how_many(event.quantity_delivered))),
        ("value", value(event.value)),
        ("when", event.date or "not told"),
        ("where", ", ".join(dict.fromkeys(f"{place.value or place.text} ({place.role})" for place in event.places))),
        ("through", ", ".join(map(names.party, event.transit))),
        ("broker", names.party(event.broker) if event.broker else ""),
        ("end user", names.party(event.end_user) if event.end_user else ""),
        ("carried by", ", ".join(c.name or c.registration or c.operator or c.kind for c in event.carriers)),
        ("markings", ", ".join(event.markings)),
        ("says", ", ".join(dict.fromkeys(map(names.voice, event.asserted_by)))),
        ("denies", ", ".join(dict.fromkeys(map(names.voice, event.denied_by)))),
        ("reported by", f"{event.articles} {'article' if event.articles == 1 else 'articles'}, {origins}"),
        ("grade", f"{grade}: {meaning}"),
        ("confidence", f"{event.confidence:.2f}"),
        ("first seen", f"{event.first_seen:%Y-%m-%d %H:%M} UTC"),
        ("last changed", f"{event.last_changed:%Y-%m-%d %H:%M} UTC, revision {event.revision}"),
        ("part of", event.parent or ""),
    ]
    return [(label, text) for label, text in rows if text]
