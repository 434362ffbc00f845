"""What the parts of the store share: reading, writing, the clock for ``event.ingested``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sinks.elasticsearch.bulk import Bulk, Written
from sinks.elasticsearch.connection import Connection, Rejected
from sinks.elasticsearch.reading import Reader
from transforms.records import DeadLetter

T = TypeVar("T")
_ITERATED = 200
"""Documents a page when iterating: articles are tens of kilobytes."""


def utc_now() -> datetime:
    """The clock for stamps; nothing is decided by it."""
    return datetime.now(UTC)


class Base(ABC):
    """One part of the store."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime] = utc_now) -> None:
        self.connection = connection
        self.clock = clock
        self.reader = Reader(connection)
        self.bulk = Bulk(connection)

    @abstractmethod
    def put_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """See :meth:`Store.put_dead_letters`."""

    def _all(
        self,
        kind: str,
        query: Mapping[str, Any],
        decode: Callable[[Mapping[str, Any]], T],
        source: Sequence[str] = ("tocsin",),
        sort: Sequence[str] = ("tocsin.id",),
    ) -> Iterator[T]:
        """All records of a kind, streaming."""
        self.reader.refresh(kind)
        hits = self.reader.search(kind, query, sort, page=_ITERATED, source=source)
        return (decode(hit["_source"]) for hit in hits)

    def _landed(self, outcomes: Sequence[Written], what: str) -> None:
        """Raise for what the server will never take, after the rest has landed: the stage makes it a dead letter."""
        refused = [written for written in outcomes if written.result == "rejected"]
        if refused:
            told = "; ".join(f"{written.action.id}: {written.reason}" for written in refused[:5])
            more = f" and {len(refused) - 5} more" if len(refused) > 5 else ""
            raise Rejected(f"{self.connection.settings.shown}: cannot write {what} {told}{more}", 400)
