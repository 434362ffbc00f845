"""Dates of feed items: read whole or not at all.

A date string that matches only in part is no date: what feed readers invent from the rest (the first of the month, the
year 100) is worse than none. Nothing here searches text; the string is the feed's own date field.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from transforms.poll.date_names import knowledge, known_names, order_of
from transforms.sources.schema import DateOrder

EARLIEST_YEAR = 1990  # no feed item is older: what says so is a zone read as a year or an unset clock
LATEST_AHEAD = timedelta(days=2)  # embargoed items and zones account for two days, nothing for more

_TIME = (
    r"(?:[ t,.]*(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?)?"
)
_ZONE = (
    r"(?:\s*(?P<zone>[a-z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{1,2}(?::?\d{2})?|[+-]\d{4}))?(?:\s*\([^()]{0,40}\))?"
)
_FORMS = tuple(
    re.compile(form + _TIME + _ZONE)
    for form in (
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})年\s?(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日",
        r"(?P<day>\d{1,2})[ .\-/]{1,3}<m(?P<month>\d{1,2})>[ .,\-/]{1,3}(?P<year>\d{4}|\d{2})\b[,.]?(?:\s?[-|–]\s)?",
        r"<m(?P<month>\d{1,2})>[ .]{1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?[, ]{1,2}(?P<year>\d{4})\b[,.]?(?:\s?[-|–]\s)?",
        r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<next>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})\b,?(?:\s?[-|–]\s)?",
    )
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?(?P<half>(?!))?" + _ZONE
)
_ASCTIME = re.compile(
    r"<m(?P<month>\d{1,2})> (?P<day>\d{1,2}) (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?: (?P<zone>[a-z]{1,5}|[+-]\d{4}))? (?P<year>\d{4})(?P<half>(?!))?"
)
# Dates and times with the words for year, month, day, hour and minute behind the numbers, and Korean ones with points.
_CJK_DATE = re.compile(r"(\d{4})(?:\s?[年년]\s?|\.\s)(\d{1,2})(?:\s?[月월]\s?|\.\s)(\d{1,2})\s?[日号號일.]")
_CJK_TIME = re.compile(
    r"(?:(上午|午前|오전)|(下午|午後|오후))?\s?(\d{1,2})(?:[時时点點시]\s?|:)(\d{2})(?:[分분](?:\s?(\d{2})[秒초])?)?"
)
_CJK = re.compile(r"[年月日号號년월일時时点點시午오]|\d\.\s\d")
_WEEKDAY_BESIDE = re.compile(r"\s?[(（【]\w{1,3}[)）】]|\s?(?:星期|周|週)[一二三四五六日天]")
_NAMED_ZONE = re.compile(r"\[[\w/+-]{1,40}\]$")  # Java's 2024-07-16T09:15Z[UTC]
_TWICE = re.compile(r"(<m\d{1,2}>)\s?[/(]\s?\1\)?")  # the month by both its Arabic names
_AND_MONTH = re.compile(r"^\W*<m\d{1,2}>(?=.{1,12}<m)")  # "mar" is Tuesday where another month follows
_EPOCH = re.compile(r"[12]\d{9}(?:\.\d{1,6})?|[12]\d{12}")
_WORD = re.compile(r"[^\W\d_]+\.?", re.UNICODE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª)(?=[\s,])")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date in UTC or None, and what was unusual: ``zone_assumed``, ``time_missing``, ``order_assumed``,
    ``date_absurd`` (outside the window), ``date_unparsed``. Only a missing date has no flag."""

    value: datetime | None
    flags: tuple[str, ...] = ()


def read_date(
    raw: str,
    *,
    now: datetime,
    language: str | None = None,
    country: str | None = None,
    zone: str | None = None,
    order: DateOrder | None = None,
    form: str | None = None,
) -> ReadDate:
    """Read a date string. ``zone`` is assumed where it names none (else UTC); ``order`` is of day and month;
    ``form`` is a strptime format that it must have, with month names in the language.

    Year first never swaps. Two numbers that could both be months are read in the order given, else the language's (in
    the country), and flagged. Never raises.
    """
    text = _NAMED_ZONE.sub("", " ".join(raw.replace("،", ",").split()))
    if not text:
        return ReadDate(None)
    if len(text) > 100:
        return ReadDate(None, ("date_unparsed",))
    flags: list[str] = []
    knowledge()  # a broken knowledge file is not a broken date
    value: datetime | None
    try:
        if form:
            value = _by_form(text, form, language, zone, flags)
        else:
            value = _read(text.lower(), language, country, zone, order, flags)
    except (ValueError, OverflowError):
        value = None
    if value is None:
        return ReadDate(None, ("date_unparsed",))
    if value.year < EARLIEST_YEAR or value > now + LATEST_AHEAD:
        return ReadDate(None, ("date_absurd",))
    return ReadDate(value, tuple(flags))


def _read(
    text: str, language: str | None, country: str | None, zone: str | None, order: DateOrder | None, flags: list[str]
) -> datetime | None:
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    plain = _months_marked(text, language)
    for form in (*_FORMS, _COMPACT, _ASCTIME):
        if match := form.fullmatch(plain):
            break
    else:
        return None
    parts = match.groupdict()
    if parts.get("first"):
        month, day = _day_and_month(parts, language, country, order, flags)
    else:
        month, day = int(parts["month"]), int(parts["day"])
    year = int(parts["year"])
    if year < 100:
        year += 1900 if year >= 70 else 2000
    hour, minute, second = (int(parts[k] or 0) for k in ("hour", "minute", "second"))
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"] == "p" else 0)
    tz = _zone(parts["zone"])
    if tz is None:
        if parts["zone"] and parts["zone"] != "-0000" and (parts["zone"][0] in "+-" or parts["hour"] is None):
            return None
        tz = _assumed(zone)
        flags.append("zone_assumed")
    if parts["hour"] is None:
        flags.append("time_missing")
    midnight = hour == 24 and minute == second == 0
    moment = datetime(year, month, day, 0 if midnight else hour, minute, min(second, 59), tzinfo=tz)
    return (moment + timedelta(days=1) if midnight else moment).astimezone(UTC)


def _by_form(text: str, form: str, language: str | None, zone: str | None, flags: list[str]) -> datetime:
    """Raises ValueError where the text has not the form."""
    name = calendar.month_abbr if "%b" in form else calendar.month_name
    names, _ = known_names(language)

    def english(match: re.Match[str]) -> str:
        found = names.get(match[0].lower().rstrip("."), "")
        return name[int(found[2:-1])] if found.startswith("<m") else match[0]

    moment = datetime.strptime(_WORD.sub(english, text), form)  # noqa: DTZ007 (the zone comes below)
    if "%H" not in form and "%I" not in form:
        flags.append("time_missing")
    if moment.tzinfo is None:
        flags.append("zone_assumed")
        moment = moment.replace(tzinfo=_assumed(zone))
    return moment.astimezone(UTC)


def _day_and_month(
    parts: Mapping[str, str], language: str | None, country: str | None, order: DateOrder | None, flags: list[str]
) -> tuple[int, int]:
    first, second = int(parts["first"]), int(parts["next"])
    if first > 12 or second > 12:
        return (second, first) if first > 12 else (first, second)
    if order is None:
        order = "DMY" if parts["sep"] == "." else order_of(language, country)
        if first != second and parts["sep"] != ".":
            flags.append("order_assumed")
    return (first, second) if order == "MDY" else (second, first)


def _zone(name: str | None) -> tzinfo | None:
    """A zone written as an abbreviation or an offset; None where it is missing, unknown or impossible."""
    if not name:
        return None
    match = re.fullmatch(r"([a-z]*)(?:([+-])(\d{1,2}):?(\d{2})?)?", name)
    if match is None:
        return None
    word, sign, hours, minutes = match.groups()
    base = 0
    if word:
        known = knowledge().zones.get(word.upper())
        if known is None or (sign and known):
            return None
        base = known
    if sign:
        offset = int(hours) * 60 + int(minutes or 0)
        base = -offset if sign == "-" else offset
        if name.endswith("-0000"):  # RFC 5322: the sender does not know its zone
            return None
    return timezone(timedelta(minutes=base)) if abs(base) < 15 * 60 else None


def _assumed(zone: str | None) -> tzinfo:
    return ZoneInfo(zone) if zone else UTC


def _months_marked(text: str, language: str | None) -> str:
    """The text with month names as ``<m7>``, and without names of weekdays and words that say nothing."""
    if _CJK.search(text):
        text = _western(text)
    if not any(char.isalpha() and char not in "tz" for char in text):
        return text
    names, phrases = known_names(language)
    text = _ORDINAL.sub("", text)
    for phrase in phrases:
        if phrase in text:
            text = text.replace(phrase, names[phrase])

    def name(match: re.Match[str]) -> str:
        found = names.get(match[0].rstrip("."))
        return match[0] if found is None else found

    # A filler or weekday leaves its punctuation behind: "Wed, 17" → ", 17".
    text = _TWICE.sub(r"\1", _WORD.sub(name, text))
    text = _AND_MONTH.sub("", text)
    return " ".join(text.split()).strip(" ,;:|-–").replace(" ,", ",")


def _western(text: str) -> str:
    """A Chinese, Japanese or Korean date in the form of ISO 8601."""

    def time(match: re.Match[str]) -> str:
        hour = int(match[3]) % 12 + 12 * bool(match[2]) if match[1] or match[2] else int(match[3])
        return f" {hour}:{match[4]}" + (f":{match[5]}" if match[5] else "")

    text = _CJK_DATE.sub(r"\1-\2-\3 ", _WEEKDAY_BESIDE.sub("", text), count=1)
    return " ".join(_CJK_TIME.sub(time, text, count=1).split())
