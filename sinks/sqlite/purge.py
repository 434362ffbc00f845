"""Removal of what has had its day from the embedded store: page by page, each in a short transaction of its own."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from sinks.sqlite.connection import Connections
from transforms.contracts import PurgeKind

_PAGE = 500
_DELETE = {
    "alerts": "DELETE FROM alerts WHERE id = ? AND state <> 'pending' AND due < ?",
    "entries": "DELETE FROM inbox WHERE id = ? AND outcome = 'irrelevant' AND finished < ?",
}
_FIND = {
    "alerts": "SELECT id FROM alerts WHERE id > ? AND state <> 'pending' AND due < ? ORDER BY id LIMIT ?",
    "entries": "SELECT id FROM inbox WHERE id > ? AND outcome = 'irrelevant' AND finished < ? ORDER BY id LIMIT ?",
}


def purge(connections: Connections, kind: PurgeKind, before: datetime, keep: Collection[str]) -> int:
    """See :meth:`Store.purge`. What has changed since it was found stays."""
    if kind == "story_bands":
        return _purge_bands(connections, before)
    limit = (before - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
    kept, removed = frozenset(keep), 0
    for ids in _pages(connections, _FIND[kind], limit):
        with connections.write() as connection:
            removed += connection.executemany(_DELETE[kind], [(id, limit) for id in ids if id not in kept]).rowcount
    return removed


def _pages(connections: Connections, query: str, limit: int) -> Iterator[list[str]]:
    last = ""
    while ids := [str(row[0]) for row in connections.get().execute(query, (last, limit, _PAGE))]:
        yield ids
        last = ids[-1]


def _purge_bands(connections: Connections, before: datetime) -> int:
    last, removed = "", 0
    query = (
        "SELECT key, version, body FROM buckets WHERE kind = 'story_band' AND key > ? AND key NOT LIKE 'story|%'"
        " ORDER BY key LIMIT ?"
    )
    while rows := connections.get().execute(query, (last, _PAGE)).fetchall():
        last = str(rows[-1][0])
        old = [
            (key, version)
            for key, version, body in rows
            if all(datetime.fromisoformat(at) < before for _, at in json.loads(body))
        ]
        with connections.write() as connection:
            removed += connection.executemany(
                "DELETE FROM buckets WHERE kind = 'story_band' AND key = ? AND version = ?", old
            ).rowcount
    return removed
