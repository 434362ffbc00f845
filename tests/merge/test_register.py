"""What becomes one event, what stays apart, and what the event then says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.merge.memory import MemoryStore, memory_store
from tests.merge.world import (
    HIMARS,
    MISSILES,
    SHELLS,
    TANKS,
    compared,
    events,
    goods,
    merge,
    only,
    parts,
    read,
    register,
    told,
)
from tests.samples import NOW, later
from transforms.contracts import StoreError
from transforms.merge import Merged, merge_readings
from transforms.records import Amount, Carrier, ClaimPlace, Event, Party, Voice

MINISTRY = (Voice(name="Ministry of Defence", iso3="USA"),)


def place(role: str, text: str) -> tuple[ClaimPlace, ...]:
    return (ClaimPlace(role=role, text=text, start=0, end=3, value=text),)  # type: ignore[arg-type]


# --- what is one transfer


def test_two_papers_tell_of_one_delivery() -> None:
    event = only(
        register(
            [
                read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=18)),
                read("b", "2024-05-04", told("b", "USA>POL", goods("rocket launcher", "III"), number=18)),
            ]
        )
    )
    assert [report.article for report in event.reports] == ["a", "b"]
    assert (event.articles, event.origins, event.stage) == (2, 2, "delivered")
    assert event.quantity_delivered == Amount(number=18)
    assert [g.value for g in event.goods] == ["HIMARS", "rocket launcher"]


def test_a_later_stage_updates_the_event_and_says_what_changed() -> None:
    store = register([read("a", "2023-02-07", told("a", "USA>POL", HIMARS, number=20, stage="approved"))])
    id = only(store).id
    merged = merge(store, read("b", "2023-05-15", told("b", "USA>POL", HIMARS, number=18)), later(days=97))
    event = only(store)
    assert (merged.new, merged.changed, event.id) == ((), (id,), id)
    assert (event.stage, event.quantity_ordered, event.quantity_delivered) == (
        "delivered",
        Amount(number=20),
        Amount(number=18),
    )
    assert [(c.number, c.kind, c.before, c.after) for c in event.changes] == [
        (1, "new_event", None, None),
        (2, "new_claim", None, "as b tells it"),
        (3, "stage", "approved", "delivered"),
        (4, "quantity", None, "18"),
    ]
    assert event.unannounced == event.changes
    assert (event.revision, event.first_seen, event.last_changed) == (2, NOW, later(days=97))


def test_packages_of_other_value_stay_apart() -> None:
    found = [
        read("a", "2024-07-29", told("a", "USA>UKR", SHELLS, money=1.5e9, stage="announced")),
        read("b", "2024-07-29", told("b", "USA>UKR", SHELLS, money=2e8, stage="announced")),
        read("c", "2024-07-30", told("c", "USA>UKR", SHELLS, money=1.5e9, stage="announced")),
    ]
    assert parts(register(found)) == [["a", "c"], ["b"]]


def test_the_same_kind_months_later_is_another_delivery() -> None:
    found = [
        read("a", "2024-01-10", told("a", "PRK>RUS", SHELLS, date="2024-01-08")),
        read("b", "2024-06-10", told("b", "PRK>RUS", SHELLS, date="2024-06-08")),
    ]
    assert parts(register(found)) == [["a"], ["b"]]


def test_two_accounts_of_one_seizure_keep_both_numbers() -> None:
    seizure = {"stage": "seized", "date": "2024-01-11", "places": place("seizure", "Arabian Sea")}
    first = read("a", "2024-01-20", told("a", ">YEM", MISSILES, number=12, **seizure))
    event = only(register([first, read("b", "2024-01-21", told("b", ">YEM", MISSILES, number=20, **seizure))]))
    assert event.quantity_delivered == Amount(min=12, max=20)
    assert [claim.quantity for claim in event.claims] == [Amount(number=12), Amount(number=20)]


def test_an_unknown_supplier_joins_a_known_one_only_within_one_story() -> None:
    ship = (Carrier(kind="vessel", name="Lady Mara"),)
    named = told("a", "IRN>YEM", MISSILES, number=9, carriers=ship)
    unnamed = told("a", ">YEM", MISSILES, number=9, carriers=ship, stage="shipped", start=40, end=50)
    elsewhere = told("b", ">YEM", MISSILES, number=9, carriers=ship)
    assert only(register([read("a", "2024-05-01", named, unnamed)])).supplier == Party(iso3="IRN")
    store = register([read("a", "2024-05-01", named), read("b", "2024-05-01", elsewhere)])
    assert parts(store) == [["a"], ["b"]]
    assert {event.supplier.key for event in events(store)} == {"IRN", "unknown"}


def test_actors_are_parties_of_their_own() -> None:
    found = [
        read("a", "2024-05-01", told("a", "IRN>houthis", MISSILES)),
        read("b", "2024-05-01", told("b", "IRN>hezbollah", MISSILES)),
    ]
    assert parts(register(found)) == [["a"], ["b"]]


def test_one_text_does_not_tell_the_same_twice() -> None:
    first = told("a", "SWE>UKR", goods("CV90", "II", named=True), number=40, stage="contracted")
    second = told("a", "SWE>UKR", goods("CV90", "II", named=True), number=50, stage="delivered")
    assert len(events(register([read("a", "2024-12-10", first, second)]))) == 2


def test_a_translation_adds_a_report_and_no_origin() -> None:
    vehicles = goods("armoured vehicle", "II")
    found = [
        read(
            language,
            "2020-05-12",
            told(language, "TUR>LBY", vehicles, date="2020-01-29"),
            language=language,
            origin="bbc",
            publisher="bbc",
        )
        for language in ("en", "ru")
    ]
    event = only(register(found))
    assert (event.articles, event.origins) == (2, 1)
    assert [e.instrument for e in event.embargoes] == ["UNSC 1970 (2011)"]


# --- copies


def test_a_copy_lists_the_leads_claims_and_adds_no_origin() -> None:
    lead = told("a", "USA>POL", HIMARS, number=18, confidence=0.8)
    store = register(
        [read("a", "2024-05-03", lead), read("b", "2024-05-04", told("b", "USA>POL", HIMARS), copy_of="a")]
    )
    event = only(store)
    assert [(c.document, c.copy_of, c.quote) for c in event.claims] == [
        ("a", None, lead.quote),
        ("b", "a", lead.quote),
    ]
    assert (event.articles, event.origins, event.credibility, event.confidence) == (2, 1, 3, 0.8)


def test_copies_follow_when_their_lead_is_corrected() -> None:
    store = register(
        [
            read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=18)),
            read("b", "2024-05-04", told("b", "USA>POL", HIMARS, number=18), copy_of="a"),
        ]
    )
    id = only(store).id
    merge(store, read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=36), revision=2))
    event = only(store)
    assert event.id == id
    assert {claim.quantity for claim in event.claims} == {Amount(number=36)}
    assert parts(store) == [["a", "b"]]


def test_what_a_copy_adds_counts_without_being_another_origin() -> None:
    """A paragraph that only the copy has: another transfer, and another number of the lead's own."""
    lead = told("a", "USA>POL", HIMARS, number=18)
    added = told("b", "KOR>POL", TANKS, number=180)
    again = told("c", "KOR>POL", TANKS)
    found = [
        read("a", "2024-05-03", lead, origin="reuters", reliability="C"),
        read("b", "2024-05-04", told("b", "USA>POL", HIMARS, number=20), added, copy_of="a", reliability="A"),
        read("c", "2024-05-05", again, copy_of="a"),
        read("d", "2024-05-05", copy_of="a"),
    ]
    for order in (found, found[::-1]):
        own, beyond = sorted(events(register(order)), key=lambda event: event.supplier.key, reverse=True)
        assert [(c.document, c.copy_of) for c in own.claims] == [("a", None), ("b", "a"), ("c", "a"), ("d", "a")]
        assert [(c.document, c.copy_of, c.quote) for c in beyond.claims] == [
            ("b", None, added.quote),
            ("c", "b", added.quote),
        ]
        assert (own.articles, own.origins, own.credibility) == (4, 1, 3)
        assert (beyond.articles, beyond.origins) == (2, 1)


def test_a_copys_addition_to_an_event_that_others_tell_is_no_further_origin() -> None:
    """The lead tells of the pair's tanks in one article, its copy in another place of the same story."""
    store = register(
        [
            read("a", "2024-05-03", told("a", "USA>POL", HIMARS), told("a", "KOR>POL", TANKS), origin="reuters"),
            read("b", "2024-05-03", told("b", "KOR>POL", TANKS, number=9), told("b", "KOR>POL", TANKS), copy_of="a"),
        ]
    )
    tanks = next(event for event in events(store) if event.supplier.iso3 == "KOR")
    assert ({c.document for c in tanks.claims}, tanks.origins) == ({"a", "b"}, 1)


def test_a_copy_by_a_better_source_does_not_raise_credibility() -> None:
    store = register(
        [
            read("a", "2024-05-03", told("a", "USA>POL", HIMARS), reliability="F"),
            read("b", "2024-05-04", copy_of="a", reliability="A"),
        ]
    )
    assert (only(store).reliability, only(store).credibility) == ("A", 6)


def test_readings_merged_together_are_as_if_merged_one_by_one() -> None:
    found = [
        read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=18)),
        read("b", "2024-05-03", told("b", "USA>POL", HIMARS, number=18)),
        read("c", "2024-05-04", copy_of="b"),
        read("d", "2024-05-04", told("d", "KOR>POL", TANKS)),
        read("e", "2024-05-04"),
    ]
    store: Any = memory_store()
    for reading in found:
        store.put_articles([reading.article])
        store.put_claims(reading.article.id, reading.claims)
    merged = merge_readings(store, found, NOW)
    assert compared(store) == compared(register(found))
    assert [type(x) for x in merged] == [Merged] * 5
    first, _, _, fourth, _ = merged
    assert [len(x.new) + len(x.changed) for x in merged if isinstance(x, Merged)] == [1, 0, 0, 1, 0]
    assert {*first.new, *fourth.new} == {event.id for event in store.iter_events()}  # type: ignore[union-attr]
    assert [event.revision for event in store.iter_events()] == [1, 1]  # made at once, not merged from several
    writes = store.writes
    assert [x.new or x.changed for x in merge_readings(store, found, NOW)] == [()] * 5  # type: ignore[union-attr]
    assert store.writes == writes


def test_a_reading_that_cannot_be_merged_is_no_other_ones_matter() -> None:
    class Choosy(MemoryStore):
        def put_event(self, event: Event, version: str) -> bool:
            if any(claim.document == "bad" for claim in event.claims):
                raise StoreError("bad: will not pass")
            return super().put_event(event, version)

    store: Any = Choosy()
    found = [
        read("a", "2024-05-03", told("a", "USA>POL", HIMARS)),
        read("bad", "2024-05-03", told("bad", "USA>POL", HIMARS)),
        read("c", "2024-05-03", told("c", "KOR>POL", TANKS)),
    ]
    for reading in found:
        store.put_articles([reading.article])
        store.put_claims(reading.article.id, reading.claims)
    a, bad, c = merge_readings(store, found, NOW)
    assert isinstance(bad, StoreError)
    assert isinstance(a, Merged)
    assert isinstance(c, Merged)
    assert parts(store) == [["a"], ["c"]]


# --- standing


def test_a_denial_makes_it_disputed_and_names_who_denies() -> None:
    russia = (Voice(name="Kremlin spokesman", iso3="RUS"),)
    store = register([read("a", "2023-10-14", told("a", "PRK>RUS", SHELLS, asserted_by=MINISTRY))])
    assert only(store).standing == "asserted"
    merge(
        store,
        read("b", "2023-10-15", told("b", "PRK>RUS", SHELLS, standing="denied", asserted_by=(), denied_by=russia)),
    )
    event = only(store)
    assert (event.standing, event.asserted_by, event.denied_by) == ("disputed", MINISTRY, russia)
    assert [c.kind for c in event.changes] == ["new_event", "new_claim", "standing", "denial"]


@pytest.mark.parametrize(
    ("standings", "grades", "expected"),
    [
        (["confirmed", "asserted"], "BC", ("confirmed", 1)),
        (["confirmed"], "C", ("confirmed", 2)),
        (["asserted", "asserted", "asserted"], "ACD", ("asserted", 2)),
        (["asserted", "asserted"], "FF", ("asserted", 3)),
        (["asserted"], "F", ("asserted", 6)),
        (["alleged"], "B", ("alleged", 4)),
        (["denied"], "A", ("denied", 5)),
    ],
)
def test_credibility(standings: list[str], grades: str, expected: tuple[str, int]) -> None:
    found = [
        read(f"d{n}", "2024-05-03", told(f"d{n}", "USA>POL", HIMARS, standing=standing), reliability=grade)
        for n, (standing, grade) in enumerate(zip(standings, grades, strict=True))
    ]
    event = only(register(found))
    assert (event.standing, event.credibility) == expected
    assert event.reliability == min(grades)


# --- corrections, merges and splits


def test_an_id_does_not_change_when_a_fact_is_corrected() -> None:
    store = register([read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=18))])
    before = only(store)
    merge(store, read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=20, stage="shipped"), revision=2))
    after = only(store)
    assert (after.id, after.revision, after.quantity_delivered) == (before.id, 2, Amount(number=20))


def test_a_withdrawn_article_leaves_its_event_and_the_last_one_leaves_it_empty() -> None:
    store = register(
        [
            read("a", "2024-05-03", told("a", "USA>POL", HIMARS)),
            read("b", "2024-05-03", told("b", "USA>POL", HIMARS)),
        ]
    )
    id = only(store).id
    merge(store, read("a", "2024-05-03", revision=2))
    assert parts(store) == [["b"]]
    assert only(store).id == id
    merge(store, read("b", "2024-05-03", revision=2))
    (empty,) = store.iter_events()
    assert (empty.id, empty.claims, empty.reports, empty.articles, empty.credibility) == (id, (), (), 0, 6)
    assert [c.kind for c in empty.changes][-1] == "withdrawn"
    merge(store, read("b", "2024-05-03", told("b", "USA>POL", HIMARS), revision=3))
    assert parts(store) == [["b"]]


def test_a_late_article_that_connects_two_events_merges_them_into_the_older() -> None:
    store = memory_store()
    merge(store, read("a", "2024-05-01", told("a", "USA>POL", SHELLS, places=place("delivery", "Gdynia"))), NOW)
    older = only(store).id
    merge(store, read("b", "2024-05-16", told("b", "USA>POL", SHELLS, number=5000)), later(days=1))
    assert len(events(store)) == 2
    bridge = told("c", "USA>POL", SHELLS, number=5000, places=place("delivery", "Gdynia"))
    merge(store, read("c", "2024-05-08", bridge), later(days=2))
    assert parts(store) == [["a", "b", "c"]]
    survivor, redirect = only(store), next(e for e in store.iter_events(merged=True) if e.merged_into)
    assert (survivor.id, survivor.first_seen, redirect.merged_into) == (older, NOW, older)
    assert (redirect.claims, redirect.unannounced[-1].kind, redirect.unannounced[-1].after) == ((), "merged", older)
    # The bridge is withdrawn: the part with the earliest claim keeps the id; the redirect stays one for ever.
    merge(store, read("c", "2024-05-08", revision=2), later(days=3))
    assert parts(store) == [["a"], ["b"]]
    by_document = {event.claims[0].document: event.id for event in events(store)}
    assert by_document["a"] == older
    assert by_document["b"] not in (older, redirect.id)
    assert store.events([redirect.id])[redirect.id].value.merged_into == older


def test_an_older_revision_that_comes_late_is_passed_over() -> None:
    store = register([read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=20), revision=2)])
    merge(store, read("a", "2024-05-03", told("a", "USA>POL", HIMARS, number=18)))
    assert only(store).quantity_delivered == Amount(number=20)


# --- flows


def test_a_standing_flow_is_the_parent_of_the_deliveries_under_it() -> None:
    flow = read("f", "2025-05-06", told("f", "PRK>RUS", SHELLS, number=4_000_000, date="2023-08/2025-04"))
    first = read("a", "2023-10-16", told("a", "PRK>RUS", SHELLS, date="2023-09"))
    second = read("b", "2024-11-02", told("b", "PRK>RUS", SHELLS, date="2024-10-28"))
    outside = read("c", "2022-01-10", told("c", "PRK>RUS", SHELLS, date="2022-01-08"))
    other = read("d", "2024-01-10", told("d", "PRK>RUS", TANKS, date="2024-01-08"))
    for order in ([flow, first, second, outside, other], [other, outside, second, first, flow]):
        by_document = {event.claims[0].document: event for event in events(register(order))}
        assert len(by_document) == 5
        parent = by_document["f"].id
        assert {name: event.parent == parent for name, event in by_document.items()} == {
            "f": False, "a": True, "b": True, "c": False, "d": False,
        }  # fmt: skip


def test_parties_keep_their_names() -> None:
    event = only(
        register([read("a", "2024-05-03", replace(told("a", ">POL", HIMARS), supplier=Party(name="Acme Trading")))])
    )
    assert event.supplier == Party(name="Acme Trading")


def test_a_copy_that_is_corrected_to_be_none_takes_its_claims_out_of_the_leads_event() -> None:
    """It came after its lead, so that the event was there already and had to be filed under it as well."""
    store = register([read("a", "2024-05-01", told("a", "USA>POL", SHELLS))])
    merge(store, read("b", "2024-05-02", copy_of="a"))
    assert parts(store) == [["a", "b"]]
    merge(store, read("b", "2024-05-02", told("b", "PRK>RUS", MISSILES), revision=2))
    assert parts(store) == [["a"], ["b"]]


def test_a_corrected_number_is_found_by_that_number() -> None:
    """The claim keeps its id, where only its number or date was corrected."""
    before = told("a", "USA>POL", TANKS, number=20, date="2024-05-01")
    store = register([read("a", "2024-05-01", before)])
    after = replace(before, quantity=Amount(number=58), date="2024-07-29")
    merge(store, read("a", "2024-07-30", after, revision=2))
    merge(store, read("b", "2024-08-02", told("b", "USA>POL", TANKS, number=58, date="2024-07-29")))
    assert parts(store) == [["a", "b"]]
