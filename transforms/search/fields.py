"""The fields of the query language: what each means, and how its values become atoms or bounds."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from transforms.records import Category, Reliability, Stage, Standing
from transforms.search import dates, names
from transforms.search.card import atom, imo, micros
from transforms.search.query import Bound, Column
from transforms.search.words import plain

_REVIEW: tuple[str, ...] = ("unreviewed", "confirmed", "rejected")
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)")
NUMBERS = ">=2, <=5, 2..5 or 2"


@dataclass(frozen=True, slots=True)
class Value:
    """What one value of a field stands for: atoms (any of them), or bounds (all of them).

    shown: as understood. note: what the writer should know.
    """

    atoms: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    shown: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field. read: a value's meaning at a moment; raises ValueError saying what would be right.

    several: whether values may be parted by commas. meaning and example: for the help.
    """

    name: str
    read: Callable[[str, datetime], Value]
    meaning: str
    example: str
    several: bool = True


def _party(field: str) -> Callable[[str, datetime], Value]:
    def read(text: str, now: datetime) -> Value:
        found = names.party(text)
        return Value(tuple(atom(field, value) for value in found.values), shown=found.shown)

    return read


def _voice(field: str) -> Callable[[str, datetime], Value]:
    """A state that speaks, or a speaker by the name that reports give: those are in no catalogue."""

    def read(text: str, now: datetime) -> Value:
        try:
            found = names.party(text)
        except names.UnknownName:
            return Value((atom(field, text),), shown=text)
        return Value(tuple(dict.fromkeys(atom(field, value) for value in (*found.values, text))), shown=found.shown)

    return read


def _weapon(text: str, now: datetime) -> Value:
    try:
        found = names.weapon(text)
    except names.UnknownName as error:
        return Value((atom("weapon", text),), shown=text, note=f"{error} (searched as it is written)")
    return Value(tuple(dict.fromkeys(atom("weapon", value) for value in found.values)), shown=found.shown)


def _family(text: str, now: datetime) -> Value:
    found = names.family(text)
    return Value(tuple(atom("family", value) for value in found.values), shown=found.shown)


def _place(text: str, now: datetime) -> Value:
    found = names.place(text)
    return Value(tuple(dict.fromkeys(atom("place", value) for value in found.values)), shown=found.shown)


def _country(text: str, now: datetime) -> Value:
    found = names.party(text)
    return Value(tuple(atom("country", value) for value in found.values), shown=found.shown)


def _one_of(field: str, allowed: Sequence[str]) -> Callable[[str, datetime], Value]:
    by_plain = {plain(value): value for value in allowed}

    def read(text: str, now: datetime) -> Value:
        value = by_plain.get(plain(text))
        if value is None:
            close = difflib.get_close_matches(plain(text), list(by_plain), n=1)
            hint = f"; did you mean {by_plain[close[0]]}?" if close else ""
            raise ValueError(f"{text!r} is no {field}: {', '.join(allowed)}{hint}")
        return Value((atom(field, value),), shown=value.replace("_", " "))

    return read


def _literal(field: str) -> Callable[[str, datetime], Value]:
    def read(text: str, now: datetime) -> Value:
        if not plain(text):
            raise ValueError(f"{text!r} has no letter or digit")
        return Value((atom(field, text),), shown=text)

    return read


def _imo(text: str, now: datetime) -> Value:
    number = imo(text)
    if len(number) != 7:
        raise ValueError(f"{text!r} is no IMO number: seven digits")
    return Value((atom("imo", number),), shown=number)


def _days(op: Literal[">=", "<="]) -> Callable[[str, datetime], Value]:
    def read(text: str, now: datetime) -> Value:
        found = dates.span(text, now)
        if found is None:
            raise ValueError(f"{text!r} is no date: {dates.FORMS}")
        # What lies within a span of days touches it: an event of "2024" may be one of June.
        bound = Bound(column="last", op=op, value=found.first)
        if op == "<=":
            bound = Bound(column="first", op=op, value=found.last)
        return Value(bounds=(bound,), shown=text)

    return read


def _since(column: Column) -> Callable[[str, datetime], Value]:
    def read(text: str, now: datetime) -> Value:
        at = dates.moment(text, now)
        if at is None:
            raise ValueError(f"{text!r} is no time: {dates.FORMS}, or 2024-05-17T12:00Z")
        return Value(bounds=(Bound(column=column, op=">=", value=micros(at)),), shown=f"{at:%Y-%m-%d %H:%M} UTC")

    return read


def _number(column: Column, scale: int = 1) -> Callable[[str, datetime], Value]:
    def read(text: str, now: datetime) -> Value:
        found = _NUMBER.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no number: {NUMBERS}")
        op, one, low, high = found.groups()
        if one is None:
            if Decimal(low) > Decimal(high):
                raise ValueError(f"{text!r} runs backwards: {low} is more than {high}; write {high}..{low}")
            return Value(bounds=(_least(column, low, scale), _most(column, high, scale)), shown=text)
        if op == ">":
            return Value(bounds=(Bound(column=column, op=">=", value=_scaled(one, scale)[0] + 1),), shown=text)
        if op == "<":
            return Value(bounds=(Bound(column=column, op="<=", value=_scaled(one, scale)[1] - 1),), shown=text)
        if op == ">=":
            return Value(bounds=(_least(column, one, scale),), shown=text)
        if op == "<=":
            return Value(bounds=(_most(column, one, scale),), shown=text)
        return Value(bounds=(_least(column, one, scale), _most(column, one, scale)), shown=text)

    return read


def _scaled(number: str, scale: int) -> tuple[int, int]:
    """A number in the column's unit, rounded down and up, within what a store can hold."""
    exact = min(Decimal(number) * scale, Decimal(10**15))
    return math.floor(exact), math.ceil(exact)


def _least(column: Column, number: str, scale: int) -> Bound:
    return Bound(column=column, op=">=", value=_scaled(number, scale)[1])


def _most(column: Column, number: str, scale: int) -> Bound:
    return Bound(column=column, op="<=", value=_scaled(number, scale)[0])


TEXT = "text"
"""The field of words that is not looked up here: ``text:drone,missile`` is either word."""
_ID = "d9ea4054…"
_FIELDS = (
    Field("supplier", _party("supplier"), "who supplies: a state or actor in any language, @group, unknown", "PRK"),
    Field("recipient", _party("recipient"), "who receives, or is the end user", "RUS"),
    Field("either", _party("either"), "a party on any side, the broker too", "Иран"),
    Field("broker", _party("broker"), "who brokers", "unknown"),
    Field("transit", _party("transit"), "a state or actor that the goods pass through", "OMN"),
    Field("weapon", _weapon, "a weapon by any name, its variants too, or a noun", '"Shahed-136"'),
    Field("family", _family, "a family of weapons", "Shahed"),
    Field("category", _one_of("category", get_args(Category)), "UN Register category or Tocsin's own", "VII,UAV"),
    Field("stage", _one_of("stage", get_args(Stage)), "how far the transfer has come", "delivered"),
    Field("standing", _one_of("standing", get_args(Standing)), "who stands behind it", "disputed"),
    Field("review", _one_of("review", _REVIEW), "an analyst's judgement", "unreviewed"),
    Field("embargo", _one_of("embargo", ("yes", "no", "contested")), "an embargo touches a party", "yes"),
    Field("place", _place, "a place in any role", "Hodeidah"),
    Field("country", _country, "the state that a place lies in", "YEM"),
    Field("carrier", _literal("carrier"), "a vessel's name, IMO number or an aircraft's registration", '"Aurora"'),
    Field("imo", _imo, "a vessel's IMO number", "9187629"),
    Field("registration", _literal("registration"), "an aircraft's registration", "EP-GOQ"),
    Field("marking", _literal("marking"), "a serial number, lot or maker's mark", "51-25-02"),
    Field("says", _voice("says"), "who asserts it", "KOR"),
    Field("denies", _voice("denies"), "who denies it", "RUS"),
    Field("source", _literal("source"), "a report's source, publisher or agency", "reuters"),
    Field("language", _literal("language"), "language of a report", "ru"),
    Field("article", _literal("article"), "whole id of an article that reports it", _ID),
    Field("id", _literal("id"), "whole id of the event (show --ids)", _ID),
    Field("reliability", _one_of("reliability", get_args(Reliability)), "the best source's grade", "A,B"),
    Field("since", _days(">="), "the transfer may lie on or after", "2024-01", several=False),
    Field("until", _days("<="), "the transfer may lie on or before", "2024-06", several=False),
    Field("changed-since", _since("changed"), "changed in the register since", "7d", several=False),
    Field("new-since", _since("seen"), "first seen since", "7d", several=False),
    Field("origins", _number("origins"), "number of independent origins", ">=2", several=False),
    Field("articles", _number("articles"), "number of reports", ">=5", several=False),
    Field("confidence", _number("confidence", 1000), "confidence from 0 to 1", ">=0.7", several=False),
    Field("credibility", _number("credibility"), "Admiralty 1 (confirmed) to 6", "<=2", several=False),
)
FIELDS: dict[str, Field] = {field.name: field for field in _FIELDS}
