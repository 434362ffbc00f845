"""The shipped files: made from their sources, closed in themselves, the same each time."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from deploy.kibana.build import DASHBOARDS, SOURCES, objects, rendered, rules
from sinks.elasticsearch.templates import KINDS
from tests.kibana.replay import BY_ID, OBJECTS, of_type


def test_the_files_are_what_their_sources_say() -> None:
    for path, text in rendered().items():
        assert path.read_text(encoding="utf-8") == text, "run python -m deploy.kibana.build"


def test_ids_are_stable_and_used_once() -> None:
    ids = [one["id"] for one in OBJECTS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"tocsin-[a-z0-9-]+", id) for id in ids)
    assert [one["id"] for one in objects()] == ids
    assert not {"updated_at", "created_at", "version"} & {key for one in OBJECTS for key in one}


def test_every_reference_leads_to_an_object_before_it() -> None:
    seen: set[tuple[str, str]] = set()
    for one in OBJECTS:
        assert {(ref["type"], ref["id"]) for ref in one["references"]} <= seen
        seen.add((one["type"], one["id"]))


def test_a_data_view_is_there_for_every_alias_that_people_look_at() -> None:
    assert {view["attributes"]["title"] for view in of_type("index-pattern")} == {
        f"tocsin-{kind}" for kind in KINDS if kind != "buckets"
    }


@pytest.mark.parametrize("one", of_type("dashboard"), ids=lambda one: one["id"])
def test_panels_lie_on_the_grid_without_overlap_and_name_their_object(one: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(one["attributes"]["panelsJSON"]):
        grid = panel["gridData"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert max(x for x, _ in cells) < 48
        assert not cells & taken
        taken |= cells
        name = f"{panel['panelIndex']}:{panel['panelRefName']}"
        (reference,) = (ref for ref in one["references"] if ref["name"] == name)
        assert (panel["type"], reference["id"]) in BY_ID


def test_every_chart_and_map_is_on_a_dashboard() -> None:
    for name in DASHBOARDS:
        told = yaml.safe_load((SOURCES / name).read_text(encoding="utf-8"))
        made = {id for group in ("charts", "maps", "vega", "notes") for id in told.get(group, {})}
        assert made <= set(told["panels"])


@pytest.mark.parametrize("one", of_type("lens"), ids=lambda one: one["id"])
def test_what_is_drawn_are_columns_of_the_chart(one: dict[str, Any]) -> None:
    state = one["attributes"]["state"]
    ((id, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
    drawn = json.dumps(state["visualization"])
    named = set(re.findall(r'"(x|y|split|value\d?|group\d|row\d)"', drawn)) - {"value"} | (
        {"value"} if "value" in layer["columns"] else set()
    )
    columns = set(layer["columns"])
    assert columns <= named | {"value"}
    assert list(columns - named) == []
    assert set(layer["columnOrder"]) == columns
    assert f'"layerId": "{id}"' in drawn
    assert [ref["name"] for ref in one["references"]] == [f"indexpattern-datasource-layer-{id}"]


def test_rules_have_the_ids_that_kibana_lets_one_choose_and_do_nothing_until_enabled() -> None:
    version_4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(version_4, rule["id"]) for rule in rules())
    assert len({rule["id"] for rule in rules()}) == len(rules())
    assert not any(rule["body"]["enabled"] or rule["body"]["actions"] for rule in rules())
