"""What a matched template means: a date value. Pure; a match that means no date gives None."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from transforms.recognise.dates.calendar import (
    Reference,
    day_value,
    last_day,
    month_value,
    year_value,
)
from transforms.recognise.dates.grammar import Match
from transforms.recognise.dates.schema import common

_AHEAD = 40
"""Years ahead of publication beyond which four figures are no year."""
_SOON = 5
"""Months that a date without its year may lie ahead in the next year."""
_NOW = 2030
"""Stands in for an unknown publication year, in that test only."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a match is resolved against.

    reference: the publication date, or what stands in for it; None where nothing is known.
    anchor: the day last spoken of. future: the clause looks ahead. order: of day and month in figures.
    year: the year to take where none is told (the far end of "24 February to 4 March 2022").
    last_year: the year last spoken of, for "of that year".
    """

    reference: Reference | None
    anchor: date | None = None
    future: bool = False
    order: str = "dmy"
    year: int | None = None
    last_year: int | None = None


def resolve(match: Match, setting: Setting) -> str | None:
    """The value of a match, or None."""
    try:
        return RESOLVERS[match.rule.kind](match, setting)
    except (ValueError, OverflowError):
        return None


def told_year(match: Match, reference: Reference | None) -> int | None:
    """The last year that a match itself tells."""
    years = match.all("year")
    if years:
        return int(years[-1].value)
    short = match.all("yy")
    if not short:
        return None
    number, now = int(short[-1].value), reference.year if reference else 2020
    century = now // 100 * 100
    return century + number if century + number <= now + 10 else century - 100 + number


def _years_of(match: Match, setting: Setting, month: int, day: int | None) -> int:
    """The year of a month (and day): told, or the latest one that has begun, or the next where the clause looks ahead.

    Raises ValueError where there is nothing to go by.
    """
    told = told_year(match, setting.reference) or setting.year
    if told:
        return told
    reference = setting.reference
    if reference is None:
        raise ValueError("no year to go by")
    if reference.month is None:
        return reference.year
    now, then = (reference.month, reference.monthday or 31), (month, day or 0)
    if setting.future:
        passed = month < reference.month if day is None else (month, day) < (reference.month, reference.monthday or 0)
        # Only months close ahead are meant: in October "will" near "April" is seldom said of next April.
        return reference.year + 1 if passed and (month - reference.month) % 12 <= _SOON else reference.year
    if day is not None and then > now and _near(reference, month, day):
        return reference.year
    return reference.year - 1 if then > now else reference.year


def _near(reference: Reference, month: int, day: int) -> bool:
    """Whether a day is ahead of publication by two weeks at most: an announcement, not last year's date."""
    if reference.month is None or day > last_day(reference.year, month):
        return False
    return 0 <= (date(reference.year, month, day) - reference.day).days <= 14


def _ymd(year: int, month: int, day: int) -> str:
    return day_value(date(year, month, day))


def _absolute(match: Match, setting: Setting) -> str | None:
    month, day = match.number("month"), match.number("day")
    if month is None:
        year = told_year(match, setting.reference)
        latest = (setting.reference.year if setting.reference else _NOW) + _AHEAD
        return year_value(year) if year and year <= latest else None
    year = _years_of(match, setting, month, day)
    if day is None:
        return month_value(year, month)
    if month == 2 and day == 29 and not match.all("year") and last_day(year, 2) == 28:
        year -= 1
    return _timed(_ymd(year, month, day), match)


def _timed(value: str, match: Match) -> str:
    time = match.word("time")
    if not time:
        return value
    if (match.word("clock") or "").lower() == "pm" and int(time[:2]) < 12:
        time = f"{int(time[:2]) + 12}{time[2:]}"
    return f"{value}T{time}"


def _numeric(match: Match, setting: Setting) -> str | None:
    year = told_year(match, setting.reference)
    if match.all("mm") and match.all("dd") and year and match.values[0].slot == "year":
        return _timed(_ymd(year, int(match.all("mm")[0].value), int(match.all("dd")[0].value)), match)
    pair = [int(v.value) for v in match.values if v.slot in ("two", "dd", "mm")]
    dotted = "}." in match.rule.constants.pattern  # with full stops no language puts the month first
    day, month = pair if dotted or setting.order == "dmy" or match.all("dd") else pair[::-1]
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _timed(_ymd(year or _years_of(match, setting, month, day), month, day), match)


def _weekday(match: Match, setting: Setting) -> str | None:
    reference, weekday = setting.reference, match.number("weekday")
    if reference is None or weekday is None:
        return None
    day, shift = reference.day, match.number("shift")
    of_week = match.rule.constants.unit == "week" or any(
        v.slot == "shift" and v.first > match.all("weekday")[0].first for v in match.values
    )
    if match.all("weekday") and of_week:
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift or 0)
        return reference.trim(day_value(monday + timedelta(days=weekday - 1)))
    behind = (day.weekday() - (weekday - 1)) % 7
    ahead = (weekday - 1 - day.weekday()) % 7
    if shift is not None and shift < 0:
        step = -(behind or 7)
    elif shift is not None and shift > 0:
        step = ahead or 7
    else:
        step = ahead if setting.future else -behind
    return reference.trim(day_value(day + timedelta(days=step)))


def _offset(match: Match, setting: Setting) -> str | None:
    shift = match.number("shift")
    return setting.reference.shift("day", shift) if setting.reference and shift is not None else None


def _period(match: Match, setting: Setting) -> str | None:
    shift, unit = match.number("shift"), match.word("unit")
    if setting.reference is None or shift is None or unit is None:
        return None
    if unit == "weekend" and not match.all("unit"):
        # "over the weekend": the one that it is, or that is just over, or comes where the clause looks ahead.
        shift = 0 if setting.future or setting.reference.day.weekday() >= 5 else shift
    if (unit == "day" and shift == 0) or (unit == "decade" and shift != 0):
        return None
    return setting.reference.shift(unit, shift)


def _counted(sign: int) -> Callable[[Match, Setting], str | None]:
    def away(match: Match, setting: Setting) -> str | None:
        count, unit = _count(match), match.word("unit")
        if setting.reference is None or count is None or unit is None:
            return None
        return setting.reference.shift(
            "year" if unit == "decade" else unit, sign * count * (10 if unit == "decade" else 1)
        )

    return away


def _count(match: Match) -> int | None:
    for slot in ("number", "digits", "n"):
        count = match.number(slot)
        if count is not None:
            return count
    return None


def _span(sign: int) -> Callable[[Match, Setting], str | None]:
    def span(match: Match, setting: Setting) -> str | None:
        count, unit, reference = _count(match), match.word("unit"), setting.reference
        if reference is None or count is None or unit is None:
            return None
        if unit == "decade":
            unit, count = "year", count * 10
        if unit in ("quarter", "weekend"):
            return None
        if unit == "year" and count == 1:
            unit, count = "month", 12  # "the past year" runs from this month back to the same one
        ends = [reference.shift(unit, 0), reference.shift(unit, sign * count)]
        return "/".join(dict.fromkeys(sorted(ends)))

    return span


def _recent(match: Match, setting: Setting) -> str | None:
    if setting.reference is None:
        return None
    return setting.reference.shift("year" if match.word("unit") in ("month", "quarter", "year") else "month", 0)


def _from_anchor(sign: int) -> Callable[[Match, Setting], str | None]:
    def away(match: Match, setting: Setting) -> str | None:
        count, unit = _count(match), match.word("unit")
        if setting.anchor is None or count is None or unit is None:
            return None
        anchor = setting.anchor
        return Reference(anchor.year, anchor.month, anchor.day).shift(
            "year" if unit == "decade" else unit, sign * count * (10 if unit == "decade" else 1)
        )

    return away


def _month_shift(match: Match, setting: Setting) -> str | None:
    reference, month, day = setting.reference, match.number("month"), match.number("day")
    shift = match.number("shift")
    if reference is None or month is None or shift is None:
        return None
    months, shifts = match.all("month"), match.all("shift")
    year = reference.year + shift
    if shifts and shifts[0].first < months[0].first and reference.month:
        # "last November": the latest one that is over; "next March": the first to come; "this June": this year's.
        year = reference.year
        if shift < 0 and month >= reference.month:
            year -= 1
        if shift > 0 and month <= reference.month:
            year += 1
    return _ymd(year, month, day) if day else month_value(year, month)


def _season(match: Match, setting: Setting) -> str | None:
    season, year, shift = match.word("season"), told_year(match, setting.reference), match.number("shift")
    if season is None:
        return None
    first, last = common().months_of_season[season]
    reference = setting.reference
    if year is None:
        if reference is None:
            return None
        year = reference.year
        shifts = match.all("shift")
        if shifts and shifts[0].first > match.all("season")[0].first:
            year += shift or 0
        elif reference.month and shift is not None and shift < 0 and last >= reference.month and first > last - 11:
            year -= 1
        elif reference.month and shift is not None and shift > 0 and first <= reference.month:
            year += 1
        elif reference.month and shift is None and not match.all("vague"):
            # "over the winter": the latest that has begun, or the next to end where the clause looks ahead.
            if setting.future:
                year += first < last < reference.month
            else:
                year -= first > reference.month
    return f"{month_value(year, first)}/{month_value(year + (last < first), last)}"


def _decade(match: Match, setting: Setting) -> str | None:
    years = match.all("year")
    if years:
        first = int(years[0].value)
    else:
        short = match.all("yy")
        if not short:
            return None
        first = 1900 + int(short[0].value)
    if first % 10:
        return None
    return f"{year_value(first)}/{year_value(first + 9)}"


def _days(match: Match, setting: Setting) -> str | None:
    days = [int(v.value) for v in match.values if v.slot in ("day", "dd")]
    months = [int(v.value) for v in match.values if v.slot in ("month", "mm")]
    if len(days) != 2 or not months:
        return None
    last = _years_of(match, setting, months[-1], days[-1])
    first = last - (months[0] > months[-1])
    a, b = _ymd(first, months[0], days[0]), _ymd(last, months[-1], days[-1])
    return f"{a}/{b}" if a < b else None


def _months(match: Match, setting: Setting) -> str | None:
    months = [int(v.value) for v in match.all("month")]
    last = _years_of(match, setting, months[-1], None)
    return f"{month_value(last - (months[0] > months[-1]), months[0])}/{month_value(last, months[-1])}"


def _years(match: Match, setting: Setting) -> str | None:
    first = int(match.all("year")[0].value)
    short = match.all("yy")
    last = first // 100 * 100 + int(short[0].value) if short else int(match.all("year")[1].value)
    return f"{year_value(first)}/{year_value(last)}" if first < last <= first + 150 else None


def _part(size: int) -> Callable[[Match, Setting], str | None]:
    def part(match: Match, setting: Setting) -> str | None:
        number = match.number("ordinal") or match.number("digits") or match.number("n")
        year = told_year(match, setting.reference)
        if year is None and setting.reference:
            year = setting.reference.year + (match.number("shift") or 0)
        if number is None or year is None or not 1 <= number <= 12 // size:
            return None
        return f"{month_value(year, (number - 1) * size + 1)}/{month_value(year, number * size)}"

    return part


def _fiscal_ended(match: Match, setting: Setting) -> str | None:
    month, day = match.number("month"), match.number("day")
    if month is None or day is None:
        return None
    end = date(_years_of(match, setting, month, day), month, day)
    start = date(end.year - 1, end.month, min(end.day, last_day(end.year - 1, end.month))) + timedelta(days=1)
    return f"{day_value(start)}/{day_value(end)}"


def _day_of_month(match: Match, setting: Setting) -> str | None:
    """A day whose month goes without saying: the latest such day, or the next where the clause looks ahead."""
    reference, day = setting.reference, match.number("day")
    if reference is None or reference.monthday is None or reference.month is None or day is None:
        return None
    passed, ahead = day < reference.monthday, day > reference.monthday
    months = reference.month - 1 + ((passed and setting.future) - (ahead and not setting.future))
    return _ymd(reference.year + months // 12, months % 12 + 1, day)


def _that_year(match: Match, setting: Setting) -> str | None:
    return _absolute(match, replace(setting, year=setting.last_year)) if setting.last_year else None


def _named(match: Match, setting: Setting) -> str | None:
    return match.rule.constants.value


RESOLVERS: dict[str, Callable[[Match, Setting], str | None]] = {
    "absolute": _absolute,
    "numeric": _numeric,
    "weekday": _weekday,
    "offset": _offset,
    "period": _period,
    "ago": _counted(-1),
    "ahead": _counted(1),
    "past_span": _span(-1),
    "future_span": _span(1),
    "recent": _recent,
    "later": _from_anchor(1),
    "earlier": _from_anchor(-1),
    "month_shift": _month_shift,
    "season": _season,
    "decade": _decade,
    "days": _days,
    "months": _months,
    "years": _years,
    "quarter": _part(3),
    "half": _part(6),
    "fiscal_ended": _fiscal_ended,
    "that_year": _that_year,
    "named": _named,
    "day_of_month": _day_of_month,
}
