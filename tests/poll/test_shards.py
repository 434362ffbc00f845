"""Which shard polls what, when, and how long it sleeps: decided without Beam, network, store or clock."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import NOW, state
from transforms.poll.shards import SHARDS, Pace, looks, next_look, rest, shard_of, sources_of, to_poll
from transforms.sources import Source

PACE = Pace()


def source(id: str, host: str = "a.example", **more: object) -> Source:
    return Source(id=id, url=f"https://{host}/{id}", **more)  # type: ignore[arg-type]


def test_a_host_stays_in_its_shard_for_ever() -> None:
    """Part of the upgrade contract: these values must never change."""
    hosts = ["news.un.org", "press.un.org", "a.example", "127.0.0.1", ""]
    assert [shard_of(host) for host in hosts] == [8, 6, 10, 4, 4]


@given(st.lists(st.text(max_size=20), max_size=40), st.integers(1, 64))
def test_every_source_is_in_exactly_one_shard(names: list[str], shards: int) -> None:
    hosts = {"".join(c for c in name if c.isalnum() and c.isascii()).lower() or "x" for name in names}
    sources = [source(f"s{n}", f"{host}.example") for n, host in enumerate(sorted(hosts))]
    found = [s.id for shard in range(shards) for s in sources_of(sources, shard, shards)]
    assert sorted(found) == sorted(s.id for s in sources)


def test_sources_of_a_host_are_together() -> None:
    sources = [source(f"s{n}", "one.example") for n in range(9)]
    assert [len(sources_of(sources, shard)) for shard in range(SHARDS)].count(9) == 1


def test_due_are_polled_longest_due_first_and_not_twice_at_once() -> None:
    sources = [source("late", "a.example"), source("never", "b.example"), source("running", "c.example")]
    sources += [source("later", "d.example"), source("off", "e.example", enabled=False)]
    states = {
        "late": state("late", url=sources[0].url, next_due=NOW - timedelta(hours=1)),
        "running": state("running", url=sources[2].url, next_due=NOW - timedelta(hours=2)),
        "later": state("later", url=sources[3].url, next_due=NOW + timedelta(minutes=1)),
    }
    chosen = to_poll(sources, states, [sources[2]], NOW, PACE)
    assert [s.id for s, _ in chosen] == ["late", "never"]
    assert [s and s.id for _, s in chosen] == ["late", None]


def test_one_host_does_not_take_all_the_turns() -> None:
    slow = [source(f"slow{n:03}", "slow.example") for n in range(600)]
    quick = [source(f"quick{n}", "quick.example") for n in range(3)]
    chosen = to_poll([*slow, *quick], {}, slow[:2], NOW, PACE)
    hosts = Counter(s.host for s, _ in chosen)
    assert hosts == {"slow.example": PACE.per_host - 2, "quick.example": 3}


def test_no_more_are_under_way_than_a_process_bears() -> None:
    many = [source(f"s{n}", f"h{n}.example") for n in range(50)]
    pace = Pace(at_once=20)
    assert len(to_poll(many, {}, many[:15], NOW, pace)) == 5
    assert to_poll(many, {}, many[:20], NOW, pace) == []


def test_the_next_look_is_when_something_falls_due() -> None:
    sources = [source("a"), source("b"), source("off", enabled=False), source("gone")]
    states = {
        "a": state("a", next_due=NOW + timedelta(seconds=20)),
        "b": state("b", next_due=NOW - timedelta(seconds=5)),  # due already: it waits for a turn, not for a time
        "off": state("off", next_due=NOW + timedelta(seconds=1)),
        "gone": state("gone", next_due=NOW + timedelta(seconds=2), health="retired"),
    }
    assert next_look(sources, states, None, NOW, PACE) == NOW + timedelta(seconds=20)
    assert next_look(sources, states, NOW + timedelta(seconds=7), NOW, PACE) == NOW + timedelta(seconds=7)
    assert next_look([], {}, None, NOW, PACE) == NOW + PACE.look


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, True),
        (timedelta(0), True),
        (timedelta(seconds=-1), True),
        (timedelta(seconds=1), False),
        (PACE.look, False),
        (timedelta(hours=1), True),  # planned by a clock that has been put back since
    ],
)
def test_a_wake_looks_when_it_is_time(at: timedelta | None, expected: bool) -> None:
    assert looks(None if at is None else NOW + at, NOW, PACE) is expected


@pytest.mark.parametrize(
    ("due", "busy", "expected"),
    [
        (20.0, [], 5.0),  # never longer than a drain may take
        (3.0, [], 3.0),
        (-9.0, [], 0.1),  # no busy loop, whatever the store says
        (20.0, [0.0], 0.1),
        (20.0, [1.0], 1.0),
        (20.0, [40.0], 2.0),
        (20.0, [40.0, 0.3], 0.3),  # the youngest decides
        (0.2, [40.0], 0.2),
        (-9.0, [40.0], 2.0),
    ],
)
def test_rest(due: float, busy: list[float], expected: float) -> None:
    ages = [timedelta(seconds=age) for age in busy]
    slept = rest(NOW + timedelta(seconds=due), NOW, ages, PACE)
    assert slept.total_seconds() == pytest.approx(expected)


@given(st.timedeltas(), st.lists(st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=9)), max_size=4))
def test_rest_is_within_its_bounds_whatever_the_clocks_say(due: timedelta, busy: list[timedelta]) -> None:
    due = max(timedelta(days=-300000), min(due, timedelta(days=300000)))
    assert PACE.soonest <= rest(NOW + due, NOW, busy, PACE) <= PACE.rest
