"""Every request in the shipped objects, sent to a real Elasticsearch with something of everything: data comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from tests.kibana.replay import Request, everything, of_type, runtime_fields
from tests.kibana.seeds import fill
from tests.sinks.es_server import Served, admin, settle, store_at


@pytest.fixture
def client(elasticsearch: Served, prefix: str) -> Iterator[Elasticsearch]:
    store = store_at(elasticsearch.url, prefix)
    fill(store)
    settle(store)
    store.close()
    with admin(elasticsearch) as client:
        yield client


def test_every_request_brings_data(client: Elasticsearch, prefix: str) -> None:
    """One test for all: filling the store takes longer than asking."""
    requests = everything()
    assert len(requests) > 40
    wrong = [told for request in requests for told in _problems(request, client, prefix)]
    assert wrong == []
    # What would tell that the check itself sees nothing: fields that no document has.
    for aggregation in ({"terms": {"field": "nowhere"}}, {"max": {"field": "nowhere"}}):
        assert list(_problems(Request("x", "tocsin-events", {"aggs": {"a": aggregation}}), client, prefix))
    assert list(_problems(Request("x", "tocsin-events", {"fields": ["nowhere"]}, ("nowhere",)), client, prefix))


def test_runtime_fields_give_what_they_promise(client: Elasticsearch, prefix: str) -> None:
    found = {}
    for request in runtime_fields():
        hits = _send(request, client, prefix)["hits"]["hits"]
        found[request.name] = {value for hit in hits for values in hit.get("fields", {}).values() for value in values}
    assert "https://news.example/a1" in found["tocsin-events article_link"]
    assert all(isinstance(days, int) for days in found["tocsin-events days_until_reported"])
    assert found["tocsin-feeds hours_between_polls"] == {1.0}


def test_links_lead_to_the_value_itself() -> None:
    for view in of_type("index-pattern"):
        assert view["attributes"]["fieldFormatMap"].count("{{rawValue}}") == view["attributes"]["fieldFormatMap"].count(
            '"id":"url"'
        )


def _send(request: Request, client: Elasticsearch, prefix: str) -> Mapping[str, Any]:
    index = request.index.replace("tocsin-", f"{prefix}-", 1)
    found: Mapping[str, Any] = client.search(index=index, body=request.body).body
    return found


def _problems(request: Request, client: Elasticsearch, prefix: str) -> Iterator[str]:
    found = _send(request, client, prefix)
    if found["hits"]["total"]["value"] == 0:
        yield f"{request.name}: no hits"
    if found["_shards"]["failed"]:
        yield f"{request.name}: {found['_shards']}"
    for field in request.wanted:
        hits = found["hits"]["hits"]
        if not any(field in hit.get("fields", {}) or _at(hit["_source"], field) for hit in hits):
            yield f"{request.name}: no hit has {field}"
    for name, told in found.get("aggregations", {}).items():
        yield from _empty(f"{request.name}: {name}", told)


def _at(source: Mapping[str, Any], path: str) -> object:
    value: Any = source
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _empty(name: str, told: Mapping[str, Any]) -> Iterator[str]:
    """What of an aggregation gives nothing: no bucket, or no bucket with a value."""
    if "buckets" in told:
        if not told["buckets"]:
            yield f"{name}: no buckets"
        for inner in {key for bucket in told["buckets"] for key, value in bucket.items() if isinstance(value, Mapping)}:
            problems = [list(_empty(f"{name} > {inner}", bucket[inner])) for bucket in told["buckets"]]
            yield from [] if any(not each for each in problems) else problems[0]
    elif any(value is None for value in [*told.get("values", {}).values(), told.get("value", 0)]):
        yield f"{name}: no value"
    elif "last" in told and not told["last"]["hits"]["hits"]:
        yield f"{name}: no last value"
