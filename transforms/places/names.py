"""Looking up a toponym as written: exact first, then without endings, particles and possessives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from transforms.knowledge import load
from transforms.places.gazetteer import MOST, Gazetteer, Place
from transforms.places.keys import key
from transforms.places.table import DATA


class _Rules(TypedDict, total=False):
    min: int
    languages: list[str]
    endings: dict[str, list[str]]


class _Inflections(TypedDict):
    noun: dict[str, _Rules]
    adjective: dict[str, _Rules]
    prefixes: list[str]
    words: dict[str, str]


@cache
def _knowledge() -> _Inflections:
    return load(DATA / "inflections.yaml", TypeAdapter(_Inflections))


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of a name; ``adjective`` where only its adjective is written ("Berliner")."""

    places: tuple[Place, ...]
    adjective: bool = False


NOTHING = Found(())
_HIDES = 4.5  # weight of a place whose name is taken as it stands


def script(name: str) -> str:
    """``latin``, ``cyrillic``, ``arabic`` or ``other``, by the first letter."""
    for char in name:
        if char.isalpha():
            code = ord(char)
            if code < 0x250:
                return "latin"
            return "cyrillic" if 0x400 <= code < 0x530 else "arabic" if 0x600 <= code < 0x700 else "other"
    return "other"


def find(gazetteer: Gazetteer, name: str, language: str | None = None) -> Found:
    """The candidates of a name as written. ``language`` of the text: null allows the endings of every language."""
    filed = key(name)
    if not filed:
        return NOTHING
    places = gazetteer.by_key(filed)
    kind = script(filed)
    # A village that is called like a city's case ("Луганске", "Луганск") does not hide the city.
    if places and (kind != "cyrillic" or places[0].weight >= _HIDES or " " in filed):
        return Found(places)
    if kind == "arabic":
        for prefix in _knowledge()["prefixes"]:
            if filed.startswith(prefix) and len(filed) > 4:
                rest = filed[len(prefix) :]
                places = gazetteer.by_key(rest) or (gazetteer.by_key("ا" + rest) if prefix == "ل" else ())
                if places:
                    return Found(places)
        return NOTHING
    # "Дубае" may be of Дубай and of Дуба: all the readings, the largest first.
    readings = {p.id: p for p in places} | {
        p.id: p for v in islice(_variants(filed, kind, "noun", language), 24) for p in gazetteer.by_key(v)
    }
    if readings:
        return Found(tuple(sorted(readings.values(), key=lambda p: (-(p.weight - 0.5 * p.grade), p.id))[:MOST]))
    if " " not in filed:
        for variant in _variants(filed, kind, "adjective", language):
            places = tuple(p for p in gazetteer.by_key(variant) if p.type == "city" and p.weight >= 5)
            if places:
                return Found(places, adjective=True)
    return NOTHING


def _variants(filed: str, kind: str, form: str, language: str | None) -> Iterator[str]:
    rules = (_knowledge()["noun"] if form == "noun" else _knowledge()["adjective"]).get(kind)
    if not rules or (language and "languages" in rules and language not in rules["languages"]):
        return
    words = filed.split(" ")
    if len(words) == 1 or kind != "cyrillic":
        for last in _endings(words[-1], rules):
            yield " ".join((*words[:-1], last))
        return
    options = [[*_word(word), word, *_endings(word, rules)] for word in words[:3]]
    yield from (" ".join((*choice, *words[3:])) for choice in product(*options))


def _endings(word: str, rules: _Rules) -> Iterator[str]:
    for size in (5, 4, 3, 2, 1):
        if len(word) - size >= rules["min"]:
            for replacement in rules["endings"].get(word[-size:], ()):
                yield word[:-size] + replacement


def _word(word: str) -> Iterator[str]:
    words = _knowledge()["words"]
    if word in words:
        yield words[word]
        return
    for size in (4, 3):
        if len(word) > size + 2 and word[-size:] in words:
            yield word[:-size] + words[word[-size:]]
            return
