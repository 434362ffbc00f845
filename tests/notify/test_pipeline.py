"""Alerts through the whole pipeline: a round, the service with a feed as channel, a backfill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from pytest_httpserver import HTTPServer
from rich.console import Console

from pipeline.backfill import backfill
from pipeline.graph import Parts
from pipeline.rounds import run_round
from pipeline.service import Service
from pipeline.settings import RunSettings
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from tests.pipeline.killed_round import fixed_clock
from tests.pipeline.site import news_site, serve_articles, sources_for, write_sources
from tests.samples import NOW
from transforms.notify.current import Current
from transforms.records import Alert

TANKS = (
    "Norway ships tanks",
    "Norway has delivered eight Leopard 2A4 tanks to Ukraine, the Norwegian defence ministry said on Friday.",
)
FILE = """
subscriptions:
  - {id: all, channels: ["atom:feeds/all.xml"]}
  - {id: norway, channels: ["atom:feeds/norway.xml"], filter: {supplier: NOR}, when: {digest: daily, at: "07:30"}}
  - {id: iran, channels: ["atom:feeds/iran.xml"], filter: {supplier: IRN}}
"""


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        serve_articles(server, "/feed", {"/tanks": TANKS})
        yield server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "subs.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def outbox(tmp_path: Path) -> list[Alert]:
    store = SqliteStore(f"{tmp_path}/store.db")
    try:
        assert store.unannounced(9) == []
        return sorted(store.iter_alerts(), key=lambda row: row.subscription)
    finally:
        store.close()


def test_a_round_fills_the_outbox(site: HTTPServer, file: Path, tmp_path: Path) -> None:
    factory = StoreAt(f"sqlite:///{tmp_path}/store.db")
    factory().init()
    sources = sources_for(site, {"wire": "/feed"})
    parts = Parts(store=factory, sources=sources, owner="me", clock=fixed_clock, subscriptions=Current(file))
    summary = run_round(parts)
    rows = outbox(tmp_path)
    assert summary["alerts"] == 2
    assert [(row.subscription, row.change, row.channel, row.digest) for row in rows] == [
        ("all", 1, "atom", False),
        ("norway", 1, "atom", True),
    ]
    assert rows[0].due == NOW
    assert rows[1].due == NOW.replace(hour=7, minute=30) + timedelta(days=1)


def test_run_once_sends_what_is_due(site: HTTPServer, file: Path, tmp_path: Path) -> None:
    sources = write_sources(sources_for(site, {"wire": "/feed"}), tmp_path / "sources.yaml")
    settings = RunSettings(sources=sources, store=f"sqlite:///{tmp_path}/store.db", subscriptions=file)
    service = Service(settings, console=Console(quiet=True))
    assert service.run(once=True) == 0
    (entry,) = feedparser.parse((tmp_path / "feeds" / "all.xml").read_bytes()).entries
    assert entry.title == "New: Norway (NOR) → Ukraine (UKR): 8 Leopard 2A4, delivered (confirmed)"
    assert entry.link == site.url_for("/tanks")
    assert [row.state for row in outbox(tmp_path)] == ["sent", "pending"]
    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == ["all.xml"]


@pytest.mark.parametrize("asked", [False, True])
def test_a_backfill_alerts_nobody_unless_asked(file: Path, tmp_path: Path, asked: bool) -> None:
    documents = tmp_path / "docs.jsonl"
    line = {"id": "d1", "title": TANKS[0], "text": TANKS[1], "lang": "en", "published": "2024-06-28"}
    documents.write_text(json.dumps(line), encoding="utf-8")
    url = f"sqlite:///{tmp_path}/store.db"
    summary = backfill(documents, url, Current(file)) if asked else backfill(documents, url)
    assert summary["events_new"] == 1
    assert [row.subscription for row in outbox(tmp_path)] == (["all", "norway"] if asked else [])
