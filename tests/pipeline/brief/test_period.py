"""The period of a brief."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.brief.period import Period, period

NOW = datetime(2026, 3, 16, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "start"),
    [
        ("7d", datetime(2026, 3, 9, 8, 30, tzinfo=UTC)),
        ("2w", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        (" 24H ", datetime(2026, 3, 15, 8, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_length_or_a_date(since: str, start: datetime) -> None:
    assert period(since, NOW) == Period(start, NOW)


def test_an_end_may_be_given() -> None:
    assert period("7d", NOW, "2026-02-08") == Period(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 8, tzinfo=UTC))


@pytest.mark.parametrize("since", ["", "soon", "7", "7m", "-7d", "2026-13-01"])
def test_what_is_no_period_is_named(since: str) -> None:
    with pytest.raises(ValueError, match="--since"):
        period(since, NOW)


def test_a_start_before_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="before the calendar begins"):
        period("99999w", NOW, "0500-01-01")


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(ValueError, match="the period is empty"):
        period("2026-03-20", NOW)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-01", "2026-04-01", "1–31 March 2026"),  # the end is exclusive: nothing of 1 April is in it
        ("2026-03-01", "2026-04-01T00:01", "1 March – 1 April 2026"),
        ("2026-03-01", "2026-03-02", "1 March 2026"),
        ("2026-03-09", "2026-03-16", "9–15 March 2026"),
        ("2026-02-25", "2026-03-04", "25 February – 3 March 2026"),
        ("2025-12-28", "2026-01-04", "28 December 2025 – 3 January 2026"),
        ("2026-03-16T01:00", "2026-03-16T09:00", "16 March 2026"),
    ],
)
def test_the_period_in_words(since: str, until: str, words: str) -> None:
    assert period(since, NOW, until).words == words
