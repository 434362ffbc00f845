"""``deploy/prism/build``: what it needs, where it puts it."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "deploy" / "prism" / "build"


def build(folder: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path or str(folder), "TOCSIN_CACHE": str(folder), "HOME": str(folder)}
    command = [sys.executable, str(BUILD), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_without_go_it_says_what_is_missing(tmp_path: Path) -> None:
    done = build(tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "install Go" in done.stderr
    assert list(tmp_path.glob("prism-*")) == []


def test_what_is_there_is_not_built_again(tmp_path: Path) -> None:
    there = tmp_path / f"prism-v{version('apache-beam')}"
    there.write_text("#!/bin/sh\n")
    there.chmod(0o755)
    done = build(tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, str(there))


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    go = tmp_path / "go"
    go.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 1\n")
    go.chmod(0o755)
    done = build(tmp_path, path=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 3
    assert "no such module" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"go", "prism.lock"}


def test_it_is_of_the_beam_that_is_installed() -> None:
    (built,) = re.findall(r'^VERSION = "(.+)"$', BUILD.read_text(), re.MULTILINE)
    assert built == version("apache-beam")
