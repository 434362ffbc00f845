"""The seed article, through the whole pipeline: who supplied what to whom, who denies it, and where it was used."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from pipeline.clock import utc_now
from pipeline.graph import Parts
from pipeline.rounds import run_round
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from tests.pipeline.site import html_page, news_site, sources_for

EVAL = Path(os.environ.get("TOCSIN_EVAL", Path(__file__).parents[3] / "shared" / "eval"))
SEED = EVAL / "docs" / "000.json"


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        yield server


@pytest.mark.skipif(not SEED.is_file() and not os.environ.get("CI"), reason=f"no evaluation documents in {EVAL}")
def test_the_seed_article_becomes_events(site: HTTPServer, tmp_path: Path) -> None:
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    when = format_datetime(datetime.fromisoformat(seed["published"]).replace(hour=20, tzinfo=UTC))
    link = f"<link>{site.url_for('/seed')}</link><pubDate>{when}</pubDate>"
    item = f"<item><title>{escape(seed['title'])}</title>{link}</item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{item}</channel></rss>'
    site.expect_request("/feed").respond_with_data(feed, content_type="application/rss+xml")
    page = html_page(seed["title"], seed["text"])
    site.expect_request("/seed").respond_with_data(page, content_type="text/html; charset=utf-8")
    store = SqliteStore(f"{tmp_path}/store.db")
    store.init()
    parts = Parts(
        store=StoreAt(f"sqlite:///{tmp_path}/store.db"),
        sources=sources_for(site, {"ap": "/feed"}),
        owner="test",
        clock=utc_now,
    )
    run_round(parts)
    events = [e for e in store.iter_events() if (e.supplier.iso3, e.recipient.iso3) == ("PRK", "RUS")]
    assert events
    assert {"VII", "ammunition"} <= {goods.category for event in events for goods in event.goods}
    assert "RUS" in {voice.iso3 for event in events for voice in event.denied_by}
    used = {place.text: place for event in events for place in event.places if place.role == "use"}
    assert {"Kharkiv", "Kyiv"} <= set(used)
    assert {name.startswith("Zapori") for name in used} == {True, False}
    assert all(place.country == "UKR" and place.lat is not None for place in used.values())
