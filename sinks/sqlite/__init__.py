"""The embedded store: one SQLite file, no server, any number of threads and processes of one host."""

from sinks.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
