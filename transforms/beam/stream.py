"""PollFeeds for a stream: shards of hosts that wake for ever and emit from the inbox.

A shard is woken in one of two ways. On Prism it is a splittable DoFn that defers its remainder. On Flink ticks come
from the runner's own source: Flink keeps a state of a new name for every deferred remainder and never drops it
(apache/beam#27648; measured here: 100 a second, 400 MB of heap full after a minute). Nothing of either matters after a
crash: what is due stands in the store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import apache_beam as beam
from apache_beam.coders import NullableCoder, TimestampCoder, TupleCoder, VarIntCoder
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.beam import coders  # noqa: F401 (registers the record coders)
from transforms.beam.shard import Look, Shards
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
TICK_MS = 1000
"""Between two ticks of each of Flink's sources: a wake at which nothing is due costs well under a millisecond, and
Flink gathers a second's elements into a bundle anyway."""
_log = logging.getLogger("tocsin.poll")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How a stream polls. id: of the job, under which its parts share what a process has once. shards: part of the
    upgrade contract. ticks: whether shards are woken by ticks of Flink's, else as a splittable DoFn. signals: of the
    run's supervisor, if it has one."""

    id: str
    shards: int = SHARDS
    ticks: bool = False
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


_KEYED = beam.DoFn.StateParam(ReadModifyWriteStateSpec("shard", VarIntCoder()))


class _Waking(beam.DoFn):
    """What both ways of waking share: the process's shards, and one look at one of them. Never raises."""

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

    def _wake(self, shard: int) -> tuple[Look, Timestamp]:
        """What is due of a shard, and when it was looked."""
        look = self._shards.look(shard)
        for name, amount in self._shards.counts().items():
            add(name, amount)
        return look, Timestamp.of(self._factory.clock().timestamp())


class WakeShard(_Waking):
    """One shard, for ever, as a splittable DoFn: wake, look, emit, defer."""

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
        look, now = self._wake(shard)
        for batch in look.batches:
            yield beam.window.TimestampedValue(batch, now)
        before = estimator.current_watermark()
        if before is None or before < now:  # a clock that was put back holds the watermark until it has caught up
            estimator.set_watermark(now)
        tracker.defer_remainder(Duration.of(look.rest.total_seconds()))


class WakeByTick(_Waking):
    """A shard, woken by ticks that a source sends. The state is never written: it makes the runner send all ticks of a
    shard to one worker, which remembers what is under way."""

    def process(self, element: tuple[int, int], kept: Any = _KEYED) -> Iterator[object]:
        """One wake: the batches that are due, one element each."""
        look, now = self._wake(element[0])
        for batch in look.batches:
            yield beam.window.TimestampedValue(batch, now)


def _shards(_: bytes, count: int) -> list[tuple[int, int]]:
    return [(shard, shard) for shard in range(count)]


class StreamFeeds(beam.PTransform):
    """Nothing → Leased, a batch of entries an element, for ever."""

    def __init__(
        self, factory: StoreFactory, sources: SourcesNow, clock: Clock, *, lease: timedelta, batch: int, stream: Stream
    ) -> None:
        super().__init__()
        self._make = ShardFactory(factory, sources, clock, lease, batch, stream)

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        make, count = self._make, self._make.stream.shards
        if make.stream.ticks:
            ticks = begin | "Ticks" >> FlinkStreamingImpulseSource().set_interval_ms(TICK_MS)
            shards = ticks | "Shards" >> beam.FlatMap(_shards, count).with_output_types(tuple[int, int])
        else:
            shards = begin | "Shards" >> beam.Create(list(range(count)))
        waking = WakeByTick(make) if make.stream.ticks else WakeShard(make)
        leased = shards | "Wake" >> beam.ParDo(waking).with_output_types(Leased)
        leased.element_type = Leased
        return leased
