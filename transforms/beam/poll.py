"""PollFeeds: polls what is due, saves each poll whole, then emits from the inbox, never from a response."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import apache_beam as beam

from transforms.beam.saving import log_problems
from transforms.beam.shard import leased
from transforms.beam.stage import Clock, Count, Worker, run_stage
from transforms.contracts import PollSaved, Store, StoreFactory
from transforms.fetch.worker import FetchWorker, client_factory
from transforms.poll import PollOutcome
from transforms.poll.saving import Saving
from transforms.records import Leased
from transforms.sources import Source, Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Leasing:
    """How entries are taken from the inbox.

    owner: whose leases these are; duration: until another worker may take an entry up; batch: entries an element;
    only: the sources whose entries are taken (None: all).
    """

    owner: str
    duration: timedelta
    batch: int
    only: frozenset[str] | None = None


class _Poller:
    def __init__(self, store: Store, sources: Sources, leasing: Leasing, clock: Clock, count: Count) -> None:
        self._store = store
        self._sources: list[Source] = [source for source in sources.sources if source.enabled]
        self._leasing = leasing
        self._clock = clock
        self._count = count
        self._worker = FetchWorker(client_factory(sources.user_agent), clock=clock)

    def __call__(self, element: object) -> Iterator[object]:
        if self._sources:
            self._poll()
        while True:
            leases = self._store.lease_entries(
                owner=self._leasing.owner,
                now=self._clock(),
                limit=self._leasing.batch,
                duration=self._leasing.duration,
                sources=self._leasing.only,
            )
            if not leases:
                return
            yield leased(leases)

    def _poll(self) -> None:
        read = self._store.source_states([source.id for source in self._sources])
        versions = {id: state.version for id, state in read.items()}

        def saved(outcome: PollOutcome, saved: PollSaved | None) -> None:
            self._count("polled", 1)
            self._count("unchanged", int(outcome.result == "unchanged"))
            self._count("sources_failed", int(outcome.result in {"failed", "retired"}))
            if saved:
                self._count("entries_new", len(saved.new) + len(saved.revised))
            log_problems(outcome)

        # Validators and entries together, before anything happens to either.
        with Saving(self._store, versions, self._clock, saved) as saving:
            self._worker.poll_due(self._sources, {id: state.value for id, state in read.items()}, saving.add)

    def close(self) -> None:
        self._worker.close()
        self._store.close()


@dataclass(frozen=True, slots=True)
class Polls:
    """Builds the worker of PollFeeds."""

    factory: StoreFactory
    sources: Sources
    leasing: Leasing
    clock: Clock

    def __call__(self, count: Count) -> Worker[object]:
        return _Poller(self.factory(), self.sources, self.leasing, self.clock, count)


class PollFeeds(beam.PTransform):
    """The start of a round → Leased, a batch of entries an element."""

    def __init__(self, factory: StoreFactory, sources: Sources, leasing: Leasing, clock: Clock) -> None:
        super().__init__()
        self._build = Polls(factory, sources, leasing, clock)
        self._clock = clock

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        rounds = begin | "Round" >> beam.Create([0])
        return run_stage(rounds, "Poll", self._build, self._clock, Leased)[0]  # what is polled is no entry yet
