"""What carried the goods and how they were marked: vessels (IMO, flag), aircraft (registration), serials, lots."""

from __future__ import annotations

import re
from itertools import zip_longest

from transforms.claims.model import Sentence
from transforms.claims.tags import has
from transforms.records import Carrier

_IMO = re.compile(r"\bIMO\s?(?:number|no\.?|:)?\s?(\d{7})\b")
# A ship's prefix and name; else a name in quotes or markup in a sentence that speaks of a ship.
_VESSEL = re.compile(r"\b(?:M/?V|M/?T|S/?S)\.? ([A-Z][\w'-]+(?: (?:[A-Z][\w'-]*|[IVX]+|\d{1,3})){0,3})")
_QUOTED = re.compile(r'["*_]{1,2}([A-Z][\w\'-]+(?: (?:[A-Z][\w\'-]*|[IVX]+|\d{1,3})){0,3}),?["*_]{1,2}')
# Nationality marks of civil aircraft (ICAO Annex 7) that arms flights have used, and what follows them.
_AIRCRAFT = re.compile(
    r"\b((?:RA|UR|EW|EP|UP|UN|EX|EY|4L|4K|ER|YU|LZ|SU|ST|5A|5Y|9S|9Q|TL|J5|EK|A6|HZ|OD|TC)-[A-Z0-9]{3,5})\b"
)
_MARK = re.compile(r"[\s:#№]{0,3}(?:is |was |of )?([A-Z0-9][A-Z0-9/-]{2,20})\b")


def check_digit(imo: str) -> bool:
    """Whether a seven-digit IMO number has the right last digit."""
    return sum(int(digit) * weight for digit, weight in zip(imo[:6], range(7, 1, -1), strict=True)) % 10 == int(imo[6])


def carriers(sentence: Sentence, text: str) -> tuple[Carrier, ...]:
    """The vessels and aircraft that a sentence names; ``text`` is the folded text."""
    body = text[sentence.start : sentence.end]
    numbers = [match[1] for match in _IMO.finditer(body) if check_digit(match[1])]
    names = [match[1] for match in _VESSEL.finditer(body)]
    if not names and any(has(unit, "vessel") for unit in sentence.units):
        names = [match[1] for match in _QUOTED.finditer(body)][:1]
    flag = _flag(sentence)
    vessels = [
        Carrier(kind="vessel", name=name, imo=imo, flag=flag)
        for name, imo in zip_longest(names, numbers, fillvalue=None)
    ]
    aircraft = [Carrier(kind="aircraft", registration=match[1]) for match in _AIRCRAFT.finditer(body)]
    return tuple(dict.fromkeys([*vessels, *aircraft]))


def _flag(sentence: Sentence) -> str | None:
    """The state in "Panama-flagged" or "under the flag of Panama"."""
    units = sentence.units
    for i, unit in enumerate(units):
        if has(unit, "flagged"):
            near = [*reversed(units[max(0, i - 2) : i]), *units[i + 1 : i + 3]]
            return next((u.party.iso3 for u in near if u.party is not None and u.party.sort == "state"), None)
    return None


def markings(sentence: Sentence, text: str) -> tuple[str, ...]:
    """Serial, lot and batch numbers of a sentence, with the words that say what they are."""
    found: list[str] = []
    for i, unit in enumerate(sentence.units):
        match = _MARK.match(text, unit.end, sentence.end) if has(unit, "mark") else None
        if match is not None and any(char.isdigit() for char in match[1]):
            first = i
            while first and "mark_part" in sentence.units[first - 1].classes:
                first -= 1
            found.append(f"{text[sentence.units[first].start : unit.end]} {match[1]}")
    return tuple(dict.fromkeys(found))
