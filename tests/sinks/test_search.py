"""Both stores pass the contract of search; what an older Tocsin wrote is found after the upgrade."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sinks.elasticsearch import ElasticsearchStore
from sinks.sqlite import SqliteStore
from sinks.sqlite.schema import MIGRATIONS
from sinks.sqlite.search import SCHEMA, tidy
from sinks.urls import StoreAt
from tests.samples import event, later
from tests.sinks.contract import Factory
from tests.sinks.es_server import Served, admin, settle, store_at
from tests.sinks.search_contract import SearchContract
from tests.sinks.seeded import register
from transforms.codec import encode
from transforms.contracts import Store
from transforms.search.parse import parse


class TestSqlite(SearchContract):
    @pytest.fixture
    def factory(self, tmp_path: Path) -> Factory:
        return StoreAt(f"sqlite:///{tmp_path}/store.db")


class TestElasticsearch(SearchContract):
    @pytest.fixture
    def factory(self, elasticsearch: Served, prefix: str) -> Factory:
        return lambda: store_at(elasticsearch.url, prefix)

    def settle(self, store: Store) -> None:
        settle(store)


def test_a_file_without_cards_gets_them_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    before = MIGRATIONS.index(SCHEMA)
    with sqlite3.connect(path) as old:
        for step in MIGRATIONS[:before]:
            old.executescript(step)
        old.execute(f"PRAGMA user_version = {before}")
        old.executemany(
            "INSERT INTO events (id, version, merged, unannounced, body) VALUES (?, 1, 0, 0, ?)",
            [(one.id, encode(one)) for one in register(450)] + [("broken", "{}")],
        )
    old.close()
    store = SqliteStore(str(path))
    store.init()
    assert store.count(parse("", later())) == sum(one.merged_into is None for one in register(450))
    assert store.count(parse("imo:9187629", later())) > 0
    store.init()


def test_searches_go_by_an_index(tmp_path: Path) -> None:
    """No plan reads all events or all cards."""
    store = SqliteStore(str(tmp_path / "store.db"))
    store.init()
    asked: list[str] = []
    connection = store._connections.get()
    connection.set_trace_callback(asked.append)
    for text in ("", "supplier:PRK", "drones", "-drones", "changed-since:7d", "since:2024 drones -stage:seized"):
        for sort in ("date", "changed", "seen", "origins"):
            list(store.search(parse(text, later(), sort=sort), limit=20))  # type: ignore[arg-type]
    connection.set_trace_callback(None)
    plans = [
        row[3]
        for sql in asked
        if sql.startswith("SELECT s.")
        for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert plans
    assert {plan for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan} == set()


def test_tidying_leaves_no_merge_of_the_index_due() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE VIRTUAL TABLE search_text USING fts5 (atoms, words, tokenize = 'ascii', columnsize = 0)")
    connection.execute("INSERT INTO search_text (search_text, rank) VALUES ('automerge', 0)")
    for n in range(15):  # a part of the index each
        connection.execute("INSERT INTO search_text (atoms, words) VALUES (?, ?)", (f"a{n}", f"word w{n}"))
    tidy(connection)
    before = connection.total_changes
    connection.execute("INSERT INTO search_text (search_text, rank) VALUES ('merge', 500)")
    assert connection.total_changes - before < 2
    parts = connection.execute("SELECT count(DISTINCT segid) FROM search_text_idx").fetchone()[0]
    assert parts == 1
    assert connection.execute("SELECT count(*) FROM search_text WHERE search_text MATCH 'word'").fetchone() == (15,)
    connection.close()


def test_documents_without_cards_get_them_when_the_store_is_opened(elasticsearch: Served, prefix: str) -> None:
    store = store_at(elasticsearch.url, prefix)
    store.put_events([(one, "") for one in register(250)])
    settle(store)
    with admin(elasticsearch) as client:
        client.update_by_query(
            index=f"{prefix}-events",
            query={"match_all": {}},
            script={"source": "ctx._source.remove('find')"},
            refresh=True,
        )
    query = parse("imo:9187629", later())
    assert store.count(query) == 0
    versions = {id: read.version for id, read in store.events(["v001"]).items()}
    assert isinstance(store, ElasticsearchStore)
    store.refill()
    assert store.count(query) > 0
    assert list(store.search(query)) == [x for x in store.search(query) if x in register(250)]
    # A card is a write: who decided on the document before it reads again.
    assert not store.put_event(event("v001"), versions["v001"])
