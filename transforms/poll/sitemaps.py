"""Sitemap indexes: which of their sitemaps are read, what each answer means, and what they come to together.

An index of a news site names hundreds of sitemaps, nearly all of them archives. Read are the newest few, on the
index's own host, each with its own validators, and only where the index or a day's passing says that there may be
something new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from transforms.poll import urls
from transforms.poll.formats import NotAFeed, RawFeed, RawItem, SitemapIndex, read_feed
from transforms.poll.model import Problem, Request, Response
from transforms.records import FeedPart, SourceState
from transforms.sources.schema import Source, UrlRules

MAX_PARTS = 5  # sitemaps of one index that are read: the month's, the month before's, and what stands beside them
MAX_REQUESTS = 10  # of one poll of an index, indexes inside it included
MAX_DEPTH = 2  # the index, and indexes it names; sitemaps.org allows no more than one
MAX_LISTED = 50_000  # sitemaps.org's own limit of an index
MAX_ITEMS = 1000  # newest addresses of one sitemap with dates; a month of a large newspaper is some 3,000
MAX_UNDATED = 5000
AGAIN = timedelta(hours=24)  # a sitemap is read once a day though its index says that nothing has changed
_DIGITS = re.compile(r"\d+")
_NEWS = re.compile(r"news|actualit|noticias|nachrichten", re.IGNORECASE)


def listed_in(index: SitemapIndex, at: str, parent: str = "") -> list[FeedPart]:
    """The newest few sitemaps that an index at an address names, those on its own host; newest first.

    Where the index gives no dates, those of news come first, then those with the highest numbers in their names
    (``2024-07`` before ``2024-06``, ``post-sitemap12`` before ``post-sitemap3``).
    """
    host = _host(at)
    found: dict[str, FeedPart] = {}
    for loc, lastmod in index.parts[:MAX_LISTED]:
        url = urls.absolute(loc, at)
        if url and _host(url) == host and url != at:
            found.setdefault(url, FeedPart(url=url, lastmod=lastmod[:40], parent=parent))
    return sorted(found.values(), key=_rank, reverse=True)[:MAX_PARTS]


def _rank(part: FeedPart) -> tuple[bool, str, bool, list[int], str]:
    path = urlsplit(part.url).path
    return bool(part.lastmod), part.lastmod, bool(_NEWS.search(path)), [int(n) for n in _DIGITS.findall(path)], path


def _host(url: str) -> str:
    return urls.url_key(urls.canonical(url)).partition("/")[0]


@dataclass(slots=True, kw_only=True)
class Reading:
    """One poll of an index under way: what is still to be asked, and what the answers brought.

    left: to ask, each with its depth. items: of the sitemaps that changed. unread: addresses of those that did not or
    could not be had now. parts: what is to be remembered. problems: of single sitemaps.
    """

    known: dict[str, FeedPart]
    left: list[tuple[FeedPart, int]]
    parts: list[FeedPart] = field(default_factory=list)
    items: list[RawItem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failed: list[Response] = field(default_factory=list)
    asked: int = 0
    good: int = 0
    changed: bool = False
    repaired: bool = False


def start(state: SourceState, named: Sequence[FeedPart] | None) -> Reading:
    """Begin with what an index names, or, where it has not changed, with what it named before."""
    known = {part.url: part for part in state.parts}
    first = [part for part in state.parts if not part.parent] if named is None else named
    return Reading(known=known, left=[(_remembered(part, known), 1) for part in first])


def _remembered(part: FeedPart, known: dict[str, FeedPart]) -> FeedPart:
    before = known.get(part.url)
    return part if before is None else replace(before, lastmod=part.lastmod, parent=part.parent)


def next_request(reading: Reading, now: datetime) -> tuple[FeedPart, int, Request] | None:
    """The next sitemap to ask for, with its depth and its request; None when all is done."""
    while reading.left:
        part, depth = reading.left.pop(0)
        fresh = part.read_at is not None and abs(now - part.read_at) < AGAIN  # in the future: a clock that was ahead
        # A date without a time may stand for several changes of that day.
        same = part.lastmod != "" and part.lastmod == part.read and ("T" in part.lastmod or _over(part, now))
        if reading.asked >= MAX_REQUESTS or (fresh and same and not part.index):
            _kept(reading, part, now)
            continue
        reading.asked += 1
        headers = []
        if part.etag:
            headers.append(("If-None-Match", part.etag))
        if part.last_modified:
            headers.append(("If-Modified-Since", part.last_modified))
        return part, depth, Request(url=part.url, headers=tuple(headers) if fresh or part.index else ())
    return None


def _over(part: FeedPart, now: datetime) -> bool:
    """Whether the day that an index gives for a sitemap is over."""
    return part.lastmod[:10] < (now - timedelta(days=1)).date().isoformat()


def take(reading: Reading, part: FeedPart, depth: int, response: Response, source: Source, now: datetime) -> None:
    """What an answer for a sitemap means. Never raises."""
    if response.failure is None and response.status == 304:
        reading.good += 1
        _kept(reading, replace(part, read=part.lastmod), now, depth)
        return
    if response.failure is not None or response.status != 200 or response.truncated:
        what = response.message or f"HTTP {response.status}"
        if response.truncated:
            what = "the body broke off"
        _failed(reading, part, response, what)
        return
    reading.good += 1
    digest = sha256(response.body).hexdigest()
    read = replace(
        part, read=part.lastmod, read_at=now, body_sha256=digest, etag=response.validator("etag"),
        last_modified=response.validator("last-modified"),
    )  # fmt: skip
    if digest == part.body_sha256:
        _kept(reading, read, now, depth)
        return
    try:
        feed = read_feed(response.body, response.headers.get("content-type", ""), source, response.url)
    except SitemapIndex as index:
        reading.parts.append(replace(read, index=True))
        if depth >= MAX_DEPTH:
            reading.problems.append(Problem(kind="sitemap", message=f"{part.url} is an index inside an index"))
            return
        inside = listed_in(index, response.url, parent=part.url)
        reading.left[:0] = [(_remembered(child, reading.known), depth + 1) for child in inside]
        return
    except NotAFeed as error:
        _failed(reading, part, response, str(error))
        return
    reading.parts.append(read)
    reading.changed = True
    reading.repaired = reading.repaired or feed.repaired
    for item in newest(feed.items, source.url_rules):
        item.part, item.index = part.url, len(reading.items)
        reading.items.append(item)


def _kept(reading: Reading, part: FeedPart, now: datetime, depth: int = 1) -> None:
    reading.parts.append(part)
    if part.index:
        inside = [child for child in reading.known.values() if child.parent == part.url]
        reading.left[:0] = [(child, depth + 1) for child in inside]
    else:
        reading.unread.append(part.url)


def _failed(reading: Reading, part: FeedPart, response: Response, what: str) -> None:
    reading.parts.append(part)
    reading.unread.append(part.url)
    reading.unread += [child.url for child in reading.known.values() if child.parent == part.url]
    reading.parts += [child for child in reading.known.values() if child.parent == part.url]
    reading.failed.append(response)
    reading.problems.append(
        Problem(kind="sitemap", message=f"{part.url}: {what}", remedy="it is tried again by itself")
    )


def newest(items: Sequence[RawItem], rules: UrlRules) -> list[RawItem]:
    """The newest addresses of a sitemap that the source's rules let in, in the sitemap's order."""
    ours = [item for item in items if _matches(item.link, rules)]
    if len(ours) <= MAX_ITEMS:
        return ours
    dated = sorted((item for item in ours if _date(item)), key=_date, reverse=True)[:MAX_ITEMS]
    if not dated:
        return ours[:MAX_UNDATED]
    chosen = {id(item) for item in dated}
    return [item for item in ours if id(item) in chosen]


def _matches(link: str, rules: UrlRules) -> bool:
    if rules.include and not re.search(rules.include, link):
        return False
    return not (rules.exclude and re.search(rules.exclude, link))


def _date(item: RawItem) -> str:
    return item.published or item.updated


def together(reading: Reading) -> RawFeed:
    """What the sitemaps that changed list, as one feed."""
    return RawFeed(format="sitemap", items=reading.items, repaired=reading.repaired)


def remembered(parts: Iterable[FeedPart]) -> tuple[FeedPart, ...]:
    """The parts to keep in the source's state, each once."""
    return tuple({part.url: part for part in parts}.values())
