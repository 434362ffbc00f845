"""Archives through the pipeline again: entries whose pages come from a record instead of the network."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from transforms.archive.model import ArchiveError, Capture, Location
from transforms.archive.reading import capture_at, responses
from transforms.codec import digest
from transforms.fetch.pages import MAX_TRIES, Failed, Outcome, Retrieved, decide_page
from transforms.poll.model import Response
from transforms.poll.urls import canonical
from transforms.records import FeedEntry

REPLAYED = "replayed"
"""Flag of an article that came out of an archive: nobody is alerted to it unless that was asked for."""
_AT = "warc:"
_ARTICLES = frozenset(
    {"text/html", "application/xhtml+xml", "application/pdf", "text/plain", "application/octet-stream", ""}
)


def entries_of(path: Path) -> Iterator[FeedEntry]:
    """The entries to be replayed from a file, each flagged with where its page is.

    Our own archives have the feed's entry; for others' an entry is made of the address and the time of the capture.
    Only answers that can be an article: status 200, text or PDF. Raises ArchiveError.
    """
    for found in responses(path):
        capture = found.capture
        if capture.status != 200 or capture.content_type not in _ARTICLES:
            continue
        entry = capture.entry or _made(capture)
        own = tuple(flag for flag in entry.flags if not flag.startswith(_AT) and flag not in {"given", "announce"})
        at = Location(str(path.absolute()), found.location.offset)
        yield replace(entry, flags=(*own, f"{_AT}{at}"))


def location_of(entry: FeedEntry) -> Location | None:
    """Where the page of an entry is archived, for one that is being replayed; else None."""
    return next((Location.parse(flag.removeprefix(_AT)) for flag in entry.flags if flag.startswith(_AT)), None)


def replayed(entry: FeedEntry, at: Location) -> Outcome:
    """The page of an entry out of its record, decided as an answer from the network is. Never raises for data."""
    try:
        capture = capture_at(Path(at.file), at.offset)
    except ArchiveError as error:
        return Failed(reason=str(error))
    flags = (*(flag for flag in entry.flags if not flag.startswith(_AT)), REPLAYED)
    response = Response(url=capture.url, status=capture.status, headers=dict(capture.headers), body=capture.body)
    outcome = decide_page(
        replace(entry, flags=flags),
        response,
        tries=MAX_TRIES,
        now=capture.retrieved,
        rng=random.Random(0),  # noqa: S311
    )
    if isinstance(outcome, Retrieved) and outcome.page.evidence is not None:
        name = str(Location(Path(at.file).name, at.offset))
        evidence = replace(outcome.page.evidence, archived=name)
        return replace(outcome, page=replace(outcome.page, evidence=evidence))
    return outcome


def _made(capture: Capture) -> FeedEntry:
    address = canonical(capture.url)
    source = _source(capture.url)
    return FeedEntry(
        id=digest([source, address]),
        source=source,
        url=capture.url,
        canonical_url=address,
        title="",
        first_seen=capture.retrieved,
    )


def _source(url: str) -> str:
    """The host as the id of a source."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    return re.sub(r"[^a-z0-9.]+", "-", host).strip("-.")[:80] or "archive"
