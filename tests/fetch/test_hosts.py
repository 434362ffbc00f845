"""What hosts asked for survives a restart: each worker here is a new process's, the states are the store's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.poll.poller import NOON, item, rss
from tests.poll.site import Answer, Site
from transforms.codec import decode, encode
from transforms.fetch import Client, FetchWorker
from transforms.fetch.hosts import MANY, Hosts
from transforms.fetch.robots import MAX_BYTES, Rules, concerning, read_robots
from transforms.poll import PollOutcome, Response
from transforms.records import SourceState
from transforms.sources import Source

FEED = rss(item("Crates", guid="1"))
HOUR = timedelta(hours=1)


class Restarts:
    """Polls the due ones of some sources of one site, each time with a new worker."""

    def __init__(self, site: Site, *paths: str) -> None:
        self.sources = [Source(id=p.strip("/"), url=site.url(p), allow_private=True) for p in paths]
        self.states: dict[str, SourceState] = {}

    def poll(self, now: datetime, due: str | None = None) -> list[PollOutcome]:
        came: list[PollOutcome] = []
        states = dict(self.states)
        if due is not None and due in states:
            states[due] = replace(states[due], next_due=now)
        with FetchWorker(lambda: Client("t", clock=lambda: now), clock=lambda: now, seed=1) as worker:
            worker.poll_due(self.sources, states, came.append)
        for outcome in came:
            self.states[outcome.state.id] = decode(SourceState, encode(outcome.state))
        return came


@pytest.fixture
def sources(site: Site) -> Restarts:
    site.on("/a", FEED)
    site.on("/b", FEED)
    return Restarts(site, "/a", "/b")


def test_a_host_that_asked_to_be_left_alone_is_left_alone_after_a_restart(site: Site, sources: Restarts) -> None:
    sources.poll(NOON)
    site.on("/a", Answer(status=429, headers={"Retry-After": "14400"}))
    sources.poll(NOON + HOUR, due="a")
    asked = len(site.paths())
    outcomes = sources.poll(NOON + 2 * HOUR, due="b")
    assert [(o.state.id, o.result) for o in outcomes] == [("b", "deferred")]
    assert len(site.paths()) == asked
    assert outcomes[0].state.next_due >= NOON + 5 * HOUR
    site.on("/a", FEED)
    assert {o.result for o in sources.poll(NOON + 7 * HOUR)} <= {"changed", "unchanged"}


def test_robots_txt_is_asked_for_once_a_day_over_restarts(site: Site, sources: Restarts) -> None:
    site.on("/robots.txt", "# hello\nUser-agent: *\nDisallow: /b # not this\n\nUser-agent: other\nDisallow: /\n")
    first = sources.poll(NOON)
    assert {o.state.id: o.result for o in first} == {"a": "changed", "b": "failed"}
    for hours in (1, 2, 20):
        outcomes = sources.poll(NOON + hours * HOUR)
        assert all(o.result == ("failed" if o.state.id == "b" else "unchanged") for o in outcomes)
    assert site.paths(robots=True).count("/robots.txt") == 1
    sources.poll(NOON + 30 * HOUR)
    assert site.paths(robots=True).count("/robots.txt") == 2
    wishes = sources.states["a"].host
    assert wishes is not None and wishes.robots == "User-agent: *\nDisallow: /b"


def test_a_robots_txt_that_cannot_be_had_is_not_asked_for_at_every_restart(site: Site, sources: Restarts) -> None:
    site.on("/robots.txt", Answer(status=503), Answer(status=404))
    sources.poll(NOON)
    assert sources.poll(NOON + timedelta(minutes=5), due="a")[0].problems[0].kind == "robots_later"
    assert len(site.asked) == 1
    assert sources.poll(NOON + HOUR, due="a")[0].result == "changed"


def test_only_the_groups_that_concern_us_are_kept() -> None:
    text = (
        "User-agent: big\nUser-agent: tocsin\nDisallow: /x\nCrawl-delay: 4\n\nUser-agent: big\nDisallow: /\nSitemap: /s"
    )
    assert concerning(text, "tocsin") == "User-agent: big\nUser-agent: tocsin\nDisallow: /x\nCrawl-delay: 4"
    rules = read_robots(Response(url="", status=200, body=text.encode()), NOON, "tocsin")
    assert (rules.verdict("https://h.example/x", "tocsin"), rules.verdict("https://h.example/y", "tocsin")) == (
        "no",
        "yes",
    )
    assert rules.crawl_delay("tocsin") == 4


def test_what_is_remembered_is_bounded_and_expires() -> None:
    hosts = Hosts()
    for number in range(MANY + 10):
        hosts.keep(f"https://h{number}.example", Rules(None, False, NOON + HOUR), private=False)
        hosts.hold(f"h{number}.example", private=False, until=NOON + HOUR)
    assert hosts.rules("https://h3.example", private=False, now=NOON) is None
    assert hosts.rules("https://h30.example", private=False, now=NOON) is not None
    assert hosts.rules("https://h30.example", private=False, now=NOON + HOUR) is None
    assert hosts.held("h3.example", private=False, now=NOON) is None


def test_what_a_clock_that_was_ahead_noted_is_not_believed() -> None:
    hosts, years = Hosts(), timedelta(days=1000)
    hosts.hold("h.example", private=False, until=NOON + years + HOUR)
    hosts.keep("https://h.example", Rules(None, True, NOON + years + HOUR), private=False)
    assert hosts.held("h.example", private=False, now=NOON + years) == NOON + years + HOUR
    assert hosts.rules("https://h.example", private=False, now=NOON + years) is not None
    assert hosts.rules("https://h.example", private=False, now=NOON) is None
    assert hosts.held("h.example", private=False, now=NOON) is None


def test_of_a_huge_robots_txt_the_beginning_is_read_to_a_whole_line() -> None:
    line = "Disallow: /drafts/of/{:06}\n"
    text = "User-agent: *\n" + "".join(line.format(n) for n in range(30_000)) + "Disallow: /\n"
    rules = read_robots(Response(url="", status=200, body=text.encode()), NOON, "tocsin")
    assert rules.text is not None and len(rules.text) < MAX_BYTES < len(text)
    assert all(len(row) == len(line.format(0)) - 1 for row in rules.text.split("\n")[1:])
    assert (
        rules.verdict("https://h.example/", "tocsin"),
        rules.verdict("https://h.example/drafts/of/000007", "tocsin"),
    ) == ("yes", "no")


def test_clients_of_a_process_share_what_public_hosts_said_and_not_what_private_ones_did() -> None:
    public = Hosts()
    polls, pages = Hosts(public), Hosts(public)
    polls.hold("h.example", private=False, until=NOON + HOUR)
    polls.hold("h.example", private=True, until=NOON + HOUR)
    assert pages.held("h.example", private=False, now=NOON) == NOON + HOUR
    assert pages.held("h.example", private=True, now=NOON) is None
