"""Arithmetic of date values: ``2024-01-02``, ``2024-05``, ``2023``, ``2024-W28`` and intervals of these."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_PUBLISHED = re.compile(r"\s*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")


def day_value(day: date) -> str:
    """The value of a day."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def month_value(year: int, month: int) -> str:
    """The value of a month; months outside 1–12 run over into other years."""
    years, rest = divmod(month - 1, 12)
    return year_value(year + years) + f"-{rest + 1:02d}"


def year_value(year: int) -> str:
    """The value of a year. Raises ValueError outside 1–9999."""
    if not 1 <= year <= 9999:
        raise ValueError(f"no year {year}")
    return f"{year:04d}"


def week_value(day: date) -> str:
    """The ISO 8601 week that a day lies in."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def last_day(year: int, month: int) -> int:
    """The number of days of a month."""
    return calendar.monthrange(year, month)[1]


@dataclass(frozen=True, slots=True)
class Reference:
    """The publication date, at the precision known. ``day`` and ``month`` below stand in for what is not known."""

    year: int
    month: int | None = None
    monthday: int | None = None

    @classmethod
    def read(cls, published: str | None) -> Reference | None:
        """From an ISO date, datetime, month or year; None for anything else."""
        match = _PUBLISHED.match(published or "")
        if not match:
            return None
        year, month, day = int(match[1]), match[2] and int(match[2]), match[3] and int(match[3])
        if year < 1 or (month and not 1 <= month <= 12):
            return None
        if month and day and not 1 <= day <= last_day(year, month):
            return cls(year, month)
        return cls(year, month or None, day or None)

    @property
    def day(self) -> date:
        """The day, or the middle of what is known of it."""
        return date(self.year, self.month or 7, self.monthday or 15)

    def trim(self, value: str) -> str:
        """A value resolved against the publication date, cut to the precision that date has."""
        if self.monthday:
            return value
        parts = [self._trim(part) for part in value.split("/")]
        return "/".join(dict.fromkeys(parts))

    def _trim(self, part: str) -> str:
        if "W" in part:
            year, week = part.split("-W")
            part = day_value(date.fromisocalendar(int(year), int(week), 4))
        return part[:7] if self.month else part[:4]

    def shift(self, unit: str, count: int) -> str:
        """The unit that lies ``count`` units from this one, as a value. Raises ValueError or OverflowError."""
        day = self.day
        if unit == "day":
            return self.trim(day_value(day + timedelta(days=count)))
        if unit == "week":
            return self.trim(week_value(day + timedelta(weeks=count)))
        if unit == "weekend":
            # On Monday and Tuesday "this weekend" is the one just past, later in the week the one to come.
            saturday = day + timedelta(days=5 - day.weekday() - (7 if day.weekday() < 2 and count == 0 else 0))
            if day.weekday() >= 5 and count < 0:
                saturday = day - timedelta(days=day.weekday() - 5)
            saturday += timedelta(weeks=count)
            return self.trim(f"{day_value(saturday)}/{day_value(saturday + timedelta(days=1))}")
        if unit == "month":
            return self.trim(month_value(day.year, day.month + count))
        if unit == "quarter":
            first = (day.month - 1) // 3 * 3 + 1 + 3 * count
            return self.trim(f"{month_value(day.year, first)}/{month_value(day.year, first + 2)}")
        if unit == "decade":
            first = day.year // 10 * 10 + 10 * count
            return f"{year_value(first)}/{year_value(first + 9)}"
        return year_value(day.year + count)
