"""A store of dictionaries with what MergeEvents uses, for tests that build many registers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from transforms.contracts import BucketItem, Store, Versioned
from transforms.records import Article, Claim, Event


class MemoryStore:
    """Compare-and-set by counters; nothing is ever lost or shared."""

    def __init__(self) -> None:
        self._articles: dict[str, Article] = {}
        self._claims: dict[str, tuple[Claim, ...]] = {}
        self._events: dict[str, tuple[Event, int]] = {}
        self._buckets: dict[str, tuple[tuple[BucketItem, ...], int]] = {}
        self.writes = 0

    def put_articles(self, articles: Sequence[Article]) -> None:
        for article in articles:
            known = self._articles.get(article.id)
            if known is None or article.revision >= known.revision:
                self._articles[article.id] = article

    def articles(self, ids: Collection[str]) -> Mapping[str, Article]:
        return {id: self._articles[id] for id in ids if id in self._articles}

    def put_claims(self, article: str, claims: Sequence[Claim]) -> None:
        self._claims[article] = tuple(claims)

    def claims(self, articles: Collection[str]) -> Mapping[str, Sequence[Claim]]:
        return {id: self._claims.get(id, ()) for id in articles}

    def events(self, ids: Collection[str]) -> Mapping[str, Versioned[Event]]:
        found = ((id, self._events[id]) for id in ids if id in self._events)
        return {id: Versioned(event, str(version)) for id, (event, version) in found}

    def put_events(self, writes: Sequence[tuple[Event, str]]) -> Collection[str]:
        return [event.id for event, version in writes if not self.put_event(event, version)]

    def put_event(self, event: Event, version: str) -> bool:
        known = self._events.get(event.id)
        if (str(known[1]) if known else "") != version:
            return False
        self._events[event.id] = (event, known[1] + 1 if known else 1)
        self.writes += 1
        return True

    def iter_events(self, *, merged: bool = False) -> Iterator[Event]:
        events = (event for _, (event, _) in sorted(self._events.items()))
        return (event for event in events if merged or event.merged_into is None)

    def bucket(self, kind: str, keys: Collection[str]) -> Mapping[str, Versioned[tuple[BucketItem, ...]]]:
        found = {key: self._buckets.get(f"{kind} {key}", ((), 0)) for key in keys}
        return {key: Versioned(items, str(version) if version else "") for key, (items, version) in found.items()}

    def put_buckets(self, kind: str, writes: Mapping[str, tuple[Sequence[BucketItem], str]]) -> Collection[str]:
        return [key for key, (items, version) in writes.items() if not self.put_bucket(kind, key, items, version)]

    def put_bucket(self, kind: str, key: str, items: Sequence[BucketItem], version: str) -> bool:
        known = self._buckets.get(f"{kind} {key}")
        if (str(known[1]) if known else "") != version:
            return False
        self._buckets[f"{kind} {key}"] = (tuple(items), known[1] + 1 if known else 1)
        self.writes += 1
        return True


def memory_store() -> Store:
    """A fresh one, as a store."""
    return cast(Store, MemoryStore())
