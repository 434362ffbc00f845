"""What the brief's map and browse's have in common: curves between seats of states, and how they are signed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.brief.labels import Node
from pipeline.brief.select import CONTESTED
from pipeline.brief.world import state, world

Point = tuple[float, float]
MARGIN = 10.0
_BOW = 0.17  # how far an arc bends from the straight line, by its length
_WIDER = 0.13  # how much further each further arc between the same two states bends
_MOST_BOW = 0.45


@dataclass(frozen=True, slots=True)
class Course:
    """Where an arc runs: SVG path data, its tip, and the tip's direction in degrees."""

    path: str
    x: float
    y: float
    angle: float


class Courses:
    """Courses between the seats of states; several between the same two bend apart."""

    def __init__(self) -> None:
        self._between: Counter[frozenset[str]] = Counter()

    def next(self, start: str, end: str) -> Course:
        """The next one from one state to another, by ISO codes of states that have a seat; within one it is a ring."""
        ends = frozenset((start, end))
        turn = self._between[ends]
        self._between[ends] += 1
        a, b = world().seats[start], world().seats[end]
        path, tip, angle = loop(a, turn) if start == end else curve(a, b, turn)
        return Course(path, round(tip[0], 1), round(tip[1], 1), angle)


def style_of(standing: str) -> str:
    """How an event is drawn: denied by somebody, only hedged, or neither."""
    return "contested" if standing in CONTESTED else "alleged" if standing == "alleged" else "firm"


def nodes(weights: Mapping[str, int]) -> list[Node]:
    """The seats of states that arcs end at, the one with the most first."""
    order = sorted(weights, key=lambda iso3: (-weights[iso3], iso3))
    return [Node(*world().seats[iso3], state(iso3), weights[iso3], iso3) for iso3 in order]


def curve(a: Point, b: Point, turn: int) -> tuple[str, Point, float]:
    """A quadratic curve that bends to the north as great circles do, the second to the south, further ones further;
    its path, its tip and the direction of the tip in degrees."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    bend = min(_BOW + _WIDER * (turn // 2), _MOST_BOW) * (-1 if turn % 2 else 1)
    nx, ny = (dy, -dx) if dx >= 0 else (-dy, dx)  # the normal that points up
    cx, cy = (a[0] + b[0]) / 2 + nx * bend * 2, (a[1] + b[1]) / 2 + ny * bend * 2
    cy = max(cy, 2 * MARGIN - (a[1] + b[1]) / 2)  # else the curve would leave the map at the top
    angle = math.degrees(math.atan2(b[1] - cy, b[0] - cx))
    return f"M{plain(a[0])} {plain(a[1])}Q{plain(cx)} {plain(cy)} {plain(b[0])} {plain(b[1])}", b, round(angle, 1)


def loop(a: Point, turn: int) -> tuple[str, Point, float]:
    """A small ring for a transfer that stays within one state (an actor seated in it)."""
    r = 9 + 4 * turn
    x, y = a
    start, west, east, north = f"{plain(x)} {plain(y)}", plain(x - 2 * r), plain(x + 2 * r), plain(y - 2 * r)
    return f"M{start}C{west} {north} {east} {north} {start}", a, 135.0


def plain(value: float) -> str:
    """A coordinate with one decimal, without one that is nought."""
    return f"{value:.1f}".removesuffix(".0")
