"""Redirects: recorded, believed once they held or the old address is gone, ended in a loop (case 14, pain 8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Site

FEED = rss(item("Hangar sealed", "https://news.example/h", "h"))
DAY = timedelta(days=1)


def to(path: str, status: int) -> Answer:
    return Answer(status=status, headers={"Location": path})


def test_only_the_permanent_part_is_adopted_and_only_after_days(site: Site, poller: Poller) -> None:
    site.on("/old", to("/mid", 301))
    site.on("/mid", to("/tmp", 302))
    site.on("/tmp", FEED)
    outcome = poller.poll("/old")
    assert outcome.result == "changed" and outcome.state.url == site.url("/old")
    assert (outcome.state.redirect_to, outcome.state.redirect_since) == (site.url("/mid"), NOON)
    assert poller.poll("/old", after=2 * DAY).state.url == site.url("/old")
    moved = poller.poll("/old", after=DAY)
    assert moved.state.url == site.url("/mid") and moved.state.redirect_to is None
    assert moved.problems[0].remedy == f"set url to {site.url('/mid')}"
    poller.poll("/old", after=DAY)
    assert site.paths()[-2:] == ["/mid", "/tmp"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_temporary_redirects_never_move_a_source(site: Site, poller: Poller, status: int) -> None:
    site.on("/old", to("/new", status))
    site.on("/new", FEED)
    for _ in range(3):
        state = poller.poll("/old", after=4 * DAY).state
    assert state.url == site.url("/old") and state.redirect_to is None


def test_a_redirect_that_goes_away_is_forgotten(site: Site, poller: Poller) -> None:
    site.on("/old", to("/new", 308), Answer(FEED.encode()), to("/new", 308))
    site.on("/new", FEED)
    poller.poll("/old")
    assert poller.poll("/old", after=4 * DAY).state.redirect_to is None
    state = poller.poll("/old", after=4 * DAY).state
    assert state.url == site.url("/old") and state.redirect_since == NOON + 8 * DAY


@pytest.mark.parametrize("status", [404, 410])
def test_it_is_adopted_at_once_when_the_old_address_is_gone(site: Site, poller: Poller, status: int) -> None:
    site.on("/old", to("/new", 301), Answer(status=status))
    site.on("/new", FEED)
    poller.poll("/old")
    outcome = poller.poll("/old", after=DAY)
    assert outcome.state.url == site.url("/new") and outcome.state.health == "healthy"
    assert outcome.result == "unchanged" and len(poller.entries) == 1
    assert outcome.problems[0].message == f"{site.url('/old')} is gone; now polled at {site.url('/new')}"


def test_an_adopted_address_that_dies_falls_back_to_the_configured_one(site: Site, poller: Poller) -> None:
    site.on("/old", to("/new", 301), to("/new", 301), Answer(FEED.encode()))
    site.on("/new", Answer(FEED.encode()), Answer(FEED.encode()), Answer(status=404))
    poller.poll("/old")
    assert poller.poll("/old", after=4 * DAY).state.url == site.url("/new")
    outcome = poller.poll("/old", after=DAY)
    assert outcome.state.url == site.url("/old") and outcome.state.health == "healthy"


def test_a_loop_ends_with_one_error(site: Site, poller: Poller) -> None:
    site.on("/loop", Answer(status=302, headers={"Location": "/loop", "Set-Cookie": "seen=1"}))
    outcome = poller.poll("/loop")
    assert outcome.result == "failed" and [p.kind for p in outcome.problems] == ["redirects"]
    assert "loop" in outcome.problems[0].message and site.paths() == ["/loop"]


def test_an_endless_chain_ends_after_a_few_hops(site: Site, poller: Poller) -> None:
    for number in range(30):
        site.on(f"/{number}", to(f"/{number + 1}", 301))
    outcome = poller.poll("/0")
    assert outcome.result == "failed" and "more than 8 redirects" in outcome.problems[0].message
    assert len(site.paths()) == 9


def test_a_410_behind_a_temporary_redirect_retires_nothing(site: Site, poller: Poller) -> None:
    site.on("/feed", to("/gone", 302))
    site.on("/gone", Answer(status=410))
    assert poller.poll().state.health == "failing"


def test_a_redirect_to_another_protocol_is_refused(site: Site, poller: Poller) -> None:
    site.on("/feed", to("file:///etc/hostname", 302))
    outcome = poller.poll()
    assert outcome.problems[0].kind == "refused" and not outcome.entries


def test_a_redirect_without_a_usable_target_is_an_error(site: Site, poller: Poller) -> None:
    site.on("/feed", to("http://[broken", 302))
    assert poller.poll().problems[0].kind == "redirects"


def test_a_target_in_raw_utf_8_is_followed(site: Site, poller: Poller) -> None:
    site.on("/old", Answer(status=302, headers={"Location": "/новини".encode().decode("latin-1")}))
    site.on("/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8", FEED)
    assert poller.poll("/old").result == "changed"


def test_a_page_at_the_feeds_address_leads_to_the_feed_it_names(site: Site, poller: Poller) -> None:
    site.on(
        "/news",
        "<!DOCTYPE html><html><head><title>Desk</title>"
        "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments.xml'>"
        "<link rel='alternate' type='application/rss+xml' href='feed.xml'></head><body>…</body></html>",
    )
    site.on("/feed.xml", FEED)
    outcome = poller.poll("/news")
    assert outcome.state.url == site.url("/feed.xml") and outcome.counts.new == 1
    assert outcome.problems[0].remedy == f"set url to {site.url('/feed.xml')}"
    poller.poll("/news", after=DAY)
    assert site.paths() == ["/news", "/feed.xml", "/feed.xml"]


def test_a_page_without_a_feed_is_an_error_that_names_it(site: Site, poller: Poller) -> None:
    site.on("/news", "<html><head><title>Harbour &amp; Hangar</title></head></html>")
    problem = poller.poll("/news").problems[0]
    assert problem.message == "an HTML page ('Harbour & Hangar'), not a feed, and it names none"
    assert problem.remedy == "set url to a feed, or kind: html with listing: {item: …}"


def test_a_maintenance_page_does_not_move_a_feed_that_worked(site: Site, poller: Poller) -> None:
    page = "<html><link rel='alternate' type='application/rss+xml' href='/elsewhere'></html>"
    site.on("/feed", Answer(FEED.encode()), Answer(page.encode()))
    poller.poll()
    outcome = poller.poll(after=DAY)
    assert outcome.result == "failed" and outcome.state.url == site.url("/feed")
