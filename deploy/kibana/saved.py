"""Saved objects of Kibana: data views, searches, maps, Vega charts, notes and dashboards, from sources/*.yaml.

On import Kibana brings objects of an older ``typeMigrationVersion`` up to date and refuses those of a newer one; these
are of 8.14, so that every 9.x is newer (docs/kibana.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Told = Mapping[str, Any]
Saved = dict[str, Any]
_MIGRATED = {
    "index-pattern": "8.0.0", "lens": "8.9.0", "search": "10.2.0", "visualization": "8.5.0", "map": "8.4.0",
    "dashboard": "10.2.0",
}  # fmt: skip
PANELS_VERSION = "8.14.0"


def saved(type: str, id: str, attributes: Saved, references: list[Saved]) -> Saved:
    """One object; nothing in it depends on when it was made."""
    return {
        "id": f"tocsin-{id}",
        "type": type,
        "attributes": attributes,
        "references": references,
        "managed": False,
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": _MIGRATED[type],
    }


def reference(type: str, id: str, name: str) -> Saved:
    """A reference to another of these objects."""
    return {"type": type, "id": f"tocsin-{id}", "name": name}


def data_view(kind: str, told: Told) -> Saved:
    """A data view over the alias of a kind of document."""
    formats = {
        field: {"id": "url", "params": _link(link)} for field, link in told.get("links", {}).items()
    }  # the format's own template: the value is the address
    runtime = {
        name: {"type": field["type"], "script": {"source": field["script"]}}
        for name, field in told.get("runtime", {}).items()
    }
    attributes = {
        "title": f"tocsin-{kind}",
        "name": told["title"],
        "timeFieldName": told["time"],
        "sourceFilters": _json([{"value": hidden} for hidden in told.get("hidden", [])]),
        "fieldFormatMap": _json(formats),
        "runtimeFieldMap": _json(runtime),
        "fieldAttrs": _json({field: {"customLabel": label} for field, label in told.get("labels", {}).items()}),
        "fields": "[]",
        "typeMeta": "{}",
        "allowNoIndex": True,
    }
    return saved("index-pattern", kind, attributes, [])


def _link(told: Told) -> Saved:
    link = {"type": "a", "urlTemplate": "{{rawValue}}", "openLinkInCurrentTab": False}
    return link | ({"labelTemplate": told["label"]} if "label" in told else {})


def search(id: str, told: Told, query: str) -> Saved:
    """A saved search (Discover session)."""
    source = {**_source(query), "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index"}
    attributes = {
        "title": told["title"],
        "description": told.get("description", ""),
        "columns": told["columns"],
        "sort": [[told["sort"], "desc"]],
        "grid": {},
        "hideChart": True,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _json(source)},
    }
    name = "kibanaSavedObjectMeta.searchSourceJSON.index"
    return saved("search", id, attributes, [reference("index-pattern", told["view"], name)])


def chart(id: str, attributes: Saved, view: str, layer: str) -> Saved:
    """A Lens chart over one data view."""
    name = f"indexpattern-datasource-layer-{layer}"
    return saved("lens", id, attributes, [reference("index-pattern", view, name)])


def vega(id: str, told: Told, spec: Saved) -> Saved:
    """A chart in Vega; its data requests are in the spec itself."""
    state = {"title": told["title"], "type": "vega", "aggs": [], "params": {"spec": json.dumps(spec, indent=1)}}
    return _visualization(id, told["title"], state)


def note(id: str, told: Told) -> Saved:
    """A text in Markdown."""
    params = {"markdown": told["text"], "fontSize": 12, "openLinksInNewTab": True}
    return _visualization(id, told["title"], {"title": told["title"], "type": "markdown", "aggs": [], "params": params})


def _visualization(id: str, title: str, state: Saved) -> Saved:
    attributes = {
        "title": title,
        "description": "",
        "version": 1,
        "visState": _json(state),
        "uiStateJSON": "{}",
        "kibanaSavedObjectMeta": {"searchSourceJSON": _json(_source(""))},
    }
    return saved("visualization", id, attributes, [])


def map_(id: str, told: Told, query: str) -> Saved:
    """A map: a base map and a layer of points a role."""
    layers = [_BASE_MAP]
    references = []
    for n, layer in enumerate(told["layers"], 1):
        name = f"layer_{n}_source_index_pattern"
        references.append(reference("index-pattern", told["view"], name))
        layers.append(_points(f"{id}-{n}", layer, name, told["tooltip"], query))
    state = {
        "zoom": 1.6,
        "center": {"lon": 45, "lat": 25},
        "timeFilters": {"from": "now-2y", "to": "now"},
        "refreshConfig": {"isPaused": True, "interval": 0},
        "query": {"language": "lucene", "query": ""},
        "filters": [],
        "settings": {"autoFitToDataBounds": False},
    }
    attributes = {
        "title": told["title"],
        "description": "",
        "mapStateJSON": _json(state),
        "layerListJSON": _json(layers),
        "uiStateJSON": _json({"isLayerTOCOpen": True, "openTOCDetails": []}),
    }
    return saved("map", id, attributes, references)


_BASE_MAP: Saved = {
    "id": "base",
    "type": "EMS_VECTOR_TILE",
    "label": "",
    "sourceDescriptor": {"type": "EMS_TMS", "isAutoSelect": True, "lightModeDefault": "road_map_desaturated"},
    "style": {"type": "EMS_VECTOR_TILE", "color": ""},
    "visible": True,
    "alpha": 1,
    "minZoom": 0,
    "maxZoom": 24,
    "includeInFitToBounds": True,
}


def _points(id: str, layer: Told, index: str, tooltip: list[str], query: str) -> Saved:
    return {
        "id": id,
        "type": "GEOJSON_VECTOR",
        "label": layer["label"],
        "sourceDescriptor": {
            "id": f"{id}-source",
            "type": "ES_SEARCH",
            "indexPatternRefName": index,
            "geoField": layer["field"],
            "scalingType": "LIMIT",
            "sortField": "@timestamp",
            "sortOrder": "desc",
            "tooltipProperties": tooltip,
            "filterByMapBounds": True,
            "topHitsGroupByTimeseries": False,
            "topHitsSplitField": "",
            "topHitsSize": 1,
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "applyForceRefresh": True,
        },
        "style": {
            "type": "VECTOR",
            "isTimeAware": True,
            "properties": {
                "fillColor": {"type": "STATIC", "options": {"color": layer["color"]}},
                "lineColor": {"type": "STATIC", "options": {"color": "#ffffff"}},
                "lineWidth": {"type": "STATIC", "options": {"size": 1}},
                "iconSize": {"type": "STATIC", "options": {"size": 7}},
                "symbolizeAs": {"options": {"value": "circle"}},
            },
        },
        "query": {"language": "lucene", "query": query},
        "visible": True,
        "alpha": 0.8,
        "minZoom": 0,
        "maxZoom": 24,
        "includeInFitToBounds": True,
        "joins": [],
    }


def dashboard(told: Told, types: Mapping[str, str]) -> Saved:
    """A dashboard; ``types`` has the type of each object that is a panel."""
    panels, references = [], []
    for id, (x, y, wide, high) in told["panels"].items():
        panels.append(
            {
                "type": types[id],
                "panelIndex": id,
                "gridData": {"x": x, "y": y, "w": wide, "h": high, "i": id},
                "embeddableConfig": {"enhancements": {}},
                "panelRefName": f"panel_{id}",
                "version": PANELS_VERSION,
            }
        )
        references.append(reference(types[id], id, f"{id}:panel_{id}"))
    controls = {}
    for n, control in enumerate(told.get("controls", [])):
        id = f"control-{n}"
        controls[id] = _control(id, n, control)
        references.append(reference("index-pattern", control["view"], f"controlGroup_{id}:optionsListDataView"))
    attributes = {
        "title": told["title"],
        "description": told["description"],
        "panelsJSON": _json(panels),
        "optionsJSON": _json({"useMargins": True, "syncColors": True, "syncCursor": True, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": told["from"],
        "timeTo": "now",
        "version": 1,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _json(_source(""))},
        "controlGroupInput": {
            "controlStyle": "oneLine",
            "chainingSystem": "HIERARCHICAL",
            "showApplySelections": False,
            "ignoreParentSettingsJSON": _json(
                {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
            ),
            "panelsJSON": _json(controls),
        },
    }
    return saved("dashboard", told["id"], attributes, references)


def _control(id: str, order: int, told: Told) -> Saved:
    return {
        "type": "optionsListControl",
        "order": order,
        "grow": True,
        "width": "medium",
        "explicitInput": {
            "id": id,
            "fieldName": told["field"],
            "title": told["title"],
            "selectedOptions": [],
            "enhancements": {},
        },
    }


def _source(query: str) -> Saved:
    return {"query": {"language": "lucene", "query": query}, "filter": []}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
