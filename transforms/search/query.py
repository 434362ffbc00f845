"""The typed query: what every store understands, whatever a person wrote.

All clauses hold together; within one clause any of its alternatives is enough. Values are *atoms* and *phrases* of
:mod:`transforms.search.card`, already folded, so that no store needs to know a language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Column = Literal["first", "last", "changed", "seen", "origins", "articles", "confidence", "credibility"]
"""Whole numbers of a card. first, last: days (proleptic ordinals) between which the transfer lies; changed, seen:
microseconds since the epoch; confidence: thousandths; credibility: Admiralty 1 (confirmed) to 6."""

Sort = Literal["date", "changed", "seen", "origins", "articles", "confidence"]
SORTED_BY: dict[Sort, Column] = {
    "date": "first", "changed": "changed", "seen": "seen", "origins": "origins", "articles": "articles",
    "confidence": "confidence",
}  # fmt: skip
Phrase = tuple[str, ...]
"""Tokens that stand next to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """An event has one of these atoms (``supplier·prk``). shown: the clause as understood, for people."""

    atoms: tuple[str, ...]
    negated: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event's words hold one of these phrases; with ``prefix`` (one phrase of one token) a word that begins so."""

    phrases: tuple[Phrase, ...]
    prefix: bool = False
    negated: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """``column >= value`` or ``column <= value``."""

    column: Column
    op: Literal[">=", "<="]
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """All of these bounds hold; negated: not all of them do."""

    bounds: tuple[Bound, ...]
    negated: bool = False
    shown: str = ""


Clause = Among | Said | Within


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Clauses that all hold, and an order: the highest of the column first (the latest, the most), lowest first where
    ``ascending``; among equals by id. An event that another took in (``merged_into``) is never found.

    notes: what the reader of the query wants to tell its writer ("no catalogue has …").
    """

    clauses: tuple[Clause, ...] = ()
    sort: Sort = "date"
    ascending: bool = False
    notes: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        """What results are ordered by."""
        return SORTED_BY[self.sort]


class QueryError(ValueError):
    """A query that cannot be understood.

    at, end: the characters of the query that are wrong (end exclusive); the message says what would be right.
    """

    def __init__(self, message: str, text: str, at: int, end: int) -> None:
        super().__init__(message)
        self.text, self.at, self.end = text, at, max(end, at + 1)

    def pointed(self) -> str:
        """The message under the query with the wrong part marked, for a terminal."""
        line = "".join(char if char.isprintable() else " " for char in self.text)
        return f"{line}\n{' ' * self.at}{'^' * (self.end - self.at)}\ncharacter {self.at + 1}: {self}"
