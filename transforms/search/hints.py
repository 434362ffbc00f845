"""What to tell somebody whose query finds nothing: which of its terms find something by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from transforms.search.query import Clause, Query

_MOST = 12
"""Terms looked at: each is two more questions to the store."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A term: what it finds alone, and what the rest of the query finds without it."""

    term: str
    alone: int
    without: int


def hints(query: Query, count: Callable[[Query], int]) -> list[Hint]:
    """Of each term of a query; the one whose removal helps most comes first."""
    found = []
    for n, clause in enumerate(query.clauses[:_MOST]):
        rest = (*query.clauses[:n], *query.clauses[n + 1 :])
        without = count(replace(query, clauses=rest)) if rest else 0
        found.append(Hint(term(clause), count(replace(query, clauses=(clause,))), without))
    return sorted(found, key=lambda hint: -hint.without)


def requoted(parts: Iterable[str]) -> str:
    """A query from a command's arguments, whose quotation marks the shell has taken: several, of which one with a
    blank was quoted."""
    given = list(parts)
    return given[0] if len(given) == 1 else " ".join(map(_requoted, given))


def _requoted(part: str) -> str:
    if not any(char.isspace() for char in part) or '"' in part:
        return part
    minus = "-" if part.startswith("-") else ""
    field, colon, value = part[len(minus) :].partition(":")
    named = bool(colon) and field.replace("-", "").replace("_", "").isalpha()
    return f'{minus}{field}:"{value}"' if named else f'{minus}"{part[len(minus) :]}"'


def term(clause: Clause) -> str:
    """A clause as understood."""
    return f"-{clause.shown}" if clause.negated else clause.shown
