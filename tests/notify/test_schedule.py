"""Due times: digests in local time through changes of the clock, quiet hours, retries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.samples import subscriptions
from transforms.notify.schedule import MOST_TRIES, after_quiet, first_due, next_digest, retry_after
from transforms.notify.schema import Quiet, When

ZONES = st.sampled_from(["UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]:02}:{t[1]:02}")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def digest(**keys: Any) -> When:
    return When.model_validate({"digest": "daily", "zone": "Europe/Zurich", **keys})


@pytest.mark.parametrize(
    ("when", "now", "due"),
    [
        (digest(at="07:30"), "2024-06-28T07:29:59+02:00", "2024-06-28T07:30:00+02:00"),
        (digest(at="07:30"), "2024-06-28T07:30:00+02:00", "2024-06-29T07:30:00+02:00"),
        # the clock goes from 02:00 to 03:00: the hour that is skipped is told an hour later, once
        (digest(at="02:30"), "2024-03-30T12:00:00+01:00", "2024-03-31T03:30:00+02:00"),
        (digest(at="02:30"), "2024-03-31T03:30:00+02:00", "2024-04-01T02:30:00+02:00"),
        # the clock goes from 03:00 back to 02:00: 02:30 is twice, the first counts, once
        (digest(at="02:30"), "2024-10-26T12:00:00+02:00", "2024-10-27T02:30:00+02:00"),
        (digest(at="02:30"), "2024-10-27T02:30:00+02:00", "2024-10-28T02:30:00+01:00"),
        (digest(at="02:30"), "2024-10-27T02:10:00+01:00", "2024-10-28T02:30:00+01:00"),
        # the same local time, though the day has 23 or 25 hours
        (digest(at="07:30"), "2024-03-30T07:30:00+01:00", "2024-03-31T07:30:00+02:00"),
        (digest(at="07:30"), "2024-10-26T07:30:00+02:00", "2024-10-27T07:30:00+01:00"),
        (digest(digest="hourly"), "2024-10-27T02:10:00+02:00", "2024-10-27T02:00:00+01:00"),
        (digest(digest="weekly", day="friday", at="18:00"), "2024-06-28T17:00:00+02:00", "2024-06-28T18:00:00+02:00"),
        (digest(digest="weekly", day="monday", at="08:00"), "2024-06-28T17:00:00+02:00", "2024-07-01T08:00:00+02:00"),
    ],
)
def test_the_next_digest(when: When, now: str, due: str) -> None:
    assert next_digest(when, at(now)) == at(due)


@given(MOMENTS, ZONES, TIMES, st.sampled_from(["hourly", "daily", "weekly"]))
def test_digests_follow_one_another_in_steps_of_their_window(now: datetime, zone: str, time: str, kind: str) -> None:
    when = When.model_validate({"digest": kind, "zone": zone, "at": time})
    window = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}[kind]
    first = next_digest(when, now)
    second = next_digest(when, first)
    slack = timedelta(0) if kind == "hourly" else timedelta(hours=1)
    assert now < first <= now + window + slack
    assert window - slack <= second - first <= window + slack


QUIET = Quiet.model_validate({"from": "22:00", "to": "07:00", "zone": "Europe/Zurich"})


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2024-06-28T21:59:59+02:00", "2024-06-28T21:59:59+02:00"),
        ("2024-06-28T22:00:00+02:00", "2024-06-29T07:00:00+02:00"),
        ("2024-06-29T03:00:00+02:00", "2024-06-29T07:00:00+02:00"),
        ("2024-06-29T07:00:00+02:00", "2024-06-29T07:00:00+02:00"),
        ("2024-03-30T23:00:00+01:00", "2024-03-31T07:00:00+02:00"),  # a short night
        ("2024-10-27T02:30:00+01:00", "2024-10-27T07:00:00+01:00"),  # a long one
    ],
)
def test_quiet_hours_over_midnight(now: str, due: str) -> None:
    assert after_quiet(QUIET, at(now)) == at(due)


@given(MOMENTS, ZONES, TIMES, TIMES)
def test_what_is_put_off_is_out_of_the_quiet_hours(now: datetime, zone: str, start: str, to: str) -> None:
    if start == to:
        return
    quiet = Quiet.model_validate({"from": start, "to": to, "zone": zone})
    due = after_quiet(quiet, now)
    assert now <= due <= now + timedelta(hours=25)
    assert after_quiet(quiet, due) == due


def test_a_digest_that_falls_into_quiet_hours_waits() -> None:
    keys = {"quiet": {"from": "06:00", "to": "09:00"}, "when": {"digest": "daily", "at": "07:00"}}
    (subscription,) = subscriptions(keys).subscriptions
    assert first_due(subscription, at("2024-06-28T12:00:00+00:00")) == at("2024-06-29T09:00:00+00:00")


def test_retries_end() -> None:
    waits = [retry_after(n) for n in range(1, MOST_TRIES + 1)]
    assert waits[0] == timedelta(minutes=1)
    assert waits[-2:] == [timedelta(days=1), None]
