"""Charts as Kibana's Lens keeps them, from the short form in sources/*.yaml.

Lens computes one table a chart (columns: buckets first, then values) and draws it; ids of layers and columns are the
same at each build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LAYER = "layer"
_KINDS = {
    "metric": "lnsMetric", "bars": "lnsXY", "heatmap": "lnsHeatmap", "treemap": "lnsPie", "donut": "lnsPie",
    "table": "lnsDatatable",
}  # fmt: skip
_METRICS = ("sum", "average", "median", "max", "min", "unique_count", "last_value")
Chart = Mapping[str, Any]


def lens(chart: Chart, query: str) -> dict[str, Any]:
    """The attributes of a Lens object. Raises KeyError or ValueError for a chart that is not as sources/*.yaml says."""
    columns, visualization = _drawn(chart)
    return {
        "title": chart["title"],
        "description": chart.get("description", ""),
        "visualizationType": _KINDS[chart["as"]],
        "state": {
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        LAYER: {
                            "columnOrder": list(columns),
                            "columns": columns,
                            "incompleteColumns": {},
                            "sampling": 1,
                        }
                    }
                }
            },
            "visualization": visualization,
            "query": {"language": "lucene", "query": query},
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def _drawn(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns by id, and how they are drawn."""
    match chart["as"]:
        case "metric":
            return {"value": _value(chart["value"])}, {"layerId": LAYER, "layerType": "data", "metricAccessor": "value"}
        case "bars":
            return _bars(chart)
        case "heatmap":
            return _heatmap(chart)
        case "treemap" | "donut":
            return _parts(chart)
        case "table":
            return _table(chart)
        case other:
            raise ValueError(f"{chart['title']}: no kind of chart {other!r}; known are {', '.join(_KINDS)}")


def _bars(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    columns = {"x": _bucket(chart["x"], "value")}
    if "split" in chart:
        columns = {"split": _bucket(chart["split"], "value"), **columns}
    columns["value"] = _value(chart["value"])
    shown = {"x": True, "yLeft": True, "yRight": True}
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": "bar_stacked",
        "accessors": ["value"],
        "xAccessor": "x",
        "position": "top",
        "showGridlines": False,
    }
    if "split" in chart:
        layer["splitAccessor"] = "split"
    return columns, {
        "preferredSeriesType": "bar_stacked",
        "legend": {"isVisible": True, "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "tickLabelsVisibilitySettings": shown,
        "gridlinesVisibilitySettings": shown,
        "labelsOrientation": {"x": 0, "yLeft": 0, "yRight": 0},
        "layers": [layer],
    }


def _heatmap(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    columns = {
        "x": _bucket(chart["x"], "value"),
        "y": _bucket(chart["y"], "value"),
        "value": _value(chart["value"]),
    }
    return columns, {
        "shape": "heatmap",
        "layerId": LAYER,
        "layerType": "data",
        "xAccessor": "x",
        "yAccessor": "y",
        "valueAccessor": "value",
        "legend": {"isVisible": True, "position": "right", "type": "heatmap_legend"},
        "gridConfig": {
            "type": "heatmap_grid",
            "isCellLabelVisible": True,
            "isXAxisLabelVisible": True,
            "isXAxisTitleVisible": True,
            "isYAxisLabelVisible": True,
            "isYAxisTitleVisible": True,
        },
    }


def _parts(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    groups = {f"group{n}": _bucket(group, "value") for n, group in enumerate(chart["groups"])}
    return {**groups, "value": _value(chart["value"])}, {
        "shape": chart["as"],
        "layers": [
            {
                "layerId": LAYER,
                "layerType": "data",
                "primaryGroups": list(groups),
                "metrics": ["value"],
                "numberDisplay": "value",
                "categoryDisplay": "default",
                "legendDisplay": "default",
                "nestedLegend": False,
            }
        ],
    }


def _table(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = {f"row{n}": _bucket(row, "value0") for n, row in enumerate(chart["rows"])}
    values = {f"value{n}": _value(value) for n, value in enumerate(chart["values"])}
    columns = {**rows, **values}
    # Values that cannot be ordered by (a text) leave the order to the name.
    if values["value0"]["operationType"] == "last_value":
        for row in rows.values():
            row["params"] |= {"orderBy": {"type": "alphabetical"}, "orderDirection": "asc"}
    return columns, {
        "layerId": LAYER,
        "layerType": "data",
        "columns": [{"columnId": id} for id in columns],
        "paging": {"size": 20, "enabled": True},
    }


def _bucket(told: Chart, value: str) -> dict[str, Any]:
    if field := told.get("date"):
        return _column(field, "date", "date_histogram", "interval", True) | {
            "sourceField": field,
            "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
        }
    field = told["terms"]
    kind = "number" if told.get("number") else "string"
    return _column(told.get("label", field), kind, "terms", "ordinal", True) | {
        "sourceField": field,
        "params": {
            "size": told["size"],
            "orderBy": {"type": "column", "columnId": value},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
            "include": [],
            "exclude": [],
            "includeIsRegex": False,
            "excludeIsRegex": False,
        },
    }


def _value(told: Chart) -> dict[str, Any]:
    if label := told.get("count"):
        return _column(label, "number", "count", "ratio", False) | {
            "sourceField": "___records___",
            "params": {"emptyAsNull": True},
        }
    operation = _operation(told, _METRICS)
    field = told[operation]
    label = told.get("label", field)
    if operation == "last_value":
        return _column(label, "string", operation, "ordinal", False) | {
            "sourceField": field,
            "filter": {"language": "kuery", "query": f'"{field}": *'},
            # Array values: asked for with top_hits, where the other way (top_metrics) is not on every distribution.
            "params": {"sortField": "event.ingested", "showArrayValues": True},
        }
    if told.get("date"):
        return _column(label, "date", operation, "ratio", False) | {"sourceField": field, "params": {}}
    return _column(label, "number", operation, "ratio", False) | {
        "sourceField": field,
        "params": {"emptyAsNull": True},
    }


def _operation(told: Chart, known: Sequence[str]) -> str:
    found = [name for name in known if name in told]
    if len(found) != 1:
        raise ValueError(f"{dict(told)}: exactly one of count, {', '.join(known)} is needed")
    return found[0]


def _column(label: str, kind: str, operation: str, scale: str, bucketed: bool) -> dict[str, Any]:
    return {
        "label": label,
        "customLabel": True,
        "dataType": kind,
        "operationType": operation,
        "scale": scale,
        "isBucketed": bucketed,
    }
