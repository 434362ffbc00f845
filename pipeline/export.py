"""``tocsin export``: what the store holds, as JSON Lines, streaming."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal

from transforms.codec import encode_plain
from transforms.contracts import Store
from transforms.predictions import Json, exported_claim
from transforms.records import Event

What = Literal["events", "articles", "entries", "claims"]


def export(store: Store, what: What) -> Iterator[str]:
    """One JSON object a line, ordered by id; memory does not grow with the store."""
    for record in _records(store, what):
        yield json.dumps(record, ensure_ascii=False)


def _records(store: Store, what: What) -> Iterator[Json]:
    match what:
        case "events":
            yield from map(event_json, store.iter_events())
        case "articles":
            yield from map(encode_plain, store.iter_articles())
        case "claims":
            yield from map(exported_claim, store.iter_claims())
        case "entries":
            for row in store.iter_inbox():
                state = {"outcome": row.outcome, "reason": row.reason, "tries": row.tries}
                yield encode_plain(row.entry) | state


def event_json(event: Event) -> Json:
    """An event with its claims in the form of ``extract``'s predictions plus document, copy_of and quote."""
    return encode_plain(event) | {"claims": [exported_claim(claim) for claim in event.claims]}
