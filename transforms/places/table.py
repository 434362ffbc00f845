"""The project's own tables of places, with their schemas; :func:`check` is the validator."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from transforms.knowledge import KnowledgeError
from transforms.places.keys import key

DATA = Path(__file__).with_name("data")

Kind = Literal[
    "port", "naval_base", "air_base", "military_base", "arsenal", "plant", "test_site", "launch_site", "nuclear_site",
    "border_crossing", "airport", "bridge", "building", "point", "city", "town", "island", "islands", "strait", "canal",
    "sea", "ocean", "lake", "river", "region", "province", "disputed", "world_region", "state",
]  # fmt: skip
"""What a place is. ``world_region`` is more than one state (continents, the Middle East)."""

PlaceType = Literal["point", "city", "province", "region", "sea", "state"]
"""How an answer is to be read: a site, a town, a first- or second-level division, an area, a water, a state."""

_TYPES: dict[str, PlaceType] = {
    "city": "city", "town": "city", "island": "region", "islands": "region", "strait": "sea", "canal": "sea",
    "sea": "sea", "ocean": "sea", "lake": "sea", "river": "region", "region": "region", "province": "province",
    "disputed": "region", "world_region": "region", "state": "state",
}  # fmt: skip


def place_type(kind: str) -> PlaceType:
    """The type that an answer of this kind has."""
    return _TYPES.get(kind, "point")


@dataclass(frozen=True, slots=True)
class Row:
    """A place of the own table. radius_km: half-width of what the name means. iso3: null for international waters."""

    name: str
    kind: Kind
    iso3: str | None
    lat: float
    lon: float
    radius_km: float
    aliases: tuple[str, ...]


HEADER = ["name", "type", "iso3", "lat", "lon", "radius_km", "aliases"]


def read(path: Path = DATA / "own.csv") -> list[Row]:
    """The rows of a table of places. Raises :class:`KnowledgeError` naming file, line and column."""
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        if next(reader, None) != HEADER:
            raise KnowledgeError(f"{path.name}:1: the header must be {','.join(HEADER)}")
        for cells in reader:
            try:
                rows.append(_row(cells))
            except ValueError as error:
                raise KnowledgeError(f"{path.name}:{reader.line_num}: {error}") from None
    return rows


def _row(cells: list[str]) -> Row:
    if len(cells) != len(HEADER):
        raise ValueError(f"{len(cells)} columns instead of {len(HEADER)} (a comma in an alias needs quotes)")
    name, kind, iso3, lat, lon, radius, aliases = cells
    if not key(name):
        raise ValueError("name: empty")
    if kind not in get_args(Kind):
        raise ValueError(f"type: {kind!r} is none of {', '.join(get_args(Kind))}")
    if iso3 and not (len(iso3) == 3 and iso3.isascii() and iso3.isupper()):
        raise ValueError(f"iso3: {iso3!r} is no ISO 3166-1 alpha-3 code (leave it empty for international waters)")
    values = []
    for column, text, bound in (("lat", lat, 90.0), ("lon", lon, 180.0), ("radius_km", radius, 7000.0)):
        try:
            values.append(float(text))
        except ValueError:
            raise ValueError(f"{column}: {text!r} is no number") from None
        if abs(values[-1]) > bound or (column == "radius_km" and values[-1] <= 0):
            raise ValueError(f"{column}: {text} is out of range")
    found = tuple(a.strip() for a in aliases.split("|") if a.strip())
    at_lat, at_lon, half_width = values
    return Row(name, cast(Kind, kind), iso3 or None, at_lat, at_lon, half_width, found)


def check(rows: Iterable[Row], states: Iterable[str]) -> Iterator[str]:
    """What is wrong with a table, a line each: unknown states, two rows of one name in one state."""
    known = set(states)
    seen: dict[tuple[str, str | None, str], str] = {}
    for row in rows:
        if row.iso3 and row.iso3 not in known:
            yield f"{row.name}: iso3 {row.iso3} is no known state"
        for name in dict.fromkeys(key(n) for n in (row.name, *row.aliases)):
            other = seen.setdefault((name, row.iso3, place_type(row.kind)), row.name)
            if other != row.name:
                yield f"{row.name}: {name!r} is claimed by {other} too"
