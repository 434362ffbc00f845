"""``tocsin run`` as a process of its own, with what tests look at: its store, its log, its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from transforms.contracts import Store
from transforms.records import Event

ROOT = Path(__file__).parents[3]
GUARD = 400.0
"""Seconds until a wait is given up: a hang guard, far beyond what a busy machine takes."""


@dataclass
class Running:
    """One service. log: its standard error."""

    process: subprocess.Popen[bytes]
    log: Path

    def child(self, marker: str) -> psutil.Process:
        """The descendant whose command has ``marker``, once there is one."""
        found: list[psutil.Process] = []

        def look() -> bool:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                try:
                    if marker in " ".join(process.cmdline()) and "runners.leash" not in process.cmdline():
                        found.append(process)
                except psutil.NoSuchProcess:
                    continue
            return bool(found)

        self.until(look, f"no process with {marker}")
        return found[0]

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Wait for something."""
        end = time.monotonic() + GUARD
        while not done():
            assert self.process.poll() is None, f"{what}: the service has ended\n{self.text()}"
            assert time.monotonic() < end, f"{what}\n{self.text()}"
            time.sleep(0.1)

    def text(self) -> str:
        """The log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def descendants(self) -> list[psutil.Process]:
        """Every process below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(GUARD)


@contextmanager
def running(folder: Path, prism: Path | None, *arguments: str) -> Iterator[Running]:
    """Run ``tocsin run`` in a folder; what is left of it is killed at the end."""
    log = folder / "log.txt"
    command = [sys.executable, "-m", "pipeline.cli", "run", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({"TOCSIN_PRISM": str(prism)} if prism else {})
    with log.open("ab") as stream:
        process = subprocess.Popen(command, cwd=folder, env=environment, stderr=stream, stdout=stream)
    made = Running(process, log)
    try:
        yield made
    finally:
        if process.poll() is None:
            left = made.descendants()
            process.kill()
            process.wait()
            for child in left:
                try:
                    child.kill()
                except psutil.NoSuchProcess:
                    continue


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether processes end within the guard (a zombie of another's has ended)."""
    end = time.monotonic() + GUARD
    while time.monotonic() < end:
        if not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes):
            return True
        time.sleep(0.05)
    return False


def outcomes(store: Store) -> dict[str, int]:
    """Entries by outcome; nothing while the store is being made."""
    try:
        return dict(store.outcomes())
    except Exception:
        return {}


def facts(store: Store) -> list[tuple[object, ...]]:
    """What the register says, without the times of day at which it learned it."""
    return sorted(map(_fact, store.iter_events()), key=repr)


def _fact(event: Event) -> tuple[object, ...]:
    return (
        event.id,
        event.supplier,
        event.recipient,
        event.stage,
        event.standing,
        tuple(goods.value for goods in event.goods),
        event.articles,
        event.origins,
        tuple(sorted(claim.id for claim in event.claims)),
    )
