"""Times in a query: a date value (``2024``, ``2024-05``, ``2024-05-17``, ``2024-W20``), a moment, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from transforms.spans import Span, parse

_AGO = re.compile(r"(\d{1,4})([hdwmy])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}
_VALUE = re.compile(r"\d{4}(-\d\d(-\d\d)?|-W\d\d)?")
FORMS = "2024, 2024-05, 2024-05-17, 2024-W20, today, or how long ago: 36h, 7d, 2w, 3m, 1y"


def span(text: str, now: datetime) -> Span | None:
    """The days that a text means; None where it means none. ``now`` is what ``7d`` counts from."""
    if text == "today":
        day = now.astimezone(UTC).date().toordinal()
        return Span(day, day)
    if ago := _ago(text, now):
        day = ago.date().toordinal()
        return Span(day, day)
    return parse(text) if _VALUE.fullmatch(text) else None


def moment(text: str, now: datetime) -> datetime | None:
    """The moment that a text means: how long ago exactly, or the beginning of its first day (UTC)."""
    if ago := _ago(text, now):
        return ago
    if found := span(text, now):
        return datetime.combine(datetime.fromordinal(found.first), time(), UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _ago(text: str, now: datetime) -> datetime | None:
    found = _AGO.fullmatch(text)
    if not found:
        return None
    try:
        return now.astimezone(UTC) - timedelta(hours=int(found[1]) * _HOURS[found[2]])
    except OverflowError:
        return None
