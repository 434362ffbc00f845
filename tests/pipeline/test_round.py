"""A whole round on the in-process runner against a loopback site: every entry gets its outcome, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from pipeline.graph import Parts
from pipeline.rounds import Summary, run_round
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from tests.pipeline.site import html_page, news_site, rss, serve_articles, sources_for
from tests.samples import NOW
from transforms.sources import Sources

TANKS = (
    "Norway ships tanks",
    "Norway has delivered eight Leopard 2A4 tanks to Ukraine, the Norwegian defence ministry said on Friday.",
)
CUBS = ("Cubs at the zoo", "Two leopard cubs were born at the zoo on Tuesday. Their mother is well, keepers said.")


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        yield server


class Clock:
    """A clock that the test moves; picklable state is not needed, the runner is in process."""

    now = NOW

    @staticmethod
    def read() -> object:
        return Clock.now


def at(moment: timedelta) -> None:
    Clock.now = NOW + moment


@pytest.fixture(autouse=True)
def _start_of_time() -> Iterator[None]:
    Clock.now = NOW
    yield
    Clock.now = NOW


def one_round(tmp_path: Path, sources: Sources) -> tuple[Summary, SqliteStore]:
    factory = StoreAt(f"sqlite:///{tmp_path}/store.db")
    store = SqliteStore(f"{tmp_path}/store.db")
    store.init()
    parts = Parts(store=factory, sources=sources, owner="test", clock=Clock.read)  # type: ignore[arg-type]
    return run_round(parts), store


def ended(store: SqliteStore) -> dict[str, tuple[str | None, str | None]]:
    return {row.entry.url.rsplit("/", 1)[-1]: (row.outcome, row.reason) for row in store.iter_inbox()}


def test_relevant_and_irrelevant_articles(site: HTTPServer, tmp_path: Path) -> None:
    serve_articles(site, "/feed", {"/tanks": TANKS, "/cubs": CUBS})
    summary, store = one_round(tmp_path, sources_for(site, {"wire": "/feed"}))
    assert ended(store) == {"tanks": ("indexed", None), "cubs": ("irrelevant", None)}
    assert (summary["polled"], summary["entries_new"], summary["relevant"], summary["events_new"]) == (1, 2, 1, 1)
    assert [article.title for article in store.iter_articles()] == [TANKS[0]]
    (event,) = store.iter_events()
    assert (event.supplier.iso3, event.recipient.iso3, event.stage) == ("NOR", "UKR", "delivered")
    assert [goods.value for goods in event.goods] == ["Leopard 2A4"]


def test_a_second_round_finds_nothing_new(site: HTTPServer, tmp_path: Path) -> None:
    serve_articles(site, "/feed", {"/tanks": TANKS})
    sources = sources_for(site, {"wire": "/feed"})
    one_round(tmp_path, sources)
    at(timedelta(days=1))
    summary, store = one_round(tmp_path, sources)
    assert (summary["polled"], summary["entries_new"], summary["events_new"], summary["events_changed"]) == (1, 0, 0, 0)
    assert len(list(store.iter_events())) == 1


def test_bad_input_ends_as_outcomes_and_the_round_goes_on(site: HTTPServer, tmp_path: Path) -> None:
    """A source that is down, a feed that is none, an article that is a broken PDF, an empty page, one that is gone."""
    serve_articles(site, "/feed", {"/tanks": TANKS})
    listed = {"/broken-pdf": "A PDF", "/empty": "Empty", "/gone": "Gone"}
    site.expect_request("/odd").respond_with_data(rss(site, listed), content_type="application/rss+xml")
    site.expect_request("/broken-pdf").respond_with_data(b"%PDF-1.7 and no more", content_type="application/pdf")
    site.expect_request("/empty").respond_with_data("", content_type="text/html")
    site.expect_request("/gone").respond_with_data("gone", status=410)
    site.expect_request("/no-feed").respond_with_data("\x00\x01 not a feed", content_type="text/plain")
    feeds = {"wire": "/feed", "odd": "/odd", "none": "/no-feed", "down": "/down"}
    summary, store = one_round(tmp_path, sources_for(site, feeds))
    outcomes = ended(store)
    assert outcomes["tanks"] == ("indexed", None)
    for entry in ("broken-pdf", "empty", "gone"):
        outcome, reason = outcomes[entry]
        assert outcome == "failed", entry
        assert reason, entry
    assert (summary["polled"], summary["sources_failed"], summary["outcome_failed"]) == (4, 2, 3)
    states = store.source_states()
    assert {id: state.value.health for id, state in states.items()} == {
        "wire": "healthy",
        "odd": "healthy",
        "none": "failing",
        "down": "failing",
    }
    assert {letter.stage for letter in store.iter_dead_letters()} <= {"FetchArticles", "ReadArticles"}
    assert len(list(store.iter_dead_letters())) == 3


def test_a_page_that_is_down_is_tried_again_later(site: HTTPServer, tmp_path: Path) -> None:
    site.expect_request("/feed").respond_with_data(rss(site, {"/tanks": TANKS[0]}), content_type="application/rss+xml")
    site.expect_oneshot_request("/tanks").respond_with_data("busy", status=503)
    site.expect_oneshot_request("/tanks").respond_with_data(html_page(*TANKS), content_type="text/html")
    sources = sources_for(site, {"wire": "/feed"})
    summary, store = one_round(tmp_path, sources)
    assert summary["retried"] == 1
    (row,) = store.iter_inbox()
    assert row.outcome is None
    assert row.next_due > NOW
    at(timedelta(hours=2))
    _, store = one_round(tmp_path, sources)
    assert ended(store) == {"tanks": ("indexed", None)}


def test_an_edited_article_replaces_its_claims(site: HTTPServer, tmp_path: Path) -> None:
    serve_articles(site, "/feed", {"/tanks": TANKS})
    sources = sources_for(site, {"wire": "/feed"})
    one_round(tmp_path, sources)
    site.clear()
    edited = ("Norway ships tanks (corrected)", TANKS[1].replace("eight", "ten"))
    serve_articles(site, "/feed", {"/tanks": edited})
    at(timedelta(days=1))
    _, store = one_round(tmp_path, sources)
    (article,) = store.iter_articles()
    assert (article.revision, article.title) == (2, edited[0])
    (claim,) = store.iter_claims()
    assert claim.quantity is not None
    assert claim.quantity.number == 10


def test_an_article_that_says_no_more_of_it_takes_its_claims_back(site: HTTPServer, tmp_path: Path) -> None:
    serve_articles(site, "/feed", {"/tanks": TANKS})
    sources = sources_for(site, {"wire": "/feed"})
    one_round(tmp_path, sources)
    site.clear()
    serve_articles(site, "/feed", {"/tanks": ("Withdrawn", "This report has been withdrawn. We regret the error.")})
    at(timedelta(days=1))
    _, store = one_round(tmp_path, sources)
    assert ended(store) == {"tanks": ("irrelevant", None)}
    assert list(store.iter_claims()) == []
    assert [event.claims for event in store.iter_events()] in ([], [()])


def test_when_every_source_fails_the_summary_says_so(site: HTTPServer, tmp_path: Path) -> None:
    summary, _ = one_round(tmp_path, sources_for(site, {"a": "/a", "b": "/b"}))
    assert summary.all_failed
    assert not Summary({}).all_failed
