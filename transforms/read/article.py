"""From a page to a clean article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import trafilatura

from transforms.codec import digest
from transforms.records import Article, Document, Page
from transforms.sources import Source
from transforms.text.language import detect


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page that gives no article, and why."""

    reason: str


def read_page(page: Page, source: Source) -> Article | Unreadable:
    """The article of a page. Never raises for any page."""
    entry = page.entry
    if "given" in entry.flags:
        text, title, published = entry.content or "", entry.title, entry.published_raw
    else:
        body = page.body or ""
        found = trafilatura.bare_extraction(body, url=entry.url, with_metadata=True) if body else None
        text = (found.text if found else "") or ""
        title = entry.title or (found.title if found else "") or ""
        published = entry.published.isoformat() if entry.published else (found.date if found else None)
    if not text.strip():
        return Unreadable("no text in the page")
    try:
        published = published or date.isoformat(entry.first_seen.date())
    except ValueError:
        published = None
    return Article(
        id=entry.id if "given" in entry.flags else digest([entry.id]),
        entry=entry.id,
        source=entry.source,
        url=entry.url,
        canonical_url=entry.canonical_url,
        title=title,
        text=text,
        published=published,
        published_from="given" if "given" in entry.flags else "feed",
        first_seen=entry.first_seen,
        language=detect(text, entry.language or source.language),
        language_declared=entry.language or source.language,
        publisher=source.family,
        origin=source.family,
        reliability=source.reliability,
        revision=entry.revision,
        flags=entry.flags,
        evidence=page.evidence,
    )


def given_article(document: Document, *, first_seen: datetime) -> Article:
    """A document given whole (``extract``, ``backfill``) as an article; its text stays untouched."""
    publisher = document.source or "given"
    return Article(
        id=document.id,
        entry=document.id,
        source=document.source or "given",
        url=document.url or "",
        canonical_url=document.url or "",
        title=document.title or "",
        text=document.text,
        published=document.published,
        published_from="given",
        first_seen=first_seen,
        language=detect(document.text, document.lang),
        language_declared=document.lang,
        publisher=publisher,
        origin=publisher,
        flags=("given",),
    )
