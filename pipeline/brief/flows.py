"""The map of a brief: one arc for each supplier, recipient and degree of doubt; marks where something happened."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.brief import words
from pipeline.brief.labels import Node, place_labels
from pipeline.brief.model import Arc, Map, Mark, View
from pipeline.brief.projection import project
from pipeline.brief.select import CONTESTED, Selected
from pipeline.brief.world import drawn_as, state, state_of, world

_BOW = 0.17  # how far an arc bends from the straight line, by its length
_WIDER = 0.13  # how much further each further arc between the same two states bends
_MOST_BOW = 0.45
_MARGIN = 10.0
_WEIGHTS = (1, 2, 3, 5)  # most origins of weight 1, 2, 3, 4; more is 5
_STYLES = ("firm", "alleged", "contested")
# (name, west, south, east, north) in degrees.
_REGIONS = (
    ("Europe", -12.0, 34.0, 50.0, 64.0),
    ("Middle East", 24.0, 10.0, 66.0, 43.0),
    ("Africa", -20.0, -36.0, 54.0, 38.0),
    ("Asia and Pacific", 60.0, -12.0, 150.0, 56.0),
    ("Americas", -128.0, -56.0, -34.0, 60.0),
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Flow:
    supplier: str
    recipient: str
    ends: tuple[str, str]
    style: str


def style_of(standing: str) -> str:
    """How an event is drawn: denied by somebody, only hedged, or neither."""
    return "contested" if standing in CONTESTED else "alleged" if standing == "alleged" else "firm"


def draw(chosen: Sequence[Selected]) -> Map:
    """The map of events; an event's key is its place in the sequence."""
    flows: dict[_Flow, list[int]] = defaultdict(list)
    undrawn = 0
    for key, one in enumerate(chosen):
        event = one.event
        ends = state_of(event.supplier), state_of(event.recipient)
        if ends[0] is None or ends[1] is None:
            undrawn += 1
            continue
        named = words.party(event.supplier), words.party(event.recipient)
        flows[_Flow(*named, (ends[0], ends[1]), style_of(event.standing))].append(key)
    arcs, nodes = _arcs(flows, chosen)
    marks = _marks(chosen)
    points = [(node.x, node.y) for node in nodes] + [(mark.x, mark.y) for mark in marks]
    supplying = {drawn_as(flow.ends[0]) for flow in flows}
    receiving = {drawn_as(flow.ends[1]) for flow in flows}
    roles = Counter(mark.role for mark in marks)
    heads, places = [(arc.x, arc.y, arc.angle) for arc in arcs], [(mark.x, mark.y) for mark in marks]
    labels = place_labels(nodes, heads, places, world().width, world().height)
    return Map(
        width=world().width,
        height=world().height,
        shapes=_shapes(supplying, receiving),
        arcs=tuple(arcs),
        marks=(*_state_marks(nodes), *marks),
        labels=tuple(labels),
        views=_views(points),
        roles=tuple((role, name) for role, name in words.ROLES.items() if roles[role]),
        undrawn=undrawn,
        summary=_summary(flows),
    )


def _shapes(supplying: set[str], receiving: set[str]) -> tuple[tuple[str, str], ...]:
    """All land in one path for what is not involved; a path for each state that is."""
    quiet = "".join(path for iso3, path in world().shapes.items() if iso3 not in supplying | receiving)
    involved = [
        (world().shapes[iso3], "both" if iso3 in supplying & receiving else "from" if iso3 in supplying else "to")
        for iso3 in sorted(supplying | receiving)
        if iso3 in world().shapes
    ]
    return (quiet, "none"), *involved


def _arcs(flows: Mapping[_Flow, list[int]], chosen: Sequence[Selected]) -> tuple[list[Arc], list[Node]]:
    arcs: list[Arc] = []
    between: Counter[frozenset[str]] = Counter()
    weight: Counter[str] = Counter()
    order = sorted(flows, key=lambda f: (f.ends, _STYLES.index(f.style), f.supplier, f.recipient))
    for flow in order:
        keys = flows[flow]
        for end in set(flow.ends):
            weight[end] += len(keys)
        turn = between[frozenset(flow.ends)]
        between[frozenset(flow.ends)] += 1
        origins = {r.origin for key in keys for r in chosen[key].event.reports if r.copy_of is None}
        many = max(len(origins), max(chosen[key].event.origins for key in keys))
        a, b = world().seats[flow.ends[0]], world().seats[flow.ends[1]]
        path, tip, angle = loop(a, turn) if flow.ends[0] == flow.ends[1] else curve(a, b, turn)
        arcs.append(
            Arc(
                path=path, x=tip[0], y=tip[1], angle=angle, style=flow.style, weight=_weight(many),
                title=_title(flow, keys, many, chosen), keys=tuple(keys),
            )
        )  # fmt: skip
    nodes = [
        Node(*world().seats[iso3], state(iso3), weight[iso3], iso3)
        for iso3 in sorted(weight, key=lambda iso3: (-weight[iso3], iso3))
    ]
    # Doubted ones on top: they are the thinner ink.
    return sorted(arcs, key=lambda arc: _STYLES.index(arc.style)), nodes


def curve(a: Point, b: Point, turn: int) -> tuple[str, Point, float]:
    """A quadratic curve that bends to the north as great circles do, the second to the south, further ones further;
    its path, its tip and the direction of the tip in degrees."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    bend = min(_BOW + _WIDER * (turn // 2), _MOST_BOW) * (-1 if turn % 2 else 1)
    nx, ny = (dy, -dx) if dx >= 0 else (-dy, dx)  # the normal that points up
    cx, cy = (a[0] + b[0]) / 2 + nx * bend * 2, (a[1] + b[1]) / 2 + ny * bend * 2
    cy = max(cy, 2 * _MARGIN - (a[1] + b[1]) / 2)  # else the curve would leave the map at the top
    angle = math.degrees(math.atan2(b[1] - cy, b[0] - cx))
    return f"M{_n(a[0])} {_n(a[1])}Q{_n(cx)} {_n(cy)} {_n(b[0])} {_n(b[1])}", b, round(angle, 1)


def loop(a: Point, turn: int) -> tuple[str, Point, float]:
    """A small ring for a transfer that stays within one state (an actor seated in it)."""
    r = 9 + 4 * turn
    x, y = a
    return (
        f"M{_n(x)} {_n(y)}C{_n(x - 2 * r)} {_n(y - 2 * r)} {_n(x + 2 * r)} {_n(y - 2 * r)} {_n(x)} {_n(y)}",
        a,
        135.0,
    )


def _title(flow: _Flow, keys: Sequence[int], origins: int, chosen: Sequence[Selected]) -> str:
    names = dict.fromkeys(name for key in keys for name in words.deniers(chosen[key].event))
    doubt = {"firm": "", "alleged": ", only alleged", "contested": ", disputed or denied"}[flow.style]
    by = f" by {', '.join(list(names)[:3])}" if flow.style == "contested" and names else ""
    return (
        f"{flow.supplier} → {flow.recipient}: {_count(len(keys), 'transfer')}{doubt}{by}; {_count(origins, 'origin')}"
    )


def _summary(flows: Mapping[_Flow, list[int]]) -> str:
    pairs: Counter[tuple[str, str]] = Counter()
    for flow, keys in flows.items():
        pairs[flow.supplier, flow.recipient] += len(keys)
    most = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:5]
    told = "; ".join(f"{a} to {b}, {n}" for (a, b), n in most)
    return (
        f"World map with {_count(len(pairs), 'pair')} of supplier and recipient. Most transfers: {told}."
        if told
        else ("World map; no transfer of the period has a known supplier and recipient.")
    )


def _marks(chosen: Sequence[Selected]) -> list[Mark]:
    found: dict[tuple[str, float, float], tuple[str, dict[int, None]]] = {}
    for key, one in enumerate(chosen):
        for place in one.event.places:
            if place.lat is None or place.lon is None:
                continue
            at = (place.role, round(place.lat, 1), round(place.lon, 1))
            found.setdefault(at, (words.plain(place.value or place.text, 60), {}))[1][key] = None
    marks = []
    for (role, lat, lon), (name, keys) in sorted(found.items()):
        x, y = project(lon, lat)
        if 0 <= y <= world().height:
            told = f"{words.ROLES[role]}: {name}; {_count(len(keys), 'transfer')}"
            marks.append(Mark(round(x, 1), round(y, 1), role, told, tuple(keys)))
    return marks


def _state_marks(nodes: Sequence[Node]) -> list[Mark]:
    return [Mark(round(node.x, 1), round(node.y, 1), "state", node.name, ()) for node in nodes]


def _views(points: Sequence[Point]) -> tuple[View, ...]:
    """The whole world, and the regions where something is."""
    width, height = world().width, world().height
    found = [View("World", f"0 0 {_n(width)} {_n(height)}", 1.0)]
    for name, west, south, east, north in _REGIONS:
        corners = [project(lon, lat) for lon in (west, (west + east) / 2, east) for lat in (south, north)]
        x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
        y0, y1 = min(y for _, y in corners), max(y for _, y in corners)
        # The same shape as the whole, so that the page does not jump.
        w = max(x1 - x0, (y1 - y0) * width / height)
        h = w * height / width
        x, y = (x0 + x1 - w) / 2, (y0 + y1 - h) / 2
        if any(x <= px <= x + w and y <= py <= y + h for px, py in points):
            found.append(View(name, f"{_n(x)} {_n(y)} {_n(w)} {_n(h)}", round(w / width, 3)))
    return tuple(found)


def _weight(origins: int) -> int:
    return next((n for n, most in enumerate(_WEIGHTS, 1) if origins <= most), len(_WEIGHTS) + 1)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
