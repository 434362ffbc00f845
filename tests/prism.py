"""Prism for tests: built once by ``deploy/prism/build``; skipped where it cannot be, but not in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@cache
def _built() -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, ROOT / "deploy" / "prism" / "build"], check=False, capture_output=True, text=True
    )
    return done.stdout.strip(), done.stderr.strip()


def prism() -> Path:
    """Where it is."""
    path, error = _built()
    if not path:
        if os.environ.get("CI"):
            pytest.fail(f"no Prism: {error}")
        pytest.skip(f"no Prism: {error}")
    return Path(path)
