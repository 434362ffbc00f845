"""The shapes of states and where arcs to and from them end (``data/``; build_world.py says where they are from)."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.brief.projection import project
from transforms.claims.actors import catalogue
from transforms.records import Party

DATA = Path(__file__).with_name("data")
# A former state is drawn as the one that kept its capital.
_SUCCESSORS = {"SUN": "RUS", "YUG": "SRB", "DDR": "DEU", "CSK": "CZE"}


@dataclass(frozen=True, slots=True)
class World:
    """shapes: SVG path data by ISO 3166-1 alpha-3; seats: where a state's arcs end, in the map's units."""

    width: float
    height: float
    shapes: dict[str, str]
    seats: dict[str, tuple[float, float]]


@cache
def world() -> World:
    """The data files, read at the first call."""
    shapes = json.loads((DATA / "world.json").read_text(encoding="utf-8"))
    with (DATA / "capitals.csv").open(encoding="utf-8", newline="") as file:
        seats = {row["iso3"]: project(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    return World(shapes["width"], shapes["height"], shapes["shapes"], seats)


def state_of(side: Party) -> str | None:
    """The state that a party is drawn in: itself, or where an actor has its seat. None for who is nowhere known."""
    if side.iso3:
        return side.iso3 if side.iso3 in world().seats else None
    known = catalogue().get(side.actor or "")
    return known.host if known and known.host in world().seats else None


def drawn_as(iso3: str) -> str:
    """The state whose shape stands for a (former) one."""
    return _SUCCESSORS.get(iso3, iso3)
