"""Sources and the inbox of entries, with their leases."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sinks.sqlite.base import Base, integer, micros, moment, put_versioned
from transforms import inbox
from transforms.codec import decode, encode
from transforms.contracts import Ending, InboxRow, Lease, PollSaved, PollToSave, Versioned
from transforms.records import FeedEntry, Outcome, SourceState

_COLUMNS = "next_due, tries, outcome, reason, finished, lease_owner, lease_until, fence, body"


class Inbox(Base):
    """The part of the contract under "sources and inbox"."""

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
                if not put_versioned(connection, "sources", {"id": id}, {"body": body}, poll.version):
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
                f"SELECT {_COLUMNS} FROM inbox WHERE outcome IS NULL AND next_due <= ?"
                f" AND (lease_until IS NULL OR lease_until <= ?) {mine} ORDER BY next_due, id LIMIT ?",
                (micros(now), micros(now), *values, limit),
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
        return {row[0]: _row(row[1:]) for row in self._by_id("inbox", _COLUMNS, ids)}

    def iter_inbox(self, *, pending: bool | None = None) -> Iterator[InboxRow]:
        """See :meth:`Store.iter_inbox`."""
        where = {None: "1", True: "outcome IS NULL", False: "outcome IS NOT NULL"}[pending]
        return (_row(row[1:]) for row in self._pages("inbox", _COLUMNS, where))

    def next_entry_due(self, sources: Collection[str] | None = None) -> datetime | None:
        """See :meth:`Store.next_entry_due`."""
        mine, values = _among("source", sources)
        query = f"SELECT min(max(next_due, coalesce(lease_until, 0))) FROM inbox WHERE outcome IS NULL {mine}"
        return moment(self._connections.get().execute(query, values).fetchone()[0])

    def outcomes(self) -> Mapping[str, int]:
        """See :meth:`Store.outcomes`."""
        query = "SELECT coalesce(outcome, 'pending'), count(*) FROM inbox GROUP BY 1"
        return {str(name): int(count) for name, count in self._connections.get().execute(query)}


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
    found = connection.execute(f"SELECT {_COLUMNS} FROM inbox WHERE id = ?", (entry,)).fetchone()
    return _row(found) if found else None


def _put_row(connection: sqlite3.Connection, row: InboxRow) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO inbox (id, source, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.entry.id,
            row.entry.source,
            micros(row.next_due),
            row.tries,
            row.outcome,
            row.reason,
            micros(row.finished) if row.finished else None,
            row.lease_owner,
            micros(row.lease_until) if row.lease_until else None,
            row.fence,
            encode(row.entry),
        ),
    )


def _row(columns: Sequence[object]) -> InboxRow:
    next_due, tries, outcome, reason, finished, owner, until, fence, body = columns
    return InboxRow(
        entry=decode(FeedEntry, str(body)),
        next_due=moment(next_due) or datetime.fromtimestamp(0, UTC),
        tries=integer(tries),
        outcome=outcome,  # type: ignore[arg-type]
        reason=None if reason is None else str(reason),
        finished=moment(finished),
        lease_owner=None if owner is None else str(owner),
        lease_until=moment(until),
        fence=integer(fence),
    )


def _among(column: str, values: Collection[str] | None) -> tuple[str, tuple[str, ...]]:
    """An SQL condition for membership; as one JSON parameter, so that ten thousand values are no limit."""
    if values is None:
        return "", ()
    return f"AND {column} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),)
