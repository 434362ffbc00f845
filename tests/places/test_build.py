"""Building the gazetteer: whole or not at all, reproducible, safe for racing processes."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.places.build import build, default_path, fingerprint
from transforms.places.gazetteer import Gazetteer
from transforms.places.sources import Entry


def _entries() -> Iterator[Entry]:
    for number in range(50):
        entry = Entry(f"Town {number}", "city", "UKR", "07", 49.0 + number / 100, 36.0, 3.0, 4.0)
        entry.call(entry.name, 0)
        entry.call("Shared", 1)
        yield entry


def test_a_build_has_every_entry_and_the_attribution(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "g.sqlite"
    build(path, _entries())
    base = sqlite3.connect(path)
    assert base.execute("SELECT count(*) FROM place").fetchone() == (50,)
    assert "GeoNames" in base.execute("SELECT value FROM meta WHERE key = 'attribution'").fetchone()[0]
    base.close()
    assert [p.name for p in path.parent.iterdir()] == ["g.sqlite"]


def test_two_builds_are_byte_for_byte_the_same(tmp_path: Path) -> None:
    build(tmp_path / "a.sqlite", _entries())
    build(tmp_path / "b.sqlite", _entries())
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Entry]:
        yield from _entries()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        build(tmp_path / "g.sqlite", broken())
    assert list(tmp_path.iterdir()) == []


def test_racing_builds_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: build(path, _entries()), range(8)))
    assert [p.name for p in tmp_path.iterdir()] == ["g.sqlite"]
    assert len(Gazetteer(path).lookup("shared")) == 50


def test_the_file_is_named_by_its_content(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    assert default_path() == tmp_path / f"gazetteer-{fingerprint()}.sqlite"


def test_lookups_from_several_threads(tmp_path: Path) -> None:
    build(tmp_path / "g.sqlite", _entries())
    places = Gazetteer(tmp_path / "g.sqlite")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: places.lookup(f"TOWN  {n}"), range(50)))
    assert [p[0].name for p in found] == [f"Town {n}" for n in range(50)]
