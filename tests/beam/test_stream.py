"""The splittable DoFn: one poller a shard, whatever the runner tries; its restriction survives as plain numbers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from pipeline.runners.names import SHARDS as NAMED
from tests.samples import NOW, entry
from transforms.beam.shard import Look
from transforms.beam.signals import Signals
from transforms.beam.stream import _END, ShardFactory, Stream, WakeShard, _PollTime, _Wakes
from transforms.poll.shards import SHARDS
from transforms.records import Leased, Ticket

BATCH = Leased(tickets=(Ticket(entry="e1", fence=1),), entries=(entry(),))


class Looks:
    """In place of the shards of a process."""

    def __init__(self, *batches: Leased) -> None:
        self.batches = batches
        self.looked: list[int] = []

    def look(self, shard: int) -> Look:
        self.looked.append(shard)
        return Look(self.batches, timedelta(seconds=3))

    def counts(self) -> dict[str, int]:
        return {"polled": 2}


def woken(looks: Looks, signals: Signals) -> tuple[list[Any], ThreadsafeRestrictionTracker, Any]:
    factory = ShardFactory(
        store=None,  # type: ignore[arg-type]
        sources=None,  # type: ignore[arg-type]
        clock=lambda: NOW,
        lease=timedelta(minutes=1),
        batch=5,
        stream=Stream(id="t", signals=signals),
    )
    fn = WakeShard(factory)
    fn._shards = looks  # type: ignore[assignment]
    wakes = _Wakes()
    tracker = ThreadsafeRestrictionTracker(wakes.create_tracker(wakes.initial_restriction(3)))
    estimator = _PollTime().create_watermark_estimator(None)
    return list(fn.process(3, RestrictionTrackerView(tracker), estimator)), tracker, estimator


def test_a_wake_emits_batches_at_the_poll_time_and_defers_the_rest(tmp_path: Path) -> None:
    looks, signals = Looks(BATCH), Signals(tmp_path)
    emitted, tracker, estimator = woken(looks, signals)
    now = Timestamp.of(NOW.timestamp())
    assert [(type(x), x.value, x.timestamp) for x in emitted] == [(TimestampedValue, BATCH, now)]
    assert estimator.current_watermark() == now
    tracker.check_done()
    deferred = tracker.deferred_status()
    assert deferred is not None
    rest, delay = deferred
    assert rest == OffsetRange(1, _END)
    assert 2 < delay.micros / 1e6 <= 3
    assert signals.last() is not None


def test_a_drain_ends_the_shard(tmp_path: Path) -> None:
    looks, signals = Looks(BATCH), Signals(tmp_path)
    signals.drain()
    emitted, tracker, _ = woken(looks, signals)
    assert (emitted, looks.looked) == ([], [])
    tracker.check_done()
    assert tracker.deferred_status() is None


def test_a_runner_that_drains_by_itself_gets_nothing_more() -> None:
    assert _Wakes().truncate(3, OffsetRange(5, _END)) is None


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.99])
def test_no_split_but_at_the_wakes_end(fraction: float) -> None:
    tracker = _Wakes().create_tracker(OffsetRange(4, _END))
    assert tracker.try_split(fraction) is None
    assert tracker.try_claim(4)
    assert tracker.try_split(fraction) is None
    assert tracker.try_split(0) == (OffsetRange(4, 5), OffsetRange(5, _END))
    assert tracker.try_split(0) is None
    tracker.check_done()
    assert not tracker.is_bounded()


def test_restriction_and_watermark_are_kept_as_plain_numbers() -> None:
    coder = _Wakes().restriction_coder()
    assert coder.is_deterministic()
    assert coder.decode(coder.encode(OffsetRange(7, _END))) == OffsetRange(7, _END)
    assert b"OffsetRange" not in coder.encode(OffsetRange(7, _END))
    state = _PollTime().estimator_state_coder()
    assert [state.decode(state.encode(x)) for x in (None, Timestamp(5))] == [None, Timestamp(5)]


def test_a_clock_that_is_put_back_holds_the_watermark(tmp_path: Path) -> None:
    estimator = _PollTime().create_watermark_estimator(Timestamp.of(NOW.timestamp()) + 3600)
    looks = Looks()
    factory = ShardFactory(None, None, lambda: NOW, timedelta(), 5, Stream(id="t"))  # type: ignore[arg-type]
    fn = WakeShard(factory)
    fn._shards = looks  # type: ignore[assignment]
    wakes = _Wakes()
    tracker = ThreadsafeRestrictionTracker(wakes.create_tracker(wakes.initial_restriction(3)))
    assert list(fn.process(3, RestrictionTrackerView(tracker), estimator)) == []
    assert estimator.current_watermark() == Timestamp.of(NOW.timestamp()) + 3600


def test_the_number_of_shards_is_said_in_two_places_alike() -> None:
    assert NAMED == SHARDS == 16


def test_signals(tmp_path: Path) -> None:
    signals = Signals(tmp_path)
    assert (signals.draining(), signals.last()) == (False, None)
    signals.beat()
    signals.drain()
    assert signals.draining() and signals.last() is not None
    signals.clear()
    assert (signals.draining(), signals.last()) == (False, None)
    elsewhere = Signals(tmp_path / "gone")
    elsewhere.beat()
    assert not elsewhere.draining()
    nobody = Signals()
    nobody.beat()
    nobody.drain()
    nobody.clear()
    assert (nobody.draining(), nobody.last()) == (False, None)
