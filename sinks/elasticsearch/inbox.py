"""Sources and the inbox: polls saved whole, leases, outcomes (the transitions are :mod:`transforms.inbox`'s)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sinks.elasticsearch.base import Base
from sinks.elasticsearch.bulk import Action, as_json
from sinks.elasticsearch.documents import entry_document, record, source_document
from sinks.elasticsearch.fields import micros
from sinks.elasticsearch.reading import PAGE, Found, pages
from sinks.elasticsearch.versions import Token, document_id
from transforms import inbox
from transforms.codec import encode
from transforms.contracts import Ending, InboxRow, Lease, PollSaved, PollToSave, StoreError, Versioned
from transforms.records import DeadLetter, FeedEntry, Outcome, SourceState

_log = logging.getLogger("tocsin.elasticsearch")
_ENTRIES, _FEEDS = "entries", "feeds"
_PENDING: dict[str, Any] = {"term": {"tocsin.pending": True}}
_PAYLOAD = 65536


class Inbox(Base):
    """The part of the contract under "sources and inbox"."""

    def source_states(self, ids: Collection[str] | None = None) -> Mapping[str, Versioned[SourceState]]:
        """See :meth:`Store.source_states`."""
        if ids is None:
            self.reader.refresh(_FEEDS)
            hits = self.reader.search(_FEEDS, {"match_all": {}}, ["tocsin.id"], source=["tocsin.id"])
            ids = [str(hit["_source"]["tocsin"]["id"]) for hit in hits]
        found = self.reader.many(_FEEDS, ids, "tocsin")
        return {id: Versioned(record(SourceState, hit["_source"]), str(Token.of(hit))) for id, hit in found.items()}

    def save_poll(
        self, state: SourceState, version: str, entries: Sequence[FeedEntry], *, now: datetime
    ) -> PollSaved | None:
        """See :meth:`Store.save_poll`."""
        return self.save_polls([PollToSave(state=state, version=version, entries=entries)], now=now)[0]

    def save_polls(self, polls: Sequence[PollToSave], *, now: datetime) -> Sequence[PollSaved | None]:
        """See :meth:`Store.save_polls`; the entries first, by compare-and-set each, then all states in one bulk."""
        saved: list[PollSaved] = []
        for poll in polls:
            verdicts: dict[inbox.Verdict, list[str]] = {"new": [], "revised": [], "known": []}
            for chunk in _chunks(poll.entries):
                self._admit(chunk, now, verdicts)
            new, revised, known = tuple(verdicts["new"]), tuple(verdicts["revised"]), tuple(verdicts["known"])
            saved.append(PollSaved(new=new, revised=revised, known=known))
        written = self.bulk.write((self._state_action(poll) for poll in polls), doing="write feeds")
        for outcome in written:
            if outcome.result == "rejected":
                raise StoreError(f"cannot write the state of source {outcome.action.id}: {outcome.reason}")
        return [done if to.result == "written" else None for done, to in zip(saved, written, strict=True)]

    def _state_action(self, poll: PollToSave) -> Action:
        token = Token.parse(poll.version)
        return Action(
            index=self.reader.alias(_FEEDS),
            id=document_id(poll.state.id),
            document=as_json(source_document(poll.state, self.clock())),
            op="index" if token else "create",
            token=token,
        )

    def _admit(self, entries: Sequence[FeedEntry], now: datetime, verdicts: dict[inbox.Verdict, list[str]]) -> None:
        """Bring entries into the inbox; those that somebody else changed meanwhile are decided on again."""
        left = list(entries)
        while left:
            found = self.reader.many(_ENTRIES, [entry.id for entry in left], "tocsin")
            rows = {id: record(InboxRow, hit["_source"]) for id, hit in found.items()}
            decided: dict[str, list[inbox.Verdict]] = {}
            changed: set[str] = set()
            for entry in left:  # one poll may bring an id twice: the second is decided on top of the first
                rows[entry.id], verdict = inbox.admit(rows.get(entry.id), entry, now)
                decided.setdefault(entry.id, []).append(verdict)
                if verdict != "known":
                    changed.add(entry.id)
            conflicts = self._put_rows({id: (rows[id], found.get(id)) for id in rows if id in changed}, now)
            for id, made in decided.items():
                if id not in conflicts:
                    for verdict in made:
                        verdicts[verdict].append(id)
            left = [entry for entry in left if entry.id in conflicts]

    def _put_rows(self, rows: Mapping[str, tuple[InboxRow, Found | None]], now: datetime) -> set[str]:
        """Write rows over what they were decided on; returns the ids in conflict. A row that the index rejects (its
        mapping was changed under us) becomes a dead letter with the entry in it: the poll goes on without it."""
        conflicts: set[str] = set()
        letters = []
        for written, id in zip(
            self.bulk.write((self._row_action(row, before) for row, before in rows.values()), doing="write entries"),
            rows,
            strict=True,
        ):
            if written.result == "conflict":
                conflicts.add(id)
            elif written.result == "rejected":
                _log.error("the index refused entry %s: %s", id, written.reason)
                payload = encode(rows[id][0].entry)[:_PAYLOAD]
                letters.append(
                    DeadLetter(stage="PollFeeds", subject=id, reason=written.reason, at=now, payload=payload)
                )
        if letters:
            self.put_dead_letters(letters)
        return conflicts

    def _row_action(self, row: InboxRow, before: Found | None) -> Action:
        token = Token.of(before) if before else None
        return Action(
            index=self.reader.alias(_ENTRIES),
            id=document_id(row.entry.id),
            document=as_json(entry_document(row, self.clock())),
            op="index" if token else "create",
            token=token,
        )

    def lease_entries(
        self, *, owner: str, now: datetime, limit: int, duration: timedelta, sources: Collection[str] | None = None
    ) -> Sequence[Lease]:
        """See :meth:`Store.lease_entries`. The search only finds candidates; each is read by key and decided on."""
        if sources is not None and not sources:
            return []
        leases: list[Lease] = []
        for attempt in range(2):  # where too few are found, the search may lag behind: once more when it has caught up
            if attempt:
                self.reader.refresh(_ENTRIES)
            for candidates in pages(self._due(now, sources, limit - len(leases)), max(limit - len(leases), 20)):
                leases += self._lease(candidates, limit - len(leases), owner=owner, now=now, duration=duration)
                if len(leases) >= limit:
                    return leases
        return leases

    def _due(self, now: datetime, sources: Collection[str] | None, limit: int) -> Iterator[str]:
        due = {"range": {"tocsin.due": {"lte": micros(now)}}}
        query = {"bool": {"filter": [_PENDING, due, *_among(sources)]}}
        page = min(max(limit, 20), PAGE)
        for hit in self.reader.search(_ENTRIES, query, ["tocsin.due", "tocsin.id"], page=page, source=["tocsin.id"]):
            yield str(hit["_source"]["tocsin"]["id"])

    def _lease(self, ids: Sequence[str], limit: int, *, owner: str, now: datetime, duration: timedelta) -> list[Lease]:
        found = self.reader.many(_ENTRIES, ids, "tocsin")
        leased: dict[str, tuple[InboxRow, Found]] = {}
        for id in ids:
            row = record(InboxRow, found[id]["_source"]) if id in found else None
            if row and inbox.leasable(row, now) and len(leased) < limit:
                leased[id] = (inbox.lease(row, owner=owner, now=now, duration=duration), found[id])
        actions = (self._row_action(row, before) for row, before in leased.values())
        outcomes = self.bulk.write(actions, doing="lease entries")
        for written in outcomes:
            if written.result == "rejected":  # its mapping was changed under us; the entry stays pending
                _log.error("the index refused the lease of entry %s: %s", written.action.id, written.reason)
        return [
            Lease(entry=row.entry, fence=row.fence, tries=row.tries, until=now + duration)
            for written, (row, _) in zip(outcomes, leased.values(), strict=True)
            if written.result == "written"
        ]

    def finish_entry(self, entry: str, *, fence: int, outcome: Outcome, reason: str | None, now: datetime) -> bool:
        """See :meth:`Store.finish_entry`."""
        return not self.end_leases([Ending(entry=entry, fence=fence, outcome=outcome, reason=reason)], now=now)

    def retry_entry(self, entry: str, *, fence: int, next_due: datetime, reason: str) -> bool:
        """See :meth:`Store.retry_entry`."""
        return not self.end_leases([Ending(entry=entry, fence=fence, next_due=next_due, reason=reason)], now=next_due)

    def end_leases(self, endings: Sequence[Ending], *, now: datetime) -> Collection[str]:
        """See :meth:`Store.end_leases`; decided and written until nobody was faster."""
        refused = []
        left: Sequence[Ending] = endings
        while left:
            found = self.reader.many(_ENTRIES, [ending.entry for ending in left], "tocsin")
            rows = {id: record(InboxRow, hit["_source"]) for id, hit in found.items()}
            changed: dict[str, tuple[Ending, Action]] = {}
            again = []
            for ending in left:
                row = rows.get(ending.entry)
                ended = inbox.end(row, ending, now) if row else None
                if ended is None:
                    refused.append(ending.entry)
                elif ending.entry in changed:  # an entry twice: the second is decided on top of the first
                    again.append(ending)
                elif ended != row:
                    changed[ending.entry] = (ending, self._row_action(ended, found[ending.entry]))
            outcomes = self.bulk.write([action for _, action in changed.values()], doing="write entries")
            self._landed(outcomes, "entries")
            for (ending, _), written in zip(changed.values(), outcomes, strict=True):
                if written.result == "conflict":
                    again.append(ending)
            left = again
        return refused

    def lease_owners(self) -> Collection[str]:
        """See :meth:`Store.lease_owners`."""
        self.reader.refresh(_ENTRIES)
        owners = {"owners": {"terms": {"field": "tocsin.owner", "size": 10_000}}}
        found = self.reader.aggregate(_ENTRIES, {"bool": {"filter": [_PENDING]}}, owners)
        return {str(bucket["key"]) for bucket in found["owners"]["buckets"]}

    def release_leases(self, owner: str) -> int:
        """See :meth:`Store.release_leases`."""
        self.reader.refresh(_ENTRIES)
        query = {"bool": {"filter": [_PENDING, {"term": {"tocsin.owner": owner}}]}}
        hits = self.reader.search(_ENTRIES, query, ["tocsin.id"], source=["tocsin.id"])
        return sum(self._release(ids, owner) for ids in pages(str(hit["_source"]["tocsin"]["id"]) for hit in hits))

    def _release(self, ids: Sequence[str], owner: str) -> int:
        found = self.reader.many(_ENTRIES, ids, "tocsin")
        rows = ((record(InboxRow, hit["_source"]), hit) for hit in found.values())
        freed = [
            self._row_action(replace(row, lease_owner=None, lease_until=None, fence=row.fence + 1), hit)
            for row, hit in rows
            if row.outcome is None and row.lease_owner == owner
        ]
        return sum(written.result == "written" for written in self.bulk.write(freed, doing="release leases"))

    def inbox(self, ids: Collection[str]) -> Mapping[str, InboxRow]:
        """See :meth:`Store.inbox`."""
        return {id: record(InboxRow, hit["_source"]) for id, hit in self.reader.many(_ENTRIES, ids, "tocsin").items()}

    def iter_inbox(self, *, pending: bool | None = None) -> Iterator[InboxRow]:
        """See :meth:`Store.iter_inbox`."""
        query = {"match_all": {}} if pending is None else {"term": {"tocsin.pending": pending}}
        return self._all(_ENTRIES, query, lambda source: record(InboxRow, source))

    def next_entry_due(self, sources: Collection[str] | None = None) -> datetime | None:
        """See :meth:`Store.next_entry_due`."""
        self.reader.refresh(_ENTRIES)
        query = {"bool": {"filter": [_PENDING, *_among(sources)]}}
        first = next(self.reader.search(_ENTRIES, query, ["tocsin.due", "tocsin.id"], page=1, source=["tocsin"]), None)
        if first is None:
            return None
        row = record(InboxRow, first["_source"])
        return max(row.next_due, row.lease_until) if row.lease_until else row.next_due

    def outcomes(self) -> Mapping[str, int]:
        """See :meth:`Store.outcomes`."""
        self.reader.refresh(_ENTRIES)
        counted = {"outcomes": {"terms": {"field": "outcome", "missing": "pending", "size": 100}}}
        found = self.reader.aggregate(_ENTRIES, {"match_all": {}}, counted)
        return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found["outcomes"]["buckets"]}


def _among(sources: Collection[str] | None) -> list[dict[str, Any]]:
    return [] if sources is None else [{"terms": {"source_id": list(sources)}}]


def _chunks(entries: Sequence[FeedEntry]) -> Iterable[Sequence[FeedEntry]]:
    return (entries[start : start + PAGE] for start in range(0, len(entries), PAGE))
