"""The webhook's JSON body, version 1 (docs/alerts.md describes each key), and how it is signed.

The signature is that of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, timestamp and body,
so receivers can use a ready library. The timestamp is inside the signature: a receiver refuses what is older than five
minutes, and a captured request cannot be replayed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from transforms.codec import encode_plain
from transforms.notify.content import Item, Message

SCHEMA = "tocsin.alert/1"
TOLERANCE = timedelta(minutes=5)


class BadSignature(ValueError):
    """The request is not from who knows the secret, or too old; the message says which."""


def body(message: Message) -> bytes:
    """The message as UTF-8 JSON with sorted keys. The same dispatch at the same moment gives the same bytes."""
    value = {
        "schema": SCHEMA,
        "key": message.key,
        "subscription": message.subscription,
        "form": "alert" if message.single else "digest",
        "subject": message.subject,
        "sent": message.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "references": list(message.references),
        "events": [_item(item) for item in message.items],
        "omitted": message.omitted,
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _item(item: Item) -> dict[str, object]:
    event = encode_plain(item.event)
    kept = (
        "id", "supplier", "recipient", "transit", "broker", "end_user", "goods", "quantity_ordered",
        "quantity_delivered", "value", "carriers", "stage", "standing", "asserted_by", "denied_by", "date", "published",
        "places", "articles", "origins", "reliability", "credibility", "confidence", "embargoes", "review", "revision",
    )  # fmt: skip
    return {
        **{key: event[key] for key in kept},
        "headline": item.headline,
        "new": item.is_new,
        "changes": [{"what": c.label, "before": c.before, "after": c.after} for c in item.changes],
        "evidence": [{"quote": q.text, "title": q.title, "url": q.url, "by": q.by} for q in item.quotes],
        "link": item.link,
    }


def signed_headers(key: str, content: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers that go with a body sent now."""
    stamp = str(int(now.timestamp()))
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": _sign(key, stamp, content, secret)}


def verify(headers: Mapping[str, str], content: bytes, secret: str, now: datetime) -> str:
    """The idempotency key of a genuine, recent request. Raises :class:`BadSignature`. For receivers and tests."""
    lower = {name.lower(): value for name, value in headers.items()}
    key, stamp = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise BadSignature("the timestamp is missing, or more than five minutes off")
    expected = _sign(key, stamp, content, secret)
    given = lower.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise BadSignature("the signature does not fit the body")
    return key


def _sign(key: str, stamp: str, content: bytes, secret: str) -> str:
    signed = b".".join((key.encode(), stamp.encode(), content))
    return "v1," + base64.b64encode(hmac.new(_secret(secret), signed, sha256).digest()).decode()


def _secret(text: str) -> bytes:
    """Standard Webhooks writes secrets as ``whsec_`` and base64; any other text is taken as it is."""
    if text.startswith("whsec_"):
        try:
            return base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return text.encode()
