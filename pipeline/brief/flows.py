"""The map of a brief: one arc for each supplier, recipient and degree of doubt; marks where something happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.brief import words
from pipeline.brief.arcs import Courses, Point, nodes, plain, style_of
from pipeline.brief.labels import Node, place_labels
from pipeline.brief.model import Arc, Map, Mark, View
from pipeline.brief.projection import project
from pipeline.brief.select import Selected
from pipeline.brief.world import drawn_as, state_of, world

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


@dataclass(frozen=True, slots=True)
class _Flow:
    supplier: str
    recipient: str
    ends: tuple[str, str]
    style: str


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
    arcs, seats = _arcs(flows, chosen)
    marks = _marks(chosen)
    points = [(node.x, node.y) for node in seats] + [(mark.x, mark.y) for mark in marks]
    supplying = {drawn_as(flow.ends[0]) for flow in flows}
    receiving = {drawn_as(flow.ends[1]) for flow in flows}
    roles = Counter(mark.role for mark in marks)
    heads, places = [(arc.x, arc.y, arc.angle) for arc in arcs], [(mark.x, mark.y) for mark in marks]
    labels = place_labels(seats, heads, places, world().width, world().height)
    return Map(
        width=world().width,
        height=world().height,
        shapes=_shapes(supplying, receiving),
        arcs=tuple(arcs),
        marks=(*_state_marks(seats), *marks),
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
    courses, weights = Courses(), Counter[str]()
    for flow in sorted(flows, key=lambda f: (f.ends, _STYLES.index(f.style), f.supplier, f.recipient)):
        keys = flows[flow]
        for end in set(flow.ends):
            weights[end] += len(keys)
        course = courses.next(*flow.ends)
        origins = {r.origin for key in keys for r in chosen[key].event.reports if r.copy_of is None}
        many = max(len(origins), max(chosen[key].event.origins for key in keys))
        arcs.append(
            Arc(
                path=course.path, x=course.x, y=course.y, angle=course.angle, style=flow.style, weight=_weight(many),
                title=_title(flow, keys, many, chosen), keys=tuple(keys),
            )
        )  # fmt: skip
    # Doubted ones on top: they are the thinner ink.
    return sorted(arcs, key=lambda arc: _STYLES.index(arc.style)), nodes(weights)


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
            marks.append(Mark(x=round(x, 1), y=round(y, 1), role=role, title=told, keys=tuple(keys)))
    return marks


def _state_marks(seats: Sequence[Node]) -> list[Mark]:
    return [Mark(x=round(node.x, 1), y=round(node.y, 1), role="state", title=node.name, keys=()) for node in seats]


def _views(points: Sequence[Point]) -> tuple[View, ...]:
    """The whole world, and the regions where something is."""
    width, height = world().width, world().height
    found = [View("World", f"0 0 {plain(width)} {plain(height)}", 1.0)]
    for name, west, south, east, north in _REGIONS:
        corners = [project(lon, lat) for lon in (west, (west + east) / 2, east) for lat in (south, north)]
        x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
        y0, y1 = min(y for _, y in corners), max(y for _, y in corners)
        # The same shape as the whole, so that the page does not jump.
        w = max(x1 - x0, (y1 - y0) * width / height)
        h = w * height / width
        x, y = (x0 + x1 - w) / 2, (y0 + y1 - h) / 2
        if any(x <= px <= x + w and y <= py <= y + h for px, py in points):
            found.append(View(name, f"{plain(x)} {plain(y)} {plain(w)} {plain(h)}", round(w / width, 3)))
    return tuple(found)


def _weight(origins: int) -> int:
    return next((n for n, most in enumerate(_WEIGHTS, 1) if origins <= most), len(_WEIGHTS) + 1)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
