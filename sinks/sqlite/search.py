"""Search in the embedded store: cards of events in a full-text index, kept in the transaction that writes the event.

Atoms and words are tokens of Tocsin's own, parted by blanks (transforms/search/card.py); SQLite's ``ascii`` tokenizer
takes them as they are. A query is one MATCH over both columns, so that no event is looked at that it does not find;
ranges and orders go by columns beside it.
"""

from __future__ import annotations

import logging
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence

from sinks.sqlite.connection import Connections
from transforms.codec import CodecError, decode
from transforms.records import Event
from transforms.search.card import Card, atom, card, version
from transforms.search.query import Among, Query, Said, Within

_log = logging.getLogger("tocsin.sqlite")
_PAGE = 200
MANY = 500
"""Cards in one transaction after which the index is tidied."""
_COLUMNS = ("first", "last", "changed", "seen", "origins", "articles", "confidence", "credibility")
_EVERY = atom("live", "yes")
"""An atom of every card, for queries that only say what must not be."""

SCHEMA = """
    CREATE TABLE search (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, live INTEGER NOT NULL,
        first INTEGER, last INTEGER, changed INTEGER, seen INTEGER, origins INTEGER, articles INTEGER,
        confidence INTEGER, credibility INTEGER
    );
    CREATE INDEX search_version ON search (version);
    CREATE INDEX search_first ON search (first, last) WHERE live = 1;
    CREATE INDEX search_changed ON search (changed) WHERE live = 1;
    CREATE INDEX search_seen ON search (seen) WHERE live = 1;
    CREATE INDEX search_origins ON search (origins) WHERE live = 1;
    CREATE INDEX search_articles ON search (articles) WHERE live = 1;
    CREATE INDEX search_confidence ON search (confidence) WHERE live = 1;
    CREATE VIRTUAL TABLE search_text USING fts5 (atoms, words, tokenize = 'ascii', columnsize = 0);
    INSERT INTO search (id, version, live) SELECT id, 0, 0 FROM events;
"""
"""The migration that brought it: events that are there are filed by :func:`refill` afterwards."""


def put_cards(connection: sqlite3.Connection, cards: Iterable[Card]) -> None:
    """File cards, within the caller's transaction. Text that has not changed is left alone: most writes of an event
    change its numbers only."""
    for made in cards:
        values = (version(), int(made.live), *(made.numbers[column] for column in _COLUMNS))  # type: ignore[index]
        found = connection.execute("SELECT row FROM search WHERE id = ?", (made.id,)).fetchone()
        if found is None:
            marks = ", ".join("?" * (len(values) + 1))
            names = ", ".join(("id", "version", "live", *_COLUMNS))
            cursor = connection.execute(f"INSERT INTO search ({names}) VALUES ({marks})", (made.id, *values))
            row, before = cursor.lastrowid, None
        else:
            row = found[0]
            sets = ", ".join(f"{name} = ?" for name in ("version", "live", *_COLUMNS))
            connection.execute(f"UPDATE search SET {sets} WHERE row = ?", (*values, row))
            before = connection.execute("SELECT atoms, words FROM search_text WHERE rowid = ?", (row,)).fetchone()
        after = (" ".join((_EVERY, *made.atoms)), " ".join(made.words)) if made.live else None
        if before == after:
            continue
        if before is not None:
            connection.execute("DELETE FROM search_text WHERE rowid = ?", (row,))
        if after is not None:
            connection.execute("INSERT INTO search_text (rowid, atoms, words) VALUES (?, ?, ?)", (row, *after))


def tidy(connection: sqlite3.Connection) -> None:
    """Merge the parts of the full-text index as far as they are due, within the caller's transaction: after many cards
    at once. What such a transaction leaves undone, the small ones after it would pay for."""
    while True:
        before = connection.total_changes
        connection.execute("INSERT INTO search_text (search_text, rank) VALUES ('merge', 500)")
        if connection.total_changes - before < 2:  # as SQLite's documentation tells that nothing was left to do
            return


def refill(connections: Connections) -> None:
    """File the events whose cards are missing or an older Tocsin's, a few at a time; other writers may go on."""
    query = "SELECT id FROM search WHERE version < ? ORDER BY version LIMIT ?"
    told = False
    while ids := [row[0] for row in connections.get().execute(query, (version(), _PAGE))]:
        if not told:
            told = True
            _log.info("%s: making the search index of the events", connections.path)
        with connections.write() as connection:
            bodies = dict(
                connection.execute(f"SELECT id, body FROM events WHERE id IN ({_marks(ids)})", ids).fetchall()
            )
            for id in ids:
                made = _readable(bodies.get(id), connections.path)
                if made is not None:
                    put_cards(connection, [made])
                else:  # gone, or no event that can be read: found by nothing
                    connection.execute("UPDATE search SET version = ?, live = 0 WHERE id = ?", (version(), id))


def _readable(body: str | None, path: str) -> Card | None:
    try:
        return card(decode(Event, body)) if body is not None else None
    except CodecError as error:
        _log.warning("%s: an event is not searched: %s", path, error)
        return None


class Searching:
    """The part of the contract under "search"."""

    _connections: Connections

    def search(self, query: Query, *, limit: int | None = None) -> Iterator[Event]:
        """See :meth:`Store.search`. The rows are found at once, the events read page by page."""
        where, values = selection(query)
        order = "" if query.ascending else " DESC"
        asked = f"SELECT s.row {where} ORDER BY s.{query.column}{order}, s.id LIMIT ?"
        connection = self._connections.get()
        rows = array("q", (row for (row,) in connection.execute(asked, (*values, -1 if limit is None else limit))))
        return self._events(rows)

    def count(self, query: Query) -> int:
        """See :meth:`Store.count`."""
        where, values = selection(query)
        return int(self._connections.get().execute(f"SELECT count(*) {where}", values).fetchone()[0])

    def _events(self, rows: Sequence[int]) -> Iterator[Event]:
        for start in range(0, len(rows), _PAGE):
            page = list(rows[start : start + _PAGE])
            asked = f"SELECT s.row, e.body FROM search s JOIN events e ON e.id = s.id WHERE s.row IN ({_marks(page)})"
            bodies = dict(self._connections.get().execute(asked, page).fetchall())
            yield from (decode(Event, bodies[row]) for row in page if row in bodies)


def selection(query: Query) -> tuple[str, tuple[object, ...]]:
    """FROM and WHERE of a query, and the values."""
    conditions, values = ["s.live = 1"], list[object]()
    for clause in query.clauses:
        if isinstance(clause, Within):
            told = " AND ".join(f"s.{bound.column} {bound.op} ?" for bound in clause.bounds)
            conditions.append(f"NOT ({told})" if clause.negated else told)
            values += (bound.value for bound in clause.bounds)
    matched = _match([clause for clause in query.clauses if not isinstance(clause, Within)])
    if not matched:
        return f"FROM search s WHERE {' AND '.join(conditions)}", tuple(values)
    # CROSS JOIN: the full-text index leads; the planner would ask it once for each row of another index.
    tables = "FROM search_text t CROSS JOIN search s ON s.row = t.rowid"
    return f"{tables} WHERE search_text MATCH ? AND {' AND '.join(conditions)}", (matched, *values)


def _match(clauses: Sequence[Among | Said]) -> str:
    """The full-text expression of clauses; empty for none."""
    wanted = [_any(clause) for clause in clauses if not clause.negated]
    unwanted = [_any(clause) for clause in clauses if clause.negated]
    if not wanted and not unwanted:
        return ""
    found = " AND ".join(wanted or [f'atoms : "{_EVERY}"'])
    return f"({found}) NOT ({' OR '.join(unwanted)})" if unwanted else found


def _any(clause: Among | Said) -> str:
    """One of a clause's alternatives. Tokens are letters and digits, so nothing in them needs escaping."""
    if isinstance(clause, Among):
        return f"(atoms : ({' OR '.join(map(_quoted, clause.atoms))}))"
    star = " *" if clause.prefix else ""
    return f"(words : ({' OR '.join(_quoted(' '.join(phrase)) + star for phrase in clause.phrases)}))"


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
