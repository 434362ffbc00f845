"""What the store does when Elasticsearch falters: a real server, and faults made on the way to it or by its settings.

The pause between two tries is the test's own function, so a fault ends after so many tries and nothing sleeps.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from sinks.elasticsearch import ElasticsearchStore, schema
from sinks.elasticsearch.bulk import IN_FLIGHT, MAX_ITEMS, Action, as_json
from sinks.elasticsearch.connection import Connection, Rejected
from sinks.elasticsearch.documents import article_document
from sinks.elasticsearch.settings import Secrets, parse
from tests.samples import NOW, alert, article, entry, event, letter, state
from tests.sinks.es_proxy import TOO_MANY, Proxy
from tests.sinks.es_server import FewSynonyms, Served, admin
from tests.sinks.es_work import check, entries, poll, work
from transforms.contracts import StoreUnavailable


class Pauses:
    """The pauses between tries: counts them, and does something at the n-th."""

    def __init__(self, at: int = 0, act: Callable[[], object] = lambda: None) -> None:
        self.taken = 0
        self._at = at
        self._act = act

    def __call__(self, seconds: float) -> None:
        self.taken += 1
        if self.taken == self._at:
            self._act()


def store(
    url: str, prefix: str, pauses: Callable[[float], object], *, patience: float = 60, timeout: float = 30
) -> ElasticsearchStore:
    settings = replace(parse(f"{url}/{prefix}"), patience=patience, timeout=timeout)
    return FewSynonyms(Connection(settings, load_secrets=Secrets, sleep=pauses))


def test_a_server_that_is_down_at_the_start_is_waited_for(
    elasticsearch: Served, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "KINDS", ("events",))
    with Proxy(elasticsearch.host) as proxy:
        proxy.down()
        pauses = Pauses(3, proxy.up)
        opened = store(proxy.url, fresh, pauses)
        opened.init()
        assert pauses.taken >= 3
        assert all(status.current for status in opened.schema().status())


def test_a_server_that_stays_down_is_unavailable_not_an_error_of_an_entry(elasticsearch: Served, prefix: str) -> None:
    with Proxy(elasticsearch.host) as proxy:
        proxy.down()
        opened = store(proxy.url, prefix, Pauses(), patience=0.2)
        with pytest.raises(StoreUnavailable, match=r"could not write articles for \d+ s: ConnectionError"):
            opened.put_articles([article()])
        proxy.up()
        opened.put_articles([article()])
        assert set(opened.articles(["a1"])) == {"a1"}


def test_feeds_go_on_after_an_outage(elasticsearch: Served, prefix: str) -> None:
    """The server goes away in the middle for longer than the patience; the work is taken up where it stopped."""
    with Proxy(elasticsearch.host) as proxy:
        tries = 0

        def opened() -> ElasticsearchStore:
            nonlocal tries
            tries += 1
            if tries == 3:
                proxy.up()
            return store(proxy.url, prefix, Pauses(), patience=0.05)

        poll(store(proxy.url, prefix, Pauses()), entries(60))
        gone = iter([True])
        work(opened, "w", done=lambda n: next(gone, False) and proxy.down())
        assert tries >= 3
        check(store(elasticsearch.url, prefix, Pauses()), 60)


@pytest.mark.parametrize("keep", [0, 15, 200])
def test_answers_cut_short_lose_nothing_and_double_nothing(elasticsearch: Served, prefix: str, keep: int) -> None:
    """Each seventh answer breaks off: the write has happened, but nobody was told so."""
    count = iter(range(1, 10**6))

    def answer(line: str, response: bytes) -> bytes:
        return response[:keep] if next(count) % 7 == 0 else response

    with Proxy(elasticsearch.host, answer=answer) as proxy:
        pauses = Pauses()
        poll(store(proxy.url, prefix, pauses), entries(40))
        work(lambda: store(proxy.url, prefix, pauses), "w")
        assert pauses.taken > 10
        check(store(elasticsearch.url, prefix, pauses), 40)


def test_a_write_whose_answer_was_lost_is_not_a_conflict(elasticsearch: Served, prefix: str) -> None:
    lost = iter([True])

    def answer(line: str, response: bytes) -> bytes:
        return b"" if "_bulk" in line and next(lost, False) else response

    with Proxy(elasticsearch.host, answer=answer) as proxy:
        opened = store(proxy.url, prefix, Pauses())
        assert opened.put_event(event(), "")
        lost = iter([True])
        assert opened.put_event(event(stage="seized"), opened.events(["v1"])["v1"].version)
        lost = iter([True])
        assert opened.create_alerts([alert("l1")]) == ["l1"]
        lost = iter([True])
        assert opened.create_alerts([alert("l1")]) == []
        assert opened.events(["v1"])["v1"].value.stage == "seized"


def test_another_writers_event_is_a_conflict_though_our_answer_was_lost(elasticsearch: Served, prefix: str) -> None:
    """Our write landed, its answer was lost, and somebody wrote over it before we asked again."""
    opened = store(elasticsearch.url, prefix, Pauses())
    lost = iter([True])

    def answer(line: str, response: bytes) -> bytes:
        if "_bulk" in line and next(lost, False):
            assert opened.put_event(event(stage="seized"), opened.events(["v1"])["v1"].version)
            return b""
        return response

    with Proxy(elasticsearch.host, answer=answer) as proxy:
        assert not store(proxy.url, prefix, Pauses()).put_event(event(), "")
    assert opened.events(["v1"])["v1"].value.stage == "seized"


def test_slow_answers_are_asked_for_again(elasticsearch: Served, prefix: str) -> None:
    release = threading.Event()
    slow = iter([True, True])

    def answer(line: str, response: bytes) -> bytes:
        if "_bulk" in line and next(slow, False):
            release.wait(60)
        return response

    with Proxy(elasticsearch.host, answer=answer) as proxy:
        opened = store(proxy.url, prefix, Pauses(), timeout=2.0)
        assert opened.put_event(event(), "")
        release.set()
        assert opened.events(["v1"])["v1"].value == event()


def test_a_storm_of_429_is_sat_out(elasticsearch: Served, prefix: str) -> None:
    count = iter(range(10**6))

    def refuse(line: str) -> bytes | None:
        return TOO_MANY if next(count) % 10 < 6 else None

    with Proxy(elasticsearch.host, refuse=refuse) as proxy:
        pauses = Pauses()
        poll(store(proxy.url, prefix, pauses), entries(30))
        work(lambda: store(proxy.url, prefix, pauses), "w")
        assert pauses.taken > 50
        check(store(elasticsearch.url, prefix, pauses), 30)


@pytest.mark.parametrize("block", ["read_only_allow_delete", "write", "read_only"])
def test_read_only_indices_are_waited_for(elasticsearch: Served, prefix: str, block: str) -> None:
    """As Elasticsearch makes them when a disk is full (flood stage), or an operator."""
    with admin(elasticsearch) as client:

        def put(value: bool | None) -> None:
            client.indices.put_settings(index=f"{prefix}-*", settings={f"index.blocks.{block}": value})

        try:
            put(True)
            pauses = Pauses(4, lambda: put(None))
            opened = store(elasticsearch.url, prefix, pauses)
            opened.put_articles([article(f"a{n}") for n in range(10)])
            assert opened.put_event(event(), "")
        finally:
            put(None)
    assert pauses.taken >= 4
    assert len(opened.articles([f"a{n}" for n in range(10)])) == 10


def _with_odd_mapping(client: Elasticsearch, opened: ElasticsearchStore, kind: str, field: str, type: str) -> None:
    """Make the store, but one index with another type for a field than the templates say."""
    opened.init()
    settings = opened.connection.settings
    index = f"{settings.prefix}-{kind}-v1"
    made = client.indices.get_mapping(index=index)[index]["mappings"]
    client.indices.delete(index=index)
    made["properties"][field] = {"type": type}
    # Not by the template: its mapping would be merged in.
    client.indices.delete_index_template(name=f"{settings.prefix}-{kind}")
    analysis = client.cluster.get_component_template(name=f"{settings.prefix}-language")
    language = analysis["component_templates"][0]["component_template"]["template"]["settings"]
    shared = client.cluster.get_component_template(name=f"{settings.prefix}-settings")
    normal = shared["component_templates"][0]["component_template"]["template"]["settings"]
    merged = language["index"]["analysis"] | normal["index"]["analysis"]
    merged["analyzer"] = language["index"]["analysis"]["analyzer"] | normal["index"]["analysis"]["analyzer"]
    client.indices.create(
        index=index, mappings=made, settings={"analysis": merged}, aliases={f"{settings.prefix}-{kind}": {}}
    )


def test_one_article_in_a_hundred_is_rejected_and_the_rest_lands(
    elasticsearch: Served, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "KINDS", ("articles",))
    opened = store(elasticsearch.url, fresh, Pauses())
    with admin(elasticsearch) as client:
        _with_odd_mapping(client, opened, "articles", "revision", "byte")
    articles = [article(f"a{n:04}", revision=999 if n % 100 == 50 else 1) for n in range(1000)]
    with pytest.raises(Rejected, match=r"cannot write articles a0050: .*revision.* and 5 more"):
        opened.put_articles(articles)
    assert len(list(opened.iter_articles())) == 990
    assert "a0050" not in opened.articles(["a0050"])


def test_a_rejected_entry_is_a_dead_letter_and_its_poll_goes_on(
    elasticsearch: Served, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "KINDS", ("entries", "feeds", "dead-letters"))
    opened = store(elasticsearch.url, fresh, Pauses())
    with admin(elasticsearch) as client:
        _with_odd_mapping(client, opened, "entries", "language", "ip")
    found = [entry(f"e{n:03}", language="en" if n == 70 else None) for n in range(100)]
    saved = opened.save_poll(state(), "", found, now=NOW)
    assert saved is not None
    assert "un" in opened.source_states(["un"])
    assert opened.outcomes() == {"pending": 99}
    (kept,) = opened.iter_dead_letters()
    assert (kept.stage, kept.subject, kept.at) == ("PollFeeds", "e070", NOW)
    assert "language" in kept.reason and '"id":"e070"' in (kept.payload or "")


def test_a_bulk_that_is_too_large_is_halved(elasticsearch: Served, prefix: str) -> None:
    """A proxy before the server may allow less than Elasticsearch does (413)."""
    sizes: list[int] = []
    too_large = b"HTTP/1.1 413 Content Too Large\r\nX-elastic-product: Elasticsearch\r\ncontent-length: 0\r\n"

    with Proxy(elasticsearch.host) as proxy:
        opened = store(proxy.url, prefix, Pauses())

        def refuse(line: str) -> bytes | None:
            sizes.append(len(sizes))
            return too_large + b"connection: close\r\n\r\n" if len(sizes) <= 3 else None

        proxy.refuse = refuse
        opened.put_articles([article(f"a{n}") for n in range(64)])
        assert len(list(opened.iter_articles())) == 64


def test_memory_is_bounded_by_what_is_in_flight(elasticsearch: Served, prefix: str) -> None:
    """While no answer comes, no more documents are taken than fit into the chunks in flight and the next one."""
    release, arrived = threading.Event(), threading.Semaphore(0)
    taken = 0

    def answer(line: str, response: bytes) -> bytes:
        arrived.release()
        release.wait(60)
        return response

    with Proxy(elasticsearch.host, answer=answer) as proxy:
        opened = store(proxy.url, prefix, Pauses())
        alias = opened.reader.alias("articles")

        def actions() -> object:
            nonlocal taken
            for n in range(20 * MAX_ITEMS):
                taken += 1
                yield Action(index=alias, id=f"a{n}", document=as_json(article_document(article(f"a{n}"), NOW)))

        writer = threading.Thread(target=lambda: opened.bulk.write(actions(), doing="write"))  # type: ignore[arg-type]
        writer.start()
        for _ in range(IN_FLIGHT):
            assert arrived.acquire(timeout=60)
        held = taken
        release.set()
        writer.join()
    assert held <= (IN_FLIGHT + 2) * MAX_ITEMS
    assert taken == 20 * MAX_ITEMS


def test_a_missing_index_is_waited_for_and_never_made_by_a_write(elasticsearch: Served, fresh: str) -> None:
    opened = store(elasticsearch.url, fresh, Pauses(), patience=0.2)
    with pytest.raises(StoreUnavailable, match="no such index"):
        opened.put_dead_letters([letter()])
    with admin(elasticsearch) as client:
        assert not client.indices.exists(index=f"{fresh}-dead-letters")
