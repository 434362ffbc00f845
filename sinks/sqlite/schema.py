"""The tables of the embedded store and the steps that bring an older file up to date.

A row keeps its record whole as JSON in ``body``; the other columns are what lookups and leases need. Times are integer
microseconds since the epoch (UTC), so that SQL compares them.
"""

from __future__ import annotations

import sqlite3

from sinks.sqlite.search import SCHEMA as SEARCH
from sinks.sqlite.views import COLUMNS
from transforms.contracts import SchemaTooNew

# Step n brings a file from version n to n + 1. A released step is never edited.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE sources (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE inbox (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, next_due INTEGER NOT NULL, tries INTEGER NOT NULL, outcome TEXT,
        reason TEXT, finished INTEGER, lease_owner TEXT, lease_until INTEGER, fence INTEGER NOT NULL, body TEXT NOT NULL
    );
    CREATE INDEX inbox_due ON inbox (next_due) WHERE outcome IS NULL;
    CREATE INDEX inbox_outcome ON inbox (outcome);

    CREATE TABLE articles (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL);

    CREATE TABLE claims (id TEXT PRIMARY KEY, article TEXT NOT NULL, ordinal INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE INDEX claims_article ON claims (article, ordinal);

    CREATE TABLE events (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, merged INTEGER NOT NULL, unannounced INTEGER NOT NULL,
        body TEXT NOT NULL
    );
    CREATE INDEX events_unannounced ON events (id) WHERE unannounced > 0;

    CREATE TABLE buckets (
        kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;

    CREATE TABLE dead_letters (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE INDEX dead_letters_at ON dead_letters (at, id);

    CREATE TABLE alerts (
        id TEXT PRIMARY KEY, due INTEGER NOT NULL, state TEXT NOT NULL, lease_until INTEGER, fence INTEGER NOT NULL,
        body TEXT NOT NULL
    );
    CREATE INDEX alerts_due ON alerts (due) WHERE state = 'pending';
    """,
    """
    CREATE TABLE notes (
        kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
    """,
    SEARCH,
    # What a source listed last is nine tenths of its state and seldom changes: apart, a poll that brings nothing
    # writes one small row.
    """
    CREATE TABLE listings (id TEXT PRIMARY KEY, memory TEXT NOT NULL, listed TEXT NOT NULL);
    INSERT INTO listings
        SELECT id, coalesce(json_extract(body, '$.memory'), ''), coalesce(json_extract(body, '$.listed'), '[]')
        FROM sources;
    UPDATE sources SET body = json_remove(body, '$.memory', '$.listed');
    """,
    COLUMNS,
)


def version(connection: sqlite3.Connection) -> int:
    """The schema version of a file; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring a file to this version, each step whole or not at all, safe against processes that do the same.

    Raises SchemaTooNew for a file that a newer Tocsin wrote.
    """
    newest = len(MIGRATIONS)
    if version(connection) > newest:
        raise SchemaTooNew(
            f"{path}: schema version {version(connection)} is newer than this Tocsin's {newest}; upgrade Tocsin, "
            "or give another --store"
        )
    for step in range(version(connection), newest):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version(connection) == step:
                for statement in MIGRATIONS[step].split(";"):
                    if statement.strip():
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {step + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a commit that the disk had no room for has ended it already
                connection.execute("ROLLBACK")
            raise
