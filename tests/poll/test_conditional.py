"""Validators, unchanged bodies, and what a server's statuses order: pains 1, 2, 3, 7, 8 and case 14, on loopback."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Asked, Site

ONE = item("Crane barge inspected", "https://news.example/1", "a-1")
TWO = item("Second barge inspected", "https://news.example/2", "a-2")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_both_validators_come_back_and_a_304_reads_nothing(site: Site, poller: Poller) -> None:
    stamp = "Fri, 19 Jul 2024 08:00:00 GMT"
    site.on("/feed", Answer(rss(ONE).encode(), headers={"ETag": '"v1"', "Last-Modified": stamp}), Answer(status=304))
    assert poller.poll().result == "changed"
    outcome = poller.poll(after=HOUR)
    assert outcome.result == "unchanged" and outcome.entries == () and outcome.counts.known == 1
    asked = site.last("/feed").headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', stamp)
    assert poller.state and poller.state.health == "healthy" and poller.state.validated_since == NOON + HOUR


def test_validators_are_stored_anew_each_time_though_only_one_moves(site: Site, poller: Poller) -> None:
    """Pain 2: the ETag changes, Last-Modified does not."""
    stamp = "Fri, 19 Jul 2024 08:00:00 GMT"
    site.on(
        "/feed",
        Answer(rss(ONE).encode(), headers={"ETag": '"v1"', "Last-Modified": stamp}),
        Answer(rss(ONE, TWO).encode(), headers={"ETag": '"v2"', "Last-Modified": stamp}),
        Answer(rss(ONE, TWO).encode(), headers={"Last-Modified": stamp}),
    )
    poller.poll()
    poller.poll(after=HOUR)
    assert poller.state and poller.state.etag == '"v2"'
    poller.poll(after=HOUR)
    assert poller.state.etag is None and poller.state.last_modified == stamp


def test_a_body_that_comes_with_200_is_read_whatever_its_etag(site: Site, poller: Poller) -> None:
    """Pain 3."""
    site.on(
        "/feed",
        Answer(rss(ONE).encode(), headers={"ETag": '"same"'}),
        Answer(rss(TWO, ONE).encode(), headers={"ETag": '"same"'}),
    )
    poller.poll()
    assert [e.title for e in poller.poll(after=HOUR).entries] == ["Second barge inspected"]


def test_a_stuck_validator_is_asked_past_once_a_day(site: Site, poller: Poller) -> None:
    """Pain 1: a Last-Modified fixed in the future, an ETag that never moves, then 304 for ever."""
    stuck = {"ETag": '"fixed"', "Last-Modified": "Thu, 01 Jan 2099 00:00:00 GMT"}

    def answer(asked: Asked) -> Answer:
        conditional = "if-none-match" in asked.headers or "if-modified-since" in asked.headers
        return Answer(status=304, headers=stuck) if conditional else Answer(current.encode(), headers=stuck)

    current = rss(ONE)
    site.on("/feed", answer)
    poller.poll()
    current = rss(TWO, ONE)
    assert poller.poll(after=HOUR).result == "unchanged"
    assert "if-modified-since" not in site.last("/feed").headers  # a date in the future is no validator
    assert poller.poll(after=timedelta(hours=23)).result == "unchanged"
    assert [e.title for e in poller.poll(after=HOUR).entries] == ["Second barge inspected"]
    poller.poll(after=HOUR)
    assert "if-none-match" in site.last("/feed").headers


def test_the_same_body_without_validators_is_not_read_again(
    site: Site, poller: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.on("/feed", rss(ONE))
    poller.poll()
    monkeypatch.setattr("transforms.poll.decision.read_feed", None)
    outcome = poller.poll(after=HOUR)
    assert (outcome.result, outcome.counts.known) == ("unchanged", 1)


def test_a_304_to_a_question_without_conditions_is_an_error(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(status=304))
    outcome = poller.poll()
    assert outcome.result == "failed" and outcome.problems[0].message == "304 to an unconditional request"


@pytest.mark.parametrize("raw", ["7200", "Sat, 20 Jul 2024 14:00:00 GMT"])
def test_nothing_is_asked_before_retry_after(site: Site, poller: Poller, raw: str) -> None:
    """Case 14: both forms; the source waits, and so does every other source of the host."""
    site.on("/feed", Answer(status=429, headers={"Retry-After": raw}))
    site.on("/other", rss(ONE))
    outcome = poller.poll()
    assert outcome.result == "failed" and site.paths() == ["/feed"]
    assert outcome.state.next_due >= NOON + timedelta(hours=2)
    assert outcome.state.next_due < NOON + timedelta(hours=3)
    first, poller.state = poller.state, None
    held = poller.poll("/other", after=timedelta(minutes=30))
    assert held.result == "deferred" and site.paths() == ["/feed"]
    assert timedelta(hours=2) < held.state.next_due - NOON < timedelta(hours=2, minutes=2)
    assert held.state.failures == 0
    assert first and first.failures == 1
    assert poller.poll("/other", after=timedelta(hours=2)).result == "changed"


def test_a_retry_after_of_years_is_capped_at_a_week(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(status=503, headers={"Retry-After": "999999999"}))
    assert poller.poll().state.next_due - NOON < timedelta(days=7, minutes=5)


def test_three_503s_do_not_kill_a_feed(site: Site, poller: Poller) -> None:
    """Pain 7: it backs off, keeps what it knows, and recovers by itself."""
    good = Answer(rss(ONE).encode(), headers={"ETag": '"v1"'})
    site.on("/feed", good, Answer(status=503), Answer(status=503), Answer(status=503), Answer(status=304))
    poller.poll()
    waits = []
    for _ in range(3):
        outcome = poller.poll(after=DAY)
        waits.append((outcome.state.next_due - poller.now).total_seconds())
    assert poller.state and poller.state.health == "failing" and poller.state.failures == 3
    assert poller.state.failing_since == NOON + DAY and poller.state.etag == '"v1"'
    assert 675 <= waits[0] <= 1125 and 1350 <= waits[1] <= 2250 and 2700 <= waits[2] <= 4500
    assert poller.poll(after=DAY).result == "unchanged"
    assert poller.state.health == "healthy" and poller.state.failures == 0 and poller.state.error is None


def test_however_long_it_fails_it_is_asked_about_once_a_day(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(status=500))
    for _ in range(12):
        outcome = poller.poll(after=DAY)
        assert outcome.state.next_due - poller.now <= timedelta(hours=30)


def test_sources_of_one_host_do_not_retry_in_step(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(status=500))
    due = set()
    for _ in range(20):
        poller.state = None
        due.add(poller.poll().state.next_due)
    assert len(due) == 20


def test_410_retires_the_source_with_its_reason(site: Site, poller: Poller) -> None:
    from transforms.poll import is_due
    from transforms.sources import Source

    site.on("/feed", Answer(rss(ONE).encode()), Answer(status=410))
    poller.poll()
    outcome = poller.poll(after=HOUR)
    assert outcome.result == "retired" and outcome.state.health == "retired"
    assert outcome.state.error == "HTTP 410: the publisher says the feed is gone for good"
    source = Source(id="s", url=site.url("/feed"), allow_private=True)
    assert not is_due(source, outcome.state, NOON + timedelta(days=4000))
    moved = source.model_copy(update={"url": site.url("/new")})
    assert is_due(moved, outcome.state, NOON)  # a new address in the configuration starts it afresh


def test_a_retired_source_that_is_checked_and_works_lives_again(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(status=410), Answer(rss(ONE).encode()))
    poller.poll()
    assert poller.poll(after=DAY).state.health == "healthy"


def test_max_age_is_respected_within_the_sources_bounds(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(rss(ONE).encode(), headers={"Cache-Control": "public, max-age=20000"}))
    wait = poller.poll(interval={"start": "15m", "min": "15m", "max": "12h"}).state.next_due - NOON
    assert timedelta(seconds=18000) <= wait <= timedelta(seconds=22000)
    poller.state = None
    wait = poller.poll(interval={"start": "15m", "min": "15m", "max": "2h"}).state.next_due - NOON
    assert timedelta(minutes=108) <= wait <= timedelta(hours=2)


def test_the_first_request_names_project_and_contact(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(ONE))
    poller.poll()
    assert site.last("/feed").headers["user-agent"] == "tocsin-test/0 (tests@example.org)"
    assert site.last("/feed").headers["accept-encoding"] == "gzip, br, zstd, deflate"


def test_one_request_a_subscription(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(ONE))
    poller.poll()
    assert site.paths(robots=True) == ["/robots.txt", "/feed"]


def test_other_rules_read_an_unchanged_body_again(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(rss(ONE, TWO).encode(), headers={"ETag": '"v1"'}))
    assert poller.poll(url_rules={"exclude": "/2$"}).counts.skipped == 1
    outcome = poller.poll(after=HOUR)
    assert "if-none-match" not in site.last("/feed").headers
    assert [e.title for e in outcome.entries] == ["Second barge inspected"]


def test_a_validator_that_no_header_could_carry_is_not_kept(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(rss(ONE).encode(), headers={"ETag": '"' + "x" * 3000 + '"'}))
    assert poller.poll().state.etag is None


def test_times_of_the_state_are_those_of_the_poll(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(ONE))
    state = poller.poll().state
    assert (state.first_polled, state.last_polled, state.last_success, state.last_new) == (NOON,) * 4
    assert state.next_due > datetime(2024, 7, 20, 12, 0, tzinfo=UTC)
