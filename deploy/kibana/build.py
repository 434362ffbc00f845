"""Makes tocsin.ndjson and rules.json from sources/*.yaml: ``python -m deploy.kibana.build [--check]``.

tests/kibana runs every request in them against a real Elasticsearch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from deploy.kibana import saved
from deploy.kibana.lens import LAYER, lens

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
OBJECTS, RULES = HERE / "tocsin.ndjson", HERE / "rules.json"
DASHBOARDS = ("transfers.yaml", "sources.yaml")


def objects() -> list[saved.Saved]:
    """Every saved object, those that others refer to first."""
    views = _load("data_views.yaml")
    searches = _load("searches.yaml")
    made = [saved.data_view(kind, told) for kind, told in views.items()]
    made += [saved.search(id, told, _query(views, told)) for id, told in searches.items()]
    for name in DASHBOARDS:
        told = _load(name)
        panels = [*_panels(told, views)]
        types = {panel["id"].removeprefix("tocsin-"): panel["type"] for panel in (*panels, *made)}
        made += [*panels, saved.dashboard(told, types)]
    return made


def _panels(told: Mapping[str, Any], views: Mapping[str, Any]) -> Iterator[saved.Saved]:
    for id, chart in told.get("charts", {}).items():
        yield saved.chart(id, lens(chart, _query(views, chart)), chart["view"], LAYER)
    for id, drawn in told.get("maps", {}).items():
        yield saved.map_(id, drawn, _query(views, drawn))
    for id, drawn in told.get("vega", {}).items():
        yield saved.vega(id, drawn, _load(drawn["spec"]))
    for id, text in told.get("notes", {}).items():
        yield saved.note(id, text)


def rules() -> list[dict[str, Any]]:
    """Bodies of ``POST /api/alerting/rule/{id}``, each under its ``id``."""
    return [_rule(name, told) for name, told in _load("rules.yaml").items()]


def _rule(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    query = {"query": {"query_string": {"query": told["where"], "analyze_wildcard": True}}}
    return {
        "id": _uuid(name),
        "body": {
            "name": told["name"],
            "rule_type_id": ".es-query",
            "consumer": "stackAlerts",
            "enabled": False,
            "tags": ["tocsin"],
            "schedule": {"interval": told["every"]},
            "actions": [],
            "params": {
                "searchType": "esQuery",
                "index": [f"tocsin-{told['index']}"],
                "timeField": told["time"],
                "esQuery": json.dumps(query),
                "size": 100,
                "timeWindowSize": told["since"],
                "timeWindowUnit": "m",
                "thresholdComparator": ">",
                "threshold": [told["above"]],
                "aggType": "count",
                "groupBy": "all",
                "excludeHitsFromPreviousRun": True,
            },
        },
    }


def _uuid(name: str) -> str:
    """An id in the form of a random UUID, which is all that Kibana lets one choose for a rule; the same each time."""
    digits = sha256(f"tocsin-{name}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def _query(views: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """What a chart or search asks for: its own condition within its data view's."""
    parts = [part for part in (views[told["view"]].get("base"), told.get("where")) if part]
    return " AND ".join(parts)


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((SOURCES / name).read_text(encoding="utf-8"))
    return loaded


def rendered() -> dict[Path, str]:
    """What each made file should hold."""
    lines = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in objects()]
    return {
        OBJECTS: "".join(f"{line}\n" for line in lines),
        RULES: json.dumps(rules(), ensure_ascii=False, indent=2) + "\n",
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` tell (exit code 1) which are not what the sources say."""
    stale = [path for path, text in rendered().items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} is not what sources/ says; run python -m deploy.kibana.build")
        return int(bool(stale))
    for path, text in rendered().items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(objects())} objects in {OBJECTS.name}, {len(rules())} rules in {RULES.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
