"""``tocsin run`` as an operator's machine keeps it: started again when it ends; its processes found and killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
SECRET = "soak"


@dataclass
class Service:
    """The command, kept running as systemd would. kills: (what, monotonic time)."""

    arguments: Sequence[str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    kills: list[tuple[str, float]] = field(default_factory=list)
    _log_from: int = 0

    def start(self) -> None:
        """Start it where it does not run. Raises RuntimeError where it said that it cannot."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            if self.process.returncode == 2:
                raise RuntimeError((self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-2000:])
        with (self.folder / "log.txt").open("ab") as log:
            self._log_from = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "run", *self.arguments],
                cwd=ROOT,
                env={**os.environ, "TOCSIN_SOAK_SECRET": SECRET},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.starts += 1

    def tree(self) -> list[psutil.Process]:
        """It and all below it."""
        if self.process is None or self.process.poll() is not None:
            return []
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def find(self, marker: str) -> psutil.Process | None:
        """The process whose command has ``marker``."""
        for process in self.tree():
            try:
                if marker in " ".join(process.cmdline()):
                    return process
            except psutil.Error:
                continue
        return None

    def kill(self, victim: str) -> bool:
        """SIGKILL: ``service``, ``runner``, ``job`` or ``worker``; False where there is none now."""
        marks = {"runner": "--job_port", "job": "pipeline.runners.job", "worker": "pipeline.runners.worker "}
        found = self.tree()[:1] if victim == "service" else [self.find(marks[victim])]
        if not found or found[0] is None:
            return False
        try:
            found[0].kill()
        except psutil.Error:
            return False
        self.kills.append((victim, time.monotonic()))
        if victim == "service" and self.process:
            self.process.wait()
        return True

    def size(self) -> tuple[float, int]:
        """Resident megabytes and open file descriptors, of all processes together."""
        memory, files = 0.0, 0
        for process in self.tree():
            try:
                memory += process.memory_info().rss / 1e6
                files += process.num_fds()
            except psutil.Error:
                continue
        return memory, files

    def _has_begun(self, patience: float = 120.0) -> None:
        """Wait until it has said what it polls: Python itself, still starting, would die of a SIGTERM."""
        end = time.monotonic() + patience
        while self.process is not None and self.process.poll() is None and time.monotonic() < end:
            with (self.folder / "log.txt").open("rb") as log:
                log.seek(self._log_from)
                if b"sources from" in log.read():
                    return
            time.sleep(0.1)

    def stop(self, patience: float = 60.0) -> tuple[int | None, float, int]:
        """SIGTERM; returns the exit code, the seconds it took and how many processes were left."""
        self._has_begun()
        below = self.tree()
        if not below or self.process is None:
            return None, 0.0, 0
        began = time.monotonic()
        self.process.terminate()
        try:
            code: int | None = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            code = None
        took = time.monotonic() - began
        _, alive = psutil.wait_procs(below[1:], timeout=10)
        self.end()
        return code, took, len(alive)

    def end(self) -> None:
        """Kill whatever is left."""
        for process in self.tree():
            try:
                process.kill()
            except psutil.Error:
                continue
        if self.process is not None:
            self.process.wait()
