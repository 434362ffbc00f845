"""What the parts of the store share: the connections, reading by id and page by page, compare-and-set of a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sinks.sqlite.connection import Connections

PAGE = 500
"""Rows a page when iterating: pages keep a long export from pinning the write-ahead log."""


class Base:
    """One part of the store in one SQLite file."""

    def __init__(self, path: str) -> None:
        self._connections = Connections(path)

    def _by_id(self, table: str, columns: str, ids: Collection[str] | None) -> Iterator[tuple[str, ...]]:
        connection = self._connections.get()
        if ids is None:
            yield from connection.execute(f"SELECT id, {columns} FROM {table}")
            return
        for chunk in chunks(ids):
            yield from connection.execute(f"SELECT id, {columns} FROM {table} WHERE id IN ({marks(chunk)})", chunk)

    def _pages(self, table: str, columns: str, where: str = "1") -> Iterator[tuple[str, ...]]:
        last = ""
        query = f"SELECT id, {columns} FROM {table} WHERE id > ? AND {where} ORDER BY id LIMIT {PAGE}"
        while rows := self._connections.get().execute(query, (last,)).fetchall():
            yield from rows
            last = rows[-1][0]


def put_versioned(
    connection: sqlite3.Connection, table: str, key: Mapping[str, str], columns: Mapping[str, object], version: str
) -> bool:
    """Compare-and-set of one row; True where it was still at ``version`` (``""``: absent)."""
    names = [*key, *columns]
    if version == "":
        marks = ", ".join("?" * len(names))
        query = f"INSERT OR IGNORE INTO {table} (version, {', '.join(names)}) VALUES (1, {marks})"
        return connection.execute(query, (*key.values(), *columns.values())).rowcount == 1
    sets = ", ".join(f"{name} = ?" for name in columns)
    where = " AND ".join(f"{name} = ?" for name in key)
    query = f"UPDATE {table} SET version = version + 1, {sets} WHERE {where} AND version = ?"
    return connection.execute(query, (*columns.values(), *key.values(), int(version))).rowcount == 1


def integer(value: object) -> int:
    """An integer column's value. Raises TypeError for anything else."""
    if not isinstance(value, int):
        raise TypeError(f"an integer column holds {value!r}")
    return value


def micros(at: datetime) -> int:
    """A moment as the tables have it: microseconds since the epoch."""
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def moment(column: object) -> datetime | None:
    """The moment in a column of microseconds; None for none."""
    if column is None:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=integer(column))


def marks(values: Sequence[str]) -> str:
    """Placeholders for so many values."""
    return ", ".join("?" * len(values))


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The different values, a page at a time."""
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), PAGE):
        yield unique[start : start + PAGE]
