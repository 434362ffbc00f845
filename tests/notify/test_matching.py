"""Which events a subscription matches; that the index never changes the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.samples import changed, parties, place, shipment, subscriptions
from tests.samples import change, claim, report
from transforms.notify.conditions import explain
from transforms.notify.facts import Facts
from transforms.notify.matcher import Matcher
from transforms.notify.schema import Filter, Subscriptions
from transforms.records import Carrier, EmbargoNote, Event, Goods, Party, Review


def matches(filter: dict[str, Any], event: Event) -> bool:
    return bool(Matcher(subscriptions({"filter": filter})).match(event, event.unannounced))


EVENT = shipment(
    goods=(
        Goods(value="KN-25", category="III", family="KN-25"),
        Goods(value="Shahed-136", category="UAV", family="Shahed"),
    ),
    end_user=Party(actor="wagner"),
    carriers=(
        Carrier(kind="vessel", name="Nowhere Star", imo="IMO 9123456"),
        Carrier(kind="aircraft", registration="EP-ABC"),
    ),
    embargoes=(EmbargoNote(instrument="UNSCR 1718", target="PRK", side="supplier", source="https://un.org"),),
    places=(place(25.3, 57.0), place(40.0, 130.0, "origin")),
    reports=(report(), report("a2", language="ko")),
    claims=(claim("c1", quote="Forty launchers, and a crate of fuzes."), claim("c2", quote="Artillery left Rajin.")),
    confidence=0.7,
    origins=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, True),
        ({"supplier": "PRK"}, True),
        ({"supplier": ["IRN", "@korea"]}, True),
        ({"supplier": "RUS"}, False),
        ({"recipient": ["RUS"], "supplier": ["PRK"]}, True),
        ({"recipient": "wagner-group"}, True),
        ({"either": "RUS"}, True),
        ({"either": "@nato"}, False),
        ({"weapon": "kn 25"}, True),
        ({"weapon": "geran 2"}, True),  # the same under another flag
        ({"weapon": "Герань-2"}, True),
        ({"weapon": "Leopard 2"}, False),
        ({"supplier": "North Korea"}, True),
        ({"supplier": "КНДР", "recipient": "Россия"}, True),
        ({"family": "shahed"}, True),
        ({"category": ["UAV", "I"]}, True),
        ({"category": ["I"]}, False),
        ({"stage": ["seized", "delivered"]}, True),
        ({"standing": "denied"}, False),
        ({"embargo": True}, True),
        ({"embargo": False}, False),
        ({"places_within": {"lat": 25.0, "lon": 58.5, "km": 160}}, True),
        ({"places_within": {"lat": 25.0, "lon": 58.5, "km": 150}}, False),
        ({"places_within": {"lat": 25.0, "lon": 58.5, "km": 700, "roles": ["origin"]}}, False),
        ({"minimum_confidence": 0.7, "minimum_origins": 2, "minimum_reliability": "B"}, True),
        ({"minimum_confidence": 0.71}, False),
        ({"minimum_origins": 3}, False),
        ({"minimum_reliability": "A"}, False),
        ({"review": "confirmed"}, False),
        ({"review": ["unreviewed", "confirmed"]}, True),
        ({"carrier": "IMO 9123456"}, True),
        ({"carrier": "ep-abc"}, True),
        ({"carrier": "9999999"}, False),
        ({"languages": "ko"}, True),
        ({"languages": "ru"}, False),
        ({"words": ["crate of fuzes"]}, True),
        ({"words": ["FUZES"]}, True),
        ({"words": ["fuze"]}, False),
        ({"words": ["fuzes artillery"]}, False),
    ],
)
def test_each_field(filter: dict[str, Any], expected: bool) -> None:
    assert matches(filter, EVENT) is expected


def test_a_contested_embargo_is_not_in_force() -> None:
    contested = replace(EVENT, embargoes=(replace(EVENT.embargoes[0], contested=True),))
    assert not matches({"embargo": True}, contested)


def test_rejected_events_are_not_told_but_that_they_were_rejected_is() -> None:
    rejected = changed(EVENT, "review", before="unreviewed", after="rejected", review=Review(state="rejected"))
    rejected = replace(rejected, unannounced=rejected.unannounced[1:])
    file = subscriptions({"hear": ["new_event", "denial"]}, {"hear": "review"}, {"filter": {"review": "rejected"}})
    found = Matcher(file).match(rejected, rejected.unannounced)
    assert sorted((m.subscription.id, m.changes) for m in found) == [("s1", (2,)), ("s2", (1,))]


@pytest.mark.parametrize(
    ("lat", "lon", "km", "at"),
    [(0.0, 179.5, 200, (0.5, -179.5)), (89.0, 0.0, 300, (89.5, 180.0)), (-60.0, -170.0, 900, (-62.0, 175.0))],
)
def test_circles_over_the_date_line_and_the_poles(lat: float, lon: float, km: float, at: tuple[float, float]) -> None:
    assert matches({"places_within": {"lat": lat, "lon": lon, "km": km}}, shipment(places=(place(*at),)))


def test_an_explanation_names_what_the_event_has() -> None:
    file = subscriptions({"filter": {"supplier": "@gulf", "minimum_origins": 3}})
    told = [(e.field, e.wanted, e.found, e.holds) for e in explain(file.subscriptions[0].filter, file, Facts(EVENT))]
    assert told == [
        ("supplier", "@gulf", "PRK", False),
        ("minimum_origins", "at least 3", "2", False),
        ("review", "not rejected", "unreviewed", True),
    ]


STATES = st.sampled_from(["PRK", "RUS", "IRN", "SYR", "USA", "UKR"])
NAMES = st.sampled_from(["KN-25", "Geran-2", "Grad", "Igla"])
CATEGORIES = st.sampled_from(["I", "III", "UAV", "SALW"])
STAGES = st.sampled_from(["delivered", "seized", "announced"])
LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(values, max_size=3, unique=True)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "supplier": some(STATES | st.sampled_from(["@gulf", "@nato", "houthis"])),
        "recipient": some(STATES),
        "either": some(STATES),
        "weapon": some(NAMES),
        "category": some(CATEGORIES),
        "stage": some(STAGES),
        "carrier": some(st.sampled_from(["9123456", "9000001"])),
        "places_within": st.lists(
            st.fixed_dictionaries({"lat": LAT, "lon": LON, "km": st.floats(1, 9000)}), max_size=2
        ),
        "minimum_origins": st.integers(0, 3),
        "words": some(st.sampled_from(["launchers", "in may", "tanks"])),
    },
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    goods = tuple(
        Goods(value=name, category=draw(CATEGORIES))  # type: ignore[arg-type]
        for name in draw(some(NAMES))
    )
    imos = draw(some(st.sampled_from(["9123456", "9000001", "IMO9000002"])))
    return shipment(
        **parties(draw(STATES), draw(STATES)),
        goods=goods,
        stage=draw(STAGES),
        origins=draw(st.integers(0, 4)),
        carriers=tuple(Carrier(kind="vessel", imo=imo) for imo in imos),
        places=tuple(place(draw(LAT), draw(LON)) for _ in range(draw(st.integers(0, 2)))),
    )


@given(st.lists(FILTERS, max_size=12), events())
def test_the_index_finds_exactly_what_testing_each_subscription_finds(
    filters: list[dict[str, Any]], event: Event
) -> None:
    file = subscriptions(*({"filter": f} for f in filters))
    facts = Facts(event)
    each = [s.id for s in file.subscriptions if all(e.holds for e in explain(s.filter, file, facts))]
    found = Matcher(file).match(event, [change(1)])
    assert sorted(match.subscription.id for match in found) == sorted(each)
    assert all(match.changes == (1,) for match in found)


def test_an_event_with_hundreds_of_carriers_and_goods() -> None:
    event = shipment(
        goods=tuple(Goods(value=name, category="III") for name in ("KN-25", *(f"W-{n}" for n in range(300)))),
        carriers=tuple(Carrier(kind="vessel", imo=f"{9000000 + n}") for n in range(300)),
    )
    assert matches({"weapon": "KN-25", "carrier": "9000299", "category": "III"}, event)
    assert not matches({"weapon": "KN-23", "carrier": "9000299"}, event)


def test_disabled_subscriptions_match_nothing_and_no_filter_matches_all() -> None:
    assert Matcher(subscriptions({"enabled": False})).match(EVENT, EVENT.unannounced) == []
    assert len(Matcher(Subscriptions())) == 0
    assert Filter() == Filter.model_validate({})
