"""From entry to page: the page, the feed's own text, a later try, or what is left."""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.poll.poller import NOON
from tests.poll.site import Answer, Site
from transforms.codec import decode, encode
from transforms.fetch import Client, Failed, FetchWorker, Outcome, Retrieved, Retry, Wanted
from transforms.fetch.pages import MAX_TRIES, decide_page, own_text
from transforms.poll import Response
from transforms.records import FeedEntry, Page
from transforms.sources import Source

LONG = "<p>" + "Nine wagons stood at the siding. " * 60 + "</p>"


@pytest.fixture
def worker() -> Iterator[FetchWorker]:
    with FetchWorker(lambda: Client("t", clock=lambda: NOON), clock=lambda: NOON, seed=1) as running:
        yield running


def source(site: Site, **keys: object) -> Source:
    return Source.model_validate({"id": "s", "url": site.url("/feed"), "allow_private": True, **keys})


def entry(url: str = "https://news.example/a", **keys: object) -> FeedEntry:
    made = FeedEntry(id="e", source="s", url=url, canonical_url=url, title="Wagons", first_seen=NOON)
    return replace(made, **keys)  # type: ignore[arg-type]


def retrieved(outcome: Outcome) -> Page:
    assert isinstance(outcome, Retrieved), outcome
    return outcome.page


def test_a_page_comes_with_its_evidence(site: Site, worker: FetchWorker) -> None:
    body = "<html><body><p>Вагони</p></body></html>".encode()
    site.on("/old", Answer(status=302, headers={"Location": "/a"}))
    site.on(
        "/a", Answer(body, headers={"Content-Type": "text/html; charset=utf-8", "Content-Language": "uk", "X-Y": "z"})
    )
    page = retrieved(worker.fetch_one(entry(site.url("/old")), source(site)))
    assert (page.origin, page.content_type, page.body) == ("page", "text/html", body.decode())
    evidence = page.evidence
    assert evidence is not None
    assert (evidence.requested_url, evidence.final_url, evidence.status) == (site.url("/old"), site.url("/a"), 200)
    assert evidence.sha256 == hashlib.sha256(body).hexdigest()
    names = [name for name, _ in evidence.headers]
    assert "content-language" in names and "x-y" not in names and evidence.retrieved == NOON


def test_the_hash_is_of_the_body_as_unpacked(site: Site, worker: FetchWorker) -> None:
    body = b"<html><p>Wagons</p></html>"
    site.on("/a", Answer(gzip.compress(body), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}))
    outcome = worker.fetch_one(entry(site.url("/a")), source(site))
    evidence = retrieved(outcome).evidence
    assert evidence and evidence.sha256 == hashlib.sha256(body).hexdigest()
    assert isinstance(outcome, Retrieved) and outcome.raw == body


@pytest.mark.parametrize("content_type", ["application/pdf", "text/html", "application/octet-stream", ""])
def test_a_pdf_is_kept_as_bytes_whatever_it_is_called(site: Site, worker: FetchWorker, content_type: str) -> None:
    body = b"%PDF-1.7\n\x00\xff\xfe rest"
    site.on("/a.pdf", Answer(body, headers={"Content-Type": content_type}))
    page = retrieved(worker.fetch_one(entry(site.url("/a.pdf")), source(site)))
    assert (page.content_type, page.body, page.binary) == ("application/pdf", None, body)
    assert decode(Page, encode(page)) == page


def test_plain_text(site: Site, worker: FetchWorker) -> None:
    site.on("/a.txt", Answer("Wagons\n\nat the siding".encode("utf-16"), headers={"Content-Type": "text/plain"}))
    page = retrieved(worker.fetch_one(entry(site.url("/a.txt")), source(site)))
    assert (page.content_type, page.body) == ("text/plain", "Wagons\n\nat the siding")


def test_a_legacy_charset_in_the_page_itself(site: Site, worker: FetchWorker) -> None:
    body = "<html><head><meta charset='windows-1251'></head><p>Вагоны</p></html>".encode("cp1251")
    site.on("/a", Answer(body, headers={"Content-Type": "text/html"}))
    page = retrieved(worker.fetch_one(entry(site.url("/a")), source(site)))
    assert page.body and "Вагоны" in page.body and "repaired" not in page.entry.flags


def test_a_torn_page_is_mended_and_flagged(site: Site, worker: FetchWorker) -> None:
    body = "<html><p>Вагони</p>".encode() + b"\xe2\x28 \x03 end</html>"
    site.on("/a", Answer(body, headers={"Content-Type": "text/html; charset=utf-8"}))
    page = retrieved(worker.fetch_one(entry(site.url("/a")), source(site)))
    assert page.body and "Вагони" in page.body and "\x03" not in page.body and page.entry.flags == ("repaired",)


@pytest.mark.parametrize(
    ("mode", "keys", "origin"),
    [
        ("feed", {"content": "<p>Short.</p>"}, "feed"),
        ("feed", {"summary": "Short."}, "feed"),
        ("auto", {"content": LONG}, "feed"),
        ("auto", {"content": "<p>Short.</p>"}, "page"),
        ("auto", {"content": LONG.replace("</p>", "…</p>")}, "page"),
        ("auto", {"summary": LONG}, "page"),
        ("page", {"content": LONG}, "page"),
        ("feed", {}, "page"),
    ],
)
def test_where_the_text_comes_from(
    site: Site, worker: FetchWorker, mode: str, keys: dict[str, str], origin: str
) -> None:
    site.on("/a", Answer(b"<html>page</html>", headers={"Content-Type": "text/html"}))
    page = retrieved(worker.fetch_one(entry(site.url("/a"), **keys), source(site, full_text=mode)))
    assert page.origin == origin and (origin == "page") == bool(site.paths())


def tried(response: Response, tries: int, **keys: object) -> Outcome:
    return decide_page(entry(**keys), response, tries=tries, now=NOON, rng=random.Random(1))


def test_tries_grow_further_apart_and_end_with_the_summary() -> None:
    down = Response(url="https://news.example/a", status=503)
    waits = []
    for number in range(MAX_TRIES - 1):
        outcome = tried(down, number, summary="In short.")
        assert isinstance(outcome, Retry) and outcome.reason == "HTTP 503 from https://news.example/a"
        waits.append((outcome.next_due - NOON).total_seconds())
    assert [round(w / 300) for w in waits] != [1, 1, 1, 1]
    assert all(225 * 3**n <= w <= 375 * 3**n for n, w in enumerate(waits))
    page = retrieved(tried(down, MAX_TRIES - 1, summary="In short."))
    assert (page.origin, page.body, page.entry.flags) == ("summary", "In short.", ("summary_only",))
    assert page.evidence is None


def test_without_a_summary_it_fails_with_the_reason() -> None:
    outcome = tried(Response(url="https://news.example/a", failure="timeout", message="no answer"), MAX_TRIES - 1)
    assert outcome == Failed(reason="https://news.example/a: timeout: no answer")


@pytest.mark.parametrize("status", [401, 402, 403, 410, 451])
def test_an_answer_that_waiting_does_not_change_is_final_at_once(status: int) -> None:
    outcome = tried(Response(url="https://news.example/a", status=status), 0)
    assert isinstance(outcome, Failed) and f"HTTP {status}" in outcome.reason


def test_a_page_may_come_later_than_its_feed_says() -> None:
    missing = Response(url="https://news.example/a", status=404)
    assert isinstance(tried(missing, 0), Retry) and isinstance(tried(missing, 1), Failed)


def test_retry_after_is_respected() -> None:
    busy = Response(url="https://news.example/a", status=429, headers={"retry-after": "7200"})
    outcome = tried(busy, 0)
    assert isinstance(outcome, Retry) and outcome.next_due >= NOON + timedelta(hours=2)


def test_a_held_host_costs_no_hope() -> None:
    held = Response(url="https://news.example/a", failure="held", retry_at=NOON + timedelta(hours=1), message="held")
    outcome = tried(held, MAX_TRIES + 5)
    assert isinstance(outcome, Retry) and outcome.next_due > NOON + timedelta(hours=1)


def test_a_page_that_broke_off_is_tried_again() -> None:
    torn = Response(url="https://news.example/a", status=200, body=b"<html><p>half", truncated=True)
    assert tried(torn, 0) == tried(torn, 0) and isinstance(tried(torn, 0), Retry)


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"\x89PNG....", "image/png", "is image/png, not an article"),
        (b"not one", "application/pdf", "says it is a PDF and is none"),
        (b"   ", "text/html", "is an empty page"),
        (b"\x00\x01\x02", "application/octet-stream", "is application/octet-stream, not an article"),
    ],
)
def test_what_is_no_article_is_an_outcome_with_a_reason(body: bytes, content_type: str, why: str) -> None:
    response = Response(url="https://news.example/a", status=200, body=body, headers={"content-type": content_type})
    assert tried(response, 0) == Failed(reason=f"https://news.example/a: {why}")
    page = retrieved(tried(response, 0, summary="In short."))
    assert page.origin == "summary"


def test_an_entry_without_an_address_uses_the_feeds_words(site: Site, worker: FetchWorker) -> None:
    page = retrieved(worker.fetch_one(entry("", summary="In short."), source(site, full_text="page")))
    assert (page.origin, page.body) == ("summary", "In short.")
    assert worker.fetch_one(entry(""), source(site)) == Failed(reason="no address: the feed gives no address")


def test_robots_and_guard_hold_for_articles_too(site: Site, worker: FetchWorker) -> None:
    site.on("/robots.txt", "User-agent: *\nDisallow: /a\n")
    outcome = worker.fetch_one(entry(site.url("/a")), source(site))
    assert isinstance(outcome, Failed) and "robots.txt" in outcome.reason
    outcome = worker.fetch_one(entry("http://169.254.169.254/"), source(site, allow_private=False))
    assert isinstance(outcome, Failed) and "not a public address" in outcome.reason


def test_a_batch_is_delivered_whole(site: Site, worker: FetchWorker) -> None:
    for number in range(30):
        site.on(
            f"/{number}",
            Answer(b"<html>x</html>", status=200 if number % 3 else 500, headers={"Content-Type": "text/html"}),
        )
    found: dict[str, Outcome] = {}
    wanted = [Wanted(entry=entry(site.url(f"/{n}"), id=str(n)), source=source(site)) for n in range(30)]
    assert worker.fetch(wanted, lambda one, outcome: found.update({one.entry.id: outcome})) == 30
    assert {n for n, o in found.items() if isinstance(o, Retry)} == {str(n) for n in range(0, 30, 3)}
    assert worker.fetch([], lambda *_: None) == 0


@given(st.binary(max_size=200), st.text(max_size=40), st.integers(100, 599), st.integers(0, 9))
def test_any_answer_has_an_outcome(body: bytes, content_type: str, status: int, tries: int) -> None:
    response = Response(url="https://n.example/", status=status, body=body, headers={"content-type": content_type})
    outcome = tried(response, tries, summary="s")
    assert isinstance(outcome, Retrieved | Retry)
    if isinstance(outcome, Retrieved):
        assert decode(Page, encode(outcome.page)) == outcome.page


@given(st.text(max_size=100), st.text(max_size=100), st.sampled_from(["auto", "feed", "page"]))
def test_any_feed_text_is_a_page_or_not(content: str, summary: str, mode: str) -> None:
    asked = Source.model_validate({"id": "s", "url": "https://n.example/", "full_text": mode})
    page = own_text(entry(content=content, summary=summary), asked)
    assert page is None or page.body in (content, summary)
