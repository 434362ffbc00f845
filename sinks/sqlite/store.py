"""The store contract on SQLite (:class:`transforms.contracts.Store`)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sinks.sqlite.connection import Connections
from sinks.sqlite.purge import purge
from sinks.sqlite.schema import migrate
from sinks.sqlite.search import MANY, Searching, put_cards, refill, tidy
from transforms import inbox
from transforms.codec import decode, digest, encode
from transforms.contracts import (
    AlertLease,
    BucketItem,
    BucketKind,
    Ending,
    InboxRow,
    Lease,
    NoteKind,
    PollSaved,
    PollToSave,
    PurgeKind,
    StoreUnavailable,
    Versioned,
)
from transforms.records import Alert, Article, Claim, DeadLetter, Event, FeedEntry, Outcome, SourceState
from transforms.search.card import card

T = TypeVar("T")
_PAGE = 500
"""Rows a page when iterating: pages keep a long export from pinning the write-ahead log."""
_INBOX = "next_due, tries, outcome, reason, finished, lease_owner, lease_until, fence, body"


class SqliteStore(Searching):
    """A store in one SQLite file on a local disk."""

    def __init__(self, path: str) -> None:
        self._connections = Connections(path)

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

    # sources and inbox

    def source_states(self, ids: Collection[str] | None = None) -> Mapping[str, Versioned[SourceState]]:
        """See :meth:`Store.source_states`."""
        read = "version, body, (SELECT memory FROM listings WHERE id = sources.id),"
        read += " (SELECT listed FROM listings WHERE id = sources.id)"
        rows = self._by_id("sources", read, ids)
        return {row[0]: Versioned(_state(*row[2:]), str(row[1])) for row in rows}

    def save_poll(
        self, state: SourceState, version: str, entries: Sequence[FeedEntry], *, now: datetime
    ) -> PollSaved | None:
        """See :meth:`Store.save_poll`; here one transaction."""
        return self.save_polls([PollToSave(state=state, version=version, entries=entries)], now=now)[0]

    def save_polls(self, polls: Sequence[PollToSave], *, now: datetime) -> Sequence[PollSaved | None]:
        """See :meth:`Store.save_polls`; here one transaction."""
        bodies = [encode(replace(poll.state, memory="", listed=())) for poll in polls]
        answers: list[PollSaved | None] = []
        with self._connections.write() as connection:
            for poll, body in zip(polls, bodies, strict=True):
                saved = _admit(connection, poll.entries, now)
                id = poll.state.id
                if not _put_versioned(connection, "sources", {"id": id}, {"body": body}, poll.version):
                    answers.append(None)
                    continue
                answers.append(saved)
                if not poll.quiet:
                    connection.execute(
                        "INSERT OR REPLACE INTO listings (id, memory, listed) VALUES (?, ?, ?)",
                        (id, poll.state.memory, json.dumps(poll.state.listed)),
                    )
        return answers

    def lease_entries(
        self, *, owner: str, now: datetime, limit: int, duration: timedelta, sources: Collection[str] | None = None
    ) -> Sequence[Lease]:
        """See :meth:`Store.lease_entries`."""
        mine, values = _among("source", sources)
        leases = []
        with self._connections.write() as connection:
            found = connection.execute(
                f"SELECT {_INBOX} FROM inbox WHERE outcome IS NULL AND next_due <= ?"
                f" AND (lease_until IS NULL OR lease_until <= ?) {mine} ORDER BY next_due, id LIMIT ?",
                (_micros(now), _micros(now), *values, limit),
            ).fetchall()
            for record in found:
                row = inbox.lease(_row(record), owner=owner, now=now, duration=duration)
                _put_row(connection, row)
                leases.append(Lease(entry=row.entry, fence=row.fence, tries=row.tries, until=now + duration))
        return leases

    def finish_entry(self, entry: str, *, fence: int, outcome: Outcome, reason: str | None, now: datetime) -> bool:
        """See :meth:`Store.finish_entry`."""
        return not self.end_leases([Ending(entry=entry, fence=fence, outcome=outcome, reason=reason)], now=now)

    def retry_entry(self, entry: str, *, fence: int, next_due: datetime, reason: str) -> bool:
        """See :meth:`Store.retry_entry`."""
        return not self.end_leases([Ending(entry=entry, fence=fence, next_due=next_due, reason=reason)], now=next_due)

    def end_leases(self, endings: Sequence[Ending], *, now: datetime) -> Collection[str]:
        """See :meth:`Store.end_leases`; here one transaction."""
        refused = []
        with self._connections.write() as connection:
            for ending in endings:
                row = _get_row(connection, ending.entry)
                ended = row and inbox.end(row, ending, now)
                if ended is None:
                    refused.append(ending.entry)
                elif ended != row:
                    _put_row(connection, ended)
        return refused

    def lease_owners(self) -> Collection[str]:
        """See :meth:`Store.lease_owners`."""
        query = "SELECT DISTINCT lease_owner FROM inbox WHERE outcome IS NULL AND lease_owner IS NOT NULL"
        return {str(row[0]) for row in self._connections.get().execute(query)}

    def release_leases(self, owner: str) -> int:
        """See :meth:`Store.release_leases`."""
        with self._connections.write() as connection:
            return connection.execute(
                "UPDATE inbox SET lease_owner = NULL, lease_until = NULL, fence = fence + 1"
                " WHERE outcome IS NULL AND lease_owner = ?",
                (owner,),
            ).rowcount

    def inbox(self, ids: Collection[str]) -> Mapping[str, InboxRow]:
        """See :meth:`Store.inbox`."""
        return {row[0]: _row(row[1:]) for row in self._by_id("inbox", _INBOX, ids)}

    def iter_inbox(self, *, pending: bool | None = None) -> Iterator[InboxRow]:
        """See :meth:`Store.iter_inbox`."""
        where = {None: "1", True: "outcome IS NULL", False: "outcome IS NOT NULL"}[pending]
        return (_row(row[1:]) for row in self._pages("inbox", _INBOX, where))

    def next_entry_due(self, sources: Collection[str] | None = None) -> datetime | None:
        """See :meth:`Store.next_entry_due`."""
        mine, values = _among("source", sources)
        query = f"SELECT min(max(next_due, coalesce(lease_until, 0))) FROM inbox WHERE outcome IS NULL {mine}"
        return _moment(self._connections.get().execute(query, values).fetchone()[0])

    def outcomes(self) -> Mapping[str, int]:
        """See :meth:`Store.outcomes`."""
        query = "SELECT coalesce(outcome, 'pending'), count(*) FROM inbox GROUP BY 1"
        return {str(name): int(count) for name, count in self._connections.get().execute(query)}

    # articles and claims

    def put_articles(self, articles: Sequence[Article]) -> None:
        """See :meth:`Store.put_articles`."""
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO articles (id, revision, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET revision = excluded.revision, body = excluded.body WHERE excluded.revision >= articles.revision",
                [(article.id, article.revision, encode(article)) for article in articles],
            )

    def articles(self, ids: Collection[str]) -> Mapping[str, Article]:
        """See :meth:`Store.articles`."""
        return {row[0]: decode(Article, row[1]) for row in self._by_id("articles", "body", ids)}

    def iter_articles(self) -> Iterator[Article]:
        """See :meth:`Store.iter_articles`."""
        return (decode(Article, row[1]) for row in self._pages("articles", "body"))

    def put_claims(self, article: str, claims: Sequence[Claim]) -> None:
        """See :meth:`Store.put_claims`."""
        self.put_claims_of({article: claims})

    def put_claims_of(self, claims: Mapping[str, Sequence[Claim]]) -> None:
        """See :meth:`Store.put_claims_of`; here one transaction."""
        rows = [
            (claim.id, article, ordinal, encode(claim))
            for article, own in claims.items()
            for ordinal, claim in enumerate(own)
        ]
        with self._connections.write() as connection:
            connection.executemany("DELETE FROM claims WHERE article = ?", [(article,) for article in claims])
            connection.executemany(
                "INSERT OR REPLACE INTO claims (id, article, ordinal, body) VALUES (?, ?, ?, ?)", rows
            )

    def claims(self, articles: Collection[str]) -> Mapping[str, Sequence[Claim]]:
        """See :meth:`Store.claims`."""
        found: dict[str, list[Claim]] = {article: [] for article in articles}
        for chunk in _chunks(articles):
            query = f"SELECT article, body FROM claims WHERE article IN ({_marks(chunk)}) ORDER BY article, ordinal"
            for article, body in self._connections.get().execute(query, chunk):
                found[article].append(decode(Claim, body))
        return found

    def iter_claims(self) -> Iterator[Claim]:
        """See :meth:`Store.iter_claims`."""
        return (decode(Claim, row[1]) for row in self._pages("claims", "body"))

    # events

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
                if _put_versioned(connection, "events", {"id": found_by.id}, columns, version):
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
        for chunk in _chunks(keys):
            query = f"SELECT key, version, body FROM buckets WHERE kind = ? AND key IN ({_marks(chunk)})"
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
                if not _put_versioned(connection, "buckets", where, columns, version)
            ]

    # failures and alerts

    def put_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """See :meth:`Store.put_dead_letters`."""
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO dead_letters (id, at, body) VALUES (?, ?, ?)",
                [(digest([x.stage, x.subject, x.reason]), _micros(x.at), encode(x)) for x in letters],
            )

    def iter_dead_letters(self) -> Iterator[DeadLetter]:
        """See :meth:`Store.iter_dead_letters`."""
        at, last = -1, ""
        while (
            rows := self._connections.get()
            .execute(
                "SELECT at, id, body FROM dead_letters WHERE (at, id) > (?, ?) ORDER BY at, id LIMIT ?",
                (at, last, _PAGE),
            )
            .fetchall()
        ):
            for at, last, body in rows:  # noqa: B007 (the last row's are the next page's start)
                yield decode(DeadLetter, body)

    def create_alerts(self, alerts: Sequence[Alert]) -> Sequence[str]:
        """See :meth:`Store.create_alerts`."""
        created = []
        with self._connections.write() as connection:
            for alert in alerts:
                cursor = connection.execute(
                    "INSERT OR IGNORE INTO alerts (id, due, state, fence, body) VALUES (?, ?, ?, 0, ?)",
                    (alert.id, _micros(alert.due), alert.state, encode(alert)),
                )
                if cursor.rowcount:
                    created.append(alert.id)
        return created

    def lease_alerts(self, *, owner: str, now: datetime, limit: int, duration: timedelta) -> Sequence[AlertLease]:
        """See :meth:`Store.lease_alerts`; the owner is not kept, the fence alone decides."""
        leases = []
        with self._connections.write() as connection:
            found = connection.execute(
                "SELECT fence, body FROM alerts WHERE state = 'pending' AND due <= ?"
                " AND (lease_until IS NULL OR lease_until <= ?) ORDER BY due, id LIMIT ?",
                (_micros(now), _micros(now), limit),
            ).fetchall()
            for fence, body in found:
                alert = decode(Alert, body)
                connection.execute(
                    "UPDATE alerts SET fence = ?, lease_until = ? WHERE id = ?",
                    (fence + 1, _micros(now + duration), alert.id),
                )
                leases.append(AlertLease(alert=alert, fence=fence + 1))
        return leases

    def put_alert(self, alert: Alert, *, fence: int) -> bool:
        """See :meth:`Store.put_alert`."""
        return len(self.put_alerts([AlertLease(alert=alert, fence=fence)])) == 1

    def put_alerts(self, leases: Sequence[AlertLease], *, keep: bool = False) -> Sequence[str]:
        """See :meth:`Store.put_alerts`; here one transaction."""
        until = "lease_until" if keep else "NULL"
        query = f"UPDATE alerts SET due = ?, state = ?, lease_until = {until}, body = ? WHERE id = ? AND fence = ?"
        written = []
        with self._connections.write() as connection:
            for lease in leases:
                alert = lease.alert
                values = (_micros(alert.due), alert.state, encode(alert), alert.id, lease.fence)
                if connection.execute(query, values).rowcount:
                    written.append(alert.id)
        return written

    def alerts(self, ids: Collection[str]) -> Mapping[str, Alert]:
        """See :meth:`Store.alerts`."""
        return {row[0]: decode(Alert, row[1]) for row in self._by_id("alerts", "body", ids)}

    def iter_alerts(self) -> Iterator[Alert]:
        """See :meth:`Store.iter_alerts`."""
        return (decode(Alert, row[1]) for row in self._pages("alerts", "body"))

    # notes

    def notes(self, kind: NoteKind, keys: Collection[str]) -> Mapping[str, Versioned[str]]:
        """See :meth:`Store.notes`."""
        found = dict.fromkeys(keys, Versioned("", ""))
        for chunk in _chunks(keys):
            query = f"SELECT key, version, body FROM notes WHERE kind = ? AND key IN ({_marks(chunk)})"
            for key, version, body in self._connections.get().execute(query, (kind, *chunk)):
                found[key] = Versioned(body, str(version))
        return found

    def put_note(self, kind: NoteKind, key: str, text: str, version: str) -> bool:
        """See :meth:`Store.put_note`."""
        with self._connections.write() as connection:
            return _put_versioned(connection, "notes", {"kind": kind, "key": key}, {"body": text}, version)

    # retention

    def purge(self, kind: PurgeKind, *, before: datetime, keep: Collection[str] = ()) -> int:
        """See :meth:`Store.purge`."""
        return purge(self._connections, kind, before, keep)

    # reading

    def _by_id(self, table: str, columns: str, ids: Collection[str] | None) -> Iterator[tuple[str, ...]]:
        connection = self._connections.get()
        if ids is None:
            yield from connection.execute(f"SELECT id, {columns} FROM {table}")
            return
        for chunk in _chunks(ids):
            yield from connection.execute(f"SELECT id, {columns} FROM {table} WHERE id IN ({_marks(chunk)})", chunk)

    def _pages(self, table: str, columns: str, where: str = "1") -> Iterator[tuple[str, ...]]:
        last = ""
        query = f"SELECT id, {columns} FROM {table} WHERE id > ? AND {where} ORDER BY id LIMIT {_PAGE}"
        while rows := self._connections.get().execute(query, (last,)).fetchall():
            yield from rows
            last = rows[-1][0]


def _put_versioned(
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


def _event_columns(event: Event) -> dict[str, object]:
    return {
        "merged": int(event.merged_into is not None),
        "unannounced": len(event.unannounced),
        "body": encode(event),
    }


def _state(body: str, memory: str | None, listed: str | None) -> SourceState:
    state = decode(SourceState, body)
    return state if memory is None else replace(state, memory=memory, listed=tuple(json.loads(listed or "[]")))


def _admit(connection: sqlite3.Connection, entries: Sequence[FeedEntry], now: datetime) -> PollSaved:
    verdicts: dict[inbox.Verdict, list[str]] = {"new": [], "revised": [], "known": []}
    for entry in entries:
        row, verdict = inbox.admit(_get_row(connection, entry.id), entry, now)
        verdicts[verdict].append(entry.id)
        if verdict != "known":
            _put_row(connection, row)
    return PollSaved(new=tuple(verdicts["new"]), revised=tuple(verdicts["revised"]), known=tuple(verdicts["known"]))


def _get_row(connection: sqlite3.Connection, entry: str) -> InboxRow | None:
    found = connection.execute(f"SELECT {_INBOX} FROM inbox WHERE id = ?", (entry,)).fetchone()
    return _row(found) if found else None


def _put_row(connection: sqlite3.Connection, row: InboxRow) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO inbox (id, source, {_INBOX}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.entry.id,
            row.entry.source,
            _micros(row.next_due),
            row.tries,
            row.outcome,
            row.reason,
            _micros(row.finished) if row.finished else None,
            row.lease_owner,
            _micros(row.lease_until) if row.lease_until else None,
            row.fence,
            encode(row.entry),
        ),
    )


def _row(columns: Sequence[object]) -> InboxRow:
    next_due, tries, outcome, reason, finished, owner, until, fence, body = columns
    return InboxRow(
        entry=decode(FeedEntry, str(body)),
        next_due=_moment(next_due) or datetime.fromtimestamp(0, UTC),
        tries=_integer(tries),
        outcome=outcome,  # type: ignore[arg-type]
        reason=None if reason is None else str(reason),
        finished=_moment(finished),
        lease_owner=None if owner is None else str(owner),
        lease_until=_moment(until),
        fence=_integer(fence),
    )


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"an integer column holds {value!r}")
    return value


def _micros(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def _moment(micros: object) -> datetime | None:
    if micros is None:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=_integer(micros))


def _among(column: str, values: Collection[str] | None) -> tuple[str, tuple[str, ...]]:
    """An SQL condition for membership; as one JSON parameter, so that ten thousand values are no limit."""
    if values is None:
        return "", ()
    return f"AND {column} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), _PAGE):
        yield unique[start : start + _PAGE]
