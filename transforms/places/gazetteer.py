"""The gazetteer at lookup time: candidates by name from one read-only SQLite file, built on first use.

The file lives in the user's cache directory (or ``TOCSIN_CACHE``), named by the hash of what it is made from, so that a
new release builds a new one. Of racing processes one builds, the others wait; a rename puts it in place whole.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from transforms.places.build import default_path
from transforms.places.keys import key
from transforms.places.table import PlaceType, place_type

# Names such as San José have hundreds of bearers; the larger ones and what evidence can reach are among the first.
MOST = 120
CACHED = 8192
_HINT = "set TOCSIN_CACHE to a writable folder"


class GazetteerError(Exception):
    """The gazetteer cannot be built or read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    kind: see :data:`transforms.places.table.Kind`. country: ISO alpha-3, null in international waters. admin1:
    GeoNames' code of the first-level division, or empty. radius_km: half-width. weight: prior, about log10 of
    population. grade: how the name asked for is its own (0 its name, 1 an alternate, 2 a division's bare name, 3 an
    abbreviation).
    """

    id: int
    name: str
    kind: str
    country: str | None
    admin1: str
    lat: float
    lon: float
    radius_km: float
    weight: float
    grade: int

    @property
    def type(self) -> PlaceType:
        """Point, city, province, region, sea or state."""
        return place_type(self.kind)


class Gazetteer:
    """Candidates by name. Safe for threads and forks: each thread of each process opens the file for itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self.by_key: Callable[[str], tuple[Place, ...]] = lru_cache(CACHED)(self._fetch)
        self._states: Callable[[], dict[str, Place]] = lru_cache(1)(self._load_states)

    def lookup(self, name: str) -> tuple[Place, ...]:
        """The places of that name in any spelling, largest first."""
        return self.by_key(key(name))

    def state(self, iso3: str) -> Place | None:
        """A state by its code, with its conventional centre; null for one the gazetteer lacks."""
        return self._states().get(iso3)

    def _load_states(self) -> dict[str, Place]:
        rows = self._connection().execute(
            "SELECT id, name, kind, country, admin1, lat, lon, radius, weight, 0 FROM place WHERE kind = 'state'"
        )
        return {place.country: place for place in (Place(*row) for row in rows) if place.country}

    def _fetch(self, filed: str) -> tuple[Place, ...]:
        rows = self._connection().execute(
            "SELECT p.id, p.name, p.kind, p.country, p.admin1, p.lat, p.lon, p.radius, p.weight, n.grade "
            "FROM name n JOIN place p ON p.id = n.place WHERE n.key = ?",
            (filed,),
        )
        found = [Place(*row) for row in rows]
        if len(found) > 1:
            found.sort(key=lambda p: (-(p.weight - 0.5 * p.grade), p.id))
        return tuple(found[:MOST])

    def _connection(self) -> sqlite3.Connection:
        owner = os.getpid()
        if getattr(self._local, "owner", None) != owner:
            try:
                base = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
                base.execute("PRAGMA mmap_size=67108864")  # pages are shared by the workers of a host
            except sqlite3.Error as error:
                raise GazetteerError(f"{self._path}: {error}; remove the file, it is built again") from None
            self._local.base, self._local.owner = base, owner
        base_: sqlite3.Connection = self._local.base
        return base_


@cache
def gazetteer(path: Path | None = None) -> Gazetteer:
    """The process's gazetteer, built first where it is missing (about ten seconds). Raises :class:`GazetteerError`."""
    path = path or default_path()
    if not path.exists():
        _build_once(path)
    return Gazetteer(path)


def _build_once(path: Path) -> None:
    """Build in a process of its own; who comes second waits for the first one's file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                return
            command = [sys.executable, "-m", "transforms.places.build", "--output", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own module)
    except OSError as error:
        raise GazetteerError(f"cannot build the gazetteer at {path}: {error} ({_HINT})") from None
    if done.returncode or not path.exists():
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise GazetteerError(f"cannot build the gazetteer at {path}: {reason} ({_HINT})")
