"""Making, looking at and upgrading the indices, on a real server; what a person's search finds in them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch
from typer.testing import CliRunner

from pipeline.cli import app
from sinks.elasticsearch import ElasticsearchStore, schema
from sinks.elasticsearch.connection import Connection
from sinks.elasticsearch.settings import Secrets, parse
from tests.samples import NOW, article, claim, event, report
from tests.sinks.es_server import FewSynonyms, Served, admin, settle
from transforms.contracts import BucketItem, SchemaTooNew, Store, StoreError
from transforms.records import ClaimPlace, Event, Goods, Party


def opened(served: Served, prefix: str, **fields: object) -> ElasticsearchStore:
    settings = replace(parse(f"{served.url}/{prefix}"), **fields)
    return FewSynonyms(Connection(settings, load_secrets=Secrets))


def _older_templates(monkeypatch: pytest.MonkeyPatch, kind: str, version: int) -> None:
    """Let this Tocsin want another version of one kind."""
    real = schema.index_template

    def changed(prefix: str, asked: str) -> dict[str, object]:
        return real(prefix, asked) | ({"version": version} if asked == kind else {})

    monkeypatch.setattr(schema, "index_template", changed)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the schema have a few kinds only: making all eight indices takes seconds."""
    return lambda *kinds: monkeypatch.setattr(schema, "KINDS", kinds)


def test_an_upgrade_loses_nothing_while_four_writers_go_on(
    elasticsearch: Served, fresh: str, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers add members to events by compare-and-set while the index of events is replaced under them."""
    only("events")
    opened(elasticsearch, fresh).init()
    begun = threading.Semaphore(0)

    def add(writer: int) -> None:
        store = opened(elasticsearch, fresh)
        for n in range(25):
            while True:
                read = store.events(["v1"]).get("v1")
                marks = (*(read.value.markings if read else ()), f"{writer}-{n}")
                if store.put_event(event(markings=marks), read.version if read else ""):
                    break
            begun.release()
        store.close()

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(add, writer) for writer in range(4)]
        for _ in range(20):
            assert begun.acquire(timeout=120)
        _older_templates(monkeypatch, "events", 2)
        opened(elasticsearch, fresh).init()
        for writer in writers:
            writer.result()
    store = opened(elasticsearch, fresh)
    kept = store.events(["v1"])["v1"].value.markings
    assert sorted(kept) == sorted(f"{writer}-{n}" for writer in range(4) for n in range(25))
    status = {row.kind: row for row in store.schema().status()}
    assert (status["events"].index, status["events"].documents) == (f"{fresh}-events-v2", 1)


def test_a_rebuild_keeps_everything_and_the_versions_of_articles(
    elasticsearch: Served, fresh: str, only: Callable[..., None]
) -> None:
    only("articles", "claims", "buckets")
    store = opened(elasticsearch, fresh)
    store.init()
    store.put_articles([article(revision=3, title="New")])
    store.put_claims("a1", [claim()])
    assert store.put_bucket("event_bucket", "k", [BucketItem(id="v1", at=NOW)], "")
    before = store.bucket("event_bucket", ["k"])["k"].version
    store.schema().upgrade(rebuild=True)
    assert {row.index for row in store.schema().status()} == {f"{fresh}-{kind}-v1-r2" for kind in schema.KINDS}
    store.put_articles([article(revision=2, title="Old")])
    assert store.articles(["a1"])["a1"].title == "New"
    assert [x.id for x in store.claims(["a1"])["a1"]] == ["c1"]
    # A version read before the move means a document that is no longer there: a conflict, never a lucky hit.
    assert not store.put_bucket("event_bucket", "k", [], before)
    assert store.put_bucket("event_bucket", "k", [], store.bucket("event_bucket", ["k"])["k"].version)


def test_a_newer_schema_is_refused(elasticsearch: Served, fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with admin(elasticsearch) as client:
        client.indices.create(index=f"{fresh}-events-v9", aliases={f"{fresh}-events": {}})
    store = opened(elasticsearch, fresh)
    with pytest.raises(SchemaTooNew, match=rf"a newer Tocsin \({fresh}-events-v9 where this Tocsin knows v1\)"):
        store.init()
    with admin(elasticsearch) as client:
        assert list(client.indices.get(index=f"{fresh}-*")) == [f"{fresh}-events-v9"]


def test_a_new_field_is_added_in_place(
    elasticsearch: Served, fresh: str, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only("events")
    opened(elasticsearch, fresh).init()
    real = schema.mappings_of

    def changed(prefix: str, kind: str) -> dict[str, object]:
        mappings = real(prefix, kind)
        mappings["properties"]["added"] = {"type": "keyword"}
        return mappings

    monkeypatch.setattr(schema, "mappings_of", changed)
    monkeypatch.setattr(schema, "fingerprint", lambda prefix: "another")
    store = opened(elasticsearch, fresh)
    assert not any(row.current for row in store.schema().status())
    store.init()
    assert all(row.current for row in store.schema().status())
    with admin(elasticsearch) as client:
        (index,) = client.indices.get_mapping(index=f"{fresh}-events").values()
    assert index["mappings"]["properties"]["added"] == {"type": "keyword"}
    assert index["mappings"]["dynamic"] == "strict"


def test_a_failed_copy_lets_writers_go_on(
    elasticsearch: Served, fresh: str, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only("articles")
    store = opened(elasticsearch, fresh)
    store.init()
    store.put_articles([article(revision=300)])
    real = schema.index_template

    def worse(prefix: str, kind: str) -> dict[str, object]:
        template = real(prefix, kind)
        if kind == "articles":
            template["version"] = 2
            template["template"]["mappings"]["properties"]["revision"] = {"type": "byte"}
        return template

    with monkeypatch.context() as patch:
        patch.setattr(schema, "index_template", worse)
        with pytest.raises(StoreError, match=r"could not be copied: .*revision"):
            store.init()
    store.put_articles([article("a2")])
    assert set(store.articles(["a1", "a2"])) == {"a1", "a2"}


def test_the_command_makes_and_shows_what_the_url_says(
    elasticsearch: Served, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sinks.elasticsearch.store.Schema", lambda connection: FewSynonyms(connection).schema())
    runner, url = CliRunner(), f"{elasticsearch.url}/{fresh}?shards=2&replicas=0"
    missing = runner.invoke(app, ["store", "status", "--store", url])
    assert (missing.exit_code, missing.output.count("missing")) == (1, len(schema.KINDS))
    made = runner.invoke(app, ["store", "init", "--store", url])
    assert (made.exit_code, made.output.count("current")) == (0, len(schema.KINDS))
    assert runner.invoke(app, ["store", "status", "--store", url]).exit_code == 0
    with admin(elasticsearch) as client:
        settings = client.indices.get_settings(index=f"{fresh}-events")[f"{fresh}-events-v1"]["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("2", "0")


# what people find


def search(served: Served, prefix: str, kind: str, text: str) -> list[str]:
    """Ids of what a search over the default fields finds, as Kibana's search bar asks."""
    with admin(served) as client:
        query = {"simple_query_string": {"query": text, "default_operator": "and"}}
        hits = client.search(index=f"{prefix}-{kind}", query=query)["hits"]["hits"]
    return sorted(hit["_source"]["tocsin"]["id"] for hit in hits)


def test_searches_know_other_names(elasticsearch: Served, prefix: str) -> None:
    store = opened(elasticsearch, prefix)
    store.put_articles(
        [
            article("iran", text="Wreckage of a Shahed-136 drone was shown.", language="en"),
            article("korea", text="The DPRK shipped containers of shells.", language="en"),
            article("russe", text="Обломки «Герань-2» показали журналистам.", language="ru"),
            article("other", text="A launcher was delivered in South Korea.", language="en"),
        ]
    )
    settle(store)
    assert search(elasticsearch, prefix, "articles", '"Geran-2"') == ["iran", "russe"]
    assert search(elasticsearch, prefix, "articles", '"North Korea"') == ["korea"]
    assert search(elasticsearch, prefix, "articles", "журналист") == ["russe"]
    assert search(elasticsearch, prefix, "articles", "launchers delivering") == ["other"]


def full_event() -> Event:
    place = ClaimPlace(
        role="use", text="Norville", start=0, end=8, value="Norville", country="XNA", lat=48.5, lon=37.9, radius_km=5
    )
    return event(
        supplier=Party(iso3="PRK", name="Pyongyang"), goods=(Goods(value="Shahed-136", category="UAV"),),
        date="2024-02", places=(place,),
        reports=(report(title="Shells arrive"),), claims=(claim(quote="drones of the kind Geran-2"),),
    )  # fmt: skip


def test_events_aggregate_on_flat_fields_and_lie_on_a_map(elasticsearch: Served, prefix: str) -> None:
    store = opened(elasticsearch, prefix)
    assert store.put_event(full_event(), "")
    settle(store)
    assert search(elasticsearch, prefix, "events", "DPRK") == []  # the party is a code and a name, as reported
    assert search(elasticsearch, prefix, "events", '"Geran-2"') == ["v1"]
    with admin(elasticsearch) as client:
        found = client.search(
            index=f"{prefix}-events",
            query={"range": {"date.range": {"gte": "2024-02-10", "lte": "2024-02-11", "relation": "intersects"}}},
            aggregations={
                "suppliers": {"terms": {"field": "supplier.iso3"}},
                "map": {"geotile_grid": {"field": "places.use.location", "precision": 4}},
                "months": {"date_histogram": {"field": "@timestamp", "calendar_interval": "month"}},
            },
        )["aggregations"]
    assert [(x["key"], x["doc_count"]) for x in found["suppliers"]["buckets"]] == [("PRK", 1)]
    assert [x["key"] for x in found["map"]["buckets"]] == ["4/9/5"]
    assert [x["key_as_string"][:10] for x in found["months"]["buckets"]] == ["2024-02-01"]


def test_nested_claims_answer_what_flat_fields_cannot(elasticsearch: Served, prefix: str) -> None:
    store = opened(elasticsearch, prefix)
    seized = claim("c1", stage="seized", goods=(Goods(value="rifle", category="SALW"),))
    shipped = claim("c2", stage="shipped", goods=(Goods(value="tank", category="I"),))
    assert store.put_event(event(claims=(seized, shipped)), "")
    settle(store)
    with admin(elasticsearch) as client:

        def both(stage: str, category: str) -> int:
            terms = [{"term": {"claims.stage": stage}}, {"term": {"claims.goods.category": category}}]
            query = {"nested": {"path": "claims", "query": {"bool": {"filter": terms}}}}
            return int(client.count(index=f"{prefix}-events", query=query)["count"])

        assert (both("seized", "SALW"), both("seized", "I")) == (1, 0)


def test_buckets_of_any_length_keep_every_member(elasticsearch: Served, prefix: str) -> None:
    """A long bucket is split into parts; old parts go when the bucket shrinks."""
    store = opened(elasticsearch, prefix)
    version, items = "", []
    for size in (499, 500, 501, 1700, 1701, 1200):
        items = [BucketItem(id=f"v{n}", at=NOW) for n in range(size)]
        assert store.put_bucket("event_bucket", "hot", items, version)
        read = store.bucket("event_bucket", ["hot", "cold"])
        assert read["hot"].value == tuple(items)
        assert (read["cold"].value, read["cold"].version) == ((), "")
        version = read["hot"].version
    with admin(elasticsearch) as client:
        heads = _documents(client, store, prefix)
    assert len(heads) == 3  # the head and two parts of 500


def _documents(client: Elasticsearch, store: Store, prefix: str) -> list[str]:
    settle(store)
    return [hit["_id"] for hit in client.search(index=f"{prefix}-buckets", size=100)["hits"]["hits"]]
