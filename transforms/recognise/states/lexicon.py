"""All surface forms of all states, from CLDR's names and the project's own files, ready for the automaton."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal

from babel import Locale
from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.recognise.states.schema import Cues, Decoys, Language, Rule, Rules, States, Succession

HERE = Path(__file__).parent
Kind = Literal["name", "exact", "adjective", "seat", "capital", "decoy"]
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u00a0": " ", "\u2013": "-", "\u2011": "-"})
_LATIN_ENDS = 0x370  # code point
_UNUSABLE = ("(", " - ", "о-ва", "（")  # CLDR's display devices, which no text has


@dataclass(slots=True)
class Form:
    """One reading of a surface form.

    spelling: as the knowledge has it; where its first letter is a capital the text must have one (unless loose).
    languages: those in which it is a form; bound: it holds only in a text of one of them.
    needs_article: (Arabic) the joined article must stand before it.
    """

    state: str
    kind: Kind
    spelling: str
    languages: frozenset[str]
    bound: bool = False
    loose: bool = False
    needs_article: bool = False


@dataclass(slots=True)
class Lexicon:
    """Forms by lower-case surface, and everything else that the recogniser is driven by."""

    forms: dict[str, tuple[Form, ...]]
    states: States
    rules: list[Rule]
    cues: dict[str, Cues]
    function_words: dict[str, frozenset[str]]
    clitics: frozenset[str]
    articles: tuple[str, ...]
    languages: list[Language] = field(default_factory=list)

    @property
    def successions(self) -> list[Succession]:
        return self.states.successions


def lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold ("İ" alone would grow)."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c.lower()[0] for c in text)


def plain(text: str) -> str:
    """Latin without its accents, and ё as е: how keyboards and telexes leave them out."""
    if text.isascii():
        return text
    if ord(text[0]) >= _LATIN_ENDS:
        return text.replace("ё", "е").replace("Ё", "Е")
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def expand(entry: str, language: Language, *, inflect: bool = False) -> Iterator[str]:
    """The forms of an entry: ``stem|paradigm`` for each word, else (``inflect``) by the ending of the last word."""
    entry = entry.translate(_APOSTROPHES)
    words: list[Iterable[str]] = []
    for word in entry.split(" "):
        stem, bar, paradigm = word.partition("|")
        words.append([stem + ending for ending in language.paradigms[paradigm]] if bar else [word])
    if inflect and "|" not in entry and language.endings:
        words[-1] = list(words[-1]) + _inflected(entry.split(" ")[-1], language.endings)
    for combination in product(*words):
        yield " ".join(combination)


def _inflected(word: str, endings: dict[str, list[str]]) -> list[str]:
    for size in range(min(4, len(word)), -1, -1):
        tail = word[len(word) - size :]
        if tail in endings:
            return [word[: len(word) - size] + ending for ending in endings[tail]]
    return []


def cldr_names(language: Language, states: States) -> Iterator[tuple[str, str]]:
    """(state, name) from CLDR in the language's locales, without what the language drops or no text writes."""
    for locale in language.cldr.locales:
        territories = Locale.parse(locale).territories
        for state, territory in states.states.items():
            name = territories.get(territory) if territory else None
            if name and state not in language.cldr.drop and not any(mark in name for mark in _UNUSABLE):
                yield state, str(name)


def _entries(language: Language, states: States) -> Iterator[tuple[str, Kind, str]]:
    for state, name in cldr_names(language, states):
        for form in expand(name, language, inflect=True):
            yield state, "name", form
    for state, entries in language.names.items():
        for entry in entries:
            for form in expand(entry, language, inflect=True):
                yield state, "name", form
    groups: list[tuple[Kind, dict[str, list[str]], bool]] = [
        ("exact", language.exact, False),
        ("adjective", language.adjectives, False),
        ("seat", language.seats, True),
        ("capital", language.capitals, True),
    ]
    for kind, table, inflect in groups:
        for state, entries in table.items():
            for entry in entries:
                for form in expand(entry, language, inflect=inflect):
                    yield state, kind, form


def forms_of(language: Language, states: States) -> Iterator[tuple[str, Form]]:
    """(surface, form) of one language; accents may be missing, Arabic names are kept without their article.

    Outside texts of their language only full names are read, as spelt: "Suède" in an English text is Sweden, "Suede" is
    not, and no foreign adjective, abbreviation or capital is meant there. A common language's are read in any text.
    """
    cased, bound = set(language.cased), set(language.bound)
    for state, kind, spelling in _entries(language, states):
        needs_article = False
        if language.article and kind != "exact" and spelling.startswith(language.article):
            spelling, needs_article = spelling[len(language.article) :], True
        own = not language.common and kind in ("exact", "capital", "adjective")
        for variant in {spelling, plain(spelling)}:
            surface = lower(variant)
            yield (
                surface,
                Form(
                    state=state,
                    kind=kind,
                    spelling=variant,
                    languages=frozenset({language.language}),
                    bound=own or surface in bound or (variant != spelling and not language.common),
                    loose=language.lowercase_names and kind in ("name", "adjective") and surface not in cased,
                    needs_article=needs_article,
                ),
            )


def _merge(found: Iterable[tuple[str, Form]]) -> dict[str, tuple[Form, ...]]:
    """Forms by surface; the same reading in several languages becomes one."""
    table: dict[str, dict[tuple[str, Kind, bool], Form]] = {}
    for surface, form in found:
        readings = table.setdefault(surface, {})
        key = (form.state, form.kind, form.spelling[:1].isupper())
        known = readings.get(key)
        if known is None:
            readings[key] = form
        else:
            known.languages |= form.languages
            known.bound = known.bound and form.bound
            known.loose = known.loose or form.loose
            known.needs_article = known.needs_article and form.needs_article
    return {surface: tuple(readings.values()) for surface, readings in table.items()}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, loaded once. Raises :class:`transforms.knowledge.KnowledgeError` for a file against its schema."""
    states = load(HERE / "states.yaml", TypeAdapter(States))
    kind = TypeAdapter(Language)
    languages = [load(path, kind) for path in sorted((HERE / "names").glob("*.yaml"))]
    cues = [load(path, TypeAdapter(Cues)) for path in sorted((HERE / "cues").glob("*.yaml"))]
    decoys = load(HERE / "decoys.yaml", TypeAdapter(Decoys))
    found = [pair for language in languages for pair in forms_of(language, states)]
    everywhere = frozenset(language.language for language in languages)
    for phrases in decoys.values():
        for phrase in phrases:
            spelling = phrase.translate(_APOSTROPHES)
            found.append((lower(spelling), Form("", "decoy", spelling, everywhere)))
    return Lexicon(
        forms=_merge(found),
        states=states,
        rules=load(HERE / "rules.yaml", TypeAdapter(Rules)),
        cues={c.language: c for c in cues},
        function_words={x.language: frozenset(x.function_words.split()) for x in languages},
        clitics=frozenset(clitic for x in languages for clitic in x.clitics),
        articles=tuple(x.article for x in languages if x.article),
        languages=languages,
    )
