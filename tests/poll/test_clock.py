"""A source whose last poll lies in the future was polled by a clock that has been put back since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.samples import NOW, state
from transforms.poll import is_due, plan
from transforms.poll.health import last_week
from transforms.sources import Source

SOURCE = Source(id="un", url="https://un.example/feed")


@pytest.mark.parametrize(
    ("polled", "due", "expected"),
    [
        (timedelta(hours=-1), timedelta(minutes=1), False),
        (timedelta(hours=-1), timedelta(0), True),
        (timedelta(minutes=5), timedelta(hours=1), False),  # another machine's clock
        (timedelta(days=1), timedelta(days=1, hours=1), True),
    ],
)
def test_due(polled: timedelta, due: timedelta, expected: bool) -> None:
    assert is_due(SOURCE, state(last_polled=NOW + polled, next_due=NOW + due), NOW) is expected


def test_a_retired_source_stays_so() -> None:
    retired = state(health="retired", last_polled=NOW + timedelta(days=1), next_due=NOW)
    assert not is_due(SOURCE, retired, NOW)


@pytest.mark.parametrize(("validated", "conditional"), [(-1, True), (-25, False), (1, True), (25, False)])
def test_a_server_that_only_validates_is_asked_past_though_the_first_304_lies_in_the_future(
    validated: int, conditional: bool
) -> None:
    stuck = state(etag='"v1"', validated_since=NOW + timedelta(hours=validated), configured=SOURCE.reading)
    assert bool(plan(SOURCE, stuck, NOW)[1].headers) is conditional


def test_days_that_are_yet_to_come_do_not_count_as_last_week() -> None:
    days = [(NOW + timedelta(days=n)).date().isoformat() for n in (-8, -7, -6, 0, 1)]
    assert last_week(state(daily=tuple((day, 10**n) for n, day in enumerate(days))), NOW) == 1100
