"""A text cut where marks begin and end, so that overlapping marks stay readable: each piece knows all it belongs to.

Nested elements cannot show two marks that overlap by half; flat pieces can, and nothing of the text is lost or doubled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, ``start`` inclusive, ``end`` exclusive, in Python ``str`` offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of one line of the text.

    layers: for each layer given (mentions, claims…), the indices of its spans that cover the piece, the shortest first.
    begins: for each layer, those of them that begin here.
    """

    text: str
    start: int
    layers: tuple[tuple[int, ...], ...]
    begins: tuple[tuple[int, ...], ...]


Line = tuple[Segment, ...]


def cut(text: str, layers: Sequence[Sequence[Span]]) -> tuple[Line, ...]:
    """The lines of a text as segments. A span that lies outside the text is cut to it, an empty one is passed over."""
    size = len(text)
    flat = [
        (max(span.start, 0), min(span.end, size), layer, index)
        for layer, spans in enumerate(layers)
        for index, span in enumerate(spans)
        if max(span.start, 0) < min(span.end, size)
    ]
    flat.sort(key=lambda item: item[0])
    edges = sorted({edge for start, end, _, _ in flat for edge in (start, end)})
    lines: list[Line] = []
    active: list[tuple[int, int, int, int]] = []
    told: set[tuple[int, int]] = set()
    upcoming, edge, position = 0, 0, 0
    for line in text.split("\n"):
        line_end, pieces = position + len(line), []
        while position < line_end:
            while edge < len(edges) and edges[edge] <= position:
                edge += 1
            stop = min(edges[edge] if edge < len(edges) else size, line_end)
            active = [item for item in active if item[1] > position]
            while upcoming < len(flat) and flat[upcoming][0] <= position:
                if flat[upcoming][1] > position:
                    active.append(flat[upcoming])
                upcoming += 1
            here = sorted(active, key=lambda item: (item[1] - item[0], item[3]))
            covers = tuple(tuple(i for _, _, at, i in here if at == layer) for layer in range(len(layers)))
            begins = tuple(tuple(i for i in found if (layer, i) not in told) for layer, found in enumerate(covers))
            told.update((layer, i) for layer, found in enumerate(begins) for i in found)
            pieces.append(Segment(text[position:stop], position, covers, begins))
            position = stop
        lines.append(tuple(pieces))
        position = line_end + 1
    return tuple(lines)
