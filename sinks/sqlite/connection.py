"""One connection a thread and process: opened where it is used, never carried over a fork."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transforms.contracts import StoreError, StoreUnavailable

_BUSY_SECONDS = 60.0
"""How long a writer waits for another: transactions are short, so a minute is a sick disk, not a queue."""

_CHECKPOINT = 4000
"""Pages in the write-ahead log (16 MB) before they are moved into the file: the pages that every write touches are
moved once for a hundred merges, and not once for a dozen."""


class Connections:
    """The connections to one file. WAL, so readers never wait; ``synchronous`` NORMAL: a power cut may lose the last
    commits but never corrupts, and every write of Tocsin can be replayed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._pid = os.getpid()

    def get(self) -> sqlite3.Connection:
        """The calling thread's connection. Raises StoreError where the file cannot be opened as a database."""
        if self._pid != os.getpid():  # forked: the parent's connections must not even be closed here
            self.__init__(self.path)  # type: ignore[misc]
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            self._remember(connection)
        return connection

    def _remember(self, connection: sqlite3.Connection) -> None:
        """Note whose it is, and close those of threads that have ended: a stream's workers come and go for months."""
        with self._lock:
            ended = [one for thread, one in self._open if not thread.is_alive()]
            self._open = [(thread, one) for thread, one in self._open if thread.is_alive()]
            self._open.append((threading.current_thread(), connection))
        for one in ended:
            one.close()

    def _connect(self) -> sqlite3.Connection:
        folder = Path(self.path).resolve().parent
        if not folder.is_dir():
            raise StoreError(f"{self.path}: there is no folder {folder}; make it, or give another --store")
        if Path(self.path).is_dir():
            raise StoreError(
                f"{self.path}: is a folder; name a file in it, as in --store sqlite:///{self.path}/tocsin.db"
            )
        try:
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
        except sqlite3.OperationalError as error:
            raise StoreUnavailable(f"{self.path}: {error}") from None
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self.path}: not a SQLite database ({error}); give another --store") from None
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A short write transaction: all of it or nothing. The lock is taken at once, so that two writers queue and
        never deadlock upgrading."""
        connection = self.get()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a commit that the disk had no room for has ended it already
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise StoreUnavailable(f"{self.path}: {error}") from error

    def close(self) -> None:
        """Close every thread's connection of this process."""
        if self._pid != os.getpid():
            return
        with self._lock:
            for _, connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()
