"""Values made fit for an index before they are sent: lengths, dates, coordinates, numbers.

Each function returns None for what the index could not take, so that one odd value costs its field and never its
document; the record itself is kept whole beside the fields and loses nothing.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

Fields = dict[str, object]
_LONGEST_TERM = 4096
"""Characters of a keyword, far under Lucene's 32,766 bytes for a term."""
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_YEAR = re.compile(r"\d{4}")


def keyword(text: str | None) -> str | None:
    """A keyword: cut to what a term can hold."""
    return text[:_LONGEST_TERM] if text else None


def moment(at: datetime | None) -> str | None:
    """A moment as the index parses it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def micros(at: datetime) -> int:
    """Microseconds since the epoch: exact, where the index's own dates are milliseconds."""
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def location(lat: float | None, lon: float | None) -> Fields | None:
    """A point, if it is on Earth."""
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return {"lat": lat, "lon": lon}


def number(value: float | None) -> float | None:
    """A finite number."""
    return value if value is not None and math.isfinite(value) else None


def url(*addresses: str) -> Fields:
    """ECS ``url``: the addresses and their domains."""
    hosts = [_host(address) for address in addresses]
    return {
        "full": [cut for address in addresses if (cut := keyword(address))],
        "domain": list(dict.fromkeys(host for host in hosts if host)),
    }


def _host(address: str) -> str | None:
    try:
        return keyword(urlsplit(address).hostname)
    except ValueError:
        return None


def dated(value: str | None) -> Fields | None:
    """A date value with its precision and, where it is well-formed, its first and last day and their range.

    >>> dated("2024-02")
    {'value': '2024-02', 'precision': 'month', 'start': '2024-02-01', 'end': '2024-02-29', \
'range': {'gte': '2024-02-01', 'lte': '2024-02-29'}}
    """
    if not value:
        return None
    span = _span(value)
    fields: Fields = {"value": keyword(value)}
    if span:
        precision, first, last = span
        start, end = first.isoformat(), last.isoformat()
        fields |= {"precision": precision, "start": start, "end": end, "range": {"gte": start, "lte": end}}
    return fields


def first_day(value: str | None) -> str | None:
    """The first day of a date value."""
    span = _span(value) if value else None
    return span[1].isoformat() if span else None


def _span(value: str) -> tuple[str, date, date] | None:
    first, slash, second = value.partition("/")
    if slash:
        a, b = _span(first), _span(second)
        return ("interval", a[1], b[2]) if a and b and a[1] <= b[2] else None
    try:
        if found := _DAY.fullmatch(value):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            return "day", day, day
        if found := _MONTH.fullmatch(value):
            year, month = int(found[1]), int(found[2])
            return "month", date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if found := _WEEK.fullmatch(value):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return "week", monday, monday + timedelta(days=6)
        if _YEAR.fullmatch(value):
            return "year", date(int(value), 1, 1), date(int(value), 12, 31)
    except (ValueError, OverflowError):
        pass
    return None


def filled(fields: Fields) -> Fields:
    """Without nulls and empties, nested ones too: an absent field costs nothing."""
    kept: Fields = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            value = filled(value)
        elif isinstance(value, list):
            value = [filled(item) if isinstance(item, dict) else item for item in value if item is not None]
        if value is not None and value != {} and value != [] and value != "":
            kept[name] = value
    return kept
