"""The map of transfers: arcs between seats of states, marks where something was told to be; SVG, nothing loaded."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from pipeline.brief.projection import project
from pipeline.brief.world import state_of, world
from transforms.claims.actors import catalogue
from transforms.notify import names
from transforms.records import Party, PlaceRole

ROLES: tuple[str, ...] = get_args(PlaceRole)
_BEND = 0.18
"""How far an arc bows out, as a share of its length; both directions between two states then stay apart."""
_MOST_MARKS = 1500


@dataclass(slots=True)
class Arc:
    """All events between two states. path: SVG path data; width in the map's units."""

    supplier: str
    recipient: str
    events: int = 0
    disputed: int = 0
    path: str = ""
    width: float = 0.0

    @property
    def title(self) -> str:
        """For hover, for screen readers and for the table."""
        return f"{called(self.supplier)} → {called(self.recipient)}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of one event in one role, in the map's units."""

    x: float
    y: float
    role: str
    title: str
    event: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the map shows. missing: events of which neither an arc nor a mark could be drawn. cut: marks left out."""

    arcs: list[Arc] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    events: int = 0
    missing: int = 0
    cut: int = 0


def draw(events: Iterable[Mapping[str, Any]]) -> Drawn:
    """The map of events: rows with event, supplier, recipient, standing and places (JSON). Never raises for any row."""
    arcs: dict[tuple[str, str], Arc] = {}
    marks: list[Mark] = []
    total = missing = 0
    for row in events:
        total += 1
        supplier, recipient = str(row["supplier"]), str(row["recipient"])
        ends = _seat(supplier), _seat(recipient)
        if ends[0] and ends[1] and ends[0] != ends[1]:
            arc = arcs.setdefault((supplier, recipient), Arc(supplier, recipient, path=_path(*ends[0], *ends[1])))
            arc.events += 1
            arc.disputed += row["standing"] in ("disputed", "denied")
        found = list(_marks(row, f"{called(supplier)} → {called(recipient)}"))
        marks += found
        missing += not found and (supplier, recipient) not in arcs
    for arc in arcs.values():
        arc.width = round(0.8 + 1.1 * math.log2(arc.events + 1), 2)
    ordered = sorted(arcs.values(), key=lambda arc: (-arc.events, arc.supplier, arc.recipient))
    return Drawn(ordered, marks[:_MOST_MARKS], total, missing, max(0, len(marks) - _MOST_MARKS))


def _marks(row: Mapping[str, Any], parties: str) -> Iterable[Mark]:
    try:
        places = json.loads(row["places"] or "[]")
    except (TypeError, ValueError):
        return
    for place in places if isinstance(places, list) else ():
        if not isinstance(place, dict):
            continue
        lat, lon = place.get("lat"), place.get("lon")
        if not isinstance(lat, int | float) or not isinstance(lon, int | float):
            continue
        x, y = project(float(lon), float(lat))
        told = f"{place.get('value') or place.get('text')} ({place.get('role')}): {parties}, {row['stage']}"
        yield Mark(round(x, 1), round(y, 1), str(place.get("role")), told, str(row["event"]))


def _seat(key: str) -> tuple[float, float] | None:
    """Where arcs of a party end: its state's seat, an actor's host state's."""
    known = state_of(Party(iso3=key)) or state_of(Party(actor=key))
    return world().seats.get(known) if known else None


def called(key: str) -> str:
    """A party's name by its key: a state's ISO code or an actor's id; the key itself where neither is known."""
    known = catalogue().get(key)
    return names.states().get(key) or (known.name if known else key)


def _path(x1: float, y1: float, x2: float, y2: float) -> str:
    """A curve that bows to the left of its direction."""
    cx = (x1 + x2) / 2 + (y2 - y1) * _BEND
    cy = (y1 + y2) / 2 - (x2 - x1) * _BEND
    return f"M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}"
