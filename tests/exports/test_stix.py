"""STIX 2.1: bundles that stix2 parses strictly, with ids that two exports share and nothing left dangling."""

from __future__ import annotations

import io
import json
from typing import Any

import stix2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline.exports import stix
from pipeline.exports.stix_base import NAMESPACE, stix_id
from pipeline.exports.stix_extension import Transfer
from pipeline.exports.stix_objects import extension
from tests.exports.samples import hostile_events, rich_event
from tests.samples import claim, event, later, place
from transforms.notify.content import headline
from transforms.records import Event, Party, Voice

STIX_OBSERVABLES = "00abedb4-aa42-466c-9c01-fed23315a9b7"


def written(*events: Event, per_bundle: int | None = None) -> list[Any]:
    stream = io.BytesIO()
    stix.write(iter(events), stream, per_bundle=per_bundle)
    return [stix2.parse(line, allow_custom=False) for line in stream.getvalue().decode().splitlines()]


def of_type(bundle: Any, kind: str) -> list[Any]:
    return [one for one in bundle.objects if one.type == kind]


def test_an_event_is_an_incident_with_parties_places_claims_and_opinions() -> None:
    (bundle,) = written(rich_event())
    (incident,) = of_type(bundle, "incident")
    assert incident.name == headline(rich_event())
    assert incident.confidence == 30  # Admiralty credibility 4
    assert [reference.url for reference in incident.external_references] == [
        "https://news.example/a1",
        "https://other.example/2",
    ]
    transfer = TypeAdapter(Transfer).validate_python(dict(incident.extensions[extension()]))
    assert (transfer.event_id, transfer.supplier.iso3, transfer.stage, transfer.standing) == (
        "v1",
        "PRK",
        "delivered",
        "disputed",
    )
    assert transfer.delivered is not None and transfer.delivered.number == 40
    assert [thing.name for thing in transfer.goods] == ["KN-23", "artillery shell"]

    names = {one.id: one.get("name") for one in bundle.objects}
    links = {
        (one.relationship_type, names[one.target_ref], one.get("description"))
        for one in of_type(bundle, "relationship")
    }
    assert links == {
        ("supplied-by", "North Korea", None),
        ("received-by", "Russia", None),
        ("passed-through", "China", None),
        ("brokered-by", "harbour trading", None),
        ("destined-for", "Houthis", None),
        ("located-at", "North Korea", None),
        ("located-at", "Russia", None),
        ("located-at", "China", None),
        ("located-at", "Vostochny Port", "delivery"),
        ("located-at", "Rajin", "origin"),
    }
    port = next(one for one in of_type(bundle, "location") if one.name == "Vostochny Port")
    assert (port.latitude, port.longitude, port.precision, port.country) == (42.74, 133.08, 5000.0, "RU")

    notes = {note.content: note for note in of_type(bundle, "note")}
    note = notes["Forty missiles were unloaded there, the ministry said."]
    assert (list(note.authors), note.confidence, note.object_refs) == (["Defence Ministry (KOR)"], 80, [incident.id])
    assert note.external_references[0].url == "https://news.example/a1"
    assert "characters 10–64 of document a1" in note.external_references[0].description
    opinions = {(one.authors[0], one.opinion) for one in of_type(bundle, "opinion")}
    assert opinions == {
        ("Defence Ministry (KOR)", "agree"),
        ("Foreign Ministry (RUS)", "strongly-disagree"),
        ("ana", "strongly-agree"),
    }
    (report,) = of_type(bundle, "report")
    own = {one.id for one in bundle.objects if one.type not in {"report", "extension-definition"}} - {me(bundle)}
    assert set(report.object_refs) == own


def me(bundle: Any) -> str:
    return str(next(one.id for one in of_type(bundle, "identity") if one.name == "Tocsin"))


def references(plain: Any) -> set[str]:
    """Every id that an object refers to."""
    found: set[str] = set()
    for key, value in plain.items():
        if key.endswith("_ref"):
            found.add(value)
        elif key.endswith("_refs") or key == "extensions":
            found |= set(value)
    return found


def test_bundles_are_complete_in_themselves_and_name_each_object_once() -> None:
    events = [rich_event(f"v{n}", places=(place(), place("use"))) for n in range(5)]
    bundles = written(*events, per_bundle=2)
    assert [len(of_type(bundle, "incident")) for bundle in bundles] == [2, 2, 1]
    for bundle in bundles:
        plain = json.loads(bundle.serialize())
        ids = [one["id"] for one in plain["objects"]]
        assert len(ids) == len(set(ids))
        assert set().union(*map(references, plain["objects"])) <= set(ids)
    assert len({bundle.id for bundle in bundles}) == 3


def test_the_extension_is_defined_with_its_schema() -> None:
    (bundle,) = written()
    (definition,) = of_type(bundle, "extension-definition")
    assert definition.id == extension()
    assert list(definition.extension_types) == ["property-extension"]
    assert set(json.loads(definition.schema)["required"]) >= {"event_id", "supplier", "recipient", "stage", "standing"}


def test_ids_are_the_same_in_every_export_and_outside_the_observables_namespace() -> None:
    (first,), (second,) = written(rich_event()), written(rich_event())
    assert first.serialize() == second.serialize()
    assert str(NAMESPACE) != STIX_OBSERVABLES
    assert stix_id("identity", "state", "PRK") == "identity--" + stix_id("identity", "state", "PRK").partition("--")[2]
    assert {one.id.split("-")[-3][0] for one in first.objects} == {"5"}  # UUID version


def test_a_changed_event_is_a_newer_version_of_the_same_objects() -> None:
    (before,) = written(rich_event())
    (after,) = written(rich_event(stage="in_use", last_changed=later(days=2)))
    (old,), (new,) = of_type(before, "incident"), of_type(after, "incident")
    assert old.id == new.id and old.created == new.created and old.modified < new.modified
    shared = {one.id: one for one in before.objects if one.created.year == 2024 and one.created.month == 1}
    assert all(one == shared[one.id] for one in after.objects if one.id in shared)


def test_a_merged_event_is_revoked_and_points_to_what_it_became() -> None:
    (bundle,) = written(event("v1", merged_into="v2"))
    (incident,) = of_type(bundle, "incident")
    assert incident.revoked is True
    (link,) = of_type(bundle, "relationship")
    assert (link.relationship_type, link.source_ref) == ("duplicate-of", incident.id)
    assert link.target_ref == of_type(written(event("v2"))[0], "incident")[0].id


def test_a_reports_own_words_are_its_publishers() -> None:
    narrated = (Voice(name="narration"),)
    told = rich_event(
        asserted_by=narrated, denied_by=(), claims=(claim("c1", "a1", asserted_by=narrated, quote="So it is."),)
    )
    (bundle,) = written(told)
    opinion = next(one for one in of_type(bundle, "opinion") if one.opinion == "agree")
    assert (list(opinion.authors), opinion.explanation) == (["wire"], "the report itself affirms it: “So it is.”.")
    assert list(of_type(bundle, "note")[0].authors) == ["wire"]
    assert "Said by: the report itself" in of_type(bundle, "incident")[0].description


def test_former_states_and_unknown_parties() -> None:
    (bundle,) = written(event("v1", supplier=Party(iso3="SUN"), recipient=Party()))
    assert [one.name for one in of_type(bundle, "identity")] == ["Tocsin", "SUN"]
    assert of_type(bundle, "location") == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(hostile_events(), min_size=1, max_size=2))
def test_hostile_events_parse(events: list[Event]) -> None:
    (bundle,) = written(*[rich_event("v0"), *events])
    assert of_type(bundle, "incident")
