"""GeoJSON (RFC 7946): a feature for each place that an event has in a role, and a line from supplier to recipient."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from pipeline.exports.cells import cell
from pipeline.exports.columns import EVENTS
from pipeline.exports.geometry import Point, line
from transforms.claims.actors import catalogue
from transforms.places.sources import states
from transforms.predictions import Json
from transforms.records import ClaimPlace, Event, Party

PROPERTIES = (
    "headline", "date", "date_from", "date_to", "published", "supplier_iso3", "supplier_name", "recipient_iso3",
    "recipient_name", "goods", "categories", "stage", "standing", "asserted_by", "denied_by", "origins", "reliability",
    "credibility", "confidence", "embargoes", "review", "quote", "quote_address",
)  # fmt: skip
"""What a feature tells of its event: the columns of these names, as in the CSV file but with numbers as numbers."""

_COLUMNS = [column for column in EVENTS if column.name in PROPERTIES]
_DECIMALS = 6  # a tenth of a metre, finer than any gazetteer


@dataclass(slots=True)
class Told:
    """What went into a file. nowhere: events without a place that could be put on a map, which are not in it."""

    events: int = 0
    features: int = 0
    nowhere: int = 0


def write(events: Iterable[Event], stream: BinaryIO, *, lines: bool = False) -> Told:
    """A FeatureCollection, one feature a line.

    lines: also a line from supplier to recipient for each event where both are known: between the states' conventional
    centres, cut at the antimeridian. It joins two parties and is no route.
    """
    told = Told()
    stream.write(b'{"type": "FeatureCollection", "features": [')
    for event in events:
        found = list(features(event, lines=lines))
        told.events += 1
        told.nowhere += not found
        for feature in found:
            text = json.dumps(feature, ensure_ascii=False, allow_nan=False)
            stream.write(b",\n" if told.features else b"\n")
            stream.write(text.encode("utf-8", "replace"))
            told.features += 1
    stream.write(b"\n]}\n")
    return told


def features(event: Event, *, lines: bool = False) -> Iterator[Json]:
    """The features of one event; ids are the event's with the role and the place's number in it."""
    about: Json = {"event": event.id, **{c.name: _plain(c.value(event)) for c in _COLUMNS}}
    numbers: dict[str, int] = {}
    for place in _distinct(event.places):
        numbers[place.role] = number = numbers.get(place.role, 0) + 1
        where: Json = {
            "role": place.role,
            "place": place.value or place.text,
            "country": place.country,
            "place_type": place.place_type,
            "radius_km": _plain(place.radius_km),
            "place_confidence": _plain(place.confidence),
        }
        point: Json = {"type": "Point", "coordinates": [_round(place.lon), _round(place.lat)]}
        yield _feature(f"{event.id}/{place.role}/{number}", point, where | about)
    if lines and (ends := _ends(event)) and (geometry := line(*ends)):
        yield _feature(f"{event.id}/line", geometry, {"role": "line"} | about)


def _feature(id: str, geometry: Json, properties: Json) -> Json:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _plain(value: object) -> object:
    """Numbers and truth stay; moments are text, as everywhere else."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float) else cell(value)  # type: ignore[arg-type]


def _distinct(places: Iterable[ClaimPlace]) -> Iterator[ClaimPlace]:
    """The places that are on the map, each once in a role however many claims name it."""
    seen: set[tuple[str, float, float]] = set()
    for place in places:
        if place.lat is None or place.lon is None or not _on_earth(place.lat, place.lon):
            continue
        key = (place.role, _round(place.lat), _round(place.lon))
        if key not in seen:
            seen.add(key)
            yield place


def _on_earth(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180  # false for what is no number, too


def _round(degrees: float | None) -> float:
    return round(degrees or 0.0, _DECIMALS)


def _ends(event: Event) -> tuple[Point, Point] | None:
    start, end = _centre(event.supplier), _centre(event.recipient)
    return (start, end) if start and end and start != end else None


def _centre(party: Party) -> Point | None:
    """Where a party is put: its state, or the state where an actor of the catalogue is at home."""
    actor = catalogue().get(party.actor) if party.actor else None
    return _centres().get(party.iso3 or (actor.host if actor else None) or "")


@cache
def _centres() -> dict[str, Point]:
    return {state.iso3: Point(state.lon, state.lat) for state in states()}
