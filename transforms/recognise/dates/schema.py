"""The knowledge of dates: one YAML file a language, and what is common to all in ``common.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from transforms.knowledge import load

HERE = Path(__file__).parent
Kind = Literal[
    "absolute", "numeric", "weekday", "offset", "period", "ago", "ahead", "past_span", "future_span", "recent", "later",
    "earlier", "month_shift", "season", "decade", "days", "months", "years", "quarter", "half", "fiscal_ended",
    "that_year", "named", "day_of_month",
]  # fmt: skip
"""What a template means; :mod:`transforms.recognise.dates.resolve` has a function for each."""
Unit = Literal["day", "week", "weekend", "month", "quarter", "year", "decade"]


class Template(BaseModel):
    """A pattern with constants that stand in for slots it does not have."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    pattern: str
    shift: int | None = None
    unit: Unit | None = None
    n: int | None = None
    weekday: int | None = None
    value: str | None = None


class Language(BaseModel):
    """A language's words and templates.

    A word that ends in a full stop is an abbreviation: it is read with or without the stop, and never alone.
    weak: months that are other words too: alone they need a word of ``before`` in front.
    capitals: months and weekdays are written with a capital. before: words in front of a month or year alone.
    numeric_before: words in front of a day and month in figures. not_after: words that make a weekday a name.
    not_year: words in front of a number that is no year. plurals: units that "last" and "next" do not make one period.
    future, past: words that tell a clause's tense; future_before, past_before: words right before a date that lies
    ahead, or behind. past_endings, future_endings: how verbs of that tense end.
    season_before: words right before a season that tell it of one year; season_modifies: it may describe the noun
    after it. instruments: what has a number and its year in brackets ("resolution 1929 (2010)").
    spans_after: words after a day without its month that make it a number of days.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    months: dict[Annotated[int, Field(ge=1, le=12)], list[str]]
    weekdays: dict[Annotated[int, Field(ge=1, le=7)], list[str]]
    units: dict[Unit, list[str]] = {}
    seasons: dict[Literal["spring", "summer", "autumn", "winter"], list[str]] = {}
    shifts: dict[int, list[str]] = {}
    offsets: dict[int, list[str]] = {}
    numbers: dict[int, list[str]] = {}
    ordinals: dict[int, list[str]] = {}
    words: dict[str, list[str]] = {}
    weak: list[str] = []
    capitals: bool = False
    order: Literal["mdy", "dmy"] = "dmy"
    before: list[str] = []
    numeric_before: list[str] = []
    not_after: list[str] = []
    not_year: list[str] = []
    plurals: list[str] = []
    future: list[str] = []
    future_before: list[str] = []
    past_before: list[str] = []
    past: list[str] = []
    past_endings: list[str] = []
    future_endings: list[str] = []
    season_before: list[str] = []
    season_modifies: bool = False
    spans_after: list[str] = []
    instruments: list[str] = []
    bare_weekday: bool = True
    templates: dict[Kind, list[str | Template]]


class Common(BaseModel):
    """What holds in every language.

    day_suffixes: glued to a day's figures. hosts: order of day and month in figures by a domain's ending.
    year_prefixes: joined to a year by a hyphen. proclitics: single letters written as one with the next word.
    joins: words and marks between two dates that share a year. date_marks: what follows the figures of year, month and
    day in languages that write dates so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    day_suffixes: list[str]
    hosts: dict[str, Literal["mdy", "dmy"]]
    not_year: list[str]
    year_prefixes: list[str]
    proclitics: list[str]
    joins: list[str]
    date_marks: list[tuple[str, str, str]]
    months_of_season: dict[str, tuple[int, int]]
    templates: dict[Kind, list[str | Template]]


@cache
def languages() -> dict[str, Language]:
    """Every language by ISO 639-1 code. Raises :class:`transforms.knowledge.KnowledgeError`."""
    kind = TypeAdapter(Language)
    return {path.stem: load(path, kind) for path in sorted((HERE / "languages").glob("*.yaml"))}


@cache
def common() -> Common:
    """What holds in every language. Raises :class:`transforms.knowledge.KnowledgeError`."""
    return load(HERE / "common.yaml", TypeAdapter(Common))
