"""Numbers without a noun that stand for goods told before: "four have arrived", "Norway, 20, and Denmark, 12"."""

from __future__ import annotations

import re

from transforms.claims.frames import Language
from transforms.claims.model import Unit
from transforms.recognise.context import Subject
from transforms.records import QuantityMention

_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = frozenset({"conjunction", "article", "counted", "other", "passive", "perfect", "definite"})
_AFTER = frozenset({"conjunction", "passive", "perfect", "other", "relative"})
_OPEN = frozenset({",", ";", ":", "-", "–", "—", "*"})
_CLOSE = frozenset({",", ";", ".", ":", "–", "—", ")", "?"})


def bare_numbers(units: list[Unit], subject: Subject, language: Language) -> None:
    """Make counts of the numbers that no noun follows, and that no noun before them makes a name or a page of."""
    numerals = {word: n for n, word in enumerate(language.words.numerals, 2)}
    for i, unit in enumerate(units):
        if unit.kind != "word":
            continue
        figure = _FIGURE.fullmatch(unit.low)
        if not figure and unit.low not in numerals:
            continue
        if figure and _YEAR.fullmatch(unit.low):
            continue
        if not _opens(units, i, language) or not _closes(units, i, language):
            continue
        text, a, b = subject.original(unit.start, unit.end)
        number = float(unit.low.replace(",", "")) if figure else float(numerals[unit.low])
        unit.kind = "count"
        unit.quantity = QuantityMention(text=text, start=a, end=b, quantity_class="goods", number=number, unit="piece")


def _opens(units: list[Unit], i: int, language: Language) -> bool:
    """Whether what stands before a number lets it stand for something."""
    if not i:
        return True
    before = units[i - 1]
    if before.low in ("'s", "'") or before.party is not None or before.classes & _BEFORE or before.low in _OPEN:
        return True
    if before.kind != "word":
        return False
    marker = language.markers.at([before.low], 0)
    if marker is not None:
        return marker[1] in ("to", "of", "goods")
    hit = language.triggers.at([before.low], 0)
    return hit is not None and any(t.voice != "noun" and t.sort not in ("none", "use") for t in hit[1])


def _closes(units: list[Unit], i: int, language: Language) -> bool:
    """Whether no noun follows that the number would count."""
    if i + 1 == len(units):
        return True
    after = units[i + 1]
    if after.low == "." and i == 0:
        return False  # the number of an item of a list
    if after.low in _CLOSE or after.classes & _AFTER:
        return True
    if after.kind != "word":
        return after.kind == "date"
    lows = [u.low for u in units[i + 1 : i + 4]]
    marker = language.markers.at(lows, 0)
    if marker is not None:
        return marker[1] in ("of", "source", "to")
    hit = language.triggers.at(lows, 0)
    return hit is not None and any(t.voice != "noun" and t.sort != "none" for t in hit[1])
