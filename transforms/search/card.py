"""The card of an event: everything that a search finds it by, in the form that every store indexes.

*Atoms* are exact values under a field (``supplier·prk``), *words* the tokens of what is told of the event, passage by
passage, *numbers* what ranges and orders go by. Whoever changes what is on a card raises ``version`` in endings.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from transforms.records import ClaimPlace, Event, Goods, Party
from transforms.search.query import Column
from transforms.search.words import BREAK, LONGEST, endings, fold, plain, tokens
from transforms.spans import Span, parse

_QUOTES = 1000
"""Claims whose quotations are on the card, the newest kept: an event that a thousand reports tell of is found."""
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Card:
    """What an event is found by. live: whether it is found at all (one merged into another is not)."""

    id: str
    live: bool
    atoms: tuple[str, ...]
    words: tuple[str, ...]
    numbers: Mapping[Column, int]


def version() -> int:
    """Of the cards that this Tocsin makes."""
    return endings().version


@lru_cache(maxsize=16384)  # parties, kinds, outlets and stages come again with every event
def atom(field: str, value: str) -> str:
    """A value under a field, folded, of letters and digits only; the same text for every store.

    >>> atom("weapon", "Shahed-136")
    'weapon·shahed136'
    """
    return f"{field}·{plain(value)[:LONGEST]}"


def micros(at: datetime) -> int:
    """Microseconds since the epoch."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def card(event: Event) -> Card:
    """The card of an event. Pure; never raises."""
    span = _when(event)
    return Card(
        id=event.id,
        live=event.merged_into is None,
        atoms=tuple(sorted(set(_atoms(event)))),
        words=_words(event),
        numbers={
            "first": span.first,
            "last": span.last,
            "changed": micros(event.last_changed),
            "seen": micros(event.first_seen),
            "origins": event.origins,
            "articles": event.articles,
            "confidence": thousandths(event.confidence),
            "credibility": event.credibility,
        },
    )


def thousandths(share: float) -> int:
    """A share as a whole number; what is no share counts as none."""
    return round(share * 1000) if 0 <= share <= 1 else 0


def _when(event: Event) -> Span:
    """The transfer's date, else the earliest report's, else first sight."""
    day = event.first_seen.astimezone(UTC).date().toordinal()
    return parse(event.date) or parse(event.published) or Span(day, day)


def _atoms(event: Event) -> Iterator[str]:
    yield atom("id", event.id)
    recipients = [event.recipient, *([event.end_user] if event.end_user else [])]
    brokers = [event.broker] if event.broker else []
    for field, parties in (
        ("supplier", [event.supplier]),
        ("recipient", recipients),
        ("broker", brokers),
        ("transit", list(event.transit)),
        ("either", [event.supplier, *recipients, *brokers]),
    ):
        yield from (atom(field, party.key) for party in parties)
    for goods in event.goods:
        yield atom("weapon", goods.value)
        yield atom("category", goods.category)
        if goods.family:
            yield atom("family", goods.family)
    for place in event.places:
        yield from (atom("place", name) for name in (place.value, place.text) if name)
        if place.country:
            yield atom("country", place.country)
    for carrier in event.carriers:
        yield from (atom("carrier", name) for name in (carrier.name, carrier.imo, carrier.registration) if name)
        if carrier.imo:
            yield atom("imo", imo(carrier.imo))
        if carrier.registration:
            yield atom("registration", carrier.registration)
    yield from (atom("marking", marking) for marking in event.markings)
    yield atom("stage", event.stage)
    yield atom("standing", event.standing)
    yield atom("review", event.review.state)
    yield atom("reliability", event.reliability)
    yield from (atom("embargo", state) for state in _embargo(event))
    for voice in event.asserted_by:
        yield from (atom("says", name) for name in (voice.name, voice.iso3) if name)
    for voice in event.denied_by:
        yield from (atom("denies", name) for name in (voice.name, voice.iso3) if name)
    for report in event.reports:
        yield from (atom("source", name) for name in (report.source, report.publisher, report.origin))
        yield atom("article", report.article)
        if report.language:
            yield atom("language", report.language)


def imo(number: str) -> str:
    """The digits of an IMO number."""
    return "".join(char for char in fold(number) if char.isdecimal())


def _embargo(event: Event) -> Iterator[str]:
    """``yes`` for one in force, ``contested`` for one that is disputed, ``no`` for none in force."""
    contested = [note.contested for note in event.embargoes]
    yield "yes" if not all(contested) else "no"
    if any(contested):
        yield "contested"


def _words(event: Event) -> tuple[str, ...]:
    found: list[str] = []
    for passage in dict.fromkeys(_passages(event)):
        if made := tokens(passage):
            found += [BREAK, *made] if found else made
    return tuple(found)


def _passages(event: Event) -> Iterator[str]:
    """Names, places, carriers, titles and quotations, each a text of its own."""
    parties = (event.supplier, event.recipient, *event.transit, event.broker, event.end_user)
    yield from _told(parties, event.goods, event.places)
    for carrier in event.carriers:
        yield from filter(None, (carrier.name, carrier.imo, carrier.registration, carrier.operator))
    yield from event.markings
    yield from (voice.name for voice in (*event.asserted_by, *event.denied_by))
    yield from (note.instrument for note in event.embargoes)
    yield from (report.title for report in event.reports)
    yield from filter(None, (event.review.why,))
    yield from (claim.quote for claim in event.claims[-_QUOTES:])


def _told(parties: Iterable[Party | None], goods: Iterable[Goods], places: Iterable[ClaimPlace]) -> Iterator[str]:
    for party in parties:
        if party:
            yield from filter(None, (party.name, party.iso3, party.actor))
    for item in goods:
        yield from filter(None, (item.value, item.family))
    for place in places:
        yield from filter(None, (place.value, place.text, place.country))
