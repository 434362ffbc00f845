"""The register does not depend on the order in which reports arrive, nor on how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.register import original, transfer_of
from tests.merge.memory import memory_store
from tests.merge.world import HIMARS, MISSILES, SHELLS, TANKS, compared, goods, merge, read, register, told
from tests.samples import NOW
from transforms.contracts import Store
from transforms.merge import merge_readings
from transforms.records import ClaimPlace, Reading, Voice

_DAYS = [f"2024-0{month}-{day:02}" for month in (5, 6) for day in (1, 3, 9, 17, 28)]
_WHAT = [(), (HIMARS,), (SHELLS,), (MISSILES,), (TANKS, HIMARS), (goods("missile", "missile"),)]


@st.composite
def claims(draw: st.DrawFn, document: str) -> Any:
    pair = draw(st.sampled_from(["USA>POL", "USA>POL", "PRK>RUS", ">RUS", "PRK>"]))
    place = draw(st.sampled_from([None, "Gdynia", "Rajin"]))
    more: dict[str, Any] = {
        "number": draw(st.sampled_from([None, None, 18, 20, 36, 5000])),
        "money": draw(st.sampled_from([None, None, 1.7e9, 2e8])),
        "stage": draw(st.sampled_from(["announced", "approved", "delivered", "delivered", "seized", "unspecified"])),
        "standing": draw(st.sampled_from(["asserted", "asserted", "alleged", "denied", "confirmed"])),
        "date": draw(st.sampled_from([None, None, "2024-05-02", "2024-06", "2023", "2023-08/2024-04"])),
        "places": (ClaimPlace(role="delivery", text=place, start=0, end=3),) if place else (),
        "denied_by": draw(st.sampled_from([(), (), (Voice(name="Ministry", iso3="RUS"),)])),
        "start": draw(st.integers(0, 3)),
    }
    return told(document, pair, *draw(st.sampled_from(_WHAT)), **more)


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    found: list[Reading] = []
    for n in range(draw(st.integers(1, 9))):
        lead = draw(st.sampled_from([None, None, None, *(r.article.id for r in found if not r.article.copy_of)]))
        own = [draw(claims(f"d{n}")) for _ in range(draw(st.integers(1, 3)))]
        unique = {claim.id: claim for claim in own}.values()
        origin = draw(st.sampled_from(["reuters", f"paper-{n}"]))
        found.append(read(f"d{n}", draw(st.sampled_from(_DAYS)), *unique, copy_of=lead, origin=origin))
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(readings(), st.randoms(use_true_random=False))
def test_the_register_is_the_same_in_any_order_of_arrival(found: list[Reading], random: Any) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert compared(register(shuffled)) == compared(register(found))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(readings())
def test_a_replay_changes_nothing(found: list[Reading]) -> None:
    store: Any = register(found)
    writes = store.writes
    for reading in found:
        merged = merge(store, reading)
        assert (merged.new, merged.changed) == ((), ())
    assert store.writes == writes


@st.composite
def corrected(draw: st.DrawFn, found: list[Reading]) -> list[Reading]:
    """Second revisions of some of the articles: with other claims, or with none any more."""
    again = []
    for reading in draw(st.lists(st.sampled_from(found), max_size=3, unique_by=lambda r: r.article.id)):
        own = [draw(claims(reading.article.id)) for _ in range(draw(st.integers(0, 2)))]
        unique = tuple({claim.id: claim for claim in own}.values())
        again.append(replace(reading, article=replace(reading.article, revision=2), claims=unique))
    return again


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), readings())
def test_corrected_articles_leave_the_register_as_if_they_had_always_been_so(
    data: st.DataObject, found: list[Reading]
) -> None:
    revised = data.draw(corrected(found))
    store = register(found)
    register(revised, store)
    kept = [r for r in found if r.article.id not in {c.article.id for c in revised}]
    assert compared(store) == compared(register([*kept, *revised]))


def of_one_day(reports: int, transfers: int, seed: int) -> list[Reading]:
    """Reports of one day and the next on transfers of one pair: a story that everybody tells, or the hottest pair."""
    draw = Random(seed)
    true = [
        replace(transfer_of(draw, n, ("USA", "UKR"), 1), phases=(("done", date(2024, 5, 2)),)) for n in range(transfers)
    ]
    found = [original(draw, f"d{n:03}", draw.choice(true), first=draw.random() < 0.5) for n in range(reports)]
    return [replace(r, article=replace(r.article, published=f"2024-05-0{draw.randint(2, 3)}")) for r in found]


def in_bundles(found: list[Reading], size: int) -> Store:
    store = memory_store()
    for start in range(0, len(found), size):
        bundle = found[start : start + size]
        store.put_articles([reading.article for reading in bundle])
        for reading in bundle:
            store.put_claims(reading.article.id, reading.claims)
        assert not any(isinstance(merged, Exception) for merged in merge_readings(store, bundle, NOW))
    return store


@pytest.mark.parametrize(("reports", "transfers"), [(200, 1), (150, 70)])
def test_a_day_of_the_hottest_story_is_the_same_in_any_order(reports: int, transfers: int) -> None:
    """Two hundred reports of one transfer; more transfers of one pair in a day than any pair ever had."""
    found = of_one_day(reports, transfers, seed=3)
    expected = compared(in_bundles(found, 50))
    assert len(expected) < transfers + 4
    for seed, size in ((1, 50), (2, 37)):
        assert compared(in_bundles(Random(seed).sample(found, len(found)), size)) == expected


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 12))
@example(598, 9, 2)  # one decision moved claims while another, beside it, took the new event for a double of the old
@example(881168, 30, 4)
def test_bundles_of_any_size_leave_the_same_register(seed: int, transfers: int, size: int) -> None:
    found = of_one_day(40, transfers, seed)
    shuffled = Random(seed).sample(found, len(found))
    assert compared(in_bundles(shuffled, size)) == compared(register(found))
