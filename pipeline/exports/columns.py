"""The columns of the CSV files: names, order and meaning are a contract (docs/exports.md); new ones come at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from pipeline.exports.cells import Value
from pipeline.exports.voices import voices as spoken
from transforms.contracts import InboxRow
from transforms.notify import names
from transforms.notify.content import headline
from transforms.records import Amount, Article, Carrier, Claim, ClaimPlace, Event, Party, PlaceRole, Voice
from transforms.spans import parse

R = TypeVar("R")
BETWEEN = "; "


class Column(NamedTuple, Generic[R]):
    """A column: its name and how a record fills it."""

    name: str
    value: Callable[[R], Value]


EVENTS: tuple[Column[Event], ...] = (
    Column("id", lambda e: e.id),
    Column("headline", headline),
    Column("date", lambda e: e.date),
    Column("date_from", lambda e: _days(e.date)[0]),
    Column("date_to", lambda e: _days(e.date)[1]),
    Column("published", lambda e: e.published),
    Column("first_seen", lambda e: e.first_seen),
    Column("last_changed", lambda e: e.last_changed),
    Column("supplier_iso3", lambda e: e.supplier.iso3),
    Column("supplier_actor", lambda e: e.supplier.actor),
    Column("supplier_name", lambda e: _name(e.supplier)),
    Column("recipient_iso3", lambda e: e.recipient.iso3),
    Column("recipient_actor", lambda e: e.recipient.actor),
    Column("recipient_name", lambda e: _name(e.recipient)),
    Column("end_user", lambda e: _party(e.end_user)),
    Column("broker", lambda e: _party(e.broker)),
    Column("transit", lambda e: _joined(map(_party, e.transit))),
    Column("goods", lambda e: _joined(goods.value for goods in e.goods)),
    Column("categories", lambda e: _joined(goods.category for goods in e.goods)),
    Column("ordered_min", lambda e: _bounds(e.quantity_ordered)[0]),
    Column("ordered_max", lambda e: _bounds(e.quantity_ordered)[1]),
    Column("ordered_unit", lambda e: e.quantity_ordered.unit if e.quantity_ordered else None),
    Column("ordered_about", lambda e: e.quantity_ordered.approx if e.quantity_ordered else None),
    Column("delivered_min", lambda e: _bounds(e.quantity_delivered)[0]),
    Column("delivered_max", lambda e: _bounds(e.quantity_delivered)[1]),
    Column("delivered_unit", lambda e: e.quantity_delivered.unit if e.quantity_delivered else None),
    Column("delivered_about", lambda e: e.quantity_delivered.approx if e.quantity_delivered else None),
    Column("value", lambda e: e.value.amount if e.value else None),
    Column("currency", lambda e: e.value.currency if e.value else None),
    Column("value_bound", lambda e: e.value.bound if e.value else None),
    Column("stage", lambda e: e.stage),
    Column("standing", lambda e: e.standing),
    Column("asserted_by", lambda e: _voices(e.asserted_by)),
    Column("denied_by", lambda e: _voices(e.denied_by)),
    Column("origin", lambda e: _places(e.places, "origin")),
    Column("transit_places", lambda e: _places(e.places, "transit")),
    Column("seizure", lambda e: _places(e.places, "seizure")),
    Column("delivery", lambda e: _places(e.places, "delivery")),
    Column("use", lambda e: _places(e.places, "use")),
    Column("carriers", lambda e: _joined(map(_carrier, e.carriers))),
    Column("imo", lambda e: _joined(carrier.imo for carrier in e.carriers)),
    Column("markings", lambda e: _joined(e.markings)),
    Column("articles", lambda e: e.articles),
    Column("origins", lambda e: e.origins),
    Column("reliability", lambda e: e.reliability),
    Column("credibility", lambda e: e.credibility),
    Column("confidence", lambda e: e.confidence),
    Column("embargoes", lambda e: _joined(_embargoes(e))),
    Column("review", lambda e: e.review.state),
    Column("review_by", lambda e: e.review.who),
    Column("review_why", lambda e: e.review.why),
    Column("claims", lambda e: len(e.claims)),
    Column("quote", lambda e: best.quote if (best := _best(e)) else None),
    Column("quote_address", lambda e: _address(e, best.document) if (best := _best(e)) else None),
    Column("addresses", lambda e: _joined((report.url for report in e.reports), between="\n")),
    Column("parent", lambda e: e.parent),
    Column("revision", lambda e: e.revision),
)

CLAIMS: tuple[Column[Claim], ...] = (
    Column("id", lambda c: c.id),
    Column("document", lambda c: c.document),
    Column("copy_of", lambda c: c.copy_of),
    Column("supplier_iso3", lambda c: c.supplier.iso3),
    Column("supplier_actor", lambda c: c.supplier.actor),
    Column("supplier_name", lambda c: _name(c.supplier)),
    Column("recipient_iso3", lambda c: c.recipient.iso3),
    Column("recipient_actor", lambda c: c.recipient.actor),
    Column("recipient_name", lambda c: _name(c.recipient)),
    Column("end_user", lambda c: _party(c.end_user)),
    Column("broker", lambda c: _party(c.broker)),
    Column("transit", lambda c: _joined(map(_party, c.transit))),
    Column("goods", lambda c: _joined(goods.value for goods in c.goods)),
    Column("categories", lambda c: _joined(goods.category for goods in c.goods)),
    Column("quantity_min", lambda c: _bounds(c.quantity)[0]),
    Column("quantity_max", lambda c: _bounds(c.quantity)[1]),
    Column("quantity_unit", lambda c: c.quantity.unit if c.quantity else None),
    Column("quantity_about", lambda c: c.quantity.approx if c.quantity else None),
    Column("value", lambda c: c.value.amount if c.value else None),
    Column("currency", lambda c: c.value.currency if c.value else None),
    Column("value_bound", lambda c: c.value.bound if c.value else None),
    Column("date", lambda c: c.date),
    Column("stage", lambda c: c.stage),
    Column("standing", lambda c: c.standing),
    Column("asserted_by", lambda c: _voices(c.asserted_by)),
    Column("denied_by", lambda c: _voices(c.denied_by)),
    Column("places", lambda c: _joined(f"{place.role}: {_place(place)}" for place in c.places)),
    Column("carriers", lambda c: _joined(map(_carrier, c.carriers))),
    Column("markings", lambda c: _joined(c.markings)),
    Column("start", lambda c: c.start),
    Column("end", lambda c: c.end),
    Column("quote", lambda c: c.quote),
    Column("confidence", lambda c: c.confidence),
    Column("frame", lambda c: c.frame),
)

ARTICLES: tuple[Column[Article], ...] = (
    Column("id", lambda a: a.id),
    Column("source", lambda a: a.source),
    Column("publisher", lambda a: a.publisher),
    Column("origin", lambda a: a.origin),
    Column("reliability", lambda a: a.reliability),
    Column("title", lambda a: a.title),
    Column("author", lambda a: a.author),
    Column("site", lambda a: a.site),
    Column("published", lambda a: a.published),
    Column("published_from", lambda a: a.published_from),
    Column("first_seen", lambda a: a.first_seen),
    Column("language", lambda a: a.language),
    Column("url", lambda a: a.url),
    Column("canonical_url", lambda a: a.canonical_url),
    Column("un_symbol", lambda a: a.un.symbol if a.un else None),
    Column("story", lambda a: a.story),
    Column("copy_of", lambda a: a.copy_of),
    Column("flags", lambda a: _joined(a.flags)),
    Column("revision", lambda a: a.revision),
    Column("retrieved", lambda a: a.evidence.retrieved if a.evidence else None),
    Column("final_url", lambda a: a.evidence.final_url if a.evidence else None),
    Column("status", lambda a: a.evidence.status if a.evidence else None),
    Column("sha256", lambda a: a.evidence.sha256 if a.evidence else None),
    Column("archived", lambda a: a.evidence.archived if a.evidence else None),
    Column("text", lambda a: a.text),
)

ENTRIES: tuple[Column[InboxRow], ...] = (
    Column("id", lambda r: r.entry.id),
    Column("source", lambda r: r.entry.source),
    Column("title", lambda r: r.entry.title),
    Column("url", lambda r: r.entry.url),
    Column("canonical_url", lambda r: r.entry.canonical_url),
    Column("published", lambda r: r.entry.published),
    Column("first_seen", lambda r: r.entry.first_seen),
    Column("revision", lambda r: r.entry.revision),
    Column("flags", lambda r: _joined(r.entry.flags)),
    Column("outcome", lambda r: r.outcome),
    Column("reason", lambda r: r.reason),
    Column("tries", lambda r: r.tries),
    Column("next_due", lambda r: r.next_due),
    Column("finished", lambda r: r.finished),
)


def _joined(texts: Iterable[str | None], between: str = BETWEEN) -> str:
    return between.join(dict.fromkeys(text for text in texts if text))


def _name(party: Party) -> str | None:
    return names.states().get(party.iso3, party.iso3) if party.iso3 else party.name or party.actor


def _party(party: Party | None) -> str | None:
    return names.party(party) if party else None


def _voices(voices: Iterable[Voice]) -> str:
    return BETWEEN.join(spoken(voices))


def _bounds(amount: Amount | None) -> tuple[float | None, float | None]:
    """The least and the most told; an exact number is both."""
    if amount is None:
        return None, None
    return (amount.number, amount.number) if amount.number is not None else (amount.min, amount.max)


def _days(value: str | None) -> tuple[str | None, str | None]:
    """The first and the last day of a date value."""
    if (span := parse(value)) is None:
        return None, None
    return date.fromordinal(span.first).isoformat(), date.fromordinal(span.last).isoformat()


def _places(places: Iterable[ClaimPlace], role: PlaceRole) -> str:
    return _joined(_place(place) for place in places if place.role == role)


def _place(place: ClaimPlace) -> str:
    """``Aden [12.79 45.02]``; a blank between the numbers, so that no half of them begins a cell."""
    name = place.value or place.text
    return name if place.lat is None or place.lon is None else f"{name} [{place.lat:.5g} {place.lon:.5g}]"


def _carrier(carrier: Carrier) -> str:
    about = (carrier.registration, f"IMO {carrier.imo}" if carrier.imo else None, carrier.flag, carrier.operator)
    told = ", ".join(part for part in about if part)
    return f"{carrier.name or carrier.kind} ({told})" if told else carrier.name or carrier.kind


def _embargoes(event: Event) -> Iterable[str]:
    for note in event.embargoes:
        yield f"{note.instrument} ({note.side} {note.target}{', contested' if note.contested else ''})"


def _best(event: Event) -> Claim | None:
    """The claim most surely read, originals before copies."""
    return min(event.claims, key=lambda c: (c.copy_of is not None, -c.confidence, c.id), default=None)


def _address(event: Event, document: str) -> str | None:
    return next((report.url for report in event.reports if report.article == document), None)
