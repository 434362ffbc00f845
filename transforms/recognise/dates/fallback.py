"""Full dates in languages without a grammar of their own: dateparser, on a cleaned absolute span, fixed settings.

A ``RELATIVE_BASE`` of each article would leak dateparser's caches, and its relative readings are poor: so only a day, a
month by name and a year are handed to it, and every answer is kept. It is slow (about 1 ms), hence the cheap pattern.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

_DATE = re.compile(r"(?<![\w.,/-])(\d{1,2})(\.?) ([^\W\d_]{3,20})\.? ((?:19|20)\d\d)(?![\w/-])")


def full_dates(text: str, language: str) -> Iterator[tuple[int, int, date]]:
    """Folded offsets and day of every "24 lutego 2022" in a text of a language."""
    for match in _DATE.finditer(text):
        found = _parse(int(match[1]), match[3].lower(), int(match[4]), language)
        if found:
            yield match.start(), match.end(), found


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
