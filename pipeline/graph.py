"""The graph of Tocsin: reading this module alone tells the whole story.

    PollFeeds → FetchArticles → ReadArticles → RecogniseMentions → AssembleClaims → Geocode
        → WriteArticles → MergeEvents → NotifySubscribers → WriteToStore

Each stage is a composite with a main output and a second one of dispositions: entries that end there (irrelevant, a
failure with its dead letter) or that are due again later. All dispositions meet in WriteToStore, which gives each entry
its one outcome, last. Labels are part of the upgrade contract: a savepoint finds its state by them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import apache_beam as beam

from transforms.archive.keeping import ON_REQUEST, Archiving
from transforms.beam.fetch import FetchArticles
from transforms.beam.notify import NotifySubscribers
from transforms.beam.poll import Leasing, PollFeeds
from transforms.beam.read import ReadArticles
from transforms.beam.shared import SharedStore
from transforms.beam.stream import Stream, StreamFeeds
from transforms.beam.understand import AssembleClaims, Geocode, RecogniseMentions
from transforms.beam.write import MergeEvents, WriteArticles, WriteToStore
from transforms.contracts import StoreFactory
from transforms.notify.current import NOBODY, Current
from transforms.patience import Patient
from transforms.sources import Sources
from transforms.sources.current import CurrentSources


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the stages are given from outside.

    poll: whether sources are polled, or only what the inbox holds is read. only: the sources whose entries are leased
    (None: all). owner: whose leases these are. lease: how long an entry may take from the inbox to its outcome before
    another worker takes it up; the slowest batch seen took under a minute, so a quarter of an hour is a dead worker.
    subscriptions: the file of those who are alerted (none: nobody is). archiving: which bodies are kept where.

    stream: how a job without an end polls; None for a bounded round. path: the file of the sources, which a stream
    reads again when it has changed. What follows the source is the same for both. A stream takes no part in ``poll``,
    ``only`` and ``owner``: it polls, takes all entries, and its workers lease under their own names.
    """

    store: StoreFactory
    sources: Sources
    owner: str
    clock: Callable[[], datetime]
    poll: bool = True
    only: frozenset[str] | None = None
    lease: timedelta = timedelta(minutes=15)
    batch: int = 50
    subscriptions: Current = NOBODY
    archiving: Archiving = ON_REQUEST
    stream: Stream | None = None
    path: Path | None = None


def build(pipeline: beam.Pipeline, parts: Parts) -> None:
    """Wire the graph: what is due is polled, what is pending is brought to its outcome; once, or for ever."""
    clock, stream = parts.clock, parts.stream
    inner = SharedStore(parts.store, stream.id) if stream else parts.store
    store = Patient(inner) if stream else inner  # a round is simply begun anew
    sources = CurrentSources(parts.sources, parts.path if stream else None)
    leased = pipeline | "PollFeeds" >> (
        StreamFeeds(inner, sources, clock, lease=parts.lease, batch=parts.batch, stream=stream)
        if stream
        else PollFeeds(store, parts.sources if parts.poll else Sources(), _leasing(parts), clock)
    )
    pages, unfetched = leased | "FetchArticles" >> FetchArticles(
        sources, clock, stream.id if stream else None, parts.archiving
    )
    articles, unread = pages | "ReadArticles" >> ReadArticles(sources, clock)
    recognised, irrelevant = articles | "RecogniseMentions" >> RecogniseMentions(clock, gate=True)
    claimed, unclaimed = recognised | "AssembleClaims" >> AssembleClaims(clock, gate=True)
    placed, unplaced = claimed | "Geocode" >> Geocode(clock)
    written, unwritten = placed | "WriteArticles" >> WriteArticles(store, clock)
    registered, unmerged = written | "MergeEvents" >> MergeEvents(store, clock)
    _, notified = registered | "NotifySubscribers" >> NotifySubscribers(store, parts.subscriptions, clock)
    ended = (unfetched, unread, irrelevant, unclaimed, unplaced, unwritten, unmerged, notified)
    ended | "Dispositions" >> beam.Flatten() | "WriteToStore" >> WriteToStore(store, clock)


def _leasing(parts: Parts) -> Leasing:
    return Leasing(owner=parts.owner, duration=parts.lease, batch=parts.batch, only=parts.only)
