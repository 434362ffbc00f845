"""Date values as spans of days, so that precision and distance can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.records import DateValue

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``first`` to ``last``, both included, as proleptic ordinals (1 is 1 January of year 1)."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many days it is wide; a known day has 1."""
        return self.last - self.first + 1

    def gap(self, other: Span) -> int:
        """Days between the two; 0 where they touch or overlap."""
        return max(self.first - other.last, other.first - self.last, 0)


def parse(value: DateValue | None) -> Span | None:
    """The span of a date value, an ISO datetime, or an interval of these; None for what is none."""
    if not value:
        return None
    start, slash, end = value.partition("/")
    first = _single(start)
    if not slash:
        return first
    last = _single(end)
    if first is None or last is None:
        return first or last
    return Span(min(first.first, last.first), max(first.last, last.last))


def _single(value: str) -> Span | None:
    try:
        if found := _DAY.match(value):
            day = date(int(found[1]), int(found[2]), int(found[3])).toordinal()
            return Span(day, day)
        if found := _WEEK.fullmatch(value):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1).toordinal()
            return Span(monday, monday + 6)
        if found := _MONTH.fullmatch(value):
            start = date(int(found[1]), int(found[2]), 1)
            return Span(start.toordinal(), _next_month(start).toordinal() - 1)
        if _YEAR.fullmatch(value):
            return Span(date(int(value), 1, 1).toordinal(), date(int(value), 12, 31).toordinal())
    except (ValueError, OverflowError):  # a 31 February, a year 0
        pass
    return None


def _next_month(start: date) -> date:
    return (start + timedelta(days=32)).replace(day=1)
