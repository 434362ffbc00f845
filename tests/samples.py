"""Small valid records for tests; each takes the fields that the test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from transforms.records import (
    Alert,
    Article,
    Change,
    Claim,
    ClaimPlace,
    DeadLetter,
    Event,
    FeedEntry,
    Party,
    Report,
    SourceState,
)

NOW = datetime(2024, 6, 28, 12, 0, tzinfo=UTC)


def later(**amount: float) -> datetime:
    """NOW plus a timedelta's arguments."""
    return NOW + timedelta(**amount)


def entry(id: str = "e1", **fields: Any) -> FeedEntry:
    defaults: dict[str, Any] = {
        "source": "un",
        "url": f"https://news.example/{id}",
        "canonical_url": f"https://news.example/{id}",
        "title": f"Title of {id}",
        "first_seen": NOW,
    }
    return FeedEntry(id=id, **(defaults | fields))


def state(id: str = "un", **fields: Any) -> SourceState:
    return SourceState(id=id, **({"url": f"https://{id}.example/feed", "next_due": NOW} | fields))


def article(id: str = "a1", **fields: Any) -> Article:
    defaults: dict[str, Any] = {
        "entry": f"entry-{id}",
        "source": "un",
        "url": f"https://news.example/{id}",
        "canonical_url": f"https://news.example/{id}",
        "title": f"Title of {id}",
        "text": "Norland shipped ten tanks to Sudland.",
        "first_seen": NOW,
        "publisher": "un",
        "origin": "un",
    }
    return Article(id=id, **(defaults | fields))


def claim(id: str = "c1", document: str = "a1", **fields: Any) -> Claim:
    defaults: dict[str, Any] = {
        "supplier": Party(iso3="PRK"),
        "recipient": Party(iso3="RUS"),
        "start": 0,
        "end": 4,
        "quote": "Text",
    }
    return Claim(id=id, document=document, **(defaults | fields))


def event(id: str = "v1", **fields: Any) -> Event:
    defaults: dict[str, Any] = {
        "supplier": Party(iso3="PRK"),
        "recipient": Party(iso3="RUS"),
        "stage": "delivered",
        "standing": "asserted",
        "first_seen": NOW,
        "last_changed": NOW,
    }
    return Event(id=id, **(defaults | fields))


def report(article: str = "a1", **fields: Any) -> Report:
    defaults: dict[str, Any] = {
        "url": f"https://news.example/{article}",
        "title": f"Title of {article}",
        "source": "wire",
        "publisher": "wire",
        "origin": "wire",
        "reliability": "B",
        "language": "en",
        "published": "2024-06-28",
        "first_seen": NOW,
    }
    return Report(article=article, **(defaults | fields))


def place(role: str = "delivery", **fields: Any) -> ClaimPlace:
    defaults: dict[str, Any] = {"text": "Vostochny", "start": 0, "end": 9, "value": "Vostochny Port", "country": "RUS"}
    defaults |= {"lat": 42.74, "lon": 133.08, "radius_km": 5.0, "confidence": 0.9, "place_type": "port"}
    return ClaimPlace(role=role, **(defaults | fields))  # type: ignore[arg-type]


def change(number: int = 1, **fields: Any) -> Change:
    return Change(number=number, **({"kind": "new_event", "at": NOW} | fields))


def letter(**fields: Any) -> DeadLetter:
    return DeadLetter(**({"stage": "ReadArticles", "subject": "e1", "reason": "not a text", "at": NOW} | fields))


def alert(id: str = "l1", **fields: Any) -> Alert:
    defaults: dict[str, Any] = {"subscription": "s", "event": "v1", "change": 1, "channel": "mail", "due": NOW}
    return Alert(id=id, **(defaults | fields))
