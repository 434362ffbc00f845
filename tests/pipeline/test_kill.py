"""Killed at any write and started again, the end state is that of an undisturbed run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from sinks.sqlite import SqliteStore
from tests.pipeline.site import news_site, serve_articles, sources_for, write_sources
from transforms.codec import encode
from transforms.records import Article

STORIES = {
    "/a": (
        "Poland receives HIMARS launchers",
        "The United States has delivered 18 HIMARS rocket launchers to Poland, the Polish defence ministry said on "
        "Monday.\n\nThe launchers were unloaded at the port of Gdynia. The ministry said that more would follow.",
    ),
    "/b": (
        "Seoul speaks of shells for Russia",
        "North Korea shipped artillery shells to Russia in May, South Korea's defence ministry said on Thursday.\n\n"
        "Russia rejected the allegation. There have been no such deliveries, its foreign ministry said.",
    ),
    "/c": ("Cubs at the zoo", "Two leopard cubs were born at the zoo on Tuesday. Their mother is well, keepers said."),
    "/d": (
        "Norway sends anti-tank weapons",
        "Norway has delivered 2,000 M72 anti-tank weapons to Ukraine, the Norwegian government said on Friday.\n\n"
        "Another shipment of small arms ammunition to Ukraine is to follow in the autumn, it said.",
    ),
}


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        serve_articles(server, "/feed", STORIES)
        yield server


def run(store: Path, sources: Path, kill_at: int) -> int:
    command = [sys.executable, "-m", "tests.pipeline.killed_round", str(store), str(sources), str(kill_at)]
    return subprocess.run(command, check=False, cwd=Path(__file__).parents[2], capture_output=True).returncode


def end_state(path: Path) -> dict[str, list[str]]:
    store = SqliteStore(str(path))
    try:
        return {
            "entries": [f"{row.entry.id} {row.outcome} {row.reason}" for row in store.iter_inbox()],
            "articles": [encode(_undated(x)) for x in store.iter_articles()],
            "claims": [encode(x) for x in store.iter_claims()],
            "events": [encode(x) for x in store.iter_events(merged=True)],
            "letters": [encode(x) for x in store.iter_dead_letters()],
        }
    finally:
        store.close()


def _undated(article: Article) -> Article:
    """Without the one thing that tells the time of day of the test: the server's Date header."""
    assert article.evidence is not None
    return replace(article, evidence=replace(article.evidence, headers=()))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_at_every_kind_of_write(site: HTTPServer, tmp_path: Path) -> None:
    sources = write_sources(sources_for(site, {"wire": "/feed"}), tmp_path / "sources.yaml")
    assert run(tmp_path / "undisturbed.db", sources, 0) == 0
    expected = end_state(tmp_path / "undisturbed.db")
    assert len(expected["entries"]) == 4
    assert len(expected["events"]) >= 3

    # A bundle costs about ten writes: poll, lease, articles, story buckets, stories, articles with them, claims, event
    # buckets, events, their clearing, outcomes. What was done before a death is not done again, so the later runs end.
    store = tmp_path / "killed.db"
    deaths = 0
    for kill_at in range(1, 13):
        code = run(store, sources, kill_at)
        assert code in (0, -9)
        deaths += code == -9
    assert deaths >= 6
    assert run(store, sources, 0) == 0
    assert end_state(store) == expected
