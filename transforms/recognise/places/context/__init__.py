"""The words around toponyms, a file a language, and their merged form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from transforms.knowledge import load

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


def _folded(phrases: frozenset[str]) -> frozenset[str]:
    # A trailing underscore marks a word considered and left out on purpose.
    return frozenset(phrase.casefold() for phrase in phrases if not phrase.endswith("_"))


def _admitted(features: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Phrases by what a place is said to be → the kinds of the gazetteer that each phrase admits."""
    if unknown := sorted(features.keys() - _ADMITS.keys()):
        raise ValueError(f"no kind of place: {', '.join(unknown)}; known are {', '.join(_ADMITS)}")
    return _united([{phrase.casefold(): _ADMITS[kind]} for kind, phrases in features.items() for phrase in phrases])


Phrases = Annotated[frozenset[str], AfterValidator(_folded)]
"""Words or phrases, lower case."""
Features = Annotated[dict[str, frozenset[str]], AfterValidator(_admitted)]
"""Phrases, lower case, each with the kinds of places that it admits; in a file by what a place is said to be."""


class Words(BaseModel):
    """The words of a language's file, or of several together."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    language: str
    nouns_in_capitals: bool
    prepositions: Phrases
    conjunctions: Phrases
    articles: Phrases
    directions: Phrases
    features_before: Features
    features_after: Features
    naming_after: Phrases
    naming_before: Phrases
    titles: Phrases
    speech: Phrases
    things: Phrases
    things_lower: Phrases = frozenset()
    placely: Phrases
    inhabited: Phrases = frozenset()
    indefinite: Phrases = frozenset()
    calendar: Phrases = frozenset()
    near_before: Phrases = frozenset()
    waters: Phrases = frozenset()
    refused_before: Phrases
    refused: Phrases = Field(alias="refused_suffixes")
    words: Phrases
    surnames: Phrases
    given_names: Phrases


_OF_EVERY_LANGUAGE = frozenset({"titles", "things_lower", "waters", "refused_before", "surnames", "given_names"})


@cache
def _files() -> dict[str, Words]:
    kind = TypeAdapter(Words)
    files = [load(path, kind) for path in sorted(Path(__file__).parent.glob("*.yaml"))]
    return {f.language: f for f in files}


@cache
def words(language: str | None) -> Words:
    """The words to expect in a text: names and titles of every language, the rest of this one and English (of all, for
    a language that has no file). Raises :class:`transforms.knowledge.KnowledgeError` for a broken file."""
    files = _files()
    every = list(files.values())
    own = [files["en"], *([files[language]] if language != "en" else [])] if language in files else every
    merged: dict[str, Any] = {
        "language": language or "",
        "nouns_in_capitals": language in files and files[language].nouns_in_capitals,
    }
    for name in Words.model_fields.keys() - merged.keys():
        parts = [getattr(file, name) for file in (every if name in _OF_EVERY_LANGUAGE else own)]
        merged[name] = _united(parts) if isinstance(parts[0], dict) else frozenset().union(*parts)
    return Words.model_construct(**merged)


def _united(tables: Sequence[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for table in tables:
        for phrase, kinds in table.items():
            found[phrase] = found.get(phrase, frozenset()) | kinds
    return found
