"""Records as documents: flat fields to search and aggregate, and the whole record under ``tocsin.record``.

The fields are what deploy/elasticsearch/templates says; Kibana cannot aggregate nested ones, so what a chart or a map
needs is at the top (``supplier.iso3``, ``places.use.location``). The record is not indexed and gives back exactly what
was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from sinks.elasticsearch.fields import Fields, dated, filled, first_day, keyword, location, micros, moment, number, url
from sinks.elasticsearch.search import find_fields
from transforms.codec import decode_plain, encode_plain
from transforms.contracts import InboxRow
from transforms.records import (
    Alert,
    Amount,
    Article,
    Carrier,
    Claim,
    ClaimPlace,
    DeadLetter,
    Event,
    Goods,
    Money,
    Party,
    PlaceRole,
    SourceState,
    Voice,
)

T = TypeVar("T")
ECS_VERSION = "9.0.0"
LANGUAGES = ("en", "fr", "es", "ru", "ar", "de")
"""Languages with an analyser of their own in the templates; every other text is under ``other``."""
_NESTED = 1000
"""Claims of an event that are nested in its document, newest last kept; the record has all of them."""
_QUOTED = 3
"""Quotations that a table of events shows, of the newest claims."""


def record(kind: type[T], source: Mapping[str, Any]) -> T:
    """The record in a document. Raises CodecError."""
    return decode_plain(kind, source["tocsin"]["record"])


def _document(
    id: str, now: datetime, at: str | None, whole: object, fields: Fields, created: datetime | None = None
) -> Fields:
    own = cast("Fields", fields.pop("tocsin", {}))
    shared: Fields = {
        "@timestamp": at,
        "ecs": {"version": ECS_VERSION},
        "event": {"created": moment(created), "ingested": moment(now)},
    }
    document = filled(shared | fields)
    # After the cleaning: an empty list in a record is a value.
    document["tocsin"] = {**filled(own), "id": id, "record": whole}
    return document


def entry_document(row: InboxRow, now: datetime) -> Fields:
    """An inbox row. ``tocsin.due`` is when it may next be leased: what leases are searched by."""
    entry = row.entry
    due = max(row.next_due, row.lease_until) if row.lease_until else row.next_due
    fields: Fields = {
        "source_id": keyword(entry.source),
        "title": entry.title,
        "url": url(entry.url),
        "published": moment(entry.published),
        "language": keyword(entry.language),
        "flags": list(entry.flags),
        "outcome": row.outcome,
        "reason": row.reason,
        "revision": entry.revision,
        "tries": row.tries,
        "next_due": moment(row.next_due),
        "finished": moment(row.finished),
        "lag_hours": _hours(entry.published, entry.first_seen),
        "tocsin": {"pending": row.outcome is None, "due": micros(due), "owner": keyword(row.lease_owner)},
    }
    at = moment(entry.published or entry.first_seen)
    return _document(entry.id, now, at, encode_plain(row), fields, entry.first_seen)


def source_document(state: SourceState, now: datetime) -> Fields:
    """A source's state."""
    fields: Fields = {
        "source_id": keyword(state.id),
        "url": url(state.url),
        "health": state.health,
        "failures": state.failures,
        "error": state.error,
        "flags": list(state.flags),
        "interval": state.interval,
        "next_due": moment(state.next_due),
        "last_polled": moment(state.last_polled),
        "last_success": moment(state.last_success),
        "last_new": moment(state.last_new),
        "failing_since": moment(state.failing_since),
        "silence_hours": _hours(state.last_new or state.first_polled, state.last_polled),
        "new_last": state.recent[-1] if state.recent else None,
        "entries_14d": sum(number for _, number in state.daily),
    }
    return _document(state.id, now, moment(state.last_polled or now), encode_plain(state), fields, state.first_polled)


def article_document(article: Article, now: datetime) -> Fields:
    """An article. Title and text are kept once, as the fields that are searched in the article's language."""
    whole = encode_plain(article)
    del whole["title"], whole["text"]
    language = article.language if article.language in LANGUAGES else "other"
    fields: Fields = {
        "source_id": keyword(article.source),
        "entry_id": keyword(article.entry),
        "url": url(article.url),
        "author": keyword(article.author),
        "site": keyword(article.site),
        "language": keyword(article.language),
        "published": dated(article.published),
        "published_from": article.published_from,
        "publisher": keyword(article.publisher),
        "origin": keyword(article.origin),
        "reliability": article.reliability,
        "un": encode_plain(article.un) if article.un else None,
        "story": keyword(article.story),
        "copy_of": keyword(article.copy_of),
        "revision": article.revision,
        "flags": list(article.flags),
    }
    at = first_day(article.published) or moment(article.first_seen)
    document = _document(article.id, now, at, whole, fields, article.first_seen)
    return document | {"title": {language: article.title}, "body": {language: article.text}}


def article_of(source: Mapping[str, Any]) -> Article:
    """The article in its document."""
    (title,), (text,) = source["title"].values(), source["body"].values()
    return decode_plain(Article, {**source["tocsin"]["record"], "title": title, "text": text})


def claim_document(claim: Claim, article: str, now: datetime) -> Fields:
    """A claim of an article."""
    fields: Fields = _claim(claim) | {
        "article_id": keyword(article),
        "transit": [_party(party) for party in claim.transit],
        "broker": _party(claim.broker),
        "end_user": _party(claim.end_user),
        "carriers": [_carrier(carrier) for carrier in claim.carriers],
        "markings": [keyword(marking) for marking in claim.markings],
        "places": _places(claim.places),
        "copy_of": keyword(claim.copy_of),
    }
    return _document(claim.id, now, first_day(claim.date) or moment(now), encode_plain(claim), fields)


def event_document(event: Event, now: datetime) -> Fields:
    """An event of the register."""
    names = (event.supplier, event.recipient, *event.transit, event.broker, event.end_user)
    last = event.changes[-1] if event.changes else None
    fields: Fields = {
        "supplier": _party(event.supplier),
        "recipient": _party(event.recipient),
        "transit": [_party(party) for party in event.transit],
        "broker": _party(event.broker),
        "end_user": _party(event.end_user),
        "pair": f"{event.supplier.key} → {event.recipient.key}",
        "goods": [_goods(goods) for goods in event.goods],
        "quantity": {"ordered": _amount(event.quantity_ordered), "delivered": _amount(event.quantity_delivered)},
        "value": _money(event.value),
        "carriers": [_carrier(carrier) for carrier in event.carriers],
        "markings": [keyword(marking) for marking in event.markings],
        "stage": event.stage,
        "standing": event.standing,
        "asserted_by": [_voice(voice) for voice in event.asserted_by],
        "denied_by": [_voice(voice) for voice in event.denied_by],
        "date": dated(event.date),
        "published": dated(event.published),
        "last_changed": moment(event.last_changed),
        "places": _places(event.places),
        "articles": event.articles,
        "origins": event.origins,
        "reliability": event.reliability,
        "credibility": event.credibility,
        "confidence": number(event.confidence),
        "embargoes": [
            {"instrument": keyword(x.instrument), "target": keyword(x.target), "side": x.side, "contested": x.contested}
            for x in event.embargoes
        ],
        "review": {
            "state": event.review.state,
            "who": keyword(event.review.who),
            "when": moment(event.review.when),
            "why": event.review.why,
        },
        "revision": event.revision,
        "change": {"number": last.number, "kind": last.kind} if last else None,
        "unannounced": len(event.unannounced),
        "merged": event.merged_into is not None,
        "merged_into": keyword(event.merged_into),
        "parent": keyword(event.parent),
        "url": url(*(report.url for report in event.reports)),
        "report": {
            "source_id": _each(report.source for report in event.reports),
            "publisher": _each(report.publisher for report in event.reports),
            "origin": _each(report.origin for report in event.reports),
            "language": _each(report.language for report in event.reports),
            "title": [report.title for report in event.reports],
        },
        "search": _searched(names, event.goods, event.claims),
        "find": find_fields(event),
        "quote": _each(claim.quote for claim in event.claims[-_QUOTED:]),
        "embargoed": any(not note.contested for note in event.embargoes),
        "claims": [_claim(claim) for claim in event.claims[-_NESTED:]],
    }
    at = first_day(event.date) or first_day(event.published) or moment(event.first_seen)
    return _document(event.id, now, at, encode_plain(event), fields, event.first_seen)


def alert_document(alert: Alert, whole: object, due: datetime, now: datetime) -> Fields:
    """A row of the outbox; ``due`` is when it may next be leased."""
    fields: Fields = {
        "subscription": keyword(alert.subscription),
        "event_id": keyword(alert.event),
        "change": alert.change,
        "channel": keyword(alert.channel),
        "state": alert.state,
        "tries": alert.tries,
        "reason": alert.reason,
        "due": moment(alert.due),
        "tocsin": {"pending": alert.state == "pending", "due": micros(due)},
    }
    return _document(alert.id, now, moment(alert.due), whole, fields)


def letter_document(id: str, letter: DeadLetter, now: datetime) -> Fields:
    """A dead letter."""
    fields: Fields = {
        "stage": keyword(letter.stage),
        "subject": keyword(letter.subject),
        "reason": letter.reason,
        "tocsin": {"at": micros(letter.at)},
    }
    return _document(id, now, moment(letter.at), encode_plain(letter), fields)


def bucket_document(id: str, kind: str, key: str, size: int, whole: object, now: datetime) -> Fields:
    """A list that is read by key."""
    fields: Fields = {"kind": kind, "key": keyword(key), "size": size}
    return _document(id, now, moment(now), whole, fields)


def _hours(since: datetime | None, until: datetime | None) -> float | None:
    """Hours from one moment to another, negative where the first is the later one."""
    return round((until - since).total_seconds() / 3600, 2) if since and until else None


def _claim(claim: Claim) -> Fields:
    return {
        "document_id": keyword(claim.document),
        "supplier": _party(claim.supplier),
        "recipient": _party(claim.recipient),
        "goods": [_goods(goods) for goods in claim.goods],
        "stage": claim.stage,
        "standing": claim.standing,
        "asserted_by": [_voice(voice) for voice in claim.asserted_by],
        "denied_by": [_voice(voice) for voice in claim.denied_by],
        "date": dated(claim.date),
        "quantity": _amount(claim.quantity),
        "value": _money(claim.value),
        "quote": claim.quote,
        "confidence": number(claim.confidence),
    }


def _party(party: Party | None) -> Fields | None:
    if party is None:
        return None
    return {
        "key": keyword(party.key),
        "iso3": keyword(party.iso3),
        "actor": keyword(party.actor),
        "name": keyword(party.name),
    }


def _goods(goods: Goods) -> Fields:
    value, family = keyword(goods.value), keyword(goods.family)
    return {"value": value, "family": family, "category": goods.category, "named": goods.named}


def _amount(amount: Amount | None) -> Fields | None:
    if amount is None:
        return None
    low, exact, high = number(amount.min), number(amount.number), number(amount.max)
    return {"number": exact, "min": low, "max": high, "unit": keyword(amount.unit), "approx": amount.approx}


def _money(money: Money | None) -> Fields | None:
    if money is None:
        return None
    return {"amount": number(money.amount), "currency": keyword(money.currency), "bound": money.bound}


def _voice(voice: Voice) -> Fields:
    return {"name": keyword(voice.name), "iso3": keyword(voice.iso3)}


def _carrier(carrier: Carrier) -> Fields:
    return {name: keyword(cast("str | None", value)) for name, value in encode_plain(carrier).items()}


def _places(places: Sequence[ClaimPlace]) -> Fields:
    roles: dict[PlaceRole, list[object]] = {}
    for place in places:
        roles.setdefault(place.role, []).append(
            {
                "name": keyword(place.value or place.text),
                "country": keyword(place.country),
                "location": location(place.lat, place.lon),
                "radius_km": number(place.radius_km),
                "type": keyword(place.place_type),
            }
        )
    return cast("Fields", roles)


def _each(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(cut for value in values if (cut := keyword(value))))


def _searched(parties: Iterable[Party | None], goods: Iterable[Goods], claims: Iterable[Claim]) -> list[str]:
    """What a search for an event looks in: names and codes of the parties, goods and families, quoted words."""
    told = [text for party in parties if party for text in (party.name, party.iso3, party.actor)]
    told += [text for item in goods for text in (item.value, item.family)]
    told += [claim.quote for claim in claims]
    return list(dict.fromkeys(text for text in told if text))
