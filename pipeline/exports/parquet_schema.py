"""The Parquet schemas, written out: a column's type is a contract (docs/exports.md); new ones come at the end.

A test holds them against the records, so that no field is forgotten silently.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

_TEXT = pa.string()
_NUMBER = pa.float64()
_MOMENT = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(_TEXT)

_PARTY = pa.struct({"iso3": _TEXT, "actor": _TEXT, "name": _TEXT})
_GOODS = pa.struct({"value": _TEXT, "category": _TEXT, "family": _TEXT, "named": pa.bool_()})
_AMOUNT = pa.struct({"number": _NUMBER, "min": _NUMBER, "max": _NUMBER, "unit": _TEXT, "approx": pa.bool_()})
_MONEY = pa.struct({"amount": _NUMBER, "currency": _TEXT, "bound": _TEXT})
_CARRIER = pa.struct(
    {"kind": _TEXT, "name": _TEXT, "imo": _TEXT, "flag": _TEXT, "registration": _TEXT, "operator": _TEXT}
)
_VOICE = pa.struct({"name": _TEXT, "iso3": _TEXT})
_PLACE = pa.struct(
    {
        "role": _TEXT,
        "text": _TEXT,
        "start": pa.int32(),
        "end": pa.int32(),
        "value": _TEXT,
        "country": _TEXT,
        "lat": _NUMBER,
        "lon": _NUMBER,
        "radius_km": _NUMBER,
        "place_type": _TEXT,
        "confidence": _NUMBER,
    }
)
_TRANSFER = {
    "supplier": _PARTY,
    "recipient": _PARTY,
    "transit": pa.list_(_PARTY),
    "broker": _PARTY,
    "end_user": _PARTY,
    "goods": pa.list_(_GOODS),
}
_SAID = {"stage": _TEXT, "standing": _TEXT, "asserted_by": pa.list_(_VOICE), "denied_by": pa.list_(_VOICE)}

CLAIM = {
    "id": _TEXT,
    "document": _TEXT,
    **_TRANSFER,
    "quantity": _AMOUNT,
    "value": _MONEY,
    "carriers": pa.list_(_CARRIER),
    "markings": _TEXTS,
    **_SAID,
    "date": _TEXT,
    "places": pa.list_(_PLACE),
    "start": pa.int32(),
    "end": pa.int32(),
    "quote": _TEXT,
    "confidence": _NUMBER,
    "frame": _TEXT,
    "reasons": _TEXTS,
    "copy_of": _TEXT,
}
_REPORT = pa.struct(
    {
        "article": _TEXT,
        "url": _TEXT,
        "title": _TEXT,
        "source": _TEXT,
        "publisher": _TEXT,
        "origin": _TEXT,
        "reliability": _TEXT,
        "language": _TEXT,
        "published": _TEXT,
        "first_seen": _MOMENT,
        "copy_of": _TEXT,
    }
)
_CHANGE = pa.struct({"number": pa.int32(), "kind": _TEXT, "at": _MOMENT, "before": _TEXT, "after": _TEXT})
_EMBARGO = pa.struct({"instrument": _TEXT, "target": _TEXT, "side": _TEXT, "source": _TEXT, "contested": pa.bool_()})
_REVIEW = pa.struct({"state": _TEXT, "who": _TEXT, "when": _MOMENT, "why": _TEXT})

EVENT = {
    "id": _TEXT,
    **_TRANSFER,
    "quantity_ordered": _AMOUNT,
    "quantity_delivered": _AMOUNT,
    "value": _MONEY,
    "carriers": pa.list_(_CARRIER),
    "markings": _TEXTS,
    **_SAID,
    "date": _TEXT,
    "published": _TEXT,
    "first_seen": _MOMENT,
    "last_changed": _MOMENT,
    "places": pa.list_(_PLACE),
    "claims": pa.list_(pa.struct(CLAIM)),
    "reports": pa.list_(_REPORT),
    "articles": pa.int32(),
    "origins": pa.int32(),
    "reliability": _TEXT,
    "credibility": pa.int8(),
    "confidence": _NUMBER,
    "embargoes": pa.list_(_EMBARGO),
    "review": _REVIEW,
    "revision": pa.int32(),
    "changes": pa.list_(_CHANGE),
    "parent": _TEXT,
    "ordered_of": _TEXTS,
    "delivered_of": _TEXTS,
}
EVENT_ADDED = frozenset({"ordered_of", "delivered_of"})
"""Not in the record: made of its claims."""
EVENT_LEFT_OUT = frozenset({"unannounced", "merged_into", "judgements"})
"""The register's own bookkeeping; redirects are not exported."""

_UN = pa.struct({"symbol": _TEXT, "body": _TEXT, "meeting": pa.int32()})
_PASSAGE = pa.struct({"kind": _TEXT, "start": pa.int32(), "end": pa.int32(), "speaker": _TEXT, "iso3": _TEXT})
_HEADER = pa.struct({"name": _TEXT, "value": _TEXT})
_EVIDENCE = pa.struct(
    {
        "retrieved": _MOMENT,
        "requested_url": _TEXT,
        "final_url": _TEXT,
        "status": pa.int16(),
        "headers": pa.list_(_HEADER),
        "sha256": _TEXT,
        "archived": _TEXT,
    }
)
ARTICLE = {
    "id": _TEXT,
    "entry": _TEXT,
    "source": _TEXT,
    "url": _TEXT,
    "canonical_url": _TEXT,
    "title": _TEXT,
    "text": _TEXT,
    "author": _TEXT,
    "site": _TEXT,
    "published": _TEXT,
    "published_from": _TEXT,
    "modified": _TEXT,
    "first_seen": _MOMENT,
    "language": _TEXT,
    "language_declared": _TEXT,
    "publisher": _TEXT,
    "origin": _TEXT,
    "reliability": _TEXT,
    "un": _UN,
    "passages": pa.list_(_PASSAGE),
    "story": _TEXT,
    "copy_of": _TEXT,
    "revision": pa.int32(),
    "flags": _TEXTS,
    "evidence": _EVIDENCE,
}
ENTRY = {
    "id": _TEXT,
    "source": _TEXT,
    "url": _TEXT,
    "canonical_url": _TEXT,
    "guid": _TEXT,
    "title": _TEXT,
    "summary": _TEXT,
    "content": _TEXT,
    "author": _TEXT,
    "published": _MOMENT,
    "published_raw": _TEXT,
    "updated": _MOMENT,
    "language": _TEXT,
    "revision": pa.int32(),
    "flags": _TEXTS,
    "first_seen": _MOMENT,
    "outcome": _TEXT,
    "reason": _TEXT,
    "tries": pa.int32(),
}


def schema(what: str, *, claims: bool = True) -> Any:
    """The schema of an export. claims: whether events carry theirs, nested."""
    fields = {"events": EVENT, "claims": CLAIM, "articles": ARTICLE, "entries": ENTRY}[what]
    kept = {name: kind for name, kind in fields.items() if claims or what != "events" or name != "claims"}
    return pa.schema(kept, metadata={"tocsin": f"{what}, version 1"})
