"""The map of transfers, in the brief's signs: arcs between seats of states, marks where something was told to be.

SVG with links: an arc leads to its events, a mark to its event. Nothing is loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from pipeline.brief import arcs, drawn
from pipeline.brief.labels import Node, place_labels
from pipeline.brief.model import Label
from pipeline.brief.projection import project
from pipeline.brief.world import drawn_as, state_of, world
from transforms.claims.actors import catalogue
from transforms.notify import names
from transforms.records import Party, PlaceRole

ROLES: tuple[str, ...] = get_args(PlaceRole)
STANDINGS = {"firm": "", "alleged": "only alleged", "contested": "disputed or denied"}
"""How an arc is drawn, and what that means."""
_WIDTHS = (1, 2, 4, 9, 20)
_MOST_MARKS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc(drawn.Arc):
    """The events between two parties that stand alike, its weight by their number."""

    supplier: str
    recipient: str
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(drawn.Mark):
    """A place of one event in one role."""

    event: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the map shows.

    states: where arcs end; involved: whose shapes they are. missing: events of which neither an arc nor a mark could be
    drawn; cut: marks left out.
    """

    arcs: list[Arc] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    states: list[tuple[float, float]] = field(default_factory=list)
    involved: frozenset[str] = frozenset()
    events: int = 0
    missing: int = 0
    cut: int = 0


def draw(events: Iterable[Mapping[str, Any]]) -> Drawn:
    """The map of events: rows with event, supplier, recipient, stage, standing and places (JSON). Never raises."""
    flows: Counter[tuple[str, str, str]] = Counter()
    marks: list[Mark] = []
    total = missing = 0
    for row in events:
        total += 1
        supplier, recipient = str(row["supplier"]), str(row["recipient"])
        if _state(supplier) and _state(recipient):
            flows[supplier, recipient, arcs.style_of(str(row["standing"]))] += 1
        found = list(_marks(row, f"{called(supplier)} → {called(recipient)}"))
        marks += found
        missing += not found and not (_state(supplier) and _state(recipient))
    cut, marks = max(0, len(marks) - _MOST_MARKS), marks[:_MOST_MARKS]
    lines, nodes = _arcs(flows), _nodes(flows)
    tips, places = [(arc.x, arc.y, arc.angle) for arc in lines], [(mark.x, mark.y) for mark in marks]
    return Drawn(
        arcs=lines,
        marks=marks,
        labels=list(place_labels(nodes, tips, places, world().width, world().height)),
        states=[(round(node.x, 1), round(node.y, 1)) for node in nodes],
        involved=frozenset(drawn_as(node.iso3) for node in nodes),
        events=total,
        missing=missing,
        cut=cut,
    )


def _arcs(flows: Mapping[tuple[str, str, str], int]) -> list[Arc]:
    """The most told first."""
    courses = arcs.Courses()
    found = []
    for (supplier, recipient, style), events in sorted(flows.items(), key=lambda item: (-item[1], item[0])):
        course = courses.next(_state(supplier) or "", _state(recipient) or "")
        found.append(
            Arc(
                path=course.path, x=course.x, y=course.y, angle=course.angle, style=style,
                weight=sum(events >= least for least in _WIDTHS), title=f"{called(supplier)} → {called(recipient)}",
                supplier=supplier, recipient=recipient, events=events,
            )
        )  # fmt: skip
    return found


def _nodes(flows: Mapping[tuple[str, str, str], int]) -> list[Node]:
    weights: Counter[str] = Counter()
    for (supplier, recipient, _), events in flows.items():
        for end in {_state(supplier), _state(recipient)} - {None}:
            weights[str(end)] += events
    return arcs.nodes(weights)


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
        yield Mark(x=round(x, 1), y=round(y, 1), role=str(place.get("role")), title=told, event=str(row["event"]))


def _state(key: str) -> str | None:
    """The state that a party is drawn in: itself, or the one an actor is seated in."""
    return state_of(Party(iso3=key)) or state_of(Party(actor=key))


def called(key: str) -> str:
    """A party's name by its key: a state's ISO code or an actor's id; the key itself where neither is known."""
    known = catalogue().get(key)
    return names.states().get(key) or (known.name if known else key)
