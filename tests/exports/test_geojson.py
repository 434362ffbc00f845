"""GeoJSON: valid to the geojson package, every place of an event in its role, lines cut at the antimeridian."""

from __future__ import annotations

import io
from typing import Any

import geojson as reader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports import geojson
from pipeline.exports.geometry import Point, line
from tests.exports.samples import hostile_events, rich_event
from tests.samples import event, place
from transforms.records import Event, Party


def written(events: list[Event], *, lines: bool = False) -> tuple[Any, geojson.Told]:
    stream = io.BytesIO()
    told = geojson.write(iter(events), stream, lines=lines)
    return reader.loads(stream.getvalue().decode()), told


def test_a_feature_a_place_in_a_role() -> None:
    twice = rich_event(places=(place(), place(text="again"), place(lat=40.0), place("use")))
    collection, told = written([twice])
    assert collection.is_valid
    assert [feature["id"] for feature in collection.features] == ["v1/delivery/1", "v1/delivery/2", "v1/use/1"]
    first = collection.features[0]
    assert first.geometry == reader.Point((133.08, 42.74))
    about = first.properties
    assert (about["event"], about["role"], about["place"], about["country"]) == (
        "v1",
        "delivery",
        "Vostochny Port",
        "RUS",
    )
    assert (about["radius_km"], about["confidence"], about["origins"]) == (5.0, 0.94, 2)
    assert (about["supplier_iso3"], about["stage"], about["standing"]) == ("PRK", "delivered", "disputed")
    assert set(geojson.PROPERTIES) <= set(about)
    assert (told.events, told.features, told.nowhere) == (1, 3, 0)


def test_a_line_joins_the_parties_where_both_are_known() -> None:
    known, other = event("v1"), event("v2", recipient=Party(name="somebody"))
    group = event("v3", supplier=Party(iso3="IRN"), recipient=Party(actor="houthis"))
    collection, told = written([known, other, group], lines=True)
    assert collection.is_valid
    assert [feature["id"] for feature in collection.features] == ["v1/line", "v3/line"]
    start, end = collection.features[0].geometry.coordinates
    assert (start, end) == ([127.0, 40.0], [100.0, 60.0])
    assert told.nowhere == 1


def test_what_is_on_no_map_is_counted_and_left_out() -> None:
    collection, told = written([event("v1"), rich_event("v2", places=(place(lat=None), place(lon=400.0)))])
    assert collection.features == []
    assert told.nowhere == 2


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        ((170, 10), (-170, 20), [[[170, 10], [180, 15]], [[-180, 15], [-170, 20]]]),
        ((-170, 20), (170, 10), [[[-170, 20], [-180, 15]], [[180, 15], [170, 10]]]),
        ((180, 0), (-90, 0), [[[-180, 0], [-90, 0]]]),
    ],
)
def test_a_line_over_the_antimeridian_is_cut(
    start: tuple[float, float], end: tuple[float, float], parts: list[list[list[float]]]
) -> None:
    assert line(Point(*start), Point(*end)) == {"type": "MultiLineString", "coordinates": parts}


LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@given(st.builds(Point, LON, LAT), st.builds(Point, LON, LAT))
def test_any_line_is_valid_and_never_goes_the_long_way_round(start: Point, end: Point) -> None:
    geometry = line(start, end)
    if geometry is None:
        assert start == end
        return
    assert reader.loads(reader.dumps(geometry)).is_valid
    coordinates: Any = geometry["coordinates"]
    parts = coordinates if geometry["type"] == "MultiLineString" else [coordinates]
    for (a, _), (b, _) in parts:
        assert abs(a - b) <= 180
        assert -180 <= a <= 180 and -180 <= b <= 180


@given(st.lists(hostile_events(), max_size=3))
def test_hostile_events_are_a_valid_collection(events: list[Event]) -> None:
    collection, _ = written(events, lines=True)
    assert collection.is_valid
