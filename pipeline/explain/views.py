"""What the pages show of articles and claims, ready for the templates, which decide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pipeline.explain import words
from pipeline.explain.marks import KINDS, Mark, marks_of
from pipeline.explain.segments import Line, Span, cut
from pipeline.page import address, language_tag
from transforms.notify import names
from transforms.notify.content import how_many, value
from transforms.records import Article, Claim, Mention, Passage

Evidence = Literal["here", "gone", "elsewhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim in words.

    anchor: its id in the page. evidence: whether its sentence is ``here`` on the page (at ``span``), ``gone`` from the
    text, or of a text that the page does not have (``elsewhere``).
    says, denies: who asserts and who denies it. rows: labels and values, empty ones left out.
    """

    anchor: str
    number: int
    title: str
    stage: str
    standing: str
    says: tuple[str, ...]
    denies: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    quote: str
    span: Span
    evidence: Evidence
    language: str | None
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article with its marks and claims. prefix: makes ids unique where a page has several articles."""

    prefix: str
    title: str
    language: str | None
    url: str | None
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[Paragraph, ...]
    marks: tuple[Mark, ...]
    claims: tuple[ClaimView, ...]
    counts: dict[str, int]
    furniture: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text. speaker: who begins to speak with it (UN meetings coverage)."""

    segments: Line
    speaker: str | None = None


def article_view(
    article: Article, mentions: Sequence[Mention], claims: Sequence[Claim], prefix: str = "", first: int = 1
) -> ArticleView:
    """An article, its mentions and claims, made ready. first: the number of its first claim on the page."""
    placed = [_placed(article.text, claim) for claim in claims]
    marks = marks_of(article.text, mentions, [claim for claim, _ in placed], article.published)
    furniture = [Span(p.start, p.end) for p in article.passages if p.kind == "furniture"]
    spans = [Span(claim.start, claim.end) if found else Span(0, 0) for claim, found in placed]
    lines = cut(article.text, [[Span(mark.start, mark.end) for mark in marks], spans, furniture])
    language = language_tag(article.language)
    return ArticleView(
        prefix=prefix,
        title=article.title or article.id,
        language=language,
        url=address(article.url),
        facts=_facts(article),
        paragraphs=tuple(_paragraphs(lines, article.passages)),
        marks=tuple(marks),
        claims=tuple(
            claim_view(claim, number, language, "here" if found else "gone")
            for number, (claim, found) in enumerate(placed, first)
        ),
        counts={kind: Counter(mark.kind for mark in marks)[kind] for kind in KINDS},
        furniture=bool(furniture),
    )


def claim_view(claim: Claim, number: int, language: str | None, evidence: Evidence) -> ClaimView:
    """One claim in words."""
    says, denies = tuple(map(names.voice, claim.asserted_by)), tuple(map(names.voice, claim.denied_by))
    rows = (
        ("what", ", ".join(map(words.goods, claim.goods)) or "arms, kind not told"),
        ("how many", how_many(claim.quantity)),
        ("value", value(claim.value)),
        ("says", ", ".join(says)),
        ("denies", ", ".join(denies)),
        ("when", claim.date or ""),
        ("where", ", ".join(f"{place.value or place.text} ({place.role})" for place in claim.places)),
        ("through", ", ".join(map(names.party, claim.transit))),
        ("broker", names.party(claim.broker) if claim.broker else ""),
        ("end user", names.party(claim.end_user) if claim.end_user else ""),
        ("carried by", ", ".join(c.name or c.registration or c.operator or c.kind for c in claim.carriers)),
        ("markings", ", ".join(claim.markings)),
    )
    return ClaimView(
        anchor=f"claim-{number}",
        number=number,
        title=f"{names.party(claim.supplier)} → {names.party(claim.recipient)}",
        stage=claim.stage.replace("_", " "),
        standing=claim.standing,
        says=says,
        denies=denies,
        rows=tuple((label, text) for label, text in rows if text),
        quote=claim.quote,
        span=Span(claim.start, claim.end),
        evidence=evidence,
        language=language,
        confidence=claim.confidence,
        reasons=tuple(words.reasons(claim)),
    )


def _placed(text: str, claim: Claim) -> tuple[Claim, bool]:
    """The claim where the text has its quote, which may have moved in a later revision; False where it is gone."""
    if text[claim.start : claim.end] == claim.quote:
        return claim, True
    start = text.find(claim.quote)
    if start < 0:
        return claim, False
    return replace(claim, start=start, end=start + len(claim.quote)), True


def moment(text: str | None) -> str:
    """A date or datetime as the records have it, to the minute; a date stays one."""
    if not text or "T" not in text:
        return text or ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".rstrip()


def _facts(article: Article) -> tuple[tuple[str, str], ...]:
    given = "given" in article.flags
    rows = (
        ("published", moment(article.published)),
        ("by", ", ".join(filter(None, (article.author, article.site)))),
        ("publisher", article.publisher),
        ("origin", article.origin if article.origin != article.publisher else ""),
        ("grade", "" if given else f"{article.reliability}, {words.RELIABILITIES[article.reliability]}"),
        ("language", article.language or article.language_declared or "not told"),
        ("copy of", article.copy_of or ""),
        ("flags", ", ".join(flag for flag in article.flags if flag != "given")),
        ("symbol", article.un.symbol or "" if article.un else ""),
        ("retrieved", f"{article.evidence.retrieved:%Y-%m-%d %H:%M} UTC" if article.evidence else ""),
        ("SHA-256", article.evidence.sha256 if article.evidence else ""),
    )
    return tuple((label, text) for label, text in rows if text)


def _paragraphs(lines: Sequence[Line], passages: Sequence[Passage]) -> list[Paragraph]:
    speakers = sorted((p for p in passages if p.kind == "speaker"), key=lambda p: p.start)
    found, told = [], 0
    for line in lines:
        if not any(segment.text.strip() for segment in line):
            continue
        speaker = None
        while told < len(speakers) and speakers[told].start < line[-1].start + len(line[-1].text):
            one, told = speakers[told], told + 1
            speaker = ", ".join(filter(None, (one.speaker, names.state(one.iso3) if one.iso3 else None))) or None
        found.append(Paragraph(line, speaker))
    return found
