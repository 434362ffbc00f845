"""Two real processes on one store share its work: each entry ends once, and the end state is that of one process."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from sinks.sqlite import SqliteStore
from tests.pipeline.site import news_site, serve_articles, sources_for, write_sources
from tests.pipeline.test_kill import STORIES, end_state, run

ROOT = Path(__file__).parents[2]
CUBS = {
    f"/zoo{n}": (f"Cubs {n}", f"{n} leopard cubs were born at the zoo on Tuesday, keepers said.") for n in range(16)
}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_processes_share_a_store(tmp_path: Path) -> None:
    with news_site() as site:
        serve_articles(site, "/feed", STORIES)
        serve_articles(site, "/zoo", CUBS)
        sources = write_sources(sources_for(site, {"wire": "/feed", "zoo": "/zoo"}), tmp_path / "sources.yaml")
        assert run(tmp_path / "undisturbed.db", sources, 0) == 0
        store = SqliteStore(str(tmp_path / "shared.db"))
        store.init()
        store.close()
        go = tmp_path / "go"
        both = []
        for name in ("one", "two"):
            command = [sys.executable, "-m", "tests.pipeline.sharing_round", str(tmp_path / "shared.db"), str(sources)]
            command += [str(tmp_path / name), str(go)]
            both.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        until = time.monotonic() + 120
        while not all((tmp_path / name).exists() for name in ("one", "two")) and time.monotonic() < until:
            time.sleep(0.05)
        go.touch()
        ended = [int(process.communicate(timeout=300)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(ended) == len(STORIES) + len(CUBS)
    assert end_state(tmp_path / "shared.db") == end_state(tmp_path / "undisturbed.db")
