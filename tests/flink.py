"""A real Flink cluster for tests; skipped where it cannot be run, but not in CI."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.flink import Cluster, NoFlink, cluster

GUARD = 300.0
"""Seconds until a wait is given up: a hang guard."""


class Flink:
    """A cluster, what Flink says of it, and what befalls it."""

    def __init__(self, cluster: Cluster) -> None:
        self.options = cluster.options()
        self._folder = cluster.folder
        self._client = httpx.Client(base_url=f"http://{cluster.rest}", timeout=60, trust_env=False)

    def get(self, path: str) -> Any:
        """An answer of Flink's REST interface."""
        return self._client.get(path).raise_for_status().json()

    def states(self) -> dict[str, str]:
        """The state of each job by its id."""
        return {job["jid"]: job["state"] for job in self.get("/jobs/overview")["jobs"]}

    def checkpoints(self, job: str) -> Any:
        """What Flink tells of a job's checkpoints."""
        return self.get(f"/jobs/{job}/checkpoints")

    def kill_taskmanager(self) -> None:
        """As if its machine was lost; the script starts it again."""
        os.kill(int((self._folder / "taskmanager-1.pid").read_text()), signal.SIGKILL)

    def savepoint(self, job: str) -> str:
        """Take one; returns where it is."""
        asked = self._client.post(f"/jobs/{job}/savepoints", json={"cancel-job": False}).raise_for_status().json()
        told: list[Any] = []

        def done() -> bool:
            told[:] = [self.get(f"/jobs/{job}/savepoints/{asked['request-id']}")]
            return bool(told[0]["status"]["id"] == "COMPLETED")

        until(done, "a savepoint")
        return str(told[0]["operation"]["location"])

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something of Flink's, which may be away for a moment."""
    end = time.monotonic() + GUARD
    while True:
        try:
            if done():
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < end, what
        time.sleep(0.2)


@contextmanager
def flink(folder: Path, *arguments: str) -> Iterator[Flink]:
    """A cluster of one TaskManager with two slots, and a pool of workers."""
    folder.mkdir()
    try:
        with cluster(folder, *arguments) as found:
            told = Flink(found)
            yield told
            told.close()
    except NoFlink as error:
        if os.environ.get("CI"):
            pytest.fail(f"no Flink: {error}")
        pytest.skip(f"no Flink: {error}")
