"""The knowledge of quantities: one YAML file a language; currencies' signs and codes in ``money.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load

HERE = Path(__file__).parent
Bound = Literal["approx", "min", "max", "over", "under", "exact"]
"""What a word does to a number: about, at least, at most, more than, less than, or nothing ("exactly")."""


class Vague(BaseModel):
    """A word that counts without a number: the least that it may mean, or about how many."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    min: int | None = None
    about: int | None = None


class Language(BaseModel):
    """A language's numerals and the words around them. All words are lower case; several words make a phrase.

    decimal: the decimal mark. spaces: whether a plain blank groups thousands.
    cardinals: word → value below a hundred, and whole hundreds; hundreds: words that multiply what is before by 100;
    tens: by 10, in languages that make thirty of three and ten.
    scales: word → 1000, 1000000…; short_scales: the same as abbreviations, also glued to figures ("4bn").
    articles: words of value one that count only in front of a scale. alone: scales that need none.
    links: words inside a numeral ("and", "und").
    compound: numerals are written in one word of parts. vague: "dozens"; vague_links: words between vague and scale.
    several: words that turn a scale into its vague plural ("several hundred"). halves: "half a million".
    bounds, after_bounds: phrases before and after a number. ranges, between: "A to B", "between A and B".
    not_bound_after: verbs that a bound's word belongs to ("hand over 19").
    of: words between a unit and what is in it. blockers: words that end the noun phrase counted.
    units: unit → nouns of goods, counted though no weapon is named; weighed: units that need goods after ``of``.
    goods: nouns that make a weight or a load one of arms. others: nouns that are counted and no goods.
    more: words that stand for goods named before ("26 others"). ellipsis: words after a number that does so too.
    more_before: words in front of one ("another 20").
    currencies: ISO 4217 code → words; currency_scales: words that are a scale and a currency in one ("mkr").
    tallies, tally_before: "the number of launchers to nine": a word for a sum, and words in front of the sum itself.
    not_before: words in front of a number that makes it an identifier. year_before: words in front of years.
    classified: a measure word (a unit) stands between a number and what it counts, so that nothing else can follow.
    determiners: words between "of" and the goods in "six of the launchers".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    decimal: Literal[".", ","]
    spaces: bool = False
    cardinals: dict[str, int]
    hundreds: list[str] = []
    tens: list[str] = []
    classified: bool = False
    scales: dict[str, int] = {}
    short_scales: dict[str, int] = {}
    articles: list[str] = []
    alone: list[str] = []
    links: list[str] = []
    compound: bool = False
    vague: dict[str, Vague] = {}
    vague_links: list[str] = []
    several: list[str] = []
    halves: list[str] = []
    bounds: dict[Bound, list[str]] = {}
    after_bounds: dict[Bound, list[str]] = {}
    not_bound_after: list[str] = []
    ranges: list[str] = []
    between: dict[str, list[str]] = {}
    of: list[str] = []
    blockers: list[str] = []
    units: dict[str, list[str]] = {}
    weighed: list[str] = []
    goods: list[str] = []
    others: list[str] = []
    more: list[str] = []
    more_before: list[str] = []
    ellipsis: list[str] = []
    currencies: dict[str, list[str]] = {}
    currency_scales: dict[str, tuple[int, str]] = {}
    tallies: list[str] = []
    tally_before: list[str] = []
    not_before: list[str] = []
    year_before: list[str] = []
    determiners: list[str] = []


class Money(BaseModel):
    """signs: before or after a number → code. codes: ISO 4217 codes read in any language. bare: what "$" alone is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    signs: dict[str, str]
    codes: list[str]
    measures: list[str]


@cache
def languages() -> dict[str, Language]:
    """Every language by ISO 639-1 code. Raises :class:`transforms.knowledge.KnowledgeError`."""
    kind = TypeAdapter(Language)
    return {path.stem: load(path, kind) for path in sorted((HERE / "languages").glob("*.yaml"))}


@cache
def money() -> Money:
    """Currencies and measures. Raises :class:`transforms.knowledge.KnowledgeError`."""
    return load(HERE / "money.yaml", TypeAdapter(Money))
