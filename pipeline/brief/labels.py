"""Where the names of states go on the map: none over another, the most important first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.brief.model import Label

_SIZE = 11.0  # of the letters, in units of the map at zoom 1
_LETTER = 0.77  # of the size: how wide a bold one is on average, in the widest of the usual fonts
_GAP = 6.0
_HEAD = 7.5  # from an arrow's tip to the middle of its head
# On a phone the map is a third as large and letters are not: two and a half times as large against it.
_ZOOMS = (2.5, 1.0, 0.3)
# (dx, dy, SVG's text-anchor): to the right, to the left, above, below, then between these.
_SIDES = (
    (_GAP, 3.5, "start"), (-_GAP, 3.5, "end"), (0.0, -_GAP, "middle"), (0.0, _GAP + 8, "middle"),
    (4.0, _GAP + 6, "start"), (-4.0, _GAP + 6, "end"), (4.0, -5.0, "start"), (-4.0, -5.0, "end"),
)  # fmt: skip

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """An end of arcs: where, its name, how many events it is in."""

    x: float
    y: float
    name: str
    weight: int
    iso3: str


def place_labels(
    nodes: Sequence[Node],
    heads: Sequence[tuple[float, float, float]],
    marks: Sequence[tuple[float, float]],
    width: float,
    height: float,
) -> Iterator[Label]:
    """Labels by importance; a name with no room at any zoom is left out.

    heads: where arrows end and their direction in degrees. A name goes beside these and the marks where it can.
    """
    placed: list[tuple[Node, tuple[float, float, str]]] = []
    done: set[str] = set()
    for tier, zoom in enumerate(_ZOOMS):
        taken = [_box(node, side, zoom) for node, side in placed]
        dots = [(n.x - 3 * zoom, n.y - 3 * zoom, n.x + 3 * zoom, n.y + 3 * zoom) for n in nodes]
        tips = [_tip(*head, zoom) for head in heads]
        tips += [(x - 5 * zoom, y - 5 * zoom, x + 5 * zoom, y + 5 * zoom) for x, y in marks]
        for node in nodes:
            if node.iso3 in done:
                continue
            own = dots[nodes.index(node)]
            room = []
            for side in _SIDES:
                box = _box(node, side, zoom)
                within = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height
                if within and not any(_meet(box, other) for other in (*taken, *(d for d in dots if d != own))):
                    room.append((sum(_shared(box, tip) for tip in tips), side, box))
            if room:
                _, side, box = min(room, key=lambda found: found[0])
                placed.append((node, side))
                taken.append(box)
                done.add(node.iso3)
                yield Label(round(node.x, 1), round(node.y, 1), *side, node.name, tier)


def _tip(x: float, y: float, angle: float, zoom: float) -> Box:
    """The room that an arrow's head takes."""
    x, y = x - math.cos(math.radians(angle)) * _HEAD * zoom, y - math.sin(math.radians(angle)) * _HEAD * zoom
    return x - 4 * zoom, y - 4 * zoom, x + 4 * zoom, y + 4 * zoom


def _box(node: Node, side: tuple[float, float, str], zoom: float) -> Box:
    dx, dy, anchor = side
    wide, high = len(node.name) * _SIZE * _LETTER * zoom, _SIZE * zoom
    x = node.x + dx * zoom - {"start": 0.0, "end": wide, "middle": wide / 2}[anchor]
    y = node.y + dy * zoom
    return x, y - high, x + wide, y + high * 0.25


def _shared(a: Box, b: Box) -> float:
    """The area that both cover."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
