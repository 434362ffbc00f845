"""Events with the cards they are found by, the buckets that decide their identity, and notes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sinks.sqlite.base import Base, chunks, marks, put_versioned
from sinks.sqlite.search import MANY, put_cards, tidy
from transforms.codec import decode, encode
from transforms.contracts import BucketItem, BucketKind, NoteKind, Versioned
from transforms.records import Event
from transforms.search.card import card


class Register(Base):
    """The part of the contract under "events" and "notes"."""

    def events(self, ids: Collection[str]) -> Mapping[str, Versioned[Event]]:
        """See :meth:`Store.events`."""
        rows = self._by_id("events", "version, body", ids)
        return {row[0]: Versioned(decode(Event, row[2]), str(row[1])) for row in rows}

    def put_event(self, event: Event, version: str) -> bool:
        """See :meth:`Store.put_event`."""
        return not self.put_events([(event, version)])

    def put_events(self, writes: Sequence[tuple[Event, str]]) -> Collection[str]:
        """See :meth:`Store.put_events`; here one transaction."""
        rows = [(card(event), _event_columns(event), version) for event, version in writes]
        refused = []
        with self._connections.write() as connection:
            for found_by, columns, version in rows:
                if put_versioned(connection, "events", {"id": found_by.id}, columns, version):
                    put_cards(connection, [found_by])
                else:
                    refused.append(found_by.id)
            if len(rows) >= MANY:
                tidy(connection)
        return refused

    def iter_events(self, *, merged: bool = False) -> Iterator[Event]:
        """See :meth:`Store.iter_events`."""
        return (decode(Event, row[1]) for row in self._pages("events", "body", "1" if merged else "merged = 0"))

    def unannounced(self, limit: int) -> Sequence[str]:
        """See :meth:`Store.unannounced`."""
        query = "SELECT id FROM events WHERE unannounced > 0 ORDER BY id LIMIT ?"
        return [str(row[0]) for row in self._connections.get().execute(query, (limit,))]

    def bucket(self, kind: BucketKind, keys: Collection[str]) -> Mapping[str, Versioned[tuple[BucketItem, ...]]]:
        """See :meth:`Store.bucket`."""
        empty: Versioned[tuple[BucketItem, ...]] = Versioned((), "")
        found = dict.fromkeys(keys, empty)
        for chunk in chunks(keys):
            query = f"SELECT key, version, body FROM buckets WHERE kind = ? AND key IN ({marks(chunk)})"
            for key, version, body in self._connections.get().execute(query, (kind, *chunk)):
                items = tuple(BucketItem(id=item, at=datetime.fromisoformat(at)) for item, at in json.loads(body))
                found[key] = Versioned(items, str(version))
        return found

    def put_bucket(self, kind: BucketKind, key: str, items: Sequence[BucketItem], version: str) -> bool:
        """See :meth:`Store.put_bucket`."""
        return not self.put_buckets(kind, {key: (items, version)})

    def put_buckets(self, kind: BucketKind, writes: Mapping[str, tuple[Sequence[BucketItem], str]]) -> Collection[str]:
        """See :meth:`Store.put_buckets`; here one transaction."""
        rows = [
            ({"kind": kind, "key": key}, {"body": json.dumps([[x.id, x.at.isoformat()] for x in items])}, version)
            for key, (items, version) in writes.items()
        ]
        with self._connections.write() as connection:
            return [
                where["key"]
                for where, columns, version in rows
                if not put_versioned(connection, "buckets", where, columns, version)
            ]

    def notes(self, kind: NoteKind, keys: Collection[str]) -> Mapping[str, Versioned[str]]:
        """See :meth:`Store.notes`."""
        found = dict.fromkeys(keys, Versioned("", ""))
        for chunk in chunks(keys):
            query = f"SELECT key, version, body FROM notes WHERE kind = ? AND key IN ({marks(chunk)})"
            for key, version, body in self._connections.get().execute(query, (kind, *chunk)):
                found[key] = Versioned(body, str(version))
        return found

    def put_note(self, kind: NoteKind, key: str, text: str, version: str) -> bool:
        """See :meth:`Store.put_note`."""
        with self._connections.write() as connection:
            return put_versioned(connection, "notes", {"kind": kind, "key": key}, {"body": text}, version)


def _event_columns(event: Event) -> dict[str, object]:
    return {
        "merged": int(event.merged_into is not None),
        "unannounced": len(event.unannounced),
        "body": encode(event),
    }
