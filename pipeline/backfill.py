"""``tocsin backfill``: documents through the whole pipeline into the store, by way of the inbox as all else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.archives import archived_entries, is_archive
from pipeline.clock import utc_now
from pipeline.documents import read_documents
from pipeline.errors import UserError
from pipeline.graph import Parts
from pipeline.rounds import Summary, run_round
from sinks.urls import StoreAt
from transforms import owner
from transforms.beam.understand import warm_up
from transforms.beam.write import ANNOUNCE
from transforms.codec import digest
from transforms.contracts import Store
from transforms.notify.current import Current
from transforms.records import Document, FeedEntry, SourceState
from transforms.sources import Sources

_BATCH = 500
_NEVER = timedelta(days=36500)


def backfill(path: Path, store_url: str, alert: Current | None = None, sources: Sources | None = None) -> Summary:
    """Put every document into the inbox (those already there are left alone), then bring all to their outcomes.

    path: documents, or a WARC file or a folder of them, whose pages are read out of it without network.
    alert: whose subscribers hear of it; nobody does unless asked for. sources: how pages of known sources are read, and
    how far each is trusted.
    """
    now, announce = utc_now(), alert is not None
    if is_archive(path):
        entries = [replace(e, flags=(*e.flags, ANNOUNCE)) if announce else e for e in archived_entries(path)]
    else:
        entries = [entry_of(document, now, announce=announce) for document in read_documents(path)]
    if not entries:
        raise UserError(f"{path}: has no document")
    warm_up()
    factory = StoreAt(store_url)
    store = factory()
    store.init()
    saved = sum(_save(store, batch, now) for batch in _batches(entries))
    mine = frozenset(entry.source for entry in entries)
    parts = Parts(
        store=factory,
        sources=sources or Sources(),
        owner=owner.name(),
        clock=utc_now,
        poll=False,
        only=mine,
        subscriptions=alert or Current(),
    )
    summary = run_round(parts)
    store.close()
    return Summary({**summary.counts, "entries_new": saved})


def entry_of(document: Document, now: datetime, *, announce: bool = False) -> FeedEntry:
    """A document as an inbox entry: its text is the entry's content, kept to the letter (flag ``given``)."""
    url = document.url or ""
    return FeedEntry(
        id=document.id,
        source=source_id(document),
        url=url,
        canonical_url=url,
        title=document.title or "",
        content=document.text,
        published_raw=document.published,
        language=document.lang,
        flags=("given", ANNOUNCE) if announce else ("given",),
        first_seen=now,
    )


def source_id(document: Document) -> str:
    """Whom a document counts as: its source's name, else its host, as an id of a source."""
    name = document.source or urlsplit(document.url or "").hostname or "given"
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:80]
    # A name in another script leaves too little to tell two of them apart.
    return slug if len(slug) > len(name) // 2 else f"given-{digest([name])[:12]}"


def _save(store: Store, entries: Sequence[FeedEntry], now: datetime) -> int:
    """Save a batch as one poll of a source that is never due; returns how many were new or revised."""
    version = (read := store.source_states(["backfill"]).get("backfill")) and read.version
    state = read.value if read else SourceState(id="backfill", url="", next_due=now + _NEVER)
    while (saved := store.save_poll(state, version or "", entries, now=now)) is None:
        read = store.source_states(["backfill"])["backfill"]
        state, version = read.value, read.version
    return len(saved.new) + len(saved.revised)


def _batches(entries: Iterable[FeedEntry]) -> Iterator[list[FeedEntry]]:
    iterator = iter(entries)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
