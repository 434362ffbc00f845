"""A real Flink cluster for tests, by ``deploy/flink/cluster``; skipped where it cannot be run, but not in CI."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

SCRIPT = Path(__file__).parents[1] / "deploy" / "flink" / "cluster"
GUARD = 300.0
"""Seconds until a wait is given up: a hang guard."""


@dataclass(frozen=True)
class Flink:
    """A running cluster. jobs: HOST:PORT of Beam's job server; rest: of Flink itself. folder: its logs, savepoints."""

    jobs: str
    rest: str
    folder: Path

    def get(self, path: str) -> Any:
        """An answer of Flink's REST interface."""
        return httpx.get(f"http://{self.rest}{path}", timeout=60, trust_env=False).raise_for_status().json()

    def states(self) -> dict[str, str]:
        """The state of each job by its id."""
        return {job["jid"]: job["state"] for job in self.get("/jobs/overview")["jobs"]}

    def checkpoints(self, job: str) -> Any:
        """What Flink tells of a job's checkpoints."""
        return self.get(f"/jobs/{job}/checkpoints")

    def kill_taskmanager(self) -> None:
        """As if its machine was lost; it is started again by the script."""
        os.kill(int((self.folder / "taskmanager-1.pid").read_text()), signal.SIGKILL)

    def savepoint(self, job: str) -> str:
        """Take one; returns where it is."""
        url = f"http://{self.rest}/jobs/{job}/savepoints"
        answer = httpx.post(url, json={"cancel-job": False}, timeout=60, trust_env=False).raise_for_status().json()
        told: list[Any] = []

        def done() -> bool:
            told[:] = [self.get(f"/jobs/{job}/savepoints/{answer['request-id']}")]
            return bool(told[0]["status"]["id"] == "COMPLETED")

        until(done, "a savepoint")
        return str(told[0]["operation"]["location"])


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
def cluster(folder: Path, *arguments: str) -> Iterator[Flink]:
    """A cluster of one TaskManager with two slots."""
    command = [sys.executable, str(SCRIPT), "run", "--folder", str(folder), *arguments]
    with (folder / "cluster.log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        told = dict(shlex.split(process.stdout.readline().removeprefix("export "))[0].split("=") for _ in range(2))
        yield Flink(told["TOCSIN_FLINK_JOBS"], told["TOCSIN_FLINK_REST"].removeprefix("http://"), folder)
    except (IndexError, KeyError):
        process.wait(60)
        problem = f"no Flink: {(folder / 'cluster.log').read_text()}"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    finally:
        process.terminate()
        process.wait(60)
        if process.stdout:
            process.stdout.close()
