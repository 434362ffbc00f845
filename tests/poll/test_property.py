"""Any bytes as a feed: nothing raised, nothing lost without a word (issue 4, "Tests that must exist")."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.poll.poller import NOON, item, rss
from transforms.poll import PollOutcome, Response, decide, plan
from transforms.poll.memory import pack, unpack
from transforms.records import SourceState
from transforms.sources import Source

SOURCE = Source(id="s", url="https://news.example/feed")
LISTING = Source(id="s", url="https://news.example/x", kind="html", listing={"item": "p", "date": "time"})  # type: ignore[arg-type]


def polled(source: Source, body: bytes, state: SourceState | None = None, **answer: object) -> PollOutcome:
    before, _ = plan(source, state, NOON)
    response = Response(url=source.url, status=200, body=body, **answer)  # type: ignore[arg-type]
    return decide(source, before, response, NOON, random.Random(1))


def accounted(outcome: PollOutcome) -> None:
    counts = outcome.counts
    named = sum(p.item is not None for p in outcome.problems)
    assert counts.listed == counts.new + counts.changed + counts.known + counts.merged + counts.skipped + named or (
        outcome.result == "failed" and outcome.problems[0].fatal
    )
    assert len(outcome.entries) == counts.new + counts.changed
    assert len({e.id for e in outcome.entries}) == len(outcome.entries)
    assert outcome.result != "failed" or outcome.state.error
    for entry in outcome.entries:
        assert entry.url == "" or entry.url.lower().startswith(("http://", "https://"))
        assert entry.published or "date_missing" in entry.flags or entry.published_raw
        "".join((entry.title, entry.summary or "", entry.content or "", entry.guid or "")).encode()  # no lone surrogate


_PIECES = st.sampled_from([
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "https://news.example/1",
    "</link>", "<guid>", "</guid>", "<![CDATA[", "]]>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>",
    "</entry>", "<id>", "<updated>2024-07-01T00:00:00Z</updated>", "<link href='/a'/>", "&eacute;", "&#3;", "&", "<!--",
    "-->", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "]>", "&a;", "<html>", "<p>", "<a href='/x'>y</a>",
    "<urlset><url><loc>",
    "</loc></url>", '{"items": [', '{"id": 1, "title": "\\ud800"}', "]}", "\x00", "\ufffe", "т",
    "<?xml version='1.0'?>",
    "<rdf:RDF>", "<pubDate>32 Foo 99</pubDate>", " xml:base='http://['", "javascript:", "\n",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1251"]))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example("<rss><channel><item><title>x</title></item>" * 3, "utf-8")
def test_anything_like_a_feed_has_an_outcome(text: str, encoding: str) -> None:
    body = text.encode(encoding, "replace")
    for source in (SOURCE, LISTING):
        first = polled(source, body)
        accounted(first)
        again = polled(source, body, replace(first.state, body_sha256=None))
        accounted(again)
        if first.result != "failed" and again.result != "failed" and not first.again:
            assert again.counts.new == 0 and again.entries == ()


@given(st.binary(max_size=400), st.text(max_size=60), st.booleans())
@settings(deadline=None)
def test_any_bytes_have_an_outcome(body: bytes, content_type: str, truncated: bool) -> None:
    headers = {"content-type": content_type, "etag": content_type, "cache-control": content_type}
    for prefix in (b"", b"<rss><channel><item><title>", b'{"items": [{"title": "'):
        accounted(polled(SOURCE, prefix + body, headers=headers, truncated=truncated))


_WORD = st.sampled_from(["", "a", "b", "https://news.example/1", "https://news.example/2", "https://news.example/"])
_ITEM = st.tuples(st.sampled_from(["", "T", "U"]), _WORD, _WORD, st.sampled_from(["", "2024-07-01", "2024-07-02"]))


@given(st.lists(_ITEM, max_size=6), st.lists(_ITEM, max_size=6))
@settings(deadline=None)
def test_distinct_items_stay_distinct_and_none_is_repeated(
    before: list[tuple[str, str, str, str]], after: list[tuple[str, str, str, str]]
) -> None:
    """Items that differ in both title and address are never one; a feed polled twice brings nothing new."""
    first = polled(SOURCE, rss(*(item(*fields) for fields in before)).encode())
    second = polled(SOURCE, rss(*(item(*fields) for fields in after)).encode(), first.state)
    accounted(first)
    accounted(second)
    third = polled(SOURCE, rss(*(item(*fields) for fields in after)).encode() + b"<!-- -->", second.state)
    assert third.entries == ()
    articles = {(title, link) for title, link, _, _ in before if title and link.startswith("https://news.example/1")}
    assert len({t for t, _ in articles}) <= max(1, first.counts.listed)
    usable = {(t, u) for t, u, _, _ in before if t and u in ("https://news.example/1", "https://news.example/2")}
    assert len({u for _, u in usable}) <= len(first.entries)


@given(
    st.integers(0, 599), st.dictionaries(st.sampled_from(["retry-after", "cache-control", "age"]), st.text(max_size=30))
)
def test_any_status_and_header_give_a_due_time_ahead(status: int, headers: dict[str, str]) -> None:
    state, _ = plan(SOURCE, None, NOON)
    outcome = decide(SOURCE, state, Response(url=SOURCE.url, status=status, headers=headers), NOON, random.Random(2))
    assert outcome.again or outcome.state.next_due > NOON
    assert outcome.state.next_due <= NOON + timedelta(days=36500)


@given(st.text(max_size=100))
def test_a_damaged_memory_is_an_empty_one(text: str) -> None:
    assert isinstance(unpack(text), list)
    assert unpack(pack(unpack(text))) == unpack(text)


@pytest.mark.parametrize(
    "piece", ["<!--", "<item>", "<a ", "&", "<![CDATA[", "<!ENTITY ", "&lt;script ", "<x:item ", "["]
)
@pytest.mark.parametrize("head", ["", "<rss><channel><item><title>x</title><description>", "<!DOCTYPE rss ["])
def test_long_repetitions_end(head: str, piece: str) -> None:
    accounted(polled(SOURCE, (head + piece * 20_000).encode()))
