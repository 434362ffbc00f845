"""A source between polls, and an entry of its feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.records.vocabulary import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPart:
    """One sitemap of a sitemap index, as it stands between polls.

    parent: address of the index inside the index that names it, "" for the source's own. lastmod: what the index says
    now; read: what it said when the part was read last, at ``read_at``. index: the part is itself an index.
    etag, last_modified, body_sha256: as in :class:`SourceState`.
    """

    url: str
    parent: str = ""
    lastmod: str = ""
    index: bool = False
    read: str = ""
    read_at: Moment | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWishes:
    """What a source's host asked for, so that a restart does not forget it.

    held_until: nothing is asked before (Retry-After). robots: what of robots.txt concerns Tocsin, null where everything
    is allowed; it holds until ``robots_until``. robots_later: why it could not be had; until then nothing is asked.
    """

    held_until: Moment | None = None
    robots: str | None = None
    robots_until: Moment | None = None
    robots_later: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between polls. Configuration (address as given, reliability…) is not in it.

    url: the address in use now, which differs from the configured one after an adopted redirect.
    etag, last_modified: validators as received, both stored each time; body_sha256: of the last parsed body.
    validated_since: since when the server has only answered 304 (for the periodic unconditional refetch).
    next_due: when it is polled next. interval: seconds, adapted within the source's bounds.
    redirect_to, redirect_since: a permanent redirect on probation.
    health: ``healthy``, ``failing`` (see failing_since, failures, error), ``retired`` (410), ``silent``.
    listed: ids of the entries that the feed listed at the last successful poll (those are never purged).
    recent: for the last polls that succeeded, how many new entries each brought, newest last, at most 32.
    configured: the configured address this state was made for; under another one it starts afresh.
    memory: what the feed listed last, packed (transforms/poll/memory.py): the addresses and guids each entry is known
        by and a hash of its text, so that an edited or moved item keeps its id and an unchanged one is not saved again.
    daily: entries by UTC day of publication (ISO date, number), the last 14 days: what silence is judged by.
    first_polled: when the source was first polled.
    parts: of a sitemap index, the sitemaps that are read. host: what its host asked for.
    """

    id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    validated_since: Moment | None = None
    next_due: Moment
    interval: int = 3600
    last_polled: Moment | None = None
    last_success: Moment | None = None
    last_new: Moment | None = None
    redirect_to: str | None = None
    redirect_since: Moment | None = None
    health: Literal["healthy", "failing", "retired", "silent"] = "healthy"
    failing_since: Moment | None = None
    failures: int = 0
    error: str | None = None
    flags: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    recent: tuple[int, ...] = ()
    configured: str | None = None
    memory: str = ""
    daily: tuple[tuple[str, int], ...] = ()
    first_polled: Moment | None = None
    parts: tuple[FeedPart, ...] = ()
    host: HostWishes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item of one source, as the inbox holds it from the poll to its outcome.

    id: hash of source id and the item's identity (canonical URL, trusted guid or UN symbol).
    revision: 1 on first sight, one more each time title, summary or content changed.
    content: full text that came in the feed itself (HTML or plain), null when the feed has only summaries.
    published, updated: as parsed, in UTC; null when missing or absurd. published_raw keeps the feed's own string.
    flags: what was unusual, for example ``date_missing``, ``date_absurd``, ``zone_assumed``, ``repaired``, ``cut``.
    first_seen: when a poll first brought it.
    """

    id: str
    source: str
    url: str
    canonical_url: str
    guid: str | None = None
    title: str
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    published: Moment | None = None
    published_raw: str | None = None
    updated: Moment | None = None
    language: str | None = None
    revision: int = 1
    flags: tuple[str, ...] = ()
    first_seen: Moment
