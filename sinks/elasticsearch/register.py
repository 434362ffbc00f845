"""Events, the buckets that decide their identity, and notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sinks.elasticsearch.base import Base
from sinks.elasticsearch.buckets import Buckets
from sinks.elasticsearch.bulk import Action, as_json
from sinks.elasticsearch.documents import event_document, record
from sinks.elasticsearch.versions import Token, document_id
from transforms.contracts import BucketItem, BucketKind, NoteKind, Versioned
from transforms.records import Event

_EVENTS = "events"


class Register(Base):
    """The part of the contract under "events" and "notes"."""

    def events(self, ids: Collection[str]) -> Mapping[str, Versioned[Event]]:
        """See :meth:`Store.events`."""
        found = self.reader.many(_EVENTS, ids, "tocsin")
        return {id: Versioned(record(Event, hit["_source"]), str(Token.of(hit))) for id, hit in found.items()}

    def put_event(self, event: Event, version: str) -> bool:
        """See :meth:`Store.put_event`."""
        return not self.put_events([(event, version)])

    def put_events(self, writes: Sequence[tuple[Event, str]]) -> Collection[str]:
        """See :meth:`Store.put_events`. Raises Rejected for those the index refuses, once the rest has landed."""
        outcomes = self.bulk.write((self._action(event, version) for event, version in writes), doing="write events")
        self._landed(outcomes, "events")
        return [event.id for (event, _), written in zip(writes, outcomes, strict=True) if written.result != "written"]

    def _action(self, event: Event, version: str) -> Action:
        token = Token.parse(version)
        return Action(
            index=self.reader.alias(_EVENTS),
            id=document_id(event.id),
            document=as_json(event_document(event, self.clock())),
            op="index" if token else "create",
            token=token,
        )

    def iter_events(self, *, merged: bool = False) -> Iterator[Event]:
        """See :meth:`Store.iter_events`."""
        query = {"match_all": {}} if merged else {"term": {"merged": False}}
        return self._all(_EVENTS, query, lambda source: record(Event, source))

    def unannounced(self, limit: int) -> Sequence[str]:
        """See :meth:`Store.unannounced`."""
        query, ids = {"range": {"unannounced": {"gt": 0}}}, []
        for hit in self.reader.search(_EVENTS, query, ["tocsin.id"], page=min(limit, 500), source=["tocsin.id"]):
            ids.append(str(hit["_source"]["tocsin"]["id"]))
            if len(ids) >= limit:
                break
        return ids

    def bucket(self, kind: BucketKind, keys: Collection[str]) -> Mapping[str, Versioned[tuple[BucketItem, ...]]]:
        """See :meth:`Store.bucket`."""
        found = Buckets(self.reader, self.bulk).read(kind, keys)
        return {
            key: Versioned(tuple(BucketItem(id=id, at=datetime.fromisoformat(at)) for id, at in items), version)
            for key, (items, version) in found.items()
        }

    def put_bucket(self, kind: BucketKind, key: str, items: Sequence[BucketItem], version: str) -> bool:
        """See :meth:`Store.put_bucket`."""
        return not self.put_buckets(kind, {key: (items, version)})

    def put_buckets(self, kind: BucketKind, writes: Mapping[str, tuple[Sequence[BucketItem], str]]) -> Collection[str]:
        """See :meth:`Store.put_buckets`; here one bulk."""
        members = {
            key: ([[item.id, item.at.isoformat()] for item in items], version)
            for key, (items, version) in writes.items()
        }
        return Buckets(self.reader, self.bulk).write_many(kind, members, self.clock())

    def notes(self, kind: NoteKind, keys: Collection[str]) -> Mapping[str, Versioned[str]]:
        """See :meth:`Store.notes`; a note is a list of one."""
        found = Buckets(self.reader, self.bulk).read(f"note_{kind}", keys)
        return {key: Versioned(items[0][0] if items else "", version) for key, (items, version) in found.items()}

    def put_note(self, kind: NoteKind, key: str, text: str, version: str) -> bool:
        """See :meth:`Store.put_note`."""
        return Buckets(self.reader, self.bulk).write(f"note_{kind}", key, [[text]], version, self.clock())
