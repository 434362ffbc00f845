"""A real Flink cluster, by ``deploy/flink/cluster``, and a pool of Tocsin's workers beside it, as processes of ours."""

from __future__ import annotations

import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak_service import ROOT

SCRIPT = ROOT / "deploy" / "flink" / "cluster"


class NoFlink(Exception):
    """This machine cannot run one; the message says why."""


@dataclass(frozen=True)
class Cluster:
    """Where it is. jobs: HOST:PORT of Beam's job server; rest: of Flink itself; workers: the port of the pool. folder:
    logs, checkpoints, savepoints and the numbers of the processes."""

    jobs: str
    rest: str
    workers: int
    folder: Path

    def options(self) -> list[str]:
        """What ``tocsin run`` is told."""
        beam = [
            f"job_endpoint={self.jobs}", f"flink_master={self.rest}", "environment_type=EXTERNAL",
            f"environment_config=localhost:{self.workers}", "sdk_worker_parallelism=2", "parallelism=2",
        ]  # fmt: skip
        return ["--runner", "FlinkRunner", *(part for option in beam for part in ("--beam", option))]


@contextmanager
def cluster(folder: Path, *arguments: str) -> Iterator[Cluster]:
    """One TaskManager with two slots, and its workers. Raises NoFlink."""
    with _pool(folder) as pool, (folder / "cluster.log").open("w") as log:
        command = [sys.executable, str(SCRIPT), "run", "--folder", str(folder), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(2)]
            if not all(lines):
                process.wait(60)
                raise NoFlink((folder / "cluster.log").read_text(encoding="utf-8"))
            told = dict(shlex.split(line.removeprefix("export "))[0].split("=") for line in lines)
            yield Cluster(told["TOCSIN_FLINK_JOBS"], told["TOCSIN_FLINK_REST"].removeprefix("http://"), pool, folder)
        finally:
            process.terminate()
            process.wait(60)
            if process.stdout:
                process.stdout.close()


@contextmanager
def _pool(folder: Path) -> Iterator[int]:
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
