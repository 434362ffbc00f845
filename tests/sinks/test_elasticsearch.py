"""Elasticsearch passes the store contract, on a real server."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace

import pytest

from sinks.elasticsearch import ElasticsearchStore
from sinks.elasticsearch.connection import Connection
from sinks.elasticsearch.settings import Secrets, parse
from tests.samples import NOW, alert, article, claim, entry, event, later, state
from tests.sinks.contract import MINUTE, Factory, StoreContract
from tests.sinks.es_server import Served, settle, store_at
from transforms.contracts import Store


class TestElasticsearch(StoreContract):
    @pytest.fixture
    def factory(self, elasticsearch: Served, prefix: str) -> Factory:
        return lambda: store_at(elasticsearch.url, prefix)

    def settle(self, store: Store) -> None:
        settle(store)


def test_a_store_carried_over_a_fork_opens_its_own_client(elasticsearch: Served, prefix: str) -> None:
    store = store_at(elasticsearch.url, prefix)
    store.put_articles([article()])
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe()
    child = fork.Process(target=lambda: sender.send(len(store.articles(["a1"]))))
    child.start()
    assert receiver.recv() == 1
    child.join()
    assert len(store.articles(["a1"])) == 1


def test_another_node_answers_where_one_is_down(elasticsearch: Served, prefix: str) -> None:
    settings = replace(parse(f"{elasticsearch.url}/{prefix}"), hosts=("http://127.0.0.1:9", elasticsearch.url))
    store = ElasticsearchStore(Connection(settings, load_secrets=Secrets, sleep=lambda seconds: None))
    store.put_articles([article()])
    assert set(store.articles(["a1"])) == {"a1"}


def test_an_id_twice_in_one_write_is_resolved_before_sending(elasticsearch: Served, prefix: str) -> None:
    store = store_at(elasticsearch.url, prefix)
    store.put_articles([article(revision=1, title="Old"), article(revision=2, title="New"), article(title="Old")])
    assert store.articles(["a1"])["a1"].title == "New"
    assert store.create_alerts([alert("l1"), alert("l1", due=later(hours=1))]) == ["l1"]
    saved = store.save_poll(state(), "", [entry(), entry(), entry(title="Corrected")], now=NOW)
    assert saved is not None
    assert (saved.new, saved.known, saved.revised) == (("e1",), ("e1",), ("e1",))
    assert store.inbox(["e1"])["e1"].entry.revision == 2


@pytest.mark.parametrize("id", ["x" * 2000, "a/b?c=d#e", "日本 語", "\x00\n", ""])
def test_any_text_is_an_id(elasticsearch: Served, prefix: str, id: str) -> None:
    """Backfilled documents bring their own ids."""
    store = store_at(elasticsearch.url, prefix)
    store.save_poll(state(), "", [entry(id)], now=NOW)
    (lease,) = store.lease_entries(owner="w", now=NOW, limit=9, duration=MINUTE)
    assert lease.entry.id == id
    store.put_articles([article(id)])
    store.put_claims(id, [claim(id, document=id)])
    assert store.put_event(event(id), "")
    assert store.finish_entry(id, fence=lease.fence, outcome="indexed", reason=None, now=NOW)
    assert (set(store.articles([id])), set(store.events([id]))) == ({id}, {id})
    assert [x.id for x in store.claims([id])[id]] == [id]
    assert [x.id for x in store.iter_articles()] == [id]


def test_what_a_crash_left_of_older_claims_is_removed_by_the_replay(
    elasticsearch: Served, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the list of the new claims and the removal of the old ones."""
    store = store_at(elasticsearch.url, prefix)
    assert isinstance(store, ElasticsearchStore)
    store.put_claims("a1", [claim("c1")])
    write = store.bulk.write

    def die(actions: object, *, doing: str) -> object:
        if doing.startswith("remove"):
            raise KeyboardInterrupt
        return write(actions, doing=doing)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store.bulk, "write", die)
        with pytest.raises(KeyboardInterrupt):
            store.put_claims("a1", [claim("c2")])
    assert sorted(x.id for x in store.iter_claims()) == ["c1", "c2"]
    store.put_claims("a1", [claim("c2")])
    assert [x.id for x in store.iter_claims()] == ["c2"]
