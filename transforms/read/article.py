"""From a page to a clean article: text, title, dates, language, furniture, speakers, origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from transforms.codec import digest
from transforms.poll.text import one_line
from transforms.read.dates import disagrees, published_of, visible_date
from transforms.read.fingerprint import prose
from transforms.read.furniture import furniture_of, wall_of
from transforms.read.html import Extracted, extract_html, fragment_text
from transforms.read.lines import Line, lines_of
from transforms.read.metadata import Metadata
from transforms.read.origin import credited, family_of, is_release
from transforms.read.pdf import extract_pdf
from transforms.read.un import speakers_of, un_document
from transforms.records import Article, Document, Page, Passage
from transforms.sources import Source
from transforms.text.language import detect

_WALL_WORDS = 150
"""A page with a wall's phrases and fewer words of its own is the wall; one with more is an article with a notice."""
_TEASER_WORDS = 60
"""So few words, where the page's own data says that the article is not free, are its first paragraph."""
_LANGUAGE_SAMPLE = 1000
"""Characters: the detector takes a millisecond for 2,000, and tells all evaluation documents by these."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page that gives no article, and why."""

    reason: str


def read_page(page: Page, source: Source) -> Article | Unreadable:
    """The article of a page. Never raises for any page.

    Texts that were given whole (flag ``given``: backfill) stay untouched to the letter.
    """
    entry = page.entry
    if "given" in entry.flags:
        text = page.body if page.body is not None else entry.content or ""
        if not text.strip():
            return Unreadable("the document has no text")
        return _given(
            Article(
                id=entry.id,
                entry=entry.id,
                source=entry.source,
                url=entry.url,
                canonical_url=entry.canonical_url,
                title=entry.title,
                text=entry.content if entry.content is not None else text,
                author=entry.author,
                published=entry.published_raw,
                published_from="given",
                first_seen=entry.first_seen,
                language_declared=entry.language,
                publisher=source.family,
                origin=source.family,
                reliability=source.reliability,
                revision=entry.revision,
                flags=entry.flags,
                evidence=page.evidence,
            ),
            source.name or entry.source,
        )
    found = _extract(page, source)
    if isinstance(found, Unreadable):
        return found
    return _finished(page, source, found)


def given_article(document: Document, *, first_seen: datetime) -> Article:
    """A document given whole (``extract``, ``backfill``) as an article; its text stays untouched."""
    publisher = document.source or "given"
    return _given(
        Article(
            id=document.id,
            entry=document.id,
            source=publisher,
            url=document.url or "",
            canonical_url=document.url or "",
            title=document.title or "",
            text=document.text,
            published=document.published,
            published_from="given",
            first_seen=first_seen,
            language_declared=document.lang,
            publisher=publisher,
            origin=publisher,
            flags=("given",),
        ),
        publisher,
    )


def _given(article: Article, name: str) -> Article:
    lines = lines_of(article.text)
    return _annotated(article, lines, furniture_of(lines, article.title), name)


def _annotated(article: Article, lines: Sequence[Line], furniture: tuple[Passage, ...], name: str) -> Article:
    """The article with what its paragraphs tell: furniture, speakers, language, origin, its place at the UN."""
    clean = replace(article, passages=furniture)
    un = un_document(article.text, article.url, article.publisher)
    speakers = speakers_of(lines, official=un is not None)
    own = prose(lines, furniture)
    sample = "\n".join(own)[:_LANGUAGE_SAMPLE] or article.text
    release = is_release(lines) and "press_release" not in article.flags
    return replace(
        clean,
        language=detect(sample, article.language_declared),
        origin=credited(lines, article.author, article.site) or family_of(name) or article.publisher,
        un=un,
        passages=tuple(sorted((*furniture, *speakers), key=lambda p: (p.start, p.end, p.kind))),
        flags=(*article.flags, "press_release") if release else article.flags,
    )


def _extract(page: Page, source: Source) -> Extracted | Unreadable:
    if page.binary is not None:
        pdf = extract_pdf(page.binary)
        if isinstance(pdf, str):
            return Unreadable(pdf)
        return Extracted(text=pdf.text, metadata=Metadata(title=pdf.title, author=pdf.author), cut=pdf.cut)
    body = page.body or ""
    if page.content_type == "text/plain":
        return Extracted(text=body)
    if page.origin != "page":
        return Extracted(text=fragment_text(body))
    address = page.evidence.final_url if page.evidence else page.entry.url
    return extract_html(body, address, source.text)


def _finished(page: Page, source: Source, found: Extracted) -> Article | Unreadable:
    entry, metadata = page.entry, found.metadata
    if not found.text.strip():
        wall = wall_of(one_line(page.body or "", limit=20_000)) if page.body else None
        return Unreadable(f"{wall} page, no text" if wall else "no text in the page")
    lines = lines_of(found.text)
    title = entry.title or metadata.title or ""
    furniture = furniture_of(lines, title)
    words = sum(len(text.split()) for text in prose(lines, furniture))
    flags = [*entry.flags]
    wall = wall_of(found.text) if page.origin == "page" else None
    if page.origin == "page":
        if wall and words < _WALL_WORDS and _mostly_wall(lines, words):
            return Unreadable(f"{wall} page ({words} words of its own)")
        if not metadata.free and words < _TEASER_WORDS:
            return Unreadable(f"paywall page ({words} words of its own)")
        if wall == "paywall" or not metadata.free:
            flags.append("paywall")
        elif wall == "consent" and words < _WALL_WORDS:
            flags.append("consent")
    if page.origin == "summary":
        flags.append("summary_only")
    if found.cut:
        flags.append("cut")
    published, published_from, modified = published_of(entry, metadata.published, metadata.modified, source.timezone)
    if page.origin == "page" and published_from != "first_seen":
        shown = visible_date(lines, entry.language or source.language, entry.first_seen)
        if disagrees(shown, published) or (metadata.published and disagrees(shown, metadata.published)):
            flags.append("dates_disagree")
    address = page.evidence.final_url if page.evidence else entry.url
    article = Article(
        id=digest([entry.id]),
        entry=entry.id,
        source=entry.source,
        url=address or entry.url,
        canonical_url=metadata.canonical or entry.canonical_url,
        title=title,
        text=found.text,
        author=entry.author or metadata.author,
        site=metadata.site,
        published=published,
        published_from=published_from,
        modified=modified,
        first_seen=entry.first_seen,
        language_declared=entry.language or metadata.language or source.language,
        publisher=source.family,
        origin=source.family,
        reliability=source.reliability,
        revision=entry.revision,
        flags=tuple(dict.fromkeys(flags)),
        evidence=page.evidence,
    )
    return _annotated(article, lines, furniture, source.name or source.id)


def _mostly_wall(lines: Sequence[Line], words: int) -> bool:
    """Whether a short page is a wall and not a brief report that ends with a notice: a paragraph in two is a wall's."""
    walls = sum(wall_of(line.text) is not None for line in lines)
    return words < _TEASER_WORDS or walls * 2 >= len(lines)


def warm_up() -> None:
    """Load the knowledge of this stage: a file against its schema stops the run, not entry after entry."""
    given_article(
        Document(id="", text="The ship sailed.\n\nThe crew (United States) rested."),
        first_seen=datetime.max.replace(tzinfo=UTC),
    )
