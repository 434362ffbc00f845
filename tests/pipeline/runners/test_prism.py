"""``tocsin run --runner PrismRunner`` for real: killed where it hurts, the end state is that of an undisturbed run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from sinks.sqlite import SqliteStore
from tests.pipeline.runners.running import ROOT, all_gone, facts, outcomes, running
from tests.pipeline.site import news_site, serve_articles
from tests.pipeline.test_kill import STORIES
from tests.prism import prism

MORE = {
    "/e": (
        "Norland ships tanks",
        "Sweden has delivered ten CV90 infantry fighting vehicles to Ukraine, its defence ministry said on Friday.",
    )
}
LATER = {
    "/f": (
        "Howitzers for Kyiv",
        "Denmark has delivered 19 Caesar howitzers to Ukraine, the Danish defence ministry said on Friday.",
    )
}


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        yield server


def write(path: Path, site: HTTPServer, *feeds: str) -> None:
    lines = ["defaults: {allow_private: true, full_text: page, robots: false, interval: {start: 2s, min: 1s, max: 2s}}"]
    lines += ["sources:", *(f"  - {{id: {feed}, url: '{site.url_for(f'/{feed}')}', language: en}}" for feed in feeds)]
    path.write_text("\n".join(lines), encoding="utf-8")


def expected(tmp_path: Path) -> list[tuple[object, ...]]:
    """What one undisturbed round on the in-process runner says."""
    command = [sys.executable, "-m", "pipeline.cli", "run", "--once", "--sources", str(tmp_path / "sources.yaml")]
    command += ["--store", f"sqlite:///{tmp_path}/expected.db"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return facts(SqliteStore(str(tmp_path / "expected.db")))


@pytest.mark.slow  # it boots Prism and loads all knowledge
@pytest.mark.timeout(900)
def test_in_the_submitting_process_with_changes_while_it_runs(site: HTTPServer, tmp_path: Path) -> None:
    serve_articles(site, "/wire", STORIES)
    sources = tmp_path / "sources.yaml"
    write(sources, site, "wire")
    store = SqliteStore(str(tmp_path / "t.db"))
    arguments = ["--runner", "PrismRunner", "--sources", str(sources), "--store", f"sqlite:///{tmp_path}/t.db"]
    with running(tmp_path, prism(), *arguments) as service:
        service.until(lambda: outcomes(store) == {"indexed": 3, "irrelevant": 1}, "the first entries")
        # A new item of a known feed, and a new source, are seen without a restart; an invalid file changes nothing.
        site.clear()
        serve_articles(site, "/wire", STORIES | MORE)
        service.until(lambda: outcomes(store) == {"indexed": 4, "irrelevant": 1}, "a new item")
        sources.write_text("sources: [{id: wire}]", encoding="utf-8")
        service.until(lambda: "stays in force" in service.text(), "the invalid file told")
        serve_articles(site, "/other", LATER)
        write(sources, site, "wire", "other")
        service.until(lambda: outcomes(store) == {"indexed": 5, "irrelevant": 1}, "a new source")
        below = service.descendants()
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began < 30  # what an orchestrator grants; past it the rest is killed anyway
        assert "drained in" in service.text()
        assert all_gone(below)
    assert facts(store) == expected(tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_with_workers_of_its_own_that_are_killed(site: HTTPServer, tmp_path: Path) -> None:
    serve_articles(site, "/wire", STORIES)
    sources = tmp_path / "sources.yaml"
    write(sources, site, "wire")
    store = SqliteStore(str(tmp_path / "t.db"))
    arguments = ["--runner", "PrismRunner", "--beam", "environment_type=EXTERNAL"]
    arguments += ["--sources", str(sources), "--store", f"sqlite:///{tmp_path}/t.db"]
    with running(tmp_path, prism(), *arguments) as service:
        service.until(lambda: sum(outcomes(store).values()) == 4, "the first poll")
        before = service.descendants()
        service.child("pipeline.runners.worker ").kill()  # with entries in flight
        service.until(lambda: "it is begun anew" in service.text(), "the death seen")
        assert all_gone(before)
        service.until(lambda: outcomes(store) == {"indexed": 3, "irrelevant": 1}, "the entries of the dead worker")
        below = service.descendants()
        service.process.kill()
        service.process.wait()
        assert all_gone(below)
    site.clear()
    serve_articles(site, "/wire", STORIES | MORE)
    with running(tmp_path, prism(), *arguments) as service:
        service.until(lambda: outcomes(store) == {"indexed": 4, "irrelevant": 1}, "the start after a kill")
        service.child("--job_port").kill()
        seen = service.text().count("it is begun anew")
        service.until(lambda: service.text().count("it is begun anew") > seen, "Prism's death seen")
        assert service.stop() == 0
    assert facts(store) == expected(tmp_path)
