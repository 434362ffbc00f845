"""Full dates in languages without a grammar of their own: dateparser, on a cleaned absolute span, fixed settings.

A ``RELATIVE_BASE`` of each article would leak dateparser's caches, and its relative readings are poor: so only a day, a
month by name and a year are handed to it, and every answer is kept. It is slow (about 1 ms), hence the cheap pattern.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

from transforms.recognise.dates.calendar import Reference
from transforms.recognise.dates.schema import common

_AHEAD = 14
"""Days after publication that a day without its year may lie."""
_DATE = re.compile(r"(?<![\w.,/-])(\d{1,2})(\.?) ([^\W\d_]{3,20})\.? ((?:19|20)\d\d)(?![\w/-])")


def full_dates(text: str, language: str, reference: Reference | None = None) -> Iterator[tuple[int, int, date]]:
    """Folded offsets and day of every "24 lutego 2022" or "4月9日" in a text of a language."""
    for match in _marked().finditer(text):
        year, month, day = (int(part) if part else None for part in (match["year"], match["month"], match["day"]))
        marked = _day(year, month or 0, day or 0, reference)
        if marked:
            yield match.start(), match.end(), marked
    for match in _DATE.finditer(text):
        found = _parse(int(match[1]), match[3].lower(), int(match[4]), language)
        if found:
            yield match.start(), match.end(), found


@cache
def _marked() -> re.Pattern[str]:
    """Figures of a day with its marks; the year may be left out."""
    years, months, days = (
        "".join(map(re.escape, sorted(set(marks)))) for marks in zip(*common().date_marks, strict=True)
    )
    return re.compile(
        rf"(?<!\d)(?:(?P<year>(?:19|20)\d\d)[{years}] ?)?"
        rf"(?P<month>\d{{1,2}})[{months}] ?(?P<day>\d{{1,2}})[{days}]"
    )


def _day(year: int | None, month: int, day: int, reference: Reference | None) -> date | None:
    """The day; without its year the latest one up to two weeks after publication."""
    try:
        if year is not None:
            return date(year, month, day)
        if reference is None or reference.monthday is None:
            return None
        found = date(reference.year, month, day)
        return found if (found - reference.day).days <= _AHEAD else date(reference.year - 1, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _parse(day: int, month: str, year: int, language: str) -> date | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dateparser's own use of deprecated calls is not ours to report
        import dateparser

        try:
            parsed = dateparser.parse(
                f"{day} {month} {year}",
                languages=[language],
                settings={"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY", "PARSERS": ["absolute-time"]},
            )
        except (ValueError, OverflowError):  # a language that it does not know
            return None
    return parsed.date() if parsed and parsed.day == day and parsed.year == year else None
