"""What dates of feeds are written with: names of months and weekdays, zones, the order of day and month in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.sources.schema import DateOrder

_HAMZA = str.maketrans("أإآ", "ااا")


@dataclass(frozen=True)
class DateKnowledge:
    """What dates.yaml has.

    zones: minutes east of UTC by abbreviation. fillers: words that say nothing. words: what stands for another word.
    regions: locales whose months are read besides their language's. months, weekdays: names that CLDR has not, by
    language. territories: alpha-2 by alpha-3 of the states that decide the order of day and month for their language.
    """

    zones: Mapping[str, int]
    fillers: frozenset[str]
    words: Mapping[str, str]
    regions: tuple[str, ...]
    months: Mapping[str, Mapping[str, int]]
    weekdays: Mapping[str, frozenset[str]]
    territories: Mapping[str, str]


@cache
def knowledge() -> DateKnowledge:
    """The file, loaded once. Raises :class:`transforms.knowledge.KnowledgeError` for one against its schema."""
    return load(Path(__file__).with_name("dates.yaml"), TypeAdapter(DateKnowledge))


def _locales(language: str) -> list[Locale]:
    """The locale of a language, and of those of its regions that call the months otherwise."""
    found = []
    for identifier in (language, *(r for r in knowledge().regions if r.startswith(f"{language}_"))):
        try:
            found.append(Locale.parse(identifier))
        except (UnknownLocaleError, ValueError):
            continue
    return found


@cache
def _names(language: str) -> Mapping[str, str]:
    """Names of months, weekdays and fillers in a language (CLDR, by way of Babel) and what to put in their place."""
    known = knowledge()
    found: dict[str, str] = {**dict.fromkeys(known.fillers, ""), **known.words}
    shapes = [(context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    for locale in reversed(_locales(language)):  # the language's own names last, so that they hold
        for context, width in shapes:
            found |= {str(name).lower().rstrip("."): "" for name in locale.days[context][width].values()}
        for context, width in shapes:  # after the weekdays: "mar" is both in Spanish
            months = locale.months[context][width].items()
            found |= {str(name).lower().rstrip("."): f"<m{number}>" for number, name in months}
    found |= dict.fromkeys(known.weekdays.get(language, ()), "")
    found |= {name: f"<m{number}>" for name, number in known.months.get(language, {}).items()}
    found |= {name.translate(_HAMZA): put for name, put in found.items()}  # written with or without hamza
    return found


@cache
def known_names(language: str | None) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """English names and those of the language over them, and which of them are of several words."""
    names = {**_names("en"), **(_names(language) if language and language != "en" else {})}
    return names, tuple(name for name in names if " " in name)


@cache
def order_of(language: str | None, country: str | None) -> DateOrder:
    """Whether a language (in a country) writes the day before the month in figures."""
    territory = knowledge().territories.get(country) if country else None
    for identifier in (f"{language}_{territory}" if territory else None, language):
        if identifier:
            try:
                pattern = str(Locale.parse(identifier).date_formats["short"].pattern)
            except (UnknownLocaleError, ValueError):
                continue
            return "MDY" if 0 <= pattern.find("M") < pattern.find("d") and not pattern.startswith("y") else "DMY"
    return "DMY"
