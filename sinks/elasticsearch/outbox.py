"""Dead letters and the outbox of alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sinks.elasticsearch.base import Base
from sinks.elasticsearch.bulk import Action, as_json
from sinks.elasticsearch.documents import alert_document, letter_document, record
from sinks.elasticsearch.fields import micros
from sinks.elasticsearch.reading import Found, pages
from sinks.elasticsearch.versions import Token, document_id
from transforms.codec import digest, encode_plain
from transforms.contracts import AlertLease
from transforms.records import Alert, DeadLetter, Moment

_LETTERS, _ALERTS = "dead-letters", "alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """An alert with its lease, as stored."""

    alert: Alert
    fence: int = 0
    lease_until: Moment | None = None

    @property
    def due(self) -> datetime:
        return max(self.alert.due, self.lease_until) if self.lease_until else self.alert.due

    def leasable(self, now: datetime) -> bool:
        return self.alert.state == "pending" and self.due <= now


class Outbox(Base):
    """The part of the contract under "failures and alerts"."""

    def put_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """See :meth:`Store.put_dead_letters`; the first of its kind stays."""
        alias, now = self.reader.alias(_LETTERS), self.clock()
        first: dict[str, DeadLetter] = {}
        for letter in letters:
            first.setdefault(digest([letter.stage, letter.subject, letter.reason]), letter)
        actions = (
            Action(index=alias, id=id, document=as_json(letter_document(id, letter, now)), op="create")
            for id, letter in first.items()
        )
        self._landed(self.bulk.write(actions, doing="write dead letters"), "dead letters")

    def iter_dead_letters(self) -> Iterator[DeadLetter]:
        """See :meth:`Store.iter_dead_letters`."""
        order = ("tocsin.at", "tocsin.id")
        return self._all(_LETTERS, {"match_all": {}}, lambda source: record(DeadLetter, source), sort=order)

    def create_alerts(self, alerts: Sequence[Alert]) -> Sequence[str]:
        """See :meth:`Store.create_alerts`."""
        first: dict[str, Alert] = {}
        for alert in alerts:
            first.setdefault(alert.id, alert)
        outcomes = self.bulk.write(
            (self._alert_action(_Row(alert=alert)) for alert in first.values()), doing="create alerts"
        )
        self._landed(outcomes, "alerts")
        return [id for id, written in zip(first, outcomes, strict=True) if written.result == "written"]

    def lease_alerts(self, *, owner: str, now: datetime, limit: int, duration: timedelta) -> Sequence[AlertLease]:
        """See :meth:`Store.lease_alerts`; the owner is not kept, the fence alone decides."""
        leases: list[AlertLease] = []
        for attempt in range(2):  # as with entries: the search may lag behind
            if attempt:
                self.reader.refresh(_ALERTS)
            for ids in pages(self._alerts_due(now, limit), max(limit, 20)):
                leases += self._lease_alerts(ids, limit - len(leases), now=now, duration=duration)
                if len(leases) >= limit:
                    return leases
        return leases

    def _alerts_due(self, now: datetime, limit: int) -> Iterator[str]:
        pending: dict[str, Any] = {"term": {"tocsin.pending": True}}
        query = {"bool": {"filter": [pending, {"range": {"tocsin.due": {"lte": micros(now)}}}]}}
        page = min(max(limit, 20), 500)
        for hit in self.reader.search(_ALERTS, query, ["tocsin.due", "tocsin.id"], page=page, source=["tocsin.id"]):
            yield str(hit["_source"]["tocsin"]["id"])

    def _lease_alerts(self, ids: Sequence[str], limit: int, *, now: datetime, duration: timedelta) -> list[AlertLease]:
        rows = self._alert_rows(ids)
        due = [id for id in ids if id in rows and rows[id][0].leasable(now)][: max(limit, 0)]
        leased = {id: replace(rows[id][0], fence=rows[id][0].fence + 1, lease_until=now + duration) for id in due}
        actions = (self._alert_action(row, rows[id][1]) for id, row in leased.items())
        outcomes = self.bulk.write(actions, doing="lease alerts")
        return [
            AlertLease(alert=row.alert, fence=row.fence)
            for written, row in zip(outcomes, leased.values(), strict=True)
            if written.result == "written"
        ]

    def put_alert(self, alert: Alert, *, fence: int) -> bool:
        """See :meth:`Store.put_alert`."""
        return len(self.put_alerts([AlertLease(alert=alert, fence=fence)])) == 1

    def put_alerts(self, leases: Sequence[AlertLease], *, keep: bool = False) -> Sequence[str]:
        """See :meth:`Store.put_alerts`."""
        last = {lease.alert.id: lease for lease in leases}
        rows = self._alert_rows(last)
        changed = {
            id: replace(rows[id][0], alert=lease.alert, lease_until=rows[id][0].lease_until if keep else None)
            for id, lease in last.items()
            if id in rows and rows[id][0].fence == lease.fence
        }
        # A conflict can only be a newer lease, with a newer fence: the answer is the same without reading again.
        actions = (self._alert_action(row, rows[id][1]) for id, row in changed.items())
        outcomes = self.bulk.write(actions, doing="write alerts")
        self._landed(outcomes, "alerts")
        return [id for id, written in zip(changed, outcomes, strict=True) if written.result == "written"]

    def alerts(self, ids: Collection[str]) -> Mapping[str, Alert]:
        """See :meth:`Store.alerts`."""
        return {id: row.alert for id, (row, _) in self._alert_rows(ids).items()}

    def iter_alerts(self) -> Iterator[Alert]:
        """See :meth:`Store.iter_alerts`."""
        return self._all(_ALERTS, {"match_all": {}}, lambda source: record(_Row, source).alert)

    def _alert_rows(self, ids: Collection[str]) -> dict[str, tuple[_Row, Found]]:
        found = self.reader.many(_ALERTS, ids, "tocsin")
        return {id: (record(_Row, hit["_source"]), hit) for id, hit in found.items()}

    def _alert_action(self, row: _Row, before: Found | None = None) -> Action:
        token = Token.of(before) if before else None
        document = alert_document(row.alert, encode_plain(row), row.due, self.clock())
        return Action(
            index=self.reader.alias(_ALERTS),
            id=document_id(row.alert.id),
            document=as_json(document),
            op="index" if token else "create",
            token=token,
        )
