"""Short ways to write claims, articles and readings, and to look at the register that comes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.merge.memory import memory_store
from tests.samples import NOW, article
from transforms.codec import digest, encode_plain
from transforms.contracts import Store
from transforms.merge import Merged, merge_reading
from transforms.records import Amount, Claim, Event, Goods, Money, Party, Reading, Voice

NOT_COMPARED = {"id", "first_seen", "last_changed", "revision", "changes", "unannounced", "parent"}
"""What may depend on the order of arrival (issue 9); parents are compared by what they are, not by id."""


def goods(value: str, category: Any, *, named: bool = False, family: str | None = None) -> Goods:
    return Goods(value=value, category=category, named=named, family=family)


HIMARS = goods("HIMARS", "III", named=True)
SHELLS = goods("artillery shell", "ammunition")
MISSILES = goods("ballistic missile", "VII")
TANKS = goods("Leopard 2", "I", named=True)


def party(key: str | None) -> Party:
    """A state by its upper-case code, an actor by anything else, unknown for None."""
    return Party() if key is None else Party(iso3=key) if key.isupper() else Party(actor=key, name=key)


def told(
    document: str,
    pair: str = "USA>POL",
    *what: Goods,
    number: float | None = None,
    money: float | None = None,
    **more: Any,
) -> Claim:
    """A claim of a document; the pair is ``SUPPLIER>RECIPIENT``, an empty side unknown."""
    supplier, _, recipient = pair.partition(">")
    fields: dict[str, Any] = {
        "supplier": party(supplier or None),
        "recipient": party(recipient or None),
        "goods": what,
        "quantity": Amount(number=number) if number is not None else None,
        "value": Money(amount=money, currency="USD") if money is not None else None,
        "stage": "delivered",
        "asserted_by": (Voice(name=f"writer of {document}"),),
        "start": 0,
        "end": 10,
        "quote": f"as {document} tells it",
    } | more
    draft = Claim(id="", document=document, **fields)
    return replace(draft, id=digest([repr(draft)]))


def read(document: str, day: str, *claims: Claim, **fields: Any) -> Reading:
    """The reading of an article published on a day, by a publisher of its own unless told otherwise."""
    named = {"published": day, "publisher": f"paper-{document}", "origin": f"paper-{document}", "reliability": "C"}
    return Reading(article=article(document, **(named | fields)), relevant=True, claims=claims)


def merge(store: Store, reading: Reading, now: datetime = NOW) -> Merged:
    """What WriteArticles and MergeEvents do with a reading."""
    store.put_articles([reading.article])
    store.put_claims(reading.article.id, reading.claims)
    return merge_reading(store, reading, now)


def register(readings: Iterable[Reading], store: Store | None = None) -> Store:
    """The register after these readings, in this order."""
    store = store or memory_store()
    for reading in readings:
        merge(store, reading)
    return store


def events(store: Store) -> list[Event]:
    """The live events with something behind them, by what they tell."""
    return sorted((e for e in store.iter_events() if e.claims), key=lambda e: sorted(c.id for c in e.claims))


def parts(store: Store) -> list[list[str]]:
    """The documents of each event."""
    return sorted(sorted({claim.document for claim in event.claims}) for event in events(store))


def compared(store: Store) -> list[dict[str, object]]:
    """Everything of the register that must not depend on the order of arrival."""
    live = {event.id: event for event in store.iter_events()}
    rows = []
    for event in events(store):
        row = {name: value for name, value in encode_plain(event).items() if name not in NOT_COMPARED}
        above = live.get(event.parent) if event.parent else None
        rows.append(row | {"parent claims": sorted(c.id for c in above.claims) if above else None})
    return rows


def only(store: Store) -> Event:
    """The one event there is."""
    (event,) = events(store)
    return event
