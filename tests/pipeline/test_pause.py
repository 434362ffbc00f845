"""How long the service sleeps: by wall and monotonic time, which may disagree."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pause import LONGEST, SHORTEST, SLICE, Nap, after_death, nap
from tests.samples import NOW, state
from transforms.sources import Source

SECOND = timedelta(seconds=1)
A = Source(id="a", url="https://a.example/feed")


def sleep(until: timedelta, *steps: tuple[timedelta, timedelta]) -> list[timedelta]:
    """What is left of a nap after each step: (wall time passed, monotonic time slept)."""
    resting = Nap(NOW + until, LONGEST)
    return [resting.left(NOW + wall, slept) for wall, slept in steps]


def test_an_ordinary_nap() -> None:
    steps = [(0 * SECOND, 0 * SECOND), (15 * SECOND, 15 * SECOND), (20 * SECOND, 20 * SECOND)]
    assert sleep(20 * SECOND, *steps) == [SLICE, 5 * SECOND, timedelta()]


def test_a_laptop_that_was_suspended_wakes_at_once() -> None:
    """Monotonic time stands still meanwhile, wall time does not."""
    assert sleep(200 * SECOND, (3 * 3600 * SECOND, 15 * SECOND)) == [timedelta()]


def test_a_clock_put_forward_wakes_at_once() -> None:
    assert sleep(200 * SECOND, (timedelta(days=365), 1 * SECOND)) == [timedelta()]


def test_a_clock_put_back_costs_five_minutes_at_most() -> None:
    day = timedelta(days=1)
    steps = [(-day, 15 * SECOND), (-day, 290 * SECOND), (-day, 300 * SECOND)]
    assert sleep(200 * SECOND, *steps) == [SLICE, 10 * SECOND, timedelta()]


@given(st.timedeltas(), st.timedeltas(), st.timedeltas())
def test_never_negative_never_longer_than_a_slice(until: timedelta, wall: timedelta, slept: timedelta) -> None:
    until, wall = (max(timedelta(days=-300000), min(x, timedelta(days=300000))) for x in (until, wall))
    left = Nap(NOW + until, LONGEST).left(NOW + wall, max(slept, timedelta(days=-300000)))
    assert timedelta() <= left <= SLICE


@pytest.mark.parametrize(
    ("due", "entry", "expected"),
    [
        (20 * SECOND, None, 20 * SECOND),
        (20 * SECOND, 9 * SECOND, 9 * SECOND),
        (-20 * SECOND, None, SHORTEST),
        (timedelta(hours=3), None, LONGEST),
        (20 * SECOND, -9 * SECOND, SHORTEST),
    ],
)
def test_a_nap_ends_when_something_is_due(due: timedelta, entry: timedelta | None, expected: timedelta) -> None:
    states = {"a": state("a", url=A.url, next_due=NOW + due)}
    assert nap([A], states, NOW + entry if entry else None, NOW) == Nap(NOW + expected, LONGEST)


def test_what_was_never_polled_is_due_and_what_is_retired_is_not() -> None:
    assert nap([A], {}, None, NOW).until == NOW + SHORTEST
    retired = {"a": state("a", url=A.url, next_due=NOW, health="retired")}
    assert nap([A], retired, None, NOW).until == NOW + LONGEST
    assert nap([], {}, None, NOW).until == NOW + LONGEST


def test_a_source_polled_in_the_future_is_due() -> None:
    """The clock was a day ahead when it was polled, and has been put back."""
    states = {
        "a": state("a", url=A.url, last_polled=NOW + timedelta(days=1), next_due=NOW + timedelta(days=1, hours=1))
    }
    assert nap([A], states, None, NOW).until == NOW + SHORTEST


def test_after_dead_rounds_the_naps_grow() -> None:
    naps = [after_death(n, NOW, random.Random(4)).longest.total_seconds() for n in (1, 2, 3, 9, 500)]
    assert naps == pytest.approx([10, 20, 40, 300, 300], rel=0.25)
