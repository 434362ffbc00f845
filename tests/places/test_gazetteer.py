"""What the built gazetteer answers by name: rank 1, in the languages of the news."""

import csv
from pathlib import Path

import pytest

from transforms.places import gazetteer
from transforms.places.distance import kilometres
from transforms.places.names import find
from transforms.places.resolve import resolve

LIST = Path(__file__).parents[2] / "benchmarks" / "data" / "toponyms.csv"


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [
        ("Kiew", 50.45, 30.52), ("Kiev", 50.45, 30.52), ("Київ", 50.45, 30.52), ("Киев", 50.45, 30.52),
        ("كييف", 50.45, 30.52), ("Charkiw", 49.99, 36.23), ("Jarkov", 49.99, 36.23), ("Tripolis", 32.89, 13.19),
        ("Триполи", 32.89, 13.19), ("طرابلس", 32.89, 13.19), ("Genua", 44.41, 8.93), ("Gênes", 44.41, 8.93),
        ("Moskau", 55.75, 37.62), ("Moscou", 55.75, 37.62), ("Moscú", 55.75, 37.62), ("Le Caire", 30.04, 31.24),
        ("El Cairo", 30.04, 31.24), ("القاهرة", 30.04, 31.24), ("Londres", 51.51, -0.13), ("Varsovie", 52.23, 21.01),
        ("Köln", 50.94, 6.96), ("Cologne", 50.94, 6.96), ("Damas", 33.51, 36.29), ("دمشق", 33.51, 36.29),
        ("Pekín", 39.9, 116.4), ("Пекин", 39.9, 116.4), ("New York", 40.71, -74.0), ("Washington", 38.9, -77.04),
        ("Cairo Governorate", 30.0, 31.4), ("Харьковская область", 49.7, 36.5), ("Oblast Charkiw", 49.7, 36.5),
    ],
)  # fmt: skip
def test_rank_one(name: str, lat: float, lon: float) -> None:
    first = gazetteer().lookup(name)[0]
    assert kilometres(first.lat, first.lon, lat, lon) < 50


@pytest.mark.parametrize(
    ("written", "name", "language"),
    [
        ("Харькове", "Kharkiv", "ru"), ("Мерсина", "Mersin", "ru"), ("Одессы", "Odesa", "ru"),
        ("Севастополе", "Sevastopol", "ru"), ("Геную", "Genoa", "ru"), ("Горловке", "Horlivka", "ru"),
        ("Харкові", "Kharkiv", "uk"), ("Києві", "Kyiv", "uk"), ("Львова", "Lviv", "uk"), ("Одесі", "Odesa", "uk"),
        ("Moskaus", "Moscow", "de"), ("بغداد", "Baghdad", "ar"), ("وبغداد", "Baghdad", "ar"),
        ("Харьковской области", "Kharkiv Oblast", "ru"),
    ],
)  # fmt: skip
def test_inflected_names(written: str, name: str, language: str) -> None:
    assert find(gazetteer(), written, language).places[0].name == name


def test_adjectives_of_large_towns_only() -> None:
    found = find(gazetteer(), "Hamburger", "de")
    assert found.adjective and found.places[0].name == "Hamburg"
    assert find(gazetteer(), "Hamburger", "en").adjective is False


def test_unknown_names_have_no_candidates() -> None:
    for name in ("Qwertyville-on-Zzyx", "", "'", "12", "\u200d"):
        assert find(gazetteer(), name).places == ()


def test_types_say_how_to_read_an_answer() -> None:
    types = {name: gazetteer().lookup(name)[0].type for name in
             ("Hmeimim", "Kharkiv", "Kharkiv Oblast", "Darfur", "Red Sea", "Ukraine")}  # fmt: skip
    assert types == {
        "Hmeimim": "point", "Kharkiv": "city", "Kharkiv Oblast": "province", "Darfur": "region", "Red Sea": "sea",
        "Ukraine": "state",
    }  # fmt: skip


def test_conflict_and_logistics_toponyms() -> None:
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    hits = 0
    for row in rows:
        text = f"{row['name']}, {row['context']}" if row["context"] else row["name"]
        (answer,) = resolve(text, [(0, len(row["name"]))], states=())
        if answer.lat is not None and answer.lon is not None:
            hits += kilometres(answer.lat, answer.lon, float(row["lat"]), float(row["lon"])) <= 100
    assert len(rows) >= 150
    assert hits / len(rows) >= 0.95
