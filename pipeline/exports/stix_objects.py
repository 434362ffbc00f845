"""An event as STIX 2.1 objects, built and checked by the stix2 library.

    incident (the transfer, with its extension)
        ─ supplied-by, received-by, passed-through, brokered-by, destined-for → identity (state, actor)
    identity ─ located-at → location (state)
    incident ─ located-at → location (place in a role)
    note (a claim with its quote) and opinion (who affirms, who denies, what the analyst holds) → incident
    report (all of it, with every article as external reference)

Ids are UUIDv5 of what a thing is, so that two exports, and two installations that found the same event, name it alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Protocol, cast
from uuid import UUID, uuid5

from stix2 import v21  # type: ignore[import-untyped, unused-ignore]

from pipeline.exports.stix_extension import VERSION, schema, transfer
from transforms.claims.actors import catalogue
from transforms.codec import digest
from transforms.notify import names
from transforms.notify.content import headline
from transforms.places.sources import State, states
from transforms.predictions import Json
from transforms.records import Claim, ClaimPlace, Event, Party, Report, Voice

NAMESPACE = UUID("d1b09f2e-1cae-5f0f-8d4b-46dc5d5d95cb")
"""Tocsin's own, of https://tocsin.invalid/stix; the one that STIX reserves for observables must not be used."""
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""When what never changes (states, places, Tocsin itself) counts as made: one id has one version everywhere."""

_CREDIBILITY = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}
"""STIX 2.1, appendix A.3: Admiralty credibility as confidence; 6 (cannot be judged) has none."""
_LONGEST = 5000  # characters of a quote in a note: a claim's span is a sentence or two


class Stix(Protocol):
    """What is used of a stix2 object."""

    id: str
    created: datetime

    def serialize(self, pretty: bool = False) -> str: ...


def stix_id(kind: str, *parts: str | int | None) -> str:
    """The id of an object: its type, and the UUIDv5 of what identifies it."""
    return f"{kind}--{uuid5(NAMESPACE, digest([kind, *parts]))}"


@cache
def preamble() -> tuple[Stix, ...]:
    """Who speaks in the bundle, and what the extension means."""
    me = v21.Identity(
        id=stix_id("identity", "tocsin"),
        created=EPOCH,
        modified=EPOCH,
        name="Tocsin",
        identity_class="system",
        description="Reads news and UN press releases for reported arms transfers. It reports what is said and by "
        "whom; it does not vouch for it.",
    )
    definition = v21.ExtensionDefinition(
        id=extension(),
        created_by_ref=me.id,
        created=EPOCH,
        modified=EPOCH,
        name="Arms transfer",
        description="An arms transfer as it is reported: parties, goods, quantities, stage, standing.",
        schema=schema(),
        version=VERSION,
        extension_types=["property-extension"],
    )
    return (cast(Stix, me), cast(Stix, definition))


def extension() -> str:
    """The id of the extension's definition."""
    return stix_id("extension-definition", "arms-transfer", VERSION.partition(".")[0])


def retraction(event: Event) -> Iterator[Stix]:
    """An event that was merged into another: revoked, and what it is a duplicate of."""
    when = _times(event)
    gone = v21.Incident(id=_incident_id(event.id), **_made(), **when, name=headline(event), revoked=True)
    yield cast(Stix, gone)
    if event.merged_into:
        yield _related(gone.id, "duplicate-of", _incident_id(event.merged_into), when)


def objects(event: Event) -> Iterator[Stix]:
    """All objects of an event; what it shares with others (parties, places) first. Nothing is left dangling."""
    when = _times(event)
    incident = _incident(event, when)
    parts = [*_parties(event, incident.id, when), *_located(event, incident.id, when)]
    reports = {report.article: report for report in event.reports}
    parts += [_note(event, claim, reports.get(claim.document), incident.id, when) for claim in event.claims]
    parts += _opinions(event, incident.id, when)
    told = [incident, *parts]
    yield from told
    yield cast(
        Stix,
        v21.Report(
            id=stix_id("report", event.id),
            **_made(),
            **when,
            name=headline(event),
            description=_description(event),
            report_types=["arms-transfer"],
            published=event.first_seen,
            object_refs=list(dict.fromkeys(one.id for one in told)),
            external_references=_references(event.reports) or None,
        ),
    )


def _incident(event: Event, when: dict[str, datetime]) -> Stix:
    return cast(
        Stix,
        v21.Incident(
            id=_incident_id(event.id),
            **_made(),
            **when,
            name=headline(event),
            description=_description(event),
            labels=["arms-transfer", f"stage:{event.stage}", f"standing:{event.standing}"],
            confidence=_CREDIBILITY.get(event.credibility),
            external_references=_references(event.reports) or None,
            extensions={extension(): transfer(event)},
        ),
    )


def _incident_id(event: str) -> str:
    return stix_id("incident", event)


def _times(event: Event) -> dict[str, datetime]:
    return {"created": event.first_seen, "modified": max(event.first_seen, event.last_changed)}


def _made() -> dict[str, str]:
    return {"created_by_ref": stix_id("identity", "tocsin")}


def _description(event: Event) -> str:
    says = "; ".join(dict.fromkeys(map(names.voice, event.asserted_by)))
    denies = "; ".join(dict.fromkeys(map(names.voice, event.denied_by)))
    lines = (
        f"Said by: {says}" if says else "",
        f"Denied by: {denies}" if denies else "",
        f"Reported in {event.articles} articles of {event.origins} independent origins, rated "
        f"{event.reliability}{event.credibility}.",
        *(f"Embargo: {note.instrument} ({note.target}), {note.source}" for note in event.embargoes),
    )
    return "\n".join(line for line in lines if line)


def _references(reports: Iterable[Report]) -> list[Json]:
    return [reference for report in reports if (reference := _reference(report))]


def _reference(report: Report, more: str = "") -> Json:
    about = ", ".join(part for part in (report.title, (report.published or "")[:10], more) if part)
    address = {"url": report.url} if report.url.lower().startswith(("http://", "https://")) else {}
    return {"source_name": report.publisher or report.source, "description": about or report.article, **address}


# --- parties and places ----------------------------------------------------------------------------------------------


def _parties(event: Event, incident: str, when: dict[str, datetime]) -> Iterator[Stix]:
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
            yield _related(incident, role, found[0].id, when)


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
        **_made(),
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
        **_made(),
        created=EPOCH,
        modified=EPOCH,
        name=name,
        country=known.iso2,
    )
    at = _related(identity.id, "located-at", location.id, {"created": EPOCH, "modified": EPOCH})
    return (cast(Stix, identity), cast(Stix, location), at)


@cache
def _actor(id: str) -> Stix:
    known = catalogue().get(id)
    made = v21.Identity(
        id=stix_id("identity", "actor", id),
        **_made(),
        created=EPOCH,
        modified=EPOCH,
        name=known.name if known else id,
        identity_class="organization",
        labels=[f"actor:{id}"],
    )
    return cast(Stix, made)


def _named(name: str) -> Stix:
    made = v21.Identity(
        id=stix_id("identity", "name", name.casefold()),
        **_made(),
        created=EPOCH,
        modified=EPOCH,
        name=name.casefold(),
        identity_class="unspecified",
        description="A party by the name that reports give it; in no catalogue.",
    )
    return cast(Stix, made)


def _located(event: Event, incident: str, when: dict[str, datetime]) -> Iterator[Stix]:
    seen: set[tuple[str, str]] = set()
    for place in event.places:
        location = _location(place)
        if location is not None and (place.role, location.id) not in seen:
            seen.add((place.role, location.id))
            yield location
            yield _related(incident, "located-at", location.id, when, place.role)


def _location(place: ClaimPlace) -> Stix | None:
    lat, lon = place.lat, place.lon
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    lat, lon = round(lat, 6), round(lon, 6)
    name = place.value or place.text
    state = _states().get(place.country or "")
    made = v21.Location(
        id=stix_id("location", place.country, name, repr(lat), repr(lon), repr(place.radius_km)),
        **_made(),
        created=EPOCH,
        modified=EPOCH,
        name=name or None,
        latitude=lat,
        longitude=lon,
        precision=place.radius_km * 1000 if place.radius_km else None,
        country=state.iso2 if state else None,
    )
    return cast(Stix, made)


@cache
def _states() -> dict[str, State]:
    return {state.iso3: state for state in states()}


def _related(source: str, kind: str, target: str, when: dict[str, datetime], role: str | None = None) -> Stix:
    made = v21.Relationship(
        id=stix_id("relationship", source, kind, target, role),
        **_made(),
        **when,
        relationship_type=kind,
        source_ref=source,
        target_ref=target,
        description=role,
    )
    return cast(Stix, made)


# --- what is said ----------------------------------------------------------------------------------------------------


def _note(event: Event, claim: Claim, report: Report | None, incident: str, when: dict[str, datetime]) -> Stix:
    where = f"characters {claim.start}–{claim.end} of document {claim.document}"
    authors = dict.fromkeys(map(names.voice, chain(claim.asserted_by, claim.denied_by)))
    made = v21.Note(
        id=stix_id("note", event.id, claim.id),
        **_made(),
        **when,
        abstract=f"Claim ({claim.stage.replace('_', ' ')}, {claim.standing}), {where}",
        content=claim.quote[:_LONGEST] or "(no quote)",
        authors=[author for author in authors if author] or None,
        object_refs=[incident],
        confidence=min(100, max(0, round(claim.confidence * 100))),
        labels=["claim", f"standing:{claim.standing}", *(["copy"] if claim.copy_of else [])],
        external_references=[_reference(report, where)] if report else None,
    )
    return cast(Stix, made)


def _opinions(event: Event, incident: str, when: dict[str, datetime]) -> Iterator[Stix]:
    """Who affirms and who denies, each once, and the analyst's own judgement."""
    for opinion, verb, voices in (
        ("agree", "affirms", event.asserted_by),
        ("strongly-disagree", "denies", event.denied_by),
    ):
        for name in dict.fromkeys(map(names.voice, voices)):
            if name:
                quote = _said(event, name, denial=opinion != "agree")
                yield _opinion(event.id, incident, when, opinion, name, f"{name} {verb} it{quote}.")
    review = event.review
    if review.state != "unreviewed":
        opinion = "strongly-agree" if review.state == "confirmed" else "strongly-disagree"
        why = f"An analyst {review.state} it{f': {review.why}' if review.why else '.'}"
        yield _opinion(event.id, incident, when, opinion, review.who or "analyst", why, "review")


def _said(event: Event, name: str, *, denial: bool) -> str:
    for claim in event.claims:
        voices: tuple[Voice, ...] = claim.denied_by if denial else claim.asserted_by
        if any(names.voice(voice) == name for voice in voices):
            return f": “{claim.quote[:_LONGEST]}”"
    return ""


def _opinion(
    event: str, incident: str, when: dict[str, datetime], opinion: str, author: str, why: str, kind: str = "voice"
) -> Stix:
    made = v21.Opinion(
        id=stix_id("opinion", event, kind, "review" if kind == "review" else opinion, author),
        **_made(),
        **when,
        opinion=opinion,
        explanation=why,
        authors=[author],
        object_refs=[incident],
    )
    return cast(Stix, made)
