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

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import cast

from stix2 import v21  # type: ignore[import-untyped, unused-ignore]

from pipeline.exports.stix_base import EPOCH, Stix, made, references, related, stix_id, times
from pipeline.exports.stix_extension import VERSION, schema, transfer
from pipeline.exports.stix_parties import located, parties
from pipeline.exports.stix_said import note, opinions
from pipeline.exports.voices import voices
from transforms.notify.content import headline
from transforms.records import Event

_CREDIBILITY = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}
"""STIX 2.1, appendix A.3: Admiralty credibility as confidence; 6 (cannot be judged) has none."""


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
    when = times(event)
    gone = v21.Incident(id=_incident_id(event.id), **made(), **when, name=headline(event), revoked=True)
    yield cast(Stix, gone)
    if event.merged_into:
        yield related(gone.id, "duplicate-of", _incident_id(event.merged_into), when)


def objects(event: Event) -> Iterator[Stix]:
    """All objects of an event, with those that it shares with others (parties, places): nothing is left dangling."""
    when = times(event)
    incident = _incident(event, when)
    parts = [*parties(event, incident.id, when), *located(event, incident.id, when)]
    reports = {report.article: report for report in event.reports}
    parts += [note(event, claim, reports.get(claim.document), incident.id, when) for claim in event.claims]
    parts += opinions(event, reports, incident.id, when)
    told = [incident, *parts]
    yield from told
    yield cast(
        Stix,
        v21.Report(
            id=stix_id("report", event.id),
            **made(),
            **when,
            name=headline(event),
            description=_description(event),
            report_types=["arms-transfer"],
            published=event.first_seen,
            object_refs=list(dict.fromkeys(one.id for one in told)),
            external_references=references(event.reports) or None,
        ),
    )


def _incident(event: Event, when: dict[str, datetime]) -> Stix:
    return cast(
        Stix,
        v21.Incident(
            id=_incident_id(event.id),
            **made(),
            **when,
            name=headline(event),
            description=_description(event),
            labels=["arms-transfer", f"stage:{event.stage}", f"standing:{event.standing}"],
            confidence=_CREDIBILITY.get(event.credibility),
            external_references=references(event.reports) or None,
            extensions={extension(): transfer(event)},
        ),
    )


def _incident_id(event: str) -> str:
    return stix_id("incident", event)


def _description(event: Event) -> str:
    says = "; ".join(voices(event.asserted_by))
    denies = "; ".join(voices(event.denied_by))
    lines = (
        f"Said by: {says}" if says else "",
        f"Denied by: {denies}" if denies else "",
        f"Reported in {event.articles} articles of {event.origins} independent origins, rated "
        f"{event.reliability}{event.credibility}.",
        *(f"Embargo: {note.instrument} ({note.target}), {note.source}" for note in event.embargoes),
    )
    return "\n".join(line for line in lines if line)
