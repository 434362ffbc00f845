"""Removal of what has had its day: found by searching, read by key, and removed only as it was read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sinks.elasticsearch.base import Base
from sinks.elasticsearch.bulk import Action
from sinks.elasticsearch.documents import record
from sinks.elasticsearch.fields import moment
from sinks.elasticsearch.reading import pages
from sinks.elasticsearch.versions import Token
from transforms.contracts import InboxRow, PurgeKind

_INDEX: Mapping[PurgeKind, str] = {"alerts": "alerts", "entries": "entries", "story_bands": "buckets"}


class Purging(Base):
    """The part of the contract under "retention"."""

    def purge(self, kind: PurgeKind, *, before: datetime, keep: Collection[str] = ()) -> int:
        """See :meth:`Store.purge`. What somebody has changed meanwhile stays."""
        index, removed = _INDEX[kind], 0
        kept = frozenset(keep)
        self.reader.refresh(index)
        over = _OVER[kind]
        for ids in pages(id for id in self._candidates(kind, before) if id not in kept):
            actions = [
                Action(index=self.reader.alias(index), id=str(found["_id"]), op="delete", token=Token.of(found))
                for found in self.reader.many(index, ids, "tocsin").values()
                if over(found["_source"], before)
            ]
            outcomes = self.bulk.write(actions, doing=f"purge {index}")
            removed += sum(written.result == "written" for written in outcomes)
        return removed

    def _candidates(self, kind: PurgeKind, before: datetime) -> Iterator[str]:
        query: dict[str, Any]
        match kind:
            case "alerts":
                done = {"term": {"tocsin.pending": False}}
                query = {"bool": {"filter": [done, {"range": {"due": {"lt": moment(before)}}}]}}
            case "entries":
                ended = {"term": {"outcome": "irrelevant"}}
                query = {"bool": {"filter": [ended, {"range": {"finished": {"lt": moment(before)}}}]}}
            case "story_bands":
                decided = {"prefix": {"key": "story|"}}
                query = {"bool": {"filter": [{"term": {"kind": "story_band"}}], "must_not": [decided]}}
        for hit in self.reader.search(_INDEX[kind], query, ["tocsin.id"], source=["tocsin"]):
            if _OVER[kind](hit["_source"], before):
                yield str(hit["_source"]["tocsin"]["id"])


def _alert_over(source: Mapping[str, Any], before: datetime) -> bool:
    alert = source["tocsin"]["record"]["alert"]
    return alert["state"] != "pending" and datetime.fromisoformat(alert["due"]) < before


def _entry_over(source: Mapping[str, Any], before: datetime) -> bool:
    row = record(InboxRow, source)
    return row.outcome == "irrelevant" and row.finished is not None and row.finished < before


def _band_over(source: Mapping[str, Any], before: datetime) -> bool:
    """Bands are short: one in parts is none that this Tocsin wrote, and stays."""
    whole = source["tocsin"]["record"]
    return not whole.get("parts") and all(datetime.fromisoformat(at) < before for _, at in whole["items"])


_OVER: Mapping[PurgeKind, Callable[[Mapping[str, Any], datetime], bool]] = {
    "alerts": _alert_over,
    "entries": _entry_over,
    "story_bands": _band_over,
}
