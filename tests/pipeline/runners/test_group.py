"""Processes of an attempt go together, children's children too, and none outlives the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.runners.group import Group

ROOT = Path(__file__).parents[3]
WAITS = "import signal; signal.pause()"
HAS_A_CHILD = (
    "import subprocess, sys, signal; child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
    "open(sys.argv[1], 'w').write(str(child.pid)); signal.pause()"
)


@pytest.fixture
def group() -> Iterator[Group]:
    made = Group()
    yield made
    made.kill()


def read_number(path: Path) -> int:
    """The number that a process writes to a file, once it has."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text()):
            return int(text)
        time.sleep(0.02)
    raise AssertionError(f"{path} was not written")


def gone(pid: int) -> bool:
    """Whether a process ends within a minute (a zombie has ended)."""
    try:
        process = psutil.Process(pid)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        return True
    return False


def until_ended(group: Group) -> tuple[str, int]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if ended := group.ended():
            return ended
        time.sleep(0.02)
    raise AssertionError("nothing ended")


def test_who_has_ended_and_how(group: Group) -> None:
    group.start("waits", [sys.executable, "-c", WAITS])
    group.start("ends", [sys.executable, "-c", "raise SystemExit(3)"])
    assert until_ended(group) == ("ends", 3)
    assert group.ended() == ("ends", 3)  # asked again, it is still known


def test_who_was_killed(group: Group) -> None:
    group.start("waits", [sys.executable, "-c", WAITS])
    os.kill(group.processes["waits"], signal.SIGKILL)
    assert until_ended(group) == ("waits", -9)


def test_all_are_killed_with_their_children(group: Group, tmp_path: Path) -> None:
    group.start("waits", [sys.executable, "-c", WAITS])
    group.start("parent", [sys.executable, "-c", HAS_A_CHILD, str(tmp_path / "pid")])
    child = read_number(tmp_path / "pid")
    pids = [*group.processes.values(), child]
    group.kill()
    assert all(gone(pid) for pid in pids)
    assert (group.ended(), dict(group.processes)) == (None, {})
    group.kill()  # again is harmless


def test_children_are_killed_though_their_parent_has_ended_before(group: Group, tmp_path: Path) -> None:
    leaves = HAS_A_CHILD.replace('signal.pause()"', "").rsplit("; signal.pause()", 1)[0]
    group.start("leaves", [sys.executable, "-c", leaves, str(tmp_path / "pid")])
    child = read_number(tmp_path / "pid")
    assert until_ended(group) == ("leaves", 0)
    group.kill()
    assert gone(child)


def test_a_pipe_is_read(group: Group) -> None:
    stream = group.start("says", [sys.executable, "-c", "import sys; print('a word', file=sys.stderr)"], pipe=True)
    assert stream is not None
    assert stream.read() == b"a word\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the leash is the kernel's, on Linux")
def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    program = (
        "import sys, signal; from pipeline.runners.group import Group; g = Group();"
        f"g.start('w', [sys.executable, '-c', {WAITS!r}]); open(sys.argv[1], 'w').write(str(g.processes['w']));"
        "signal.pause()"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "pid")], cwd=ROOT)
    worker = read_number(tmp_path / "pid")
    supervisor.kill()
    supervisor.wait()
    assert gone(worker)
