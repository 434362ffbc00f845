"""Copies in one feed, through a whole round: one leads, the other keeps its own article and is marked."""

from __future__ import annotations

from pathlib import Path

from pipeline.graph import Parts
from pipeline.rounds import run_round
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from tests.pipeline.site import news_site, serve_articles, sources_for
from tests.samples import NOW

LEAD = (
    "Norway ships tanks",
    "Norway has delivered eight Leopard 2A4 tanks to Ukraine, the Norwegian defence ministry said on Friday.\n\n"
    "The tanks were taken by rail to a training ground near the border, where their crews have been waiting since May.",
)
COPY = ("Tanks arrive", f"OSLO, June 28 (Reuters) - {LEAD[1]}\n\nRelated Articles\n\nSeven boats for Peru")


def now() -> object:
    return NOW


def test_a_copy_in_another_feed(tmp_path: Path) -> None:
    with news_site() as site:
        serve_articles(site, "/one", {"/lead": LEAD})
        serve_articles(site, "/two", {"/copy": COPY})
        sources = sources_for(site, {"one": "/one", "two": "/two"})
        store = SqliteStore(str(tmp_path / "s.db"))
        store.init()
        factory = StoreAt(f"sqlite:///{tmp_path}/s.db")
        run_round(Parts(store=factory, sources=sources, owner="t", clock=now))  # type: ignore[arg-type]
        articles = list(store.iter_articles())
        outcomes = sorted(str(row.outcome) for row in store.iter_inbox())
        store.close()
    assert outcomes == ["copy", "indexed"]
    (lead,) = (article for article in articles if article.copy_of is None)
    (copy,) = (article for article in articles if article.copy_of is not None)
    assert lead.story == lead.id == copy.story == copy.copy_of
    assert (lead.first_seen, lead.id) < (copy.first_seen, copy.id)
    assert {article.origin for article in articles} == {"reuters", "one"}
