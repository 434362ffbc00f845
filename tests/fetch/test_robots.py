"""robots.txt: obeyed, cached, followed, and "not now" where it cannot be had (pain 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Site

FEED = rss(item("Crates", guid="1"))


def robots(site: Site, *answers: Answer) -> None:
    site.on("/feed", FEED)
    site.on("/robots.txt", *answers)


def test_a_rule_that_forbids_is_obeyed(site: Site, poller: Poller) -> None:
    robots(site, Answer(b"User-agent: *\nDisallow: /feed\n"))
    outcome = poller.poll()
    assert outcome.problems[0].kind == "robots" and site.paths() == []
    assert outcome.problems[0].message.endswith("forbids it")


def test_rules_for_others_do_not_count(site: Site, poller: Poller) -> None:
    robots(site, Answer(b"User-agent: otherbot\nDisallow: /\n\nUser-agent: tocsin\nAllow: /\n"))
    assert poller.poll().result == "changed"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_robots_txt_means_yes(site: Site, poller: Poller, status: int) -> None:
    robots(site, Answer(status=status))
    assert poller.poll().result == "changed"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_one_that_cannot_be_had_means_not_now(site: Site, poller: Poller, status: int) -> None:
    robots(site, Answer(status=status), Answer(status=404))
    outcome = poller.poll()
    assert outcome.problems[0].kind == "robots_later" and site.paths() == []
    assert outcome.problems[0].message == f"robots.txt: HTTP {status}"
    assert outcome.state.next_due > NOON
    assert poller.poll(after=timedelta(minutes=10)).problems[0].kind == "robots_later"
    assert len(site.asked) == 1  # the bad answer is remembered for a while, too
    assert poller.poll(after=timedelta(minutes=10)).result == "changed"


def test_a_redirect_is_followed(site: Site, poller: Poller) -> None:
    robots(site, Answer(status=301, headers={"Location": "/real-robots.txt"}))
    site.on("/real-robots.txt", "User-agent: *\nDisallow: /\n")
    assert poller.poll().problems[0].kind == "robots"


def test_it_is_asked_for_once_a_day(site: Site, poller: Poller) -> None:
    robots(site, Answer(b"User-agent: *\nAllow: /\n"))
    for _ in range(3):
        poller.poll(after=timedelta(hours=7))
    assert site.paths(robots=True).count("/robots.txt") == 1
    poller.poll(after=timedelta(hours=24))
    assert site.paths(robots=True).count("/robots.txt") == 2


def test_a_source_may_say_that_it_has_consent(site: Site, poller: Poller) -> None:
    robots(site, Answer(b"User-agent: *\nDisallow: /\n"))
    assert poller.poll(robots=False).result == "changed"
    assert site.paths(robots=True) == ["/feed"]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00garbage", b"<html>not found</html>", b"Disallow: /\nUser-agent:"])
def test_a_file_without_rules_forbids_nothing(site: Site, poller: Poller, body: bytes) -> None:
    robots(site, Answer(body))
    assert poller.poll().result == "changed"


def test_the_target_of_a_redirect_is_asked_about_too(site: Site, poller: Poller) -> None:
    with Site() as other:
        other.on("/robots.txt", "User-agent: *\nDisallow: /feed\n")
        other.on("/feed", FEED)
        site.on("/feed", Answer(status=302, headers={"Location": other.url("/feed")}))
        assert poller.poll().problems[0].kind == "robots"
        assert other.paths() == []
