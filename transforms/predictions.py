"""A reading in the form that ``tocsin extract`` writes and ``export claims`` shares (shared/eval/README.md)."""

from __future__ import annotations

from transforms.records import (
    Amount,
    Claim,
    DateMention,
    Mention,
    Money,
    PlaceMention,
    QuantityMention,
    Reading,
    StateMention,
    Voice,
    WeaponMention,
)

Json = dict[str, object]


def prediction(reading: Reading) -> Json:
    """One line of predictions: id, relevance, mentions, claims."""
    return {
        "id": reading.article.id,
        "relevant": reading.relevant,
        "mentions": [mention_json(mention) for mention in reading.mentions],
        "claims": [claim_json(claim) for claim in reading.claims],
    }


def mention_json(mention: Mention) -> Json:
    """A mention, with the keys of its kind."""
    head: Json = {"kind": mention.kind, "text": mention.text, "start": mention.start, "end": mention.end}
    match mention:
        case StateMention():
            return head | {"value": mention.value, "metonym": mention.metonym}
        case WeaponMention():
            return head | {"value": mention.value, "category": mention.category, "named": mention.named}
        case DateMention():
            return head | {"value": mention.value}
        case PlaceMention():
            where = {"country": mention.country, "lat": mention.lat, "lon": mention.lon}
            return head | {"value": mention.value} | where
        case QuantityMention():
            numbers = {key: getattr(mention, key) for key in ("number", "min", "max")}
            about = {"unit": mention.unit, "currency": mention.currency, "of": mention.of}
            told = {key: value for key, value in (numbers | about).items() if value is not None}
            return head | {"class": mention.quantity_class} | told


def claim_json(claim: Claim) -> Json:
    """A claim: a party is a state, a non-state actor by name, or both null."""
    return {
        **_party("supplier", claim.supplier.iso3, claim.supplier.name),
        **_party("recipient", claim.recipient.iso3, claim.recipient.name),
        "transit": [party.iso3 or party.name for party in claim.transit],
        "end_user": claim.end_user and (claim.end_user.iso3 or claim.end_user.name),
        "weapons": [goods.value for goods in claim.goods],
        "categories": list(dict.fromkeys(goods.category for goods in claim.goods)),
        "quantity": _amount(claim.quantity),
        "value": _money(claim.value),
        "date": claim.date,
        "stage": claim.stage,
        "standing": claim.standing,
        "asserted_by": [_voice(voice) for voice in claim.asserted_by],
        "denied_by": [_voice(voice) for voice in claim.denied_by],
        "places": [{"role": place.role, "text": place.text} for place in claim.places],
        "start": claim.start,
        "end": claim.end,
    }


def exported_claim(claim: Claim) -> Json:
    """A claim as ``export`` writes it: a predicted claim plus its document, quote and what it is a copy of."""
    more: Json = {"id": claim.id, "document": claim.document, "copy_of": claim.copy_of, "quote": claim.quote}
    return more | claim_json(claim) | {"confidence": claim.confidence}


def _party(role: str, iso3: str | None, name: str | None) -> Json:
    return {role: iso3, f"{role}_name": None if iso3 else name}


def _voice(voice: Voice) -> Json:
    return {"name": voice.name, "iso3": voice.iso3}


def _amount(amount: Amount | None) -> Json | None:
    if amount is None:
        return None
    numbers = {"number": amount.number, "min": amount.min, "max": amount.max, "unit": amount.unit}
    return {key: value for key, value in numbers.items() if value is not None}


def _money(money: Money | None) -> Json | None:
    return {"amount": money.amount, "currency": money.currency, "bound": money.bound} if money else None
