"""Items of a feed as drafts of entries: addresses absolute and canonical, dates read, texts cleaned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from transforms.poll import urls
from transforms.poll.dates import ReadDate, read_date
from transforms.poll.formats.model import RawFeed, RawItem
from transforms.poll.text import legal, one_line, plain_text
from transforms.sources.schema import Source

MAX_TEXT = 1_000_000  # characters of one item's own text; longer is not an article
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item that has everything but its identity."""

    index: int
    url: str
    canonical_url: str
    guid: str
    title: str
    summary: str
    content: str
    author: str
    published: datetime | None
    published_raw: str | None
    updated: datetime | None
    language: str | None
    flags: tuple[str, ...]
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """An item from which no entry can be made, and why; ``skipped``: left out on purpose by the source's rules."""

    index: int
    reason: str
    skipped: bool = False


def drafts_of(feed: RawFeed, source: Source, *, fetched: str, now: datetime) -> list[Draft | Unusable]:
    """A draft of each item, in the feed's order. ``fetched``: the address that the feed came from."""
    site = urls.absolute(feed.site, fetched)
    return [_draft(item, feed, source, site, fetched, now) for item in feed.items]


def _draft(raw: RawItem, feed: RawFeed, source: Source, site: str, fetched: str, now: datetime) -> Draft | Unusable:
    """An item needs one of: an address, a title, a text."""
    url = urls.absolute(raw.link, *(b for b in (raw.base, site, fetched) if b))
    flags: list[str] = []
    if raw.link.strip() and not url:
        flags.append("link_refused")
    title = one_line(raw.title, plain=raw.plain)
    summary, content = legal(raw.summary), legal(raw.content)
    if max(len(summary), len(content)) > MAX_TEXT:
        summary, content = summary[:MAX_TEXT], content[:MAX_TEXT]
        flags.append("cut")
    if not title and not url and not summary and not content:
        return Unusable(index=raw.index, reason="neither address nor title nor text")
    rules = source.url_rules
    if rules.include and not re.search(rules.include, url):
        return Unusable(index=raw.index, reason=f"address does not match include {rules.include!r}", skipped=True)
    if rules.exclude and re.search(rules.exclude, url):
        return Unusable(index=raw.index, reason=f"address matches exclude {rules.exclude!r}", skipped=True)
    if not title:
        title = plain_text(summary or content, 2000)[:120].rstrip()
        flags.append("title_missing")
    published, updated = _read(raw.published, source, now), _read(raw.updated, source, now)
    flags += published.flags
    if not raw.published.strip():
        flags.append("updated_only" if updated.value else "date_missing")
        flags += updated.flags
    if feed.repaired:
        flags.append("repaired")
    return Draft(
        index=raw.index,
        url=url,
        canonical_url=urls.canonical(url, rules) if url else "",
        guid=legal(raw.guid).strip()[:2000],
        title=title,
        summary=summary,
        content=content,
        author=one_line(raw.author, limit=300),
        published=published.value,
        published_raw=legal(raw.published.strip() or raw.updated.strip())[:200] or None,
        updated=updated.value,
        # Whole feeds say en-us because their software does; the configuration knows better.
        language=_language(raw.language) or source.language or _language(feed.language),
        flags=tuple(dict.fromkeys(flags)),
        part=raw.part,
    )


def _read(raw: str, source: Source, now: datetime) -> ReadDate:
    listing = source.listing
    return read_date(
        raw,
        now=now,
        language=source.language,
        country=source.country,
        zone=source.timezone,
        order=listing.date_order if listing else None,
        form=listing.date_format if listing else None,
    )


def _language(said: str) -> str | None:
    match = _LANGUAGE.match(said.strip())
    return match[0].lower() if match else None
