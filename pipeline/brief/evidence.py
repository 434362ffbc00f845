"""The evidence for an event: the sentences that carry it, on either side, and the documents they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.brief.model import Document, Quote, Side
from pipeline.brief.period import Period
from pipeline.brief.words import plain, voices, when
from pipeline.page import address, clean, language_tag
from transforms.claims.frames import language, languages
from transforms.records import Article, Claim, Event, Report, Voice
from transforms.text.segments import TextView, view

_WORD = re.compile(r"\w+|[^\w\s]")
_NAME = re.compile(r"\w{3,}")
_DENYING = frozenset({"deny", "flat", "outright"})
_LONGEST = 60_000  # characters of an article that are searched for a denial


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is told of an event: quotes a side, characters a quote, documents."""

    quotes: int
    length: int
    documents: int


def sides(event: Event, articles: Mapping[str, Article], period: Period, detail: Detail) -> tuple[Side, Side]:
    """Who says so and who denies it, with quotes: new ones first, then those of the better source, the earlier."""
    reports = {report.article: report for report in event.reports}
    own = sorted((c for c in event.claims if c.copy_of is None), key=lambda c: _first(reports.get(c.document), period))
    says = [quote for claim in own if claim.standing != "denied"
            if (quote := _quote(claim, articles, reports, period, detail))]  # fmt: skip
    denies = [quote for claim in own if claim.standing == "denied"
              if (quote := _quote(claim, articles, reports, period, detail))]  # fmt: skip
    documents = dict.fromkeys(claim.document for claim in own if claim.denied_by and claim.standing != "denied")
    for document in documents if len(denies) < detail.quotes else ():
        if article := articles.get(document):
            denies += _denials(article, event.denied_by, reports.get(document), period, detail)
    return (
        Side(voices(event.asserted_by), _best(says, detail.quotes)),
        Side(voices(event.denied_by), _best(denies, detail.quotes)),
    )


def documents(event: Event, period: Period, most: int) -> tuple[tuple[Document, ...], int]:
    """The reports, originals and new ones first, and how many more there are."""
    ordered = sorted(event.reports, key=lambda r: (r.copy_of is not None, *_first(r, period), r.article))
    return tuple(_document(report, period) for report in ordered[:most]), max(0, len(ordered) - most)


def _document(report: Report, period: Period) -> Document:
    return Document(
        title=plain(report.title, 160) or "Untitled",
        url=_address(report.url),
        publisher=plain(report.publisher, 60),
        origin=plain(report.origin, 60) if report.origin != report.publisher else "",
        date=when((report.published or "")[:10]),
        language=language_tag(report.language),
        grade=report.reliability,
        copy=report.copy_of is not None,
        fresh=report.first_seen in period,
    )


def _address(url: str) -> str | None:
    found = address(url)
    return found if found and len(found) <= 600 and not re.search(r"\s", found) else None


def _first(report: Report | None, period: Period) -> tuple[bool, str, str]:
    if report is None:
        return (True, "F", "")
    return (report.first_seen not in period, report.reliability, report.published or "9")


def _best(quotes: Sequence[Quote], most: int) -> tuple[Quote, ...]:
    """The first of each text, one a source before a second of the same."""
    distinct: dict[str, Quote] = {}
    for quote in quotes:
        distinct.setdefault(" ".join((quote.core or quote.lead).casefold().split()), quote)
    seen: set[str] = set()
    first: list[Quote] = []
    second: list[Quote] = []
    for quote in distinct.values():
        (second if quote.by in seen else first).append(quote)
        seen.add(quote.by)
    return tuple((first + second)[:most])


def _quote(
    claim: Claim, articles: Mapping[str, Article], reports: Mapping[str, Report], period: Period, detail: Detail
) -> Quote | None:
    core = plain(claim.quote, detail.length)
    if not core:
        return None
    article = articles.get(claim.document)
    lead = tail = ""
    # A later revision of the article may have moved the text away from the offsets.
    if article and article.text[claim.start : claim.end] == claim.quote:
        lead, core, tail = _around(article.text, claim.start, claim.end, core, detail.length)
    return _made(lead, core, tail, reports.get(claim.document), article, period)


def _made(lead: str, core: str, tail: str, report: Report | None, article: Article | None, period: Period) -> Quote:
    source = report or article
    by = [plain(source.publisher, 60), when((source.published or "")[:10])] if source else []
    return Quote(
        lead=lead,
        core=core,
        tail=tail,
        by=", ".join(filter(None, by)),
        url=_address(source.url) if source else None,
        language=language_tag(source.language) if source else None,
        fresh=report is not None and report.first_seen in period,
    )


def _around(text: str, start: int, end: int, core: str, most: int) -> tuple[str, str, str]:
    """A span with the rest of its sentence on either side, within so many characters."""
    seen = _seen(text)
    a, b = seen.folded.locate(start, end)
    if a >= b:
        return "", core, ""
    core = plain(seen.text[a:b], most)
    if (room := most - len(core)) < 10:
        return "", core, ""
    first, last = seen.sentences[seen.sentence_at(a)], seen.sentences[seen.sentence_at(b - 1)]
    lead, tail = clean(seen.text[first.start : a]), clean(seen.text[b : max(b, last.end)])
    share = max(room // 2, room - len(tail))
    if len(lead) > share:
        lead = "…" + lead[len(lead) - share + 1 :].split(" ", 1)[-1]
    left = room - len(lead)
    if len(tail) > left:
        tail = tail[: max(0, left - 1)].rsplit(" ", 1)[0] + "…"
    return lead, core, tail


@lru_cache(maxsize=16)
def _seen(text: str) -> TextView:
    return view(text)


def _denials(
    article: Article, deniers: Sequence[Voice], report: Report | None, period: Period, detail: Detail
) -> Iterator[Quote]:
    """The sentences in which one of those who deny is named together with words of denial."""
    known = language(article.language or "") if article.language in languages() else None
    if known is None:
        return
    names = [frozenset(word.casefold() for word in _NAME.findall(voice.name)) for voice in deniers]
    seen = _seen(article.text[:_LONGEST])
    for sentence in seen.sentences:
        text = seen.text[sentence.start : sentence.end]
        low = [word.lower() for word in _WORD.findall(text)]
        words = frozenset(low)
        if not any(name & words for name in names):
            continue
        tags = {tag for _, _, tag in known.denial.find(low, 0, len(low))}
        if tags & _DENYING or {"calls", "verdict"} <= tags:
            yield _made(plain(text, detail.length), "", "", report, article, period)
