"""The shell of a shard on a real store and a real site: it waits for nobody, and what one leaves another takes up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from sinks.urls import StoreAt
from tests.pipeline.site import rss
from tests.samples import entry, state
from transforms.beam.shard import Look, Shards
from transforms.contracts import Store, StoreFactory, StoreUnavailable
from transforms.fetch.background import MANY, Background
from transforms.fetch.worker import client_factory
from transforms.poll.shards import Pace
from transforms.sources import Sources, parse_sources

NOW = datetime.fromisoformat("2024-06-28T12:00:00+00:00")
ITEMS = {"/a": "Norland ships tanks", "/b": "Cubs at the zoo"}


class World:
    """A store, a site, and shards with a clock that the test moves."""

    def __init__(self, folder: Path, site: HTTPServer) -> None:
        self.site = site
        self.factory = StoreAt(f"sqlite:///{folder}/t.db")
        self.store = self.factory()
        self.store.init()
        self.now = NOW
        self.background = Background(client_factory("tocsin test", limits=MANY))
        self.made: list[Shards] = []

    def sources(self, *paths: str, host: str = "127.0.0.1") -> Sources:
        lines = ["defaults: {allow_private: true, robots: false, full_text: page}", "sources:"]
        base = self.site.url_for("").replace("localhost", host)
        lines += [f"  - {{id: {path.strip('/')}, url: '{base.rstrip('/')}{path}', language: en}}" for path in paths]
        return parse_sources("\n".join(lines))

    def shards(self, sources: Sources, factory: StoreFactory | None = None, **pace: object) -> Shards:
        made = Shards(
            factory or self.factory,
            lambda: sources,
            self.background,
            lambda: self.now,
            shards=1,
            lease=timedelta(minutes=15),
            batch=1,
            pace=Pace(**pace),  # type: ignore[arg-type]
        )
        self.made.append(made)
        return made

    def look_until(self, shards: Shards, wanted: Callable[[Look], bool], moved: timedelta = timedelta()) -> Look:
        """Wake the shard again and again, as a runner would."""
        for _ in range(6000):
            self.now += moved
            look = shards.look(0)
            if wanted(look):
                return look
            threading.Event().wait(0.01)
        raise AssertionError("it never came")

    def close(self) -> None:
        for made in self.made:
            made.close()
        self.background.close()
        self.store.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    server = HTTPServer("127.0.0.1", 0, threaded=True)
    server.start()
    made = World(tmp_path, server)
    yield made
    made.close()
    server.clear()
    server.stop()


def ids(look: Look) -> list[str]:
    return [entry.url.rsplit("/", 1)[-1] for batch in look.batches for entry in batch.entries]


def test_a_poll_is_started_saved_and_emitted_from_the_inbox(world: World) -> None:
    world.site.expect_request("/feed").respond_with_data(rss(world.site, ITEMS), content_type="application/rss+xml")
    shards = world.shards(world.sources("/feed"))
    first = shards.look(0)
    assert first.batches == ()
    assert first.rest <= timedelta(seconds=2)  # a poll is under way
    look = world.look_until(shards, lambda look: bool(look.batches))
    assert sorted(ids(look)) == ["a", "b"]
    assert sum(shards.counts().values()) == 3  # polled, two new entries
    assert shards.counts() == {}


def test_no_more_batches_than_may_be_on_their_way(world: World) -> None:
    entries = [entry(f"e{n}", source="feed") for n in range(5)]
    world.store.save_poll(state("feed", next_due=NOW + timedelta(days=1)), "", entries, now=NOW)
    sources = world.sources("/feed")
    world.store.save_poll(state("feed", url=sources.sources[0].url, next_due=NOW + timedelta(days=1)), "1", [], now=NOW)
    shards = world.shards(sources, batches=2)
    look = shards.look(0)
    assert len(look.batches) == 2
    assert shards.look(0).batches == ()
    ticket = look.batches[0].tickets[0]
    world.store.finish_entry(ticket.entry, fence=ticket.fence, outcome="indexed", reason=None, now=NOW)
    assert len(shards.look(0).batches) == 1


def test_a_slow_host_holds_up_nothing_but_itself(world: World) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(_: Request) -> Response:
        asked.set()
        answer.wait(60)
        return Response(rss(world.site, {"/late": "Late"}), content_type="application/rss+xml")

    world.site.expect_request("/slow").respond_with_handler(slow)
    world.site.expect_request("/quick").respond_with_data(rss(world.site, ITEMS), content_type="application/rss+xml")
    shards = world.shards(world.sources("/slow", "/quick"))
    try:
        look = world.look_until(shards, lambda look: bool(look.batches))
        assert sorted(ids(look)) == ["a", "b"]
        assert asked.wait(60)
    finally:
        answer.set()
    finished = [(ticket.entry, ticket.fence) for batch in look.batches for ticket in batch.tickets]
    for id, fence in finished:
        world.store.finish_entry(id, fence=fence, outcome="irrelevant", reason=None, now=NOW)
    assert ids(world.look_until(shards, lambda look: bool(look.batches))) == ["late"]


def test_a_wake_at_which_nothing_is_due_asks_no_store(world: World) -> None:
    class Counting:
        calls = 0

        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> object:
            Counting.calls += 1
            return getattr(self.store, name)

    shards = world.shards(parse_sources("sources: []"), lambda: Counting(world.factory()))  # type: ignore[arg-type]
    assert shards.look(0).rest == timedelta(seconds=5)
    before = Counting.calls
    world.now += timedelta(seconds=5)
    shards.look(0)
    assert Counting.calls == before
    world.now += timedelta(seconds=30)
    shards.look(0)
    assert Counting.calls > before


def test_a_store_that_is_away_is_asked_again(world: World) -> None:
    class Away:
        def __getattr__(self, name: str) -> object:
            raise StoreUnavailable("away")

        def close(self) -> None:
            pass

    shards = world.shards(world.sources("/feed"), lambda: Away())  # type: ignore[arg-type,return-value]
    assert shards.look(0) == Look((), timedelta(seconds=5))


def test_what_no_shard_owns_is_taken_after_a_minute(world: World) -> None:
    """An entry whose source has left the file, or of a backfill that was killed."""
    world.store.save_poll(state("gone"), "", [entry("e1", source="gone")], now=NOW)
    shards = world.shards(world.sources("/feed", host="127.0.0.1"), at_once=0)
    assert shards.look(0).batches == ()
    world.now = NOW + timedelta(minutes=2)
    assert [x.id for batch in shards.look(0).batches for x in batch.entries] == ["e1"]


def test_a_worker_takes_over_what_a_dead_one_of_this_machine_had(world: World) -> None:
    sources = world.sources("/feed")
    ahead = state("feed", url=sources.sources[0].url, next_due=NOW + timedelta(days=1))
    world.store.save_poll(ahead, "", [entry("e1", source="feed")], now=NOW)
    dead = f"{socket.gethostname()}/999999999/1/0"
    world.store.lease_entries(owner=dead, now=NOW, limit=1, duration=timedelta(days=1))
    assert [x.id for batch in world.shards(sources).look(0).batches for x in batch.entries] == ["e1"]


def test_two_workers_share_a_shards_entries(world: World) -> None:
    sources = world.sources("/feed")
    ahead = state("feed", url=sources.sources[0].url, next_due=NOW + timedelta(days=1))
    world.store.save_poll(ahead, "", [entry(f"e{n}", source="feed") for n in range(4)], now=NOW)
    one, two = world.shards(sources), world.shards(sources)
    taken = [x.id for look in (one.look(0), two.look(0)) for batch in look.batches for x in batch.entries]
    assert sorted(taken) == ["e0", "e1", "e2", "e3"]


def test_a_shard_that_is_started_twice_in_a_process_is_looked_at_once(world: World) -> None:
    """Flink fires the impulse again after a restore (apache/beam#30903): the second must not double it."""
    inside, go_on = threading.Event(), threading.Event()
    reads: list[str] = []

    class Slow:
        def __getattr__(self, name: str) -> object:
            reads.append(name)
            inside.set()
            assert go_on.wait(60)
            raise StoreUnavailable("away")

        def close(self) -> None:
            pass

    shards = world.shards(world.sources("/feed"), lambda: Slow())  # type: ignore[arg-type,return-value]
    first = threading.Thread(target=lambda: shards.look(0))
    first.start()
    assert inside.wait(60)
    assert shards.look(0) == Look((), Pace().rest)
    assert len(reads) == 1
    go_on.set()
    first.join()
    assert shards.look(0) == Look((), timedelta(seconds=5))
