"""Parties and places as STIX identities and locations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import cast

from stix2 import v21  # type: ignore[import-untyped, unused-ignore]

from pipeline.exports.stix_base import EPOCH, Stix, made, related, stix_id
from transforms.claims.actors import catalogue
from transforms.notify import names
from transforms.places.sources import State, states
from transforms.records import ClaimPlace, Event, Party


def parties(event: Event, incident: str, when: dict[str, datetime]) -> Iterator[Stix]:
    """The parties with their states, and what each is to the incident."""
    sides: list[tuple[str, Party | None]] = [
        ("supplied-by", event.supplier),
        ("received-by", event.recipient),
        *(("passed-through", party) for party in event.transit),
        ("brokered-by", event.broker),
        ("destined-for", event.end_user),
    ]
    for role, party in sides:
        if party is not None and (found := _identity(party)):
            yield from found
            yield related(incident, role, found[0].id, when)


def _identity(party: Party) -> tuple[Stix, ...]:
    """A party's identity, with the state's location; nothing for one that is not known at all."""
    if party.iso3:
        return _state(party.iso3)
    if party.actor:
        return (_actor(party.actor),)
    return (_named(" ".join(party.name.split())),) if party.name and party.name.strip() else ()


@cache
def _state(iso3: str) -> tuple[Stix, ...]:
    name = names.states().get(iso3, iso3)
    identity = v21.Identity(
        id=stix_id("identity", "state", iso3),
        **made(),
        created=EPOCH,
        modified=EPOCH,
        name=name,
        identity_class="organization",
        sectors=["government-national"],
        labels=[f"iso3:{iso3}"],
    )
    known = _states().get(iso3)
    if known is None:  # a former state is on no map of today
        return (cast(Stix, identity),)
    location = v21.Location(
        id=stix_id("location", "state", iso3),
        **made(),
        created=EPOCH,
        modified=EPOCH,
        name=name,
        country=known.iso2,
    )
    at = related(identity.id, "located-at", location.id, {"created": EPOCH, "modified": EPOCH})
    return (cast(Stix, identity), cast(Stix, location), at)


@cache
def _actor(id: str) -> Stix:
    known = catalogue().get(id)
    built = v21.Identity(
        id=stix_id("identity", "actor", id),
        **made(),
        created=EPOCH,
        modified=EPOCH,
        name=known.name if known else id,
        identity_class="organization",
        labels=[f"actor:{id}"],
    )
    return cast(Stix, built)


def _named(name: str) -> Stix:
    built = v21.Identity(
        id=stix_id("identity", "name", name.casefold()),
        **made(),
        created=EPOCH,
        modified=EPOCH,
        name=name.casefold(),
        identity_class="unspecified",
        description="A party by the name that reports give it; in no catalogue.",
    )
    return cast(Stix, built)


def located(event: Event, incident: str, when: dict[str, datetime]) -> Iterator[Stix]:
    """The places on the map, each with its role."""
    seen: set[tuple[str, str]] = set()
    for place in event.places:
        location = _location(place)
        if location is not None and (place.role, location.id) not in seen:
            seen.add((place.role, location.id))
            yield location
            yield related(incident, "located-at", location.id, when, place.role)


def _location(place: ClaimPlace) -> Stix | None:
    lat, lon = place.lat, place.lon
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    lat, lon = round(lat, 6), round(lon, 6)
    name = place.value or place.text
    state = _states().get(place.country or "")
    built = v21.Location(
        id=stix_id("location", place.country, name, repr(lat), repr(lon), repr(place.radius_km)),
        **made(),
        created=EPOCH,
        modified=EPOCH,
        name=name or None,
        latitude=lat,
        longitude=lon,
        precision=place.radius_km * 1000 if place.radius_km else None,
        country=state.iso2 if state else None,
    )
    return cast(Stix, built)


@cache
def _states() -> dict[str, State]:
    return {state.iso3: state for state in states()}
