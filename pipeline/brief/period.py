"""The stretch of time that a brief is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LENGTH = re.compile(r"(\d{1,5})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` (inclusive) to ``until`` (exclusive), both aware."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    @property
    def words(self) -> str:
        """``18–25 November 2026``; the month and year of the start only where they differ from the end's.

        The last day is the last that has a part in it: what ends at midnight does not name the day that then begins."""
        a, b = self.since, self.until - timedelta(microseconds=1)
        start = f"{a.day}"
        if (a.month, a.year) != (b.month, b.year):
            start += f" {a:%B}" + (f" {a.year}" if a.year != b.year else "")
        dash = "–" if start == f"{a.day}" else " – "
        return f"{start}{dash}{b.day} {b:%B} {b.year}" if a.date() != b.date() else f"{b.day} {b:%B} {b.year}"


def period(since: str, now: datetime, until: str | None = None) -> Period:
    """``7d``, ``2w``, ``24h`` before the end, or a date; the end is a date or now. Raises ValueError."""
    end = _moment(until, "--until") if until else now
    length = _LENGTH.fullmatch(since.strip().lower())
    try:
        start = end - int(length[1]) * _UNITS[length[2]] if length else _moment(since, "--since")
    except OverflowError:
        raise ValueError(f"--since {since!r}: that is before the calendar begins") from None
    if start >= end:
        raise ValueError(f"the period is empty: it starts {start:%Y-%m-%d %H:%M} and ends {end:%Y-%m-%d %H:%M}")
    return Period(start, end)


def _moment(text: str, option: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        wanted = "7d, 2w, 24h or a date as 2026-11-18" if option == "--since" else "a date as 2026-11-25"
        raise ValueError(f"{option} {text!r}: write {wanted}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
