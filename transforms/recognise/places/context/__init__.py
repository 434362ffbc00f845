"""The words around toponyms, a file a language, and their merged form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load


class _File(BaseModel):
    """A language's file. Features: what a place is said to be (kinds of the gazetteer) → phrases, lower case."""

    model_config = ConfigDict(extra="forbid")

    language: str
    nouns_in_capitals: bool
    prepositions: list[str]
    conjunctions: list[str]
    articles: list[str]
    directions: list[str]
    features_before: dict[str, list[str]]
    features_after: dict[str, list[str]]
    naming_after: list[str]
    naming_before: list[str]
    titles: list[str]
    speech: list[str]
    things: list[str]
    things_lower: list[str] = []
    placely: list[str]
    inhabited: list[str] = []
    indefinite: list[str] = []
    calendar: list[str] = []
    refused_before: list[str]
    refused_suffixes: list[str]
    words: list[str]
    surnames: list[str]
    given_names: list[str]


# Kinds that a word for a kind admits: "the port of X" is often filed as a town.
_ADMITS: dict[str, frozenset[str]] = {
    "port": frozenset({"port", "naval_base", "city", "town"}),
    "city": frozenset({"city", "town", "port", "airport"}),
    "province": frozenset({"province", "region", "disputed"}),
    "air_base": frozenset({"air_base", "airport", "military_base", "city"}),
    "naval_base": frozenset({"naval_base", "port", "city"}),
    "military_base": frozenset({"military_base", "air_base", "naval_base"}),
    "arsenal": frozenset({"arsenal", "plant", "test_site", "city"}),
    "border_crossing": frozenset({"border_crossing", "city"}),
    "island": frozenset({"island", "islands", "disputed", "region"}),
    "sea": frozenset({"sea", "ocean", "strait", "canal", "lake", "river"}),
    "region": frozenset({"region", "disputed", "province"}),
}


@dataclass(frozen=True)
class Words:
    """The words of one or several languages. Phrases are lower case; ``things`` and ``placely`` too."""

    nouns_in_capitals: bool
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    articles: frozenset[str]
    directions: frozenset[str]
    features_before: dict[str, frozenset[str]]
    features_after: dict[str, frozenset[str]]
    naming_after: frozenset[str]
    naming_before: frozenset[str]
    titles: frozenset[str]
    speech: frozenset[str]
    things: frozenset[str]
    things_lower: frozenset[str]
    placely: frozenset[str]
    inhabited: frozenset[str]
    indefinite: frozenset[str]
    calendar: frozenset[str]
    refused_before: frozenset[str]
    refused: frozenset[str]
    words: frozenset[str]
    surnames: frozenset[str]
    given_names: frozenset[str]


@cache
def _files() -> dict[str, _File]:
    kind = TypeAdapter(_File)
    files = [load(path, kind) for path in sorted(Path(__file__).parent.glob("*.yaml"))]
    return {f.language: f for f in files}


@cache
def words(language: str | None) -> Words:
    """The words to expect in a text: names and titles of every language, the rest of this one and English (of all, for
    a language that has no file). Raises :class:`transforms.knowledge.KnowledgeError` for a broken file."""
    files = _files()
    own = [files["en"], *([files[language]] if language != "en" else [])] if language in files else list(files.values())
    every = files.values()
    return Words(
        nouns_in_capitals=language in files and files[language].nouns_in_capitals,
        prepositions=_set(f.prepositions for f in own),
        conjunctions=_set(f.conjunctions for f in own),
        articles=_set(f.articles for f in own),
        directions=_set(f.directions for f in own),
        features_before=_features(f.features_before for f in own),
        features_after=_features(f.features_after for f in own),
        naming_after=_set(f.naming_after for f in own),
        naming_before=_set(f.naming_before for f in own),
        titles=_set(f.titles for f in every),
        speech=_set(f.speech for f in own),
        things=_set(f.things for f in own),
        things_lower=_set(f.things_lower for f in every),
        placely=_set(f.placely for f in own),
        inhabited=_set(f.inhabited for f in own),
        indefinite=_set(f.indefinite for f in own),
        calendar=_set(f.calendar for f in own),
        refused_before=_set(f.refused_before for f in every),
        refused=_set(f.refused_suffixes for f in own),
        words=_set(f.words for f in own),
        surnames=_set(f.surnames for f in every),
        given_names=_set(f.given_names for f in every),
    )


def _set(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    # A trailing underscore marks a word considered and left out on purpose.
    return frozenset(w.casefold() for words_ in lists for w in words_ if not w.endswith("_"))


def _features(tables: Iterable[dict[str, list[str]]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for table in tables:
        for kind, phrases in table.items():
            for phrase in phrases:
                found[phrase.casefold()] = found.get(phrase.casefold(), frozenset()) | _ADMITS[kind]
    return found
