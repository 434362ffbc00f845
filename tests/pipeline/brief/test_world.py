"""The map's shapes, where arcs end, and the projection."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline.brief.build_world import decoded, dissolve, world
from pipeline.brief.projection import HEIGHT, WIDTH, project, relative
from pipeline.brief.world import state, state_of
from pipeline.brief.world import world as loaded
from transforms.knowledge import load
from transforms.recognise import states
from transforms.recognise.states.schema import States
from transforms.records import Party

PATH = re.compile(r"(M[\d.]+ -?[\d.]+l(-?[\d.]+[ -]?)+z)+")


def inside(path: str, x: float, y: float) -> bool:
    """Whether a point lies in a shape (even-odd)."""
    crossings = 0
    for part in path.rstrip("z").split("z"):
        start, _, steps = part.lstrip("M").partition("l")
        px, py = map(float, start.split(" "))
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", steps)]
        corners = [(px, py)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            px, py = px + dx, py + dy
            corners.append((px, py))
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("iso3", "lon", "lat"),
    [("FRA", 2.35, 48.85), ("RUS", 37.6, 55.7), ("RUS", 175.0, 66.5), ("USA", -150.0, 65.0), ("UKR", 34.2, 45.2),
     ("SOM", 44.5, 9.8), ("CYP", 33.4, 35.1)],
)  # fmt: skip
def test_shapes_lie_where_the_states_are(iso3: str, lon: float, lat: float) -> None:
    at = project(lon, lat)
    assert [code for code, path in loaded().shapes.items() if inside(path, *at)] == [iso3]


def test_shapes_are_sound_paths_within_the_map() -> None:
    for iso3, path in loaded().shapes.items():
        assert PATH.fullmatch(path), iso3
        for x, y in re.findall(r"M([\d.]+) ([\d.]+)", path):
            assert 0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT, iso3


def test_every_state_that_is_recognised_has_a_seat_and_a_name() -> None:
    known = load(Path(states.__file__).with_name("states.yaml"), TypeAdapter(States)).states
    assert set(known) <= set(loaded().seats)
    assert {iso3 for iso3 in known if state(iso3) == iso3} == set()
    for former, heir in loaded().heirs.items():
        assert former in known and heir in loaded().shapes


def test_actors_are_drawn_where_they_are_seated() -> None:
    assert state_of(Party(actor="houthis")) == "YEM"
    assert state_of(Party(iso3="SUN")) == "SUN"
    assert state_of(Party(actor="al-qaida")) is None  # seated nowhere
    assert state_of(Party(name="a trader")) is state_of(Party()) is state_of(Party(iso3="ZZZ")) is None


def test_the_equator_is_as_wide_as_the_map() -> None:
    assert project(11.0, 0.0)[0] == pytest.approx(WIDTH / 2)
    assert project(-169.0, 0.0)[0] == pytest.approx(0.0)
    assert project(190.9999, 0.0)[0] == pytest.approx(WIDTH, abs=0.01)
    assert project(11.0, -56.0)[1] == pytest.approx(HEIGHT, abs=0.1)


@given(st.floats(-1000, 1000), st.floats(-200, 200))
def test_everything_is_projected(lon: float, lat: float) -> None:
    x, _ = project(lon, lat)
    assert -180 <= relative(lon) <= 180
    assert -1 <= x <= WIDTH + 1


def test_rings_are_joined_across_a_shared_line() -> None:
    # Two squares side by side share arc 1: what is left goes round both.
    assert dissolve([[0, 1], [2, ~1]]) == [[0, 2]]
    assert dissolve([[0, 1], [2, 3]]) == [[0, 1], [2, 3]]


def test_a_topology_becomes_paths() -> None:
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[0, 0], [10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10]]],
        "objects": {"countries": {"geometries": [
            {"type": "Polygon", "id": "250", "properties": {"name": "x"}, "arcs": [[0, 1]]},
            {"type": "Polygon", "id": "999", "properties": {"name": "y"}, "arcs": [[0, 1]]},
        ]}},
    }  # fmt: skip
    assert decoded(topology) == [[(0, 0), (10, 0), (10, 10)], [(10, 10), (0, 10), (0, 0)]]
    shapes = world(topology, {250: "FRA"})
    assert list(shapes) == ["FRA"]
    assert inside(shapes["FRA"], *project(5, 5)) and not inside(shapes["FRA"], *project(15, 5))
