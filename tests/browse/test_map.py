"""What the map draws, by value."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.browse.worldmap import draw


def row(supplier: str, recipient: str, standing: str = "asserted", **fields: Any) -> dict[str, Any]:
    base = {"event": "v", "supplier": supplier, "recipient": recipient, "stage": "delivered", "standing": standing}
    return base | {"places": "[]"} | fields


def test_events_of_one_pair_that_stand_alike_are_one_arc() -> None:
    drawn = draw([row("DEU", "UKR"), row("DEU", "UKR", "confirmed"), row("DEU", "UKR", "denied"), row("UKR", "DEU")])
    assert [(arc.title, arc.events, arc.style, arc.weight) for arc in drawn.arcs] == [
        ("Germany → Ukraine", 2, "firm", 2),
        ("Germany → Ukraine", 1, "contested", 1),
        ("Ukraine → Germany", 1, "firm", 1),
    ]
    assert len({arc.path for arc in drawn.arcs}) == 3, "none lies upon another"
    assert drawn.involved == {"DEU", "UKR"}
    assert {label.text for label in drawn.labels} == {"Germany", "Ukraine"}


def test_an_actor_is_drawn_where_it_has_its_seat() -> None:
    (arc,) = draw([row("IRN", "houthis")]).arcs
    (state,) = draw([row("IRN", "YEM")]).arcs
    assert arc.title == "Iran → Houthis"
    assert arc.path == state.path


def test_who_is_nowhere_known_is_counted_and_not_drawn() -> None:
    drawn = draw([row("unknown", "RUS"), row("RUS", "?")])
    assert (drawn.arcs, drawn.events, drawn.missing) == ([], 2, 2)


def test_what_stays_within_a_state_is_a_ring_there() -> None:
    (arc,) = draw([row("RUS", "RUS")]).arcs
    assert arc.path.count("C") == 1


def test_places_are_marked_by_role() -> None:
    places = [{"role": "delivery", "value": "Dunai", "lat": 0, "lon": 11}, {"role": "use", "text": "x", "lat": None}]
    drawn = draw([row("PRK", "RUS", places=json.dumps(places))])
    (mark,) = drawn.marks
    assert (mark.x, mark.role) == (500.0, "delivery"), "the central meridian is in the middle"
    assert mark.title == "Dunai (delivery): North Korea → Russia, delivered"
    assert drawn.missing == 0


def test_places_that_are_none_are_passed_over() -> None:
    drawn = draw([row("PRK", "RUS", places=told) for told in ("5", "[1, null]", "no JSON", None, '[{"lat": "x"}]')])
    assert (drawn.marks, drawn.events) == ([], 5)


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=30)), max_size=5))
def test_any_row_is_drawn_or_counted(told: list[tuple[str, str, str]]) -> None:
    drawn = draw([row(a, b, places=c) for a, b, c in told])
    assert drawn.events == len(told)
