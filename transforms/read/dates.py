"""When an article was published: what the feed says against what the page says, in the publisher's local time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.poll.dates import read_date
from transforms.read.lines import Line
from transforms.records import FeedEntry

From = Literal["feed", "page", "first_seen"]
_ISO = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?"
)
_REDATED = timedelta(hours=36)
"""A feed's date that is so much later than the page's is when the feed listed it again; zones explain half of it."""
_AHEAD = timedelta(days=2)
_ENDS = 5  # lines at either end in which a page dates itself
_LONGEST = 120  # characters of such a line


def published_of(
    entry: FeedEntry, page: str | None, modified: str | None, zone: str | None
) -> tuple[str | None, From, str | None]:
    """(published, which date that is, modified) as ISO texts, at the precision known.

    The feed's date is the rule: it is parsed and checked already. The page's is taken where the feed has none, where
    the feed dates its listing and not the article, and for the local time where the feed only says UTC.
    """
    told = local(page)
    changed = local(modified)
    if told and _day(told) and _moment(told) > entry.first_seen + _AHEAD:
        told = None  # it has not been published tomorrow; a template's date
    later = changed or (_in_zone(entry.updated, entry.published_raw, told, zone) if entry.updated else None)
    if entry.published is None:
        if told:
            return told, "page", later
        return _in_zone(entry.first_seen, None, None, zone), "first_seen", later
    if told and entry.published - _moment(told) > _REDATED:
        return told, "page", later
    return _in_zone(entry.published, entry.published_raw, told, zone), "feed", later


def local(text: str | None) -> str | None:
    """A date as a page writes it (ISO 8601, or RFC 2822) as ISO text in its own zone; None for what is no such date."""
    if not text:
        return None
    match = _ISO.match(text.strip())
    try:
        if match is None:
            return parsedate_to_datetime(text.strip()).isoformat()
        if match[3] is None:
            return f"{date(int(match[1]), int(match[2]), 1):%Y-%m}"
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day.isoformat()
        zone = (match[7] or "").replace("Z", "+00:00")
        if zone and ":" not in zone:
            zone = f"{zone[:3]}:{zone[3:]}"
        return datetime.fromisoformat(f"{day}T{match[4]}:{match[5]}:{match[6] or '00'}{zone}").isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def visible_date(lines: Sequence[Line], language: str | None, now: datetime) -> date | None:
    """The day that a page gives itself in figures in one of its first or last lines ("Posted 02.01.2024 by desk").

    Only a line that begins so: a date in the text is the text's.
    """
    ends = [*lines[:_ENDS], *lines[max(_ENDS, len(lines) - _ENDS) :]]
    for line in ends:
        if len(line.text) <= _LONGEST and (match := _posted().match(line.text.strip())):
            read = read_date(match["date"], now=now, language=language).value
            if read is not None:
                return read.date()
    return None


def disagrees(visible: date | None, published: str | None) -> bool:
    """Whether the day that a page shows is another than the one it was dated with; a day either way may be a zone."""
    told = local(published)
    if visible is None or told is None or not _day(told):
        return False
    return abs(visible - _moment(told).date()) > timedelta(days=1)


@cache
def _posted() -> re.Pattern[str]:
    words = load(Path(__file__).with_name("data") / "posted.yaml", TypeAdapter(dict[str, list[str]]))
    either = "|".join(sorted({re.escape(word) for of in words.values() for word in of}, key=len, reverse=True))
    return re.compile(
        rf"(?:{either})\W{{1,4}}(?:\w{{1,4}}\s)?(?P<date>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}})(?!\d)", re.IGNORECASE
    )


def _day(text: str) -> bool:
    return len(text) >= len("2024-01-02")


def _moment(text: str) -> datetime:
    """A moment of an ISO text; a date alone is its noon in UTC, which no zone moves to another day."""
    if not _day(text):
        text = f"{text}-15"
    if len(text) == len("2024-01-02"):
        return datetime.fromisoformat(f"{text}T12:00:00+00:00")
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_zone(moment: datetime, raw: str | None, told: str | None, zone: str | None) -> str:
    """A moment in the publisher's local time: the feed's own offset, the source's zone, the page's offset, else UTC."""
    own = local(raw)
    for text in (own, told):
        offset = _offset(text)
        if offset is not None and (offset or (text is told and not zone)):
            try:
                return (moment.astimezone(UTC) + offset).strftime("%Y-%m-%dT%H:%M:%S") + _written(offset)
            except (OverflowError, ValueError):
                break
        if text is own and zone:
            return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _offset(text: str | None) -> timedelta | None:
    if not text or len(text) <= len("2024-01-02"):
        return None
    return datetime.fromisoformat(text).utcoffset()


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
