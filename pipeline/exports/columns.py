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
from transforms.notify.counted import counted
from transforms.records import Amount, Article, Carrier, Claim, ClaimPlace, Event, Party, PlaceRole, Voice
from transforms.spans import parse

R_contra = TypeVar("R_contra", contravariant=True)
T = TypeVar("T")
BETWEEN = "; "


class Column(NamedTuple, Generic[R_contra]):
    """A column: its name and how a record fills it."""

    name: str
    value: Callable[[R_contra], Value]


def _amount(name: str, of: Callable[[T], Amount | None]) -> tuple[Column[T], ...]:
    """The four columns of a number. An exact one is both the least and the most told."""
    return (
        Column(f"{name}_min", lambda record: _bounds(of(record))[0]),
        Column(f"{name}_max", lambda record: _bounds(of(record))[1]),
        Column(f"{name}_unit", lambda record: amount.unit if (amount := of(record)) else None),
        Column(f"{name}_about", lambda record: amount.approx if (amount := of(record)) else None),
    )


_TRANSFER: tuple[Column[Event | Claim], ...] = (
    Column("supplier_iso3", lambda t: t.supplier.iso3),
    Column("supplier_actor", lambda t: t.supplier.actor),
    Column("supplier_name", lambda t: _name(t.supplier)),
    Column("recipient_iso3", lambda t: t.recipient.iso3),
    Column("recipient_actor", lambda t: t.recipient.actor),
    Column("recipient_name", lambda t: _name(t.recipient)),
    Column("end_user", lambda t: _party(t.end_user)),
    Column("broker", lambda t: _party(t.broker)),
    Column("transit", lambda t: _joined(map(_party, t.transit))),
    Column("goods", lambda t: _joined(goods.value for goods in t.goods)),
    Column("categories", lambda t: _joined(goods.category for goods in t.goods)),
)
_MONEY: tuple[Column[Event | Claim], ...] = (
    Column("value", lambda t: t.value.amount if t.value else None),
    Column("currency", lambda t: t.value.currency if t.value else None),
    Column("value_bound", lambda t: t.value.bound if t.value else None),
)
_SAID: tuple[Column[Event | Claim], ...] = (
    Column("stage", lambda t: t.stage),
    Column("standing", lambda t: t.standing),
    Column("asserted_by", lambda t: _voices(t.asserted_by)),
    Column("denied_by", lambda t: _voices(t.denied_by)),
)
_ORDERED: tuple[Column[Event], ...] = _amount("ordered", lambda e: e.quantity_ordered)
_DELIVERED: tuple[Column[Event], ...] = _amount("delivered", lambda e: e.quantity_delivered)
_QUANTITY: tuple[Column[Claim], ...] = _amount("quantity", lambda c: c.quantity)
_CARRIERS: Column[Event | Claim] = Column("carriers", lambda t: _joined(map(_carrier, t.carriers)))
_MARKINGS: Column[Event | Claim] = Column("markings", lambda t: _joined(t.markings))


EVENTS: tuple[Column[Event], ...] = (
    Column("id", lambda e: e.id),
    Column("headline", headline),
    Column("date", lambda e: e.date),
    Column("date_from", lambda e: _days(e.date)[0]),
    Column("date_to", lambda e: _days(e.date)[1]),
    Column("published", lambda e: e.published),
    Column("first_seen", lambda e: e.first_seen),
    Column("last_changed", lambda e: e.last_changed),
    *_TRANSFER,
    *_ORDERED,
    *_DELIVERED,
    *_MONEY,
    *_SAID,
    Column("origin", lambda e: _places(e.places, "origin")),
    Column("transit_places", lambda e: _places(e.places, "transit")),
    Column("seizure", lambda e: _places(e.places, "seizure")),
    Column("delivery", lambda e: _places(e.places, "delivery")),
    Column("use", lambda e: _places(e.places, "use")),
    _CARRIERS,
    Column("imo", lambda e: _joined(carrier.imo for carrier in e.carriers)),
    _MARKINGS,
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
    Column("ordered_of", lambda e: _joined(counted(e, e.quantity_ordered))),
    Column("delivered_of", lambda e: _joined(counted(e, e.quantity_delivered))),
)

CLAIMS: tuple[Column[Claim], ...] = (
    Column("id", lambda c: c.id),
    Column("document", lambda c: c.document),
    Column("copy_of", lambda c: c.copy_of),
    *_TRANSFER,
    *_QUANTITY,
    *_MONEY,
    Column("date", lambda c: c.date),
    *_SAID,
    Column("places", lambda c: _joined(f"{place.role}: {_place(place)}" for place in c.places)),
    _CARRIERS,
    _MARKINGS,
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
