"""``tocsin run --runner FlinkRunner`` on a real cluster: JobManager, TaskManager, job server and worker pool, each in a
process of its own. What is killed comes back, and the end state is that of an undisturbed run."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.flink import Flink, cluster, until
from tests.pipeline.runners.running import ROOT, facts, outcomes, running
from tests.pipeline.runners.test_prism import LATER, MORE, expected, write
from tests.pipeline.site import news_site, serve_articles
from tests.pipeline.test_kill import STORIES
from tests.sinks.es_server import Served, store_at


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        yield server


@contextmanager
def workers(folder: Path) -> Iterator[int]:
    """The worker pool beside the TaskManager; gives its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with (folder / "workers.log").open("ab") as log:
        command = [sys.executable, "-m", "pipeline.runners.workers", str(port), "json"]
        pool = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield port
    finally:
        pool.kill()
        pool.wait()


def arguments(flink: Flink, pool: int, sources: Path, store: str, *more: str) -> list[str]:
    beam = [
        f"job_endpoint={flink.jobs}", f"flink_master={flink.rest}", "environment_type=EXTERNAL",
        f"environment_config=localhost:{pool}", "sdk_worker_parallelism=2", "parallelism=2", *more,
    ]  # fmt: skip
    given = ["--runner", "FlinkRunner", "--sources", str(sources), "--store", store]
    return [*given, *(part for option in beam for part in ("--beam", option))]


@pytest.mark.slow  # four processes of Java, and workers that load all knowledge, three times
@pytest.mark.timeout(1500)
def test_on_a_cluster_that_loses_its_taskmanager_and_from_a_savepoint(
    site: HTTPServer, tmp_path: Path, elasticsearch: Served, prefix: str
) -> None:
    serve_articles(site, "/wire", STORIES)
    sources = tmp_path / "sources.yaml"
    write(sources, site, "wire")
    store = store_at(elasticsearch.url, prefix)
    (tmp_path / "flink").mkdir()
    with cluster(tmp_path / "flink", "--checkpoint", "2s") as flink, workers(tmp_path) as pool:
        given = arguments(flink, pool, sources, f"{elasticsearch.url}/{prefix}")
        with running(tmp_path, None, *given) as service:
            service.until(lambda: outcomes(store) == {"indexed": 3, "irrelevant": 1}, "the first entries")
            (job,) = flink.states()
            before = flink.checkpoints(job)["counts"]["completed"]
            until(lambda: flink.checkpoints(job)["counts"]["completed"] > before + 2, "checkpoints")

            flink.kill_taskmanager()
            site.clear()
            serve_articles(site, "/wire", STORIES | MORE)
            service.until(lambda: outcomes(store) == {"indexed": 4, "irrelevant": 1}, "a new item, after the loss")
            until(lambda: flink.checkpoints(job)["counts"]["restored"] == 1, "the restore")

            told = flink.checkpoints(job)
            sizes = {one["state_size"] for one in told["history"] if one["status"] == "COMPLETED"}
            assert max(sizes) < 2 * min(sizes), "what is kept does not grow with the wakes (apache/beam#27648)"
            savepoint = flink.savepoint(job)
            assert service.stop() == 0
        assert flink.states() == {job: "CANCELED"}

        with running(tmp_path, None, *given, "--beam", f"savepoint_path={savepoint}") as service:
            site.clear()
            serve_articles(site, "/wire", STORIES | MORE | LATER)
            service.until(lambda: outcomes(store) == {"indexed": 5, "irrelevant": 1}, "a new item, from a savepoint")
            (again,) = flink.states().keys() - {job}
            assert flink.checkpoints(again)["latest"]["restored"]["is_savepoint"]
            service.process.kill()  # who submitted it is lost, with all its memory of the job
            service.process.wait()

        with running(tmp_path, None, *given) as service:
            until(lambda: flink.states().get(again) == "CANCELED", "the job left behind is ended by the next start")
            until(lambda: list(flink.states().values()).count("RUNNING") == 1, "the job of the next start")
            assert service.stop() == 0
    assert facts(store) == expected(tmp_path)
