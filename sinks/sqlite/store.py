"""The store contract on SQLite (:class:`transforms.contracts.Store`), put together from its parts."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from sinks.sqlite.inbox import Inbox
from sinks.sqlite.outbox import Outbox
from sinks.sqlite.purge import purge
from sinks.sqlite.register import Register
from sinks.sqlite.schema import migrate
from sinks.sqlite.search import Searching, refill
from sinks.sqlite.texts import Texts
from transforms.contracts import PurgeKind, StoreUnavailable


class SqliteStore(Inbox, Texts, Register, Outbox, Searching):
    """A store in one SQLite file on a local disk."""

    def init(self) -> None:
        """See :meth:`Store.init`."""
        try:
            migrate(self._connections.get(), self._connections.path)
        except sqlite3.OperationalError as error:
            raise StoreUnavailable(f"{self._connections.path}: {error}") from error
        refill(self._connections)

    def close(self) -> None:
        """See :meth:`Store.close`."""
        self._connections.close()

    def purge(self, kind: PurgeKind, *, before: datetime, keep: Collection[str] = ()) -> int:
        """See :meth:`Store.purge`."""
        return purge(self._connections, kind, before, keep)
