"""The sources in force follow their file; what cannot be used changes nothing and is told once."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from transforms.sources import Sources, parse_sources
from transforms.sources.current import CurrentSources, Lookup

ONE = "sources: [{id: a, url: 'https://a.example/feed'}]"
TWO = "sources: [{id: a, url: 'https://a.example/feed'}, {id: b, url: 'https://b.example/feed'}]"


def write(path: Path, text: str) -> None:
    """Change the file, and its time even where the disk's clock is coarse."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def ids(sources: Sources) -> list[str]:
    return [source.id for source in sources.sources]


def test_a_changed_file_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    write(path, ONE)
    current = CurrentSources(parse_sources(ONE), path)
    assert ids(current()) == ["a"]
    write(path, TWO)
    assert ids(current()) == ["a", "b"]


def test_an_invalid_file_keeps_the_old_one_and_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "sources.yaml"
    write(path, ONE)
    current = CurrentSources(parse_sources(ONE), path)
    current()
    write(path, "sources: [{id: a, url: 'https://a.example/feed', intervall: 1h}]")
    with caplog.at_level(logging.ERROR, "tocsin.sources"):
        assert [ids(current()), ids(current())] == [["a"], ["a"]]
    (said,) = caplog.messages
    assert "stays in force" in said and "did you mean 'interval'?" in said
    write(path, TWO)
    assert ids(current()) == ["a", "b"]


def test_a_machine_without_the_file_uses_what_the_job_was_made_with(tmp_path: Path) -> None:
    current = CurrentSources(parse_sources(TWO), tmp_path / "elsewhere.yaml")
    assert ids(current()) == ["a", "b"]


def test_without_a_path_nothing_is_read() -> None:
    assert ids(CurrentSources(parse_sources(ONE))()) == ["a"]


def test_lookup_follows_and_knows_removed_sources(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    write(path, ONE)
    find = Lookup(CurrentSources(parse_sources(ONE), path))
    assert find("b").url == "https://source.invalid/"
    write(path, TWO)
    assert find("b").url == "https://b.example/feed"
