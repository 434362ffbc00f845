"""A dead process is told from a living one; what cannot be told counts as living."""

from __future__ import annotations

import subprocess
import sys

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
