"""Intervals that adapt within bounds, due times that are spread, sources that fell silent."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Site
from transforms.poll import initial_states, is_due
from transforms.poll.schedule import adapt, backoff, spaced
from transforms.sources import Interval, Source

DAY = timedelta(days=1)
BOUNDS = Interval(start=3600, min=900, max=86400)


@pytest.mark.parametrize(
    ("interval", "new", "listed", "recent", "expected"),
    [
        (3600, 20, 20, (), 3600),  # the first poll says nothing
        (3600, 12, 20, (0,), 900),  # half of it new: items may be missed
        (3600, 1, 20, (0,), 2400),
        (3600, 0, 20, (3,), 3600),  # one quiet poll says little
        (3600, 0, 20, (3, 0), 4500),
        (1000, 5, 20, (1,), 900),
        (80000, 0, 20, (0, 0), 86400),
    ],
)
def test_the_interval_follows_how_much_is_new(
    interval: int, new: int, listed: int, recent: tuple[int, ...], expected: int
) -> None:
    assert adapt(interval, BOUNDS, new=new, listed=listed, recent=recent) == expected


def test_it_settles_at_the_bounds_and_comes_back(site: Site, poller: Poller) -> None:
    feed = [item(f"Row {n}", f"https://news.example/{n}") for n in range(30)]
    site.on("/feed", rss(*feed[:10]))
    for _ in range(30):
        state = poller.poll(after=DAY).state
    assert state.interval == 86400 and state.recent == (10,) + (0,) * 29
    site.on("/feed", rss(*feed[:20]))
    assert poller.poll(after=DAY).state.interval == 21600
    site.on("/feed", rss(*feed))
    assert poller.poll(after=DAY).state.interval == 14400


@given(st.integers(0, 60), st.integers(), st.integers(1, 100_000), st.integers(1, 100_000))
def test_waits_stay_within_their_bounds(failures: int, seed: int, low: int, more: int) -> None:
    bounds, rng = Interval(start=low, min=low, max=low + more), random.Random(seed)
    assert timedelta(seconds=low) <= spaced(low, bounds, rng) <= timedelta(seconds=low + more)
    assert timedelta(0) < backoff(failures + 1, bounds, rng) <= timedelta(seconds=max(86400, low + more) * 1.25)


def test_ten_thousand_new_sources_are_not_due_at_once() -> None:
    sources = [Source(id=f"s{n}", url=f"https://h{n % 5000}.example/feed") for n in range(10_000)]
    states = initial_states(sources, NOON, random.Random(3))
    due = [s.next_due for s in states]
    assert due == sorted(due) and due[-1] - due[0] <= timedelta(seconds=510)
    assert (
        max(sum(NOON + timedelta(seconds=t) <= d < NOON + timedelta(seconds=t + 1) for d in due) for t in (0, 60)) <= 21
    )
    few = initial_states(sources[:40], NOON, random.Random(3))
    assert max(s.next_due for s in few) <= NOON + timedelta(seconds=2)


def test_sources_of_one_host_start_a_second_apart() -> None:
    sources = [Source(id=f"s{n}", url="https://one.example/feed") for n in range(10)]
    due = [s.next_due for s in initial_states(sources, NOON, random.Random(3))]
    assert [(d - NOON).total_seconds() for d in due] == [float(n) for n in range(10)]


def test_what_is_due() -> None:
    source = Source(id="s", url="https://one.example/feed")
    (state,) = initial_states([source], NOON, random.Random(1))
    assert is_due(source, None, NOON) and is_due(source, state, NOON)
    assert not is_due(source, state, NOON - timedelta(seconds=1))
    assert not is_due(source.model_copy(update={"enabled": False}), None, NOON)


def stamped(days: list[int]) -> str:
    return rss(
        *(item(f"Row {n}", f"https://news.example/{n}", date=(NOON - DAY * d).isoformat()) for n, d in enumerate(days))
    )


def test_a_source_that_brings_less_than_it_asserts_is_silent(site: Site, poller: Poller) -> None:
    site.on("/feed", stamped([1, 3, 9, 20]))
    outcome = poller.poll(expect={"min_per_week": 5})
    assert outcome.state.health == "silent" and outcome.result == "changed"
    assert outcome.problems[-1].message == "2 entries in the last week, expected at least 5"


def test_a_short_listing_is_not_judged_before_a_week_is_known(site: Site, poller: Poller) -> None:
    site.on("/feed", stamped([0, 1]))
    assert poller.poll(expect={"min_per_week": 5}).state.health == "healthy"
    for _ in range(6):
        assert poller.poll(after=DAY, expect={"min_per_week": 5}).state.health == "healthy"
    assert poller.poll(after=DAY, expect={"min_per_week": 5}).state.health == "silent"


def test_silence_shows_though_the_server_only_says_unchanged(site: Site, poller: Poller) -> None:
    feed = Answer(stamped([0, 1, 2, 3, 4, 5]).encode(), headers={"ETag": '"v1"'})
    site.on("/feed", feed, Answer(status=304))
    expect = {"min_per_week": 5}
    assert poller.poll(expect=expect).state.health == "healthy"
    state = poller.poll(after=8 * DAY, expect=expect).state
    assert state.health == "silent" and state.error == "0 entries in the last week, expected at least 5"


def test_a_silent_source_that_speaks_again_is_healthy(site: Site, poller: Poller) -> None:
    site.on("/feed", stamped([9, 10]), stamped([9, 10, 0, 0, 0, 0, 0]))
    assert poller.poll(expect={"min_per_week": 5}).state.health == "silent"
    state = poller.poll(expect={"min_per_week": 5}).state
    assert state.health == "healthy" and state.error is None


def test_an_undated_feed_is_counted_by_first_sight(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(*(item(f"Row {n}", f"https://news.example/{n}") for n in range(6))))
    assert poller.poll(expect={"min_per_week": 5}).state.health == "healthy"
    assert poller.poll(after=8 * DAY, expect={"min_per_week": 5}).state.health == "silent"
