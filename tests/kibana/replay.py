"""What Kibana asks Elasticsearch for a saved object, made from the object as it is shipped.

Charts become aggregations, maps and saved searches become hits with fields, Vega's requests are its own, with Kibana's
marks filled in as it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KIBANA = Path(__file__).parents[2] / "deploy" / "kibana"
Saved = Mapping[str, Any]
_METRICS = {"sum": "sum", "average": "avg", "max": "max", "min": "min", "unique_count": "cardinality"}


def shipped() -> list[dict[str, Any]]:
    """The saved objects in the file that is imported."""
    return [json.loads(line) for line in (KIBANA / "tocsin.ndjson").read_text(encoding="utf-8").splitlines()]


OBJECTS = shipped()
BY_ID = {(one["type"], one["id"]): one for one in OBJECTS}


@dataclass(frozen=True)
class Request:
    """One search. index: of which data view, by its title. wanted: fields of which some hit must have a value; where
    there are none, every aggregation must give something."""

    name: str
    index: str
    body: dict[str, Any]
    wanted: tuple[str, ...] = ()


def of_type(type: str) -> list[dict[str, Any]]:
    return [one for one in OBJECTS if one["type"] == type]


def view_of(one: Saved, name: str | None = None) -> dict[str, Any]:
    """The data view that an object refers to (under a name)."""
    (found,) = {
        ref["id"] for ref in one["references"] if ref["type"] == "index-pattern" and name in (None, ref["name"])
    }
    return BY_ID["index-pattern", found]


def runtime(view: Saved) -> dict[str, Any]:
    """The runtime fields of a data view, sent with every request over it."""
    return dict(json.loads(view["attributes"]["runtimeFieldMap"]))


def charts() -> Iterator[Request]:
    for one in of_type("lens"):
        state, view = one["attributes"]["state"], view_of(one)
        (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
        body = _body(state["query"], view) | {"size": 0, "track_total_hits": True}
        body["aggs"] = _aggregations(layer["columnOrder"], layer["columns"])
        yield Request(one["id"], view["attributes"]["title"], body)


def searches() -> Iterator[Request]:
    for one in of_type("search"):
        view = view_of(one)
        source = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        columns, sort = one["attributes"]["columns"], one["attributes"]["sort"]
        body = _body(source["query"], view) | {"size": 100, "fields": columns, "sort": [dict(sort)]}
        yield Request(one["id"], view["attributes"]["title"], body, tuple(columns))


def maps() -> Iterator[Request]:
    world = {"top_left": {"lat": 85, "lon": -180}, "bottom_right": {"lat": -85, "lon": 180}}
    for one in of_type("map"):
        for layer in json.loads(one["attributes"]["layerListJSON"]):
            source = layer["sourceDescriptor"]
            if source["type"] != "ES_SEARCH":
                continue
            view, field = view_of(one, source["indexPatternRefName"]), source["geoField"]
            body = _body(layer["query"], view)
            body["query"]["bool"]["filter"] += [{"geo_bounding_box": {field: world}}, {"exists": {"field": field}}]
            body |= {"size": 100, "fields": [field, *source["tooltipProperties"]]}
            body["sort"] = [{source["sortField"]: source["sortOrder"]}]
            yield Request(f"{one['id']} {layer['label']}", view["attributes"]["title"], body, (field,))


def vegas() -> Iterator[Request]:
    for one in of_type("visualization"):
        state = json.loads(one["attributes"]["visState"])
        if state["type"] == "vega":
            for data in json.loads(state["params"]["spec"])["data"]:
                if "url" in data:
                    yield Request(f"{one['id']} {data['name']}", data["url"]["index"], _filled(data["url"]["body"]))


def controls() -> Iterator[Request]:
    for one in of_type("dashboard"):
        for id, control in json.loads(one["attributes"]["controlGroupInput"]["panelsJSON"]).items():
            view = view_of(one, f"controlGroup_{id}:optionsListDataView")
            field = control["explicitInput"]["fieldName"]
            body = {"size": 0, "runtime_mappings": runtime(view), "aggs": {"options": {"terms": {"field": field}}}}
            yield Request(f"{one['id']} {field}", view["attributes"]["title"], body)


def alerts() -> Iterator[Request]:
    for rule in json.loads((KIBANA / "rules.json").read_text(encoding="utf-8")):
        params = rule["body"]["params"]
        window = {"range": {params["timeField"]: {"gte": f"now-{params['timeWindowSize']}{params['timeWindowUnit']}"}}}
        query = {"bool": {"filter": [json.loads(params["esQuery"])["query"], window]}}
        (index,) = params["index"]
        yield Request(rule["body"]["name"], index, {"size": params["size"], "query": query}, ("event.ingested",))


def runtime_fields() -> Iterator[Request]:
    for view in of_type("index-pattern"):
        for name in runtime(view):
            body = {"size": 100, "runtime_mappings": runtime(view), "fields": [name]}
            yield Request(f"{view['id']} {name}", view["attributes"]["title"], body, (name,))


def everything() -> list[Request]:
    """Every request of every object."""
    return [*charts(), *searches(), *maps(), *vegas(), *controls(), *alerts(), *runtime_fields()]


def _body(query: Saved, view: Saved) -> dict[str, Any]:
    """Query, time range (all time: the seeds are of any day) and runtime fields, as Kibana puts them together."""
    assert query["language"] == "lucene"
    filters: list[Any] = [{"range": {view["attributes"]["timeFieldName"]: {"gte": "1990-01-01", "lte": "2100-01-01"}}}]
    if query["query"]:
        filters.append({"query_string": {"query": query["query"], "analyze_wildcard": True, "time_zone": "UTC"}})
    return {"query": {"bool": {"filter": filters}}, "runtime_mappings": runtime(view)}


def _aggregations(order: list[str], columns: Saved) -> dict[str, Any]:
    """Buckets within buckets, with the values in the innermost and what the others are ordered by."""
    buckets = [id for id in order if columns[id]["isBucketed"]]
    values = {id: _metric(columns[id]) for id in order if not columns[id]["isBucketed"]}
    inner: dict[str, Any] = {id: made for id, made in values.items() if made}
    if not buckets:
        return inner
    aggregations = inner
    for id in reversed(buckets):
        aggregations = {id: _bucket(columns[id], columns) | {"aggs": {**inner, **aggregations}}}
    return aggregations


def _bucket(column: Saved, columns: Saved) -> dict[str, Any]:
    field, params = column["sourceField"], column["params"]
    if column["operationType"] == "date_histogram":
        return {"date_histogram": {"field": field, "fixed_interval": "30d", "min_doc_count": 1}}
    order = params["orderBy"]
    by = "_key"
    if order["type"] == "column":
        value = columns[order["columnId"]]
        by = {"count": "_count", "median": f"{order['columnId']}.50"}.get(value["operationType"], order["columnId"])
    return {"terms": {"field": field, "size": params["size"], "order": {by: params["orderDirection"]}}}


def _metric(column: Saved) -> dict[str, Any] | None:
    operation, field = column["operationType"], column["sourceField"]
    if operation == "count":
        return None  # the buckets' own
    if operation == "median":
        return {"percentiles": {"field": field, "percents": [50]}}
    if operation == "last_value":
        assert column["params"]["showArrayValues"]
        sort = [{column["params"]["sortField"]: {"order": "desc"}}]
        last = {"top_hits": {"size": 1, "sort": sort, "fields": [field], "_source": False}}
        return {"filter": {"exists": {"field": field}}, "aggs": {"last": last}}
    return {_METRICS[operation]: {"field": field}}


def _filled(value: Any) -> Any:
    """A request of Vega's with Kibana's marks filled in: no filter of the dashboard's, all time."""
    if isinstance(value, list):
        return [_filled(item) for item in value if not (isinstance(item, str) and item.startswith("%dashboard_"))]
    if isinstance(value, dict):
        if "%timefilter%" in value:
            return {"gte": "1990-01-01", "lte": "2100-01-01"}
        return {key: _filled(item) for key, item in value.items()}
    return value
