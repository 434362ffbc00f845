"""The shell of a shard: starts polls, saves what they bring, leases what is due. It never waits for a network.

A process has one :class:`Shards` for all its shards. The decisions are in ``transforms/poll/shards.py``.
"""

from __future__ import annotations

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from transforms import owner as owners
from transforms.beam.saving import log_problems
from transforms.contracts import Lease, Store, StoreFactory, StoreUnavailable
from transforms.fetch.background import Background
from transforms.fetch.client import Client
from transforms.fetch.feeds import poll_source
from transforms.fetch.hosts import recall
from transforms.poll import PollOutcome
from transforms.poll.shards import Pace, looks, next_look, rest, sources_of, to_poll
from transforms.records import Leased, SourceState, Ticket
from transforms.sources.current import SourcesNow
from transforms.sources.schema import Source

_log = logging.getLogger("tocsin.poll")
_OUTAGE = timedelta(seconds=5)
"""How long a shard sleeps while the store does not answer."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a wake came to: batches to emit, and how long to sleep."""

    batches: tuple[Leased, ...]
    rest: timedelta


@dataclass(slots=True)
class _Memory:
    """What a shard remembers between wakes; losing it costs one look into the store."""

    looking: threading.Lock = field(default_factory=threading.Lock)
    look_at: datetime | None = None
    out: list[tuple[datetime, Mapping[str, int]]] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    source: Source
    shard: int
    started: datetime


class Shards:
    """All shards of a process. Thread-safe: of two that look at one shard at once, the second sees nothing to do. That
    happens where a runner starts a shard anew beside the old one (Flink after a restore, apache/beam#30903).

    background: shared with FetchArticles, so that polls and pages of a host are counted together. It stays the
    caller's.
    """

    def __init__(
        self,
        factory: StoreFactory,
        sources: SourcesNow,
        background: Background,
        clock: Callable[[], datetime],
        *,
        shards: int,
        lease: timedelta,
        batch: int,
        pace: Pace,
    ) -> None:
        self._store: Store = factory()
        self._sources = sources
        self._background = background
        self._clock = clock
        self._shards = shards
        self._lease = lease
        self._batch = batch
        self._pace = pace
        self._owner = owners.name()
        self._rng = random.Random()  # noqa: S311 (jitter)
        self._savers = ThreadPoolExecutor(4, thread_name_prefix="saves")  # a slow store must not stop the requests
        self._lock = threading.Lock()
        self._memory = {shard: _Memory() for shard in range(shards)}
        self._runs: dict[str, _Run] = {}
        self._fresh: set[int] = set()  # shards for which a poll has been saved since they last looked
        self._counts: Counter[str] = Counter()
        self._taken_over = False

    def close(self) -> None:
        """Let go of the store; what is under way is saved or polled again by the next."""
        self._savers.shutdown(wait=True, cancel_futures=True)
        self._store.close()

    def counts(self) -> Counter[str]:
        """The figures since the last call."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return counts

    def look(self, shard: int) -> Look:
        """One wake of a shard. Never raises for the store, a source or a network."""
        memory, now = self._memory[shard], self._clock()
        if not memory.looking.acquire(blocking=False):
            return Look((), self._pace.rest)
        try:
            return self._look(shard, memory, now)
        except StoreUnavailable as error:
            _log.error("the store does not answer, the next look is in %.0f s: %s", _OUTAGE.total_seconds(), error)
        except Exception:
            _log.exception("shard %d could not look after its sources; it tries again", shard)
        finally:
            memory.looking.release()
        memory.look_at = None
        return Look((), _OUTAGE)

    def _look(self, shard: int, memory: _Memory, now: datetime) -> Look:
        pace = self._pace
        self._forget_ended(memory, now)
        with self._lock:
            fresh = shard in self._fresh
            self._fresh.discard(shard)
        runs = self._under_way(shard)
        if memory.look_at and not (fresh or memory.out or looks(memory.look_at, now, pace)):
            return Look((), rest(memory.look_at, now, [now - run.started for run in runs], pace))
        self._take_over()
        sources = self._sources()
        mine = sources_of(sources.sources, shard, self._shards)
        ids = [source.id for source in mine]
        read = self._store.source_states(ids) if ids else {}
        states = {id: state.value for id, state in read.items()}
        starting = to_poll(mine, states, [run.source for run in runs], now, pace)
        if starting:  # what hosts asked for before this process was started
            known = [(source, states[source.id]) for source in mine if source.id in states]
            self._background.start(lambda client: _recall(client, known, now))
        for source, state in starting:
            self._start(source, state, read[source.id].version if source.id in read else "", shard)
        batches = self._lease_due(shard, ids, memory, now)
        runs = self._under_way(shard)
        entry_due = self._store.next_entry_due(ids) if ids else None
        memory.look_at = next_look(mine, states, entry_due, now, pace)
        busy = [now - run.started for run in runs] + [now - since for since, _ in memory.out]
        with self._lock:
            busy += [timedelta()] * (shard in self._fresh)
        return Look(batches, rest(memory.look_at, now, busy, pace))

    def _under_way(self, shard: int) -> list[_Run]:
        with self._lock:
            return [run for run in self._runs.values() if run.shard == shard]

    # polls

    def _start(self, source: Source, state: SourceState | None, version: str, shard: int) -> None:
        run = _Run(source, shard, self._clock())
        with self._lock:
            self._runs[source.id] = run
        polled = self._background.start(lambda client: poll_source(client, source, state, self._clock(), self._rng))
        polled.add_done_callback(lambda future: self._came(run, version, future))

    def _came(self, run: _Run, version: str, future: Future[PollOutcome]) -> None:
        """In the requests' thread: hands the outcome to one that may wait for the store."""
        try:
            self._savers.submit(self._save, run, version, future)
        except RuntimeError:  # closed meanwhile: the source stays due
            self._end(run)

    def _save(self, run: _Run, version: str, future: Future[PollOutcome]) -> None:
        """Validators and entries together, before anything happens to either."""
        try:
            if future.cancelled():
                return
            outcome = future.result()
            saved = self._store.save_poll(outcome.state, version, outcome.entries, now=self._clock())
            with self._lock:
                self._fresh.add(run.shard)
                self._counts["polled"] += 1
                self._counts["unchanged"] += outcome.result == "unchanged"
                self._counts["sources_failed"] += outcome.result in {"failed", "retired"}
                self._counts["entries_new"] += len(saved.new) + len(saved.revised) if saved else 0
            log_problems(outcome)
        except StoreUnavailable as error:
            _log.error("%s: polled, but the store does not answer; it is polled again: %s", run.source.id, error)
        except Exception:
            _log.exception("%s: could not be polled; it is tried again", run.source.id)
        finally:
            self._end(run)

    def _end(self, run: _Run) -> None:
        with self._lock:
            self._runs.pop(run.source.id, None)

    # the inbox

    def _lease_due(self, shard: int, ids: Sequence[str], memory: _Memory, now: datetime) -> tuple[Leased, ...]:
        """Batches of what is due, while few are on their way. Shard 0 takes what others left: entries whose source is
        in the file no more, or whose shard's worker is gone."""
        batches: list[Leased] = []
        for own in (True, False):
            while len(memory.out) < self._pace.batches and (ids or not own) and (own or shard == 0):
                leases = self._store.lease_entries(
                    owner=self._owner,
                    now=now if own else now - self._pace.left,
                    limit=self._batch,
                    duration=self._lease,
                    sources=ids if own else None,
                )
                if not leases:
                    break
                memory.out.append((now, {lease.entry.id: lease.fence for lease in leases}))
                batches.append(leased(leases))
        return tuple(batches)

    def _forget_ended(self, memory: _Memory, now: datetime) -> None:
        """Drop the batches whose entries have all ended, were put off, or belong to another lease by now."""
        kept = []
        for since, fences in memory.out:
            rows = self._store.inbox(fences)
            left = {
                id: fence
                for id, fence in fences.items()
                if id in rows and rows[id].fence == fence and rows[id].lease_owner == self._owner
            }
            if left and abs(now - since) < self._lease:
                kept.append((since, left))
        memory.out[:] = kept

    def _take_over(self) -> None:
        """Once a process: end the leases of processes of this machine that have died."""
        if self._taken_over:
            return
        self._taken_over = True
        for other in self._store.lease_owners():
            if other != self._owner and owners.is_dead(other) and (released := self._store.release_leases(other)):
                _log.info("took up %d entries of a worker that ended midway", released)


async def _recall(client: Client, known: Sequence[tuple[Source, SourceState]], now: datetime) -> None:
    recall(client, known, now)


def leased(leases: Sequence[Lease]) -> Leased:
    """Leases as the element that PollFeeds emits."""
    return Leased(
        tickets=tuple(Ticket(entry=x.entry.id, fence=x.fence, tries=x.tries) for x in leases),
        entries=tuple(x.entry for x in leases),
    )
