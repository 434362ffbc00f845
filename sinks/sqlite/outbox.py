"""Dead letters, and alerts with their leases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sinks.sqlite.base import PAGE, Base, micros
from transforms.codec import decode, digest, encode
from transforms.contracts import AlertLease
from transforms.records import Alert, DeadLetter


class Outbox(Base):
    """The part of the contract under "failures and alerts"."""

    def put_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """See :meth:`Store.put_dead_letters`."""
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO dead_letters (id, at, body) VALUES (?, ?, ?)",
                [(digest([x.stage, x.subject, x.reason]), micros(x.at), encode(x)) for x in letters],
            )

    def iter_dead_letters(self) -> Iterator[DeadLetter]:
        """See :meth:`Store.iter_dead_letters`."""
        at, last = -1, ""
        while (
            rows := self._connections.get()
            .execute(
                "SELECT at, id, body FROM dead_letters WHERE (at, id) > (?, ?) ORDER BY at, id LIMIT ?",
                (at, last, PAGE),
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
                    (alert.id, micros(alert.due), alert.state, encode(alert)),
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
                (micros(now), micros(now), limit),
            ).fetchall()
            for fence, body in found:
                alert = decode(Alert, body)
                connection.execute(
                    "UPDATE alerts SET fence = ?, lease_until = ? WHERE id = ?",
                    (fence + 1, micros(now + duration), alert.id),
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
                values = (micros(alert.due), alert.state, encode(alert), alert.id, lease.fence)
                if connection.execute(query, values).rowcount:
                    written.append(alert.id)
        return written

    def alerts(self, ids: Collection[str]) -> Mapping[str, Alert]:
        """See :meth:`Store.alerts`."""
        return {row[0]: decode(Alert, row[1]) for row in self._by_id("alerts", "body", ids)}

    def iter_alerts(self) -> Iterator[Alert]:
        """See :meth:`Store.iter_alerts`."""
        return (decode(Alert, row[1]) for row in self._pages("alerts", "body"))
