"""From an entry to its page: fetched, or the feed's own text where that is what the source says or all there is."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transforms.fetch.client import ACCEPT_PAGE, Client
from transforms.fetch.feeds import together
from transforms.poll.decoding import decode
from transforms.poll.model import Response
from transforms.poll.schedule import jittered, retry_after
from transforms.poll.text import legal, plain_text
from transforms.poll.walls import wall
from transforms.records import Evidence, FeedEntry, Page
from transforms.sources.schema import Source

# Five tries over some ten hours: longer outages are rare, and the summary is better than silence.
MAX_TRIES = 5
FIRST_RETRY = timedelta(minutes=5)
RETRY_GROWTH = 3.0
RETRY_CAP = timedelta(hours=24)
# An answer that will not change by waiting. A 404 may: pages appear seconds after their feed does.
_FINAL = frozenset({401, 402, 403, 405, 406, 410, 451})
_EARLY = frozenset({404})
_EARLY_TRIES = 2
# A feed's text is the whole article where it is as long as a short report and does not break off.
FULL_TEXT = 1200
_CUT = ("…", "...", "[…]", "[...]", "»»", "→")
_MATTERS = ("content-type", "last-modified", "etag", "date", "content-language")
_HTML = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
_PLAIN = frozenset({"text/plain", "text/markdown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Not now: try the entry again at ``next_due``."""

    next_due: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Never: there is neither a page nor a text of the feed's own."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The page of an entry. ``raw``: the page's bytes as received after unpacking (to archive), null for feed text."""

    page: Page
    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


Outcome = Retrieved | Retry | Failed


async def fetch_page(
    client: Client, entry: FeedEntry, source: Source, *, tries: int, now: datetime, rng: random.Random
) -> Outcome:
    """Bring the page of an entry. ``tries``: how many tries there were before this one. Never raises."""
    own = own_text(entry, source)
    if own is not None:
        return Retrieved(page=own)
    if not entry.url:
        return _fallback(entry, "the feed gives no address")
    try:
        response = await client.get(entry.url, accept=ACCEPT_PAGE, private=source.allow_private, robots=source.robots)
        return decide_page(entry, response, tries=tries, now=now, rng=rng)
    except Exception as error:  # a fault of ours costs this entry, not the batch
        return _fallback(entry, f"internal error: {type(error).__name__}: {str(error)[:200]}")


def own_text(entry: FeedEntry, source: Source) -> Page | None:
    """The feed's own text as page, where the source says so or the feed has the whole article; else None."""
    if source.full_text == "page" and entry.url:
        return None
    text = entry.content or (entry.summary if source.full_text == "feed" else "") or ""
    words = plain_text(text)
    if source.full_text == "feed" and words:
        return Page(entry=entry, origin="feed", content_type=_type(text), body=text)
    if len(words) >= FULL_TEXT and not words.rstrip().endswith(_CUT):
        return Page(entry=entry, origin="feed", content_type=_type(text), body=text)
    return None


def decide_page(entry: FeedEntry, response: Response, *, tries: int, now: datetime, rng: random.Random) -> Outcome:
    """What an answer for an article means: its page, a later try, or what is left without it. Pure."""
    if response.failure is None and response.status == 200 and not response.truncated:
        return _page(entry, response, now)
    if response.failure == "held":
        return Retry(
            next_due=max(response.retry_at or now, now) + jittered(30, rng, share=0.9), reason=response.message
        )
    what = _what(response)
    status = response.status if response.failure is None else 0
    final = response.failure in {"refused", "address", "robots", "too_large"} or status in _FINAL
    if final or (status in _EARLY and tries + 1 >= _EARLY_TRIES) or tries + 1 >= MAX_TRIES:
        return _fallback(entry, what)
    seconds = min(FIRST_RETRY.total_seconds() * RETRY_GROWTH**tries, RETRY_CAP.total_seconds())
    wait = jittered(seconds, rng, share=0.25)
    asked = retry_after(response, now)
    if asked is not None:
        wait = max(wait, asked + jittered(30, rng, share=0.9))
    return Retry(next_due=now + wait, reason=what)


def _what(response: Response) -> str:
    if response.failure is not None:
        return f"{response.failure}: {response.message}"
    if response.truncated:
        return f"the page broke off after {len(response.body)} bytes"
    barrier = wall(response)
    return f"HTTP {response.status} from {response.url}" + (f": {barrier}" if barrier else "")


def _page(entry: FeedEntry, response: Response, now: datetime) -> Outcome:
    kind = response.content_type
    headers = tuple((name, response.headers[name]) for name in _MATTERS if name in response.headers)
    evidence = Evidence(
        retrieved=now,
        requested_url=entry.url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        sha256=hashlib.sha256(response.body).hexdigest(),
    )
    everything = tuple(response.headers.items())
    if response.body[:1024].lstrip().startswith(b"%PDF-"):
        page = Page(entry=entry, origin="page", content_type="application/pdf", binary=response.body, evidence=evidence)
        return Retrieved(page=page, raw=response.body, headers=everything)
    if kind == "application/pdf":
        return _fallback(entry, "says it is a PDF and is none")
    if kind not in _HTML | _PLAIN and not (kind == "application/octet-stream" and _looks_html(response.body)):
        return _fallback(entry, f"is {kind}, not an article")
    decoded = decode(response.body, response.headers.get("content-type", ""))
    text = legal(decoded.text)
    if not text.strip():
        return _fallback(entry, "is an empty page")
    flagged = entry
    if decoded.repaired or text != decoded.text:
        flagged = _flag(entry, "repaired")
    is_plain = kind in _PLAIN and not _looks_html(response.body)
    page = Page(
        entry=flagged, origin="page", content_type="text/plain" if is_plain else "text/html", body=text,
        evidence=evidence,
    )  # fmt: skip
    return Retrieved(page=page, raw=response.body, headers=everything)


def _fallback(entry: FeedEntry, why: str) -> Retrieved | Failed:
    """The feed's own words where there are any; the reason goes with them as a flag."""
    text = entry.content or entry.summary
    if text and plain_text(text):
        return Retrieved(
            page=Page(entry=_flag(entry, "summary_only"), origin="summary", content_type=_type(text), body=text)
        )
    return Failed(reason=f"{entry.url or 'no address'}: {why}")


def _flag(entry: FeedEntry, flag: str) -> FeedEntry:
    return entry if flag in entry.flags else replace(entry, flags=(*entry.flags, flag))


def _type(text: str) -> str:
    return "text/html" if "<" in text or "&" in text else "text/plain"


def _looks_html(body: bytes) -> bool:
    head = body[:1000].lower()
    return b"<html" in head or b"<!doctype html" in head


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An entry whose page is wanted, with its source and the tries before."""

    entry: FeedEntry
    source: Source
    tries: int = 0


async def fetch_many(
    client: Client,
    wanted: Iterable[Wanted],
    clock: Callable[[], datetime],
    deliver: Callable[[Wanted, Outcome], None],
    rng: random.Random,
) -> int:
    """Fetch pages concurrently; each is delivered as it comes, in the calling thread. Returns how many."""
    queue = iter(wanted)
    count = 0

    async def work() -> None:
        nonlocal count
        for one in queue:
            outcome = await fetch_page(client, one.entry, one.source, tries=one.tries, now=clock(), rng=rng)
            count += 1
            deliver(one, outcome)

    await together(work, client.limits.concurrency)
    return count
