"""Robot checks, consent and log-in pages in a feed's place: the source says what stands in the way, and recovers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.poll.poller import Poller, item, rss
from tests.poll.site import Answer, Site

HTML = {"Content-Type": "text/html; charset=UTF-8"}


def page(title: str, body: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("answer", "wall"),
    [
        (Answer(page("Wait"), 403, HTML | {"cf-mitigated": "challenge"}), "a robot check (Cloudflare)"),
        (Answer(page("Just a moment...", "<script src='/cdn-cgi/challenge-platform/x'></script>"), 503, HTML),
         "a robot check (Cloudflare)"),
        (Answer(page("Access Denied", "No permission. Reference #18.2f"), 403, HTML), "a robot check (Akamai)"),
        (Answer(page("news.example", "<script src='//ct.captcha-delivery.com/c.js'></script>"), 403, HTML),
         "a robot check (DataDome)"),
        (Answer(page("x"), 405, HTML | {"x-amzn-waf-action": "captcha"}), "a robot check (AWS WAF)"),
        (Answer(page("x"), 403, HTML | {"Server": "QRATOR"}), "a robot check (Qrator)"),
        (Answer(page("Members", "<form><input type=\"password\"></form>"), 401, HTML), "a log-in page"),
    ],
)  # fmt: skip
def test_an_error_page_that_is_a_wall_says_which(site: Site, poller: Poller, answer: Answer, wall: str) -> None:
    site.on("/feed", answer, rss(item("Crates", guid="1")))
    outcome = poller.poll()
    (problem,) = outcome.problems
    assert (problem.kind, problem.fatal) == ("blocked", True)
    assert problem.message == f"HTTP {answer.status} from {site.url('/feed')}: {wall}"
    assert outcome.state.error == problem.message and "ask the publisher" in problem.remedy
    assert poller.poll(after=timedelta(days=2)).result == "changed"


@pytest.mark.parametrize(
    ("body", "wall"),
    [
        (page("Just a moment...", "Cloudflare"), "a robot check (Cloudflare)"),
        (page("Your privacy", "We and our partners store data. <button>Accept all</button>"), "a consent page"),
        (page("Check", "Please verify you are human."), "a robot check"),
    ],
)
def test_a_wall_with_status_200_is_no_feed_and_moves_nothing(
    site: Site, poller: Poller, body: bytes, wall: str
) -> None:
    site.on(
        "/feed", Answer(rss(item("Crates", guid="1")).encode(), headers={"ETag": '"1"'}), Answer(body, headers=HTML)
    )
    before = poller.poll().state
    outcome = poller.poll(after=timedelta(hours=1))
    assert outcome.problems[0].message == f"{wall}, not a feed" and outcome.state.health == "failing"
    assert (outcome.state.etag, outcome.state.memory) == (before.etag, before.memory)


def test_an_ordinary_error_stays_one_and_a_feed_is_never_a_wall(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(page("Not found"), 404, HTML))
    assert poller.poll().problems[0].message == f"HTTP 404 from {site.url('/feed')}"
    site.on("/feed", Answer(rss(item("How to verify you are human", guid="1")).encode(), headers=HTML))
    assert poller.poll(after=timedelta(days=1)).result == "changed"
