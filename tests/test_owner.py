"""A dead process is told from a living one; what cannot be told counts as living."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from transforms import owner


def test_this_process_lives_and_names_differ() -> None:
    assert owner.name() != owner.name()
    assert not owner.is_dead(owner.name())


def test_an_ended_process_is_dead() -> None:
    code = "from transforms import owner; print(owner.name())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert owner.is_dead(done.stdout.strip())


def test_a_process_number_used_again_is_another_process() -> None:
    host, pid, started, salt = owner.name().split("/")
    assert owner.is_dead(f"{host}/{pid}/{int(started) - 1000}/{salt}")


def test_another_host_and_unknown_forms_count_as_living() -> None:
    assert not owner.is_dead("elsewhere/1/1/abc")
    assert not owner.is_dead("w")
    assert not owner.is_dead("a/b/c/d")


def test_a_clock_that_is_set_makes_nobody_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = owner.name()
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: 1.0)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    assert not owner.is_dead(mine)


def test_a_machine_that_was_started_anew_has_none_of_the_former_processes() -> None:
    host, pid, started, salt = owner.name().split("/")
    assert owner.is_dead(f"{host}/{pid}/{int(started) + 10**15}/{salt}")


def test_an_ended_process_whose_parent_has_not_taken_note_is_dead() -> None:
    code = "from transforms import owner; print(owner.name(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout is not None and it.stdin is not None
        its = it.stdout.readline().strip()
        assert not owner.is_dead(its)
        it.stdin.write("\n")
        it.stdin.flush()
        os.waitid(os.P_PID, it.pid, os.WEXITED | os.WNOWAIT)  # it has ended; its number is still its own
        assert owner.is_dead(its)


def test_without_proc_the_time_of_the_start_tells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(owner, "_PROC", tmp_path)
    mine = owner.name()
    host, pid, started, salt = mine.split("/")
    assert int(started) == int(psutil.Process().create_time())
    assert not owner.is_dead(mine)
    assert owner.is_dead(f"{host}/{pid}/{int(started) - 1000}/{salt}")
