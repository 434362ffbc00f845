"""Time limits, many sources at once, hosts in their turn, connections kept."""

from __future__ import annotations

import asyncio
import random
import threading
from datetime import UTC, datetime

import pytest

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Asked, Site
from transforms.fetch import Client, FetchWorker, Limits, Manners, due_sources
from transforms.fetch.hosts import Hosts
from transforms.fetch.politeness import Politeness
from transforms.poll import PollOutcome
from transforms.sources import Source

FEED = rss(item("Crates", guid="1"))


def sources(site: Site, count: int) -> list[Source]:
    return [Source(id=f"s{n}", url=site.url(f"/feed/{n}"), allow_private=True) for n in range(count)]


def worker(**keys: object) -> FetchWorker:
    return FetchWorker(lambda: Client("t", clock=lambda: NOON, **keys), clock=lambda: NOON, seed=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("limits", [Limits(read=0.2), Limits(total=0.3)])
def test_a_server_that_never_finishes_is_a_time_out(site: Site, limits: Limits) -> None:
    site.on("/feed", Answer(FEED.encode(), headers={"Content-Length": "100000"}, wait=site.release))
    with Poller(site, limits=limits).worker as running:
        outcome = running.poll_now(Source(id="s", url=site.url("/feed"), allow_private=True, robots=False), None)
    assert outcome.problems[0].kind == "timeout" and outcome.state.health == "failing"


def test_a_refused_connection_is_an_error_with_a_reason() -> None:
    with Site() as gone:
        url = gone.url("/feed")
    with worker() as running:
        outcome = running.poll_now(Source(id="s", url=url, allow_private=True, robots=False), None)
    assert outcome.problems[0].kind == "connect" and "127.0.0.1" in outcome.problems[0].message


def test_a_server_that_speaks_no_http_is_an_error() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-none\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/feed"
        with worker() as running:
            outcome = running.poll_now(Source(id="s", url=url, allow_private=True, robots=False), None)
        thread.join()
    assert outcome.problems[0].kind == "protocol"


def test_many_sources_are_polled_and_one_bad_one_costs_only_itself(site: Site) -> None:
    listed = sources(site, 40)
    for number in range(40):
        site.on(f"/feed/{number}", Answer(FEED.encode()) if number != 7 else Answer(status=500))
    outcomes: list[PollOutcome] = []
    with worker() as running:
        assert running.poll_due(listed, {}, outcomes.append) == 40
        again: list[PollOutcome] = []
        assert running.poll_due(listed, {o.state.id: o.state for o in outcomes}, again.append) == 0
    assert sorted(o.state.id for o in outcomes if o.result == "changed") == sorted(s.id for s in listed if s.id != "s7")
    assert site.paths(robots=True).count("/robots.txt") == 1


def test_what_the_delivery_raises_comes_out_as_it_is(site: Site) -> None:
    class StoreGone(Exception):
        pass

    def deliver(outcome: PollOutcome) -> None:
        raise StoreGone("the store does not answer")

    for number in range(5):
        site.on(f"/feed/{number}", FEED)
    with worker() as running, pytest.raises(StoreGone, match="does not answer"):
        running.poll_due(sources(site, 5), {}, deliver)


def test_a_round_ends_in_time_and_the_rest_stays_due(site: Site) -> None:
    for number in range(40):
        site.on(f"/feed/{number}", FEED)
    polled: dict[str, PollOutcome] = {}
    with worker(limits=Limits(concurrency=4, round=0.0)) as running:
        listed = sources(site, 40)
        assert running.poll_due(listed, {}, lambda o: polled.update({o.state.id: o})) == 8  # one a worker
        while len(polled) < 40:
            running.poll_due(listed, {i: o.state for i, o in polled.items()}, lambda o: polled.update({o.state.id: o}))
    assert len(site.paths()) == 40


def test_no_more_at_once_on_a_host_than_its_limit(site: Site) -> None:
    lock, at_once, most = threading.Lock(), 0, 0
    gate = threading.Barrier(2)

    def counted(asked: Asked) -> Answer:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        gate.wait(5)  # passes only when two are here together
        with lock:
            at_once -= 1
        return Answer(FEED.encode())

    for number in range(8):
        site.on(f"/feed/{number}", counted)
    with worker(manners=Manners(private_concurrency=2)) as running:
        running.poll_due(sources(site, 8), {}, lambda _: None)
    assert most == 2


def test_requests_to_a_host_start_apart() -> None:
    async def run() -> list[float]:
        politeness = Politeness(Manners(concurrency=9, spacing=0.02))
        starts: list[float] = [asyncio.get_running_loop().time()]

        async def one() -> None:
            async with politeness.turn("h.example", private=False):
                starts.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(one() for _ in range(5)))
        return starts

    starts = sorted(asyncio.run(run()))
    # Whatever a busy machine adds: the n-th never starts before n spacings have passed.
    assert all(start - starts[0] > 0.02 * n - 1e-6 for n, start in enumerate(starts[1:]))


def test_a_crawl_delay_slows_a_host_down_within_reason() -> None:
    politeness = Politeness()
    politeness.slow_down("h.example", private=False, delay=7)
    assert politeness._hosts["h.example", False].spacing == 7
    politeness.slow_down("h.example", private=False, delay=86400)
    assert politeness._hosts["h.example", False].spacing == 30


def test_a_hold_of_a_host_ends_by_itself() -> None:
    hosts = Hosts()
    later = datetime(2024, 7, 20, 13, tzinfo=UTC)
    hosts.hold("h.example", private=False, until=later)
    assert hosts.held("h.example", private=False, now=NOON) == later
    assert hosts.held("other.example", private=False, now=NOON) is None
    assert hosts.held("h.example", private=True, now=NOON) is None
    assert hosts.held("h.example", private=False, now=later) is None


def test_one_connection_serves_many_requests(site: Site) -> None:
    site.on("/feed/0", FEED)
    site.on("/feed/1", FEED)
    site.on("/old", Answer(status=301, headers={"Location": "/feed/0"}))
    site.on("/same", Answer(status=304))
    statuses: list[int] = []

    async def run() -> None:
        async with Client("t") as client:
            for path in ("/feed/0", "/same", "/old", "/same", "/feed/1"):
                response = await client.get(site.url(path), private=True)
                statuses.append(response.status)
            (made,) = client._clients.values()
            assert len(made._transport._idle) == 1  # type: ignore[attr-defined]

    asyncio.run(run())
    assert statuses == [200, 304, 200, 304, 200]


def test_the_longest_due_come_first() -> None:
    from dataclasses import replace
    from datetime import timedelta

    from transforms.poll import initial_states

    listed = [Source(id=f"s{n}", url=f"https://h{n}.example/") for n in range(3)]
    states = {s.id: s for s in initial_states(listed, NOON, random.Random(1))}
    for number, hours in enumerate((1, 3, -1)):
        states[f"s{number}"] = replace(states[f"s{number}"], next_due=NOON - timedelta(hours=hours))
    assert [source.id for source, _ in due_sources(listed, states, NOON)] == ["s1", "s0"]


def test_no_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would do the resolving, and the guard would check an address that nobody connects to."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    site.on("/feed", FEED)
    with worker() as running:
        outcome = running.poll_now(Source(id="s", url=site.url("/feed"), allow_private=True), None)
    assert outcome.result == "changed"


def test_a_worker_keeps_what_it_knows_between_calls_and_closes_twice(site: Site) -> None:
    site.on("/feed", FEED)
    running = worker()
    source = Source(id="s", url=site.url("/feed"), allow_private=True)
    state = running.poll_now(source, None).state
    running.poll_now(source, state)
    assert site.paths(robots=True) == ["/robots.txt", "/feed", "/feed"]
    running.close()
    running.close()


def test_a_worker_that_was_never_used_closes() -> None:
    worker().close()
