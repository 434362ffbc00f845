"""Lines on a map whose edges are the antimeridian."""

from __future__ import annotations

from typing import NamedTuple

from transforms.predictions import Json

_DECIMALS = 6


class Point(NamedTuple):
    """WGS 84 degrees, in the order that GeoJSON has them."""

    lon: float
    lat: float


def line(start: Point, end: Point) -> Json | None:
    """A straight line the short way round, in two parts where it crosses the antimeridian (RFC 7946, 3.1.9).

    None for two points that are one.
    """
    if start == end:
        return None
    if abs(start.lon - end.lon) <= 180:
        return {"type": "LineString", "coordinates": [list(start), list(end)]}
    side = 180.0 if start.lon > 0 else -180.0
    beyond = end.lon + 2 * side  # the end as seen from the start, over the edge
    share = (side - start.lon) / (beyond - start.lon)
    lat = round(start.lat + share * (end.lat - start.lat), _DECIMALS)
    parts = [[list(start), [side, lat]], [[-side, lat], list(end)]]
    return {"type": "MultiLineString", "coordinates": [part for part in parts if part[0] != part[1]]}
