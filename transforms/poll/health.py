"""Whether a source lives: what it brings against what it says it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from transforms.records import FeedEntry, SourceState
from transforms.sources.schema import Source

WEEK = timedelta(days=7)
_DAYS = 14


def count_days(
    daily: Iterable[tuple[str, int]], entries: Iterable[FeedEntry], now: datetime
) -> tuple[tuple[str, int], ...]:
    """The bins of entries by UTC day of publication (of first sight without one), with the new ones added."""
    oldest = (now - timedelta(days=_DAYS)).date()
    bins = Counter({day: number for day, number in daily if date.fromisoformat(day) > oldest})
    for entry in entries:
        moment = entry.published or entry.updated or entry.first_seen
        day = min(moment, now).date()
        if day > oldest:
            bins[day.isoformat()] += 1
    return tuple(sorted(bins.items()))


def last_week(state: SourceState, now: datetime) -> int:
    """Entries published in the last seven days."""
    since, today = (now - WEEK).date(), now.date()
    return sum(number for day, number in state.daily if since < date.fromisoformat(day) <= today)


def is_silent(source: Source, state: SourceState, now: datetime, *, oldest_listed: datetime | None) -> bool:
    """Whether fewer entries came in the last week than the source asserts (``expect``).

    Judged only once a whole week is known: watched for so long, or listed back so far.
    """
    if not source.expect.min_per_week or last_week(state, now) >= source.expect.min_per_week:
        return False
    watched = state.first_polled is not None and state.first_polled <= now - WEEK
    listed = oldest_listed is not None and oldest_listed <= now - WEEK
    return watched or listed or state.health == "silent"
