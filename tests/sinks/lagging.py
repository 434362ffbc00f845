"""A store whose searches lag, as Elasticsearch's do between refreshes: for tests of what must not depend on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from transforms.contracts import InboxRow, Store
from transforms.records import Alert, Article, Claim, DeadLetter, Event


class LaggingStore:
    """Answers by-key calls at once, and iterating, counting and finding ones from the last :meth:`refresh`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def init(self) -> None:
        self._store.init()
        self.refresh()

    def refresh(self) -> None:
        """Let searches see everything written so far."""
        store = self._store
        self._seen = {
            "inbox": list(store.iter_inbox()),
            "articles": list(store.iter_articles()),
            "claims": list(store.iter_claims()),
            "events": list(store.iter_events(merged=True)),
            "alerts": list(store.iter_alerts()),
            "letters": list(store.iter_dead_letters()),
            "unannounced": store.unannounced(10**6),
            "outcomes": store.outcomes(),
            "owners": store.lease_owners(),
        }

    def iter_inbox(self, *, pending: bool | None = None) -> Iterator[InboxRow]:
        return (row for row in self._seen["inbox"] if pending is None or pending == (row.outcome is None))

    def iter_articles(self) -> Iterator[Article]:
        return iter(self._seen["articles"])

    def iter_claims(self) -> Iterator[Claim]:
        return iter(self._seen["claims"])

    def iter_events(self, *, merged: bool = False) -> Iterator[Event]:
        return (event for event in self._seen["events"] if merged or event.merged_into is None)

    def iter_alerts(self) -> Iterator[Alert]:
        return iter(self._seen["alerts"])

    def iter_dead_letters(self) -> Iterator[DeadLetter]:
        return iter(self._seen["letters"])

    def unannounced(self, limit: int) -> Sequence[str]:
        return list(self._seen["unannounced"][:limit])

    def outcomes(self) -> Mapping[str, int]:
        return dict(self._seen["outcomes"])

    def lease_owners(self) -> Collection[str]:
        return set(self._seen["owners"])

    def next_entry_due(self, sources: Collection[str] | None = None) -> datetime | None:
        due = [
            max(row.next_due, row.lease_until or row.next_due)
            for row in self._seen["inbox"]
            if row.outcome is None and (sources is None or row.entry.source in sources)
        ]
        return min(due, default=None)
