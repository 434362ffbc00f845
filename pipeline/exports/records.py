"""The records of an export, streaming from the store in the order of their ids, cut off by age where asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Literal

from transforms.contracts import InboxRow, Store
from transforms.records import Article, Claim, Event

What = Literal["events", "articles", "entries", "claims"]
Record = Event | Article | Claim | InboxRow
_BATCH = 200


def records(store: Store, what: What, since: datetime | None = None) -> Iterator[Record]:
    """All records of a kind; memory does not grow with the store.

    since: only events changed, articles and entries first seen, and claims of articles first seen at or after it.
    """
    match what:
        case "events":
            return (event for event in store.iter_events() if since is None or event.last_changed >= since)
        case "articles":
            return (article for article in store.iter_articles() if since is None or article.first_seen >= since)
        case "entries":
            return (row for row in store.iter_inbox() if since is None or row.entry.first_seen >= since)
        case "claims":
            return store.iter_claims() if since is None else _recent_claims(store, since)


def live_and_merged(store: Store, since: datetime | None = None) -> Iterator[Event]:
    """Events and the redirects of those that were merged away, so that a receiver can retract what it has."""
    return (event for event in store.iter_events(merged=True) if since is None or event.last_changed >= since)


def _recent_claims(store: Store, since: datetime) -> Iterator[Claim]:
    for batch in batches(store.iter_claims(), _BATCH):
        articles = store.articles({claim.document for claim in batch})
        for claim in batch:
            article = articles.get(claim.document)
            if article is not None and article.first_seen >= since:
                yield claim


def batches(items: Iterable[Claim], size: int) -> Iterator[list[Claim]]:
    """The items in lists of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
