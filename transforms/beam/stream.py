"""PollFeeds for a stream: a splittable DoFn over shards of hosts, which never ends and emits from the inbox.

Nothing of it matters after a crash: its restriction only counts wakes, and what is due stands in the store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import apache_beam as beam
from apache_beam.coders import NullableCoder, TimestampCoder, TupleCoder, VarIntCoder
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.beam import coders  # noqa: F401 (registers the record coders)
from transforms.beam.shard import Shards
from transforms.beam.shared import acquire, acquire_background, release, release_background
from transforms.beam.signals import Signals
from transforms.beam.stage import Clock, add
from transforms.contracts import StoreFactory
from transforms.fetch.background import Background
from transforms.poll.shards import SHARDS, Pace
from transforms.records import Leased
from transforms.sources.current import SourcesNow

_END = 2**62
"""More wakes than there will be: at ten a second, after fourteen billion years."""
_log = logging.getLogger("tocsin.poll")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How a stream polls. id: of the job, under which its parts share what a process has once. shards: part of the
    upgrade contract. signals: of the run's supervisor, if it has one."""

    id: str
    shards: int = SHARDS
    pace: Pace = field(default_factory=Pace)
    signals: Signals = field(default_factory=Signals)


class _Tracker(OffsetRestrictionTracker):
    """Gives up only what comes after this wake: a split anywhere else would make one poller two."""

    def try_split(self, fraction_of_remainder: float) -> Any:
        """See Beam's RestrictionTracker."""
        return super().try_split(0) if fraction_of_remainder == 0 else None

    def is_bounded(self) -> bool:
        """There is no end."""
        return False


class _RangeCoder(beam.coders.Coder):
    """Two numbers; no pickle, so that a savepoint outlives a refactoring."""

    _pair = TupleCoder((VarIntCoder(), VarIntCoder()))

    def encode(self, value: OffsetRange) -> bytes:
        """Start and stop."""
        return bytes(self._pair.encode((value.start, value.stop)))

    def decode(self, encoded: bytes) -> OffsetRange:
        """The range."""
        return OffsetRange(*self._pair.decode(encoded))

    def is_deterministic(self) -> bool:
        """Equal ranges give equal bytes."""
        return True


class _Wakes(RestrictionProvider):
    """The restriction of a shard: the wakes still to come."""

    def initial_restriction(self, element: int) -> OffsetRange:
        """All."""
        return OffsetRange(0, _END)

    def create_tracker(self, restriction: OffsetRange) -> _Tracker:
        """See Beam's RestrictionProvider."""
        return _Tracker(restriction)

    def restriction_size(self, element: int, restriction: OffsetRange) -> float:
        """All shards count alike; there is no backlog to be measured."""
        return 1.0

    def restriction_coder(self) -> beam.coders.Coder:
        """See :class:`_RangeCoder`."""
        return _RangeCoder()

    def truncate(self, element: int, restriction: OffsetRange) -> OffsetRange | None:
        """A drain: no further wake. What is pending stays so in the store."""
        return None


class _PollTime(WatermarkEstimatorProvider):
    """The watermark is the time of the last wake."""

    def initial_estimator_state(self, element: int, restriction: OffsetRange) -> None:
        """None yet."""

    def create_watermark_estimator(self, estimator_state: Timestamp | None) -> ManualWatermarkEstimator:
        """See Beam's WatermarkEstimatorProvider."""
        return ManualWatermarkEstimator(estimator_state)

    def estimator_state_coder(self) -> beam.coders.Coder:
        """A moment or none; no pickle."""
        return NullableCoder(TimestampCoder())


@dataclass(frozen=True, slots=True)
class ShardFactory:
    """Makes the process's :class:`Shards`."""

    store: StoreFactory
    sources: SourcesNow
    clock: Clock
    lease: timedelta
    batch: int
    stream: Stream

    def __call__(self, background: Background) -> Shards:
        return Shards(
            self.store,
            self.sources,
            background,
            self.clock,
            shards=self.stream.shards,
            lease=self.lease,
            batch=self.batch,
            pace=self.stream.pace,
        )


_TRACKER = beam.DoFn.RestrictionParam(_Wakes())
_ESTIMATOR = beam.DoFn.WatermarkEstimatorParam(_PollTime())


class WakeShard(beam.DoFn):
    """One shard, for ever: wake, look, emit, sleep. Never raises."""

    def __init__(self, factory: ShardFactory) -> None:
        self._factory = factory

    def setup(self) -> None:
        """Join the process's shards."""
        make, id = self._factory, self._factory.stream.id
        background = acquire_background(id, make.sources)
        self._shards = acquire(("shards", id), lambda: make(background))

    def teardown(self) -> None:
        """Leave them; the last one closes."""
        release(("shards", self._factory.stream.id))
        release_background(self._factory.stream.id)

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]
    def process(self, shard: int, tracker: Any = _TRACKER, estimator: Any = _ESTIMATOR) -> Iterator[object]:
        """One wake: the batches that are due, one element each."""
        if not tracker.try_claim(tracker.current_restriction().start):
            return
        signals = self._factory.stream.signals
        if signals.draining():
            tracker.try_claim(_END)
            return
        signals.beat()
        look = self._shards.look(shard)
        for name, amount in self._shards.counts().items():
            add(name, amount)
        now = Timestamp.of(self._factory.clock().timestamp())
        for batch in look.batches:
            yield beam.window.TimestampedValue(batch, now)
        before = estimator.current_watermark()
        if before is None or before < now:  # a clock that was put back holds the watermark until it has caught up
            estimator.set_watermark(now)
        tracker.defer_remainder(Duration.of(look.rest.total_seconds()))


class StreamFeeds(beam.PTransform):
    """Nothing → Leased, a batch of entries an element, for ever."""

    def __init__(
        self, factory: StoreFactory, sources: SourcesNow, clock: Clock, *, lease: timedelta, batch: int, stream: Stream
    ) -> None:
        super().__init__()
        self._make = ShardFactory(factory, sources, clock, lease, batch, stream)

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        shards = begin | "Shards" >> beam.Create(list(range(self._make.stream.shards)))
        leased = shards | "Wake" >> beam.ParDo(WakeShard(self._make)).with_output_types(Leased)
        leased.element_type = Leased
        return leased
