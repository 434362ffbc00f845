"""The shapes of states and where arcs to and from them end (``data/``; build_world.py says where they are from)."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.brief.projection import project
from transforms.claims.actors import catalogue
from transforms.notify import names
from transforms.records import Party

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class World:
    """shapes: SVG path data by ISO 3166-1 alpha-3; seats: where a state's arcs end, in the map's units.

    heirs: whose shape stands for a former state; called: what that one was called.
    """

    width: float
    height: float
    shapes: dict[str, str]
    seats: dict[str, tuple[float, float]]
    heirs: dict[str, str]
    called: dict[str, str]


@cache
def world() -> World:
    """The data files, read at the first call."""
    shapes = json.loads((DATA / "world.json").read_text(encoding="utf-8"))
    with (DATA / "seats.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return World(
        width=shapes["width"],
        height=shapes["height"],
        shapes=shapes["shapes"],
        seats={row["iso3"]: project(float(row["lon"]), float(row["lat"])) for row in rows},
        heirs={row["iso3"]: row["shape"] for row in rows if row["shape"]},
        called={row["iso3"]: row["called"] for row in rows if row["called"]},
    )


def state_of(side: Party) -> str | None:
    """The state that a party is drawn in: itself, or where an actor has its seat. None for who is nowhere known."""
    if side.iso3:
        return side.iso3 if side.iso3 in world().seats else None
    known = catalogue().get(side.actor or "")
    return known.host if known and known.host in world().seats else None


def drawn_as(iso3: str) -> str:
    """The state whose shape stands for a (former) one."""
    return world().heirs.get(iso3, iso3)


def state(iso3: str) -> str:
    """The English name, a former state's too; the code itself where it is no state's."""
    return world().called.get(iso3) or names.states().get(iso3, iso3)
