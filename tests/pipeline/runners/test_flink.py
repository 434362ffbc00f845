"""``tocsin run --runner FlinkRunner`` on a real cluster: JobManager, TaskManager, job server and worker pool, each in a
process of its own. What is killed comes back, and the end state is that of an undisturbed run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.flink import flink, until
from tests.pipeline.runners.running import facts, outcomes, running
from tests.pipeline.runners.test_prism import LATER, MORE, expected, write
from tests.pipeline.site import news_site, serve_articles
from tests.pipeline.test_kill import STORIES
from tests.sinks.es_server import Served, store_at


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        yield server


@pytest.mark.slow  # four processes of Java, and workers that load all knowledge, three times
@pytest.mark.timeout(1500)
def test_on_a_cluster_that_loses_its_taskmanager_and_from_a_savepoint(
    site: HTTPServer, tmp_path: Path, elasticsearch: Served, prefix: str
) -> None:
    serve_articles(site, "/wire", STORIES)
    sources = tmp_path / "sources.yaml"
    write(sources, site, "wire")
    store = store_at(elasticsearch.url, prefix)
    with flink(tmp_path / "flink", "--checkpoint", "2s") as cluster:
        given = [*cluster.options, "--sources", str(sources), "--store", f"{elasticsearch.url}/{prefix}"]
        with running(tmp_path, None, *given) as service:
            service.until(lambda: outcomes(store) == {"indexed": 3, "irrelevant": 1}, "the first entries")
            (job,) = cluster.states()
            before = cluster.checkpoints(job)["counts"]["completed"]
            until(lambda: cluster.checkpoints(job)["counts"]["completed"] > before + 2, "checkpoints")

            cluster.kill_taskmanager()
            site.clear()
            serve_articles(site, "/wire", STORIES | MORE)
            service.until(lambda: outcomes(store) == {"indexed": 4, "irrelevant": 1}, "a new item, after the loss")
            until(lambda: cluster.checkpoints(job)["counts"]["restored"] == 1, "the restore")

            told = cluster.checkpoints(job)
            sizes = {one["state_size"] for one in told["history"] if one["status"] == "COMPLETED"}
            assert max(sizes) < 2 * min(sizes), "what is kept does not grow with the wakes (apache/beam#27648)"
            savepoint = cluster.savepoint(job)
            assert service.stop() == 0
        assert cluster.states() == {job: "CANCELED"}

        with running(tmp_path, None, *given, "--beam", f"savepoint_path={savepoint}") as service:
            site.clear()
            serve_articles(site, "/wire", STORIES | MORE | LATER)
            service.until(lambda: outcomes(store) == {"indexed": 5, "irrelevant": 1}, "a new item, from a savepoint")
            (again,) = cluster.states().keys() - {job}
            assert cluster.checkpoints(again)["latest"]["restored"]["is_savepoint"]
            service.process.kill()  # who submitted it is lost, with all its memory of the job
            service.process.wait()

        with running(tmp_path, None, *given) as service:
            until(lambda: cluster.states().get(again) == "CANCELED", "the job left behind is ended by the next start")
            until(lambda: list(cluster.states().values()).count("RUNNING") == 1, "the job of the next start")
            assert service.stop() == 0
    assert facts(store) == expected(tmp_path)
