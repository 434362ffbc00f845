"""A file's stamp changes with its content, and nothing about a file raises."""

from __future__ import annotations

import os
from pathlib import Path

from transforms.stamp import stamp


def test_a_stamp_tells_another_size_and_another_time(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    assert stamp(path) == (0, 0)
    path.write_text("one")
    os.utime(path, ns=(5, 7))
    assert stamp(path) == (7, 3)
    path.write_text("three")
    os.utime(path, ns=(5, 7))
    assert stamp(path) == (7, 5)
    assert stamp(path / "not a folder") == (0, 0)
