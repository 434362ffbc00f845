"""Passages of local news, wires and outbreak reports: which spans are places, and where these are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from transforms.places import gazetteer, resolve
from transforms.places.distance import kilometres
from transforms.recognise.mentions import recognise, subject
from transforms.records import Document, PlaceMention, StateMention

PASSAGES = Path(__file__).with_name("passages.txt")
KM = 161.0
Gold = tuple[int, int, float, float]


@dataclass(frozen=True)
class Passage:
    text: str
    gold: tuple[Gold, ...]
    left_open: tuple[tuple[int, int], ...]


@cache
def passages() -> tuple[Passage, ...]:
    lines = PASSAGES.read_text(encoding="utf-8").splitlines()
    return tuple(_read(line) for line in lines if line and not line.startswith("#"))


def _read(line: str) -> Passage:
    text, gold, left_open = "", [], []
    for part in re.split(r"(\{[^}]*\})", line):
        if part.startswith("{"):
            name, _, where = part[1:-1].rpartition("|")
            span = len(text), len(text) + len(name)
            if where == "-":
                left_open.append(span)
            else:
                lat, lon = map(float, where.split())
                gold.append((*span, lat, lon))
            part = name
        text += part
    return Passage(text, tuple(gold), tuple(left_open))


def _right(lat: float | None, lon: float | None, extent: float, gold: Gold) -> bool:
    return lat is not None and lon is not None and kilometres(lat, lon, gold[2], gold[3]) <= max(KM, extent)


def test_given_spans_are_resolved() -> None:
    wrong = []
    total = 0
    for passage in passages():
        answers = resolve(passage.text, [(g[0], g[1]) for g in passage.gold])
        for gold, answer in zip(passage.gold, answers, strict=True):
            total += 1
            extent = answer.radius_km or 0.0 if answer.place_type in ("state", "region", "sea") else 0.0
            if not _right(answer.lat, answer.lon, extent, gold):
                wrong.append((passage.text[gold[0] : gold[1]], answer.country, answer.lat, answer.lon))
    assert total > 350
    assert len(wrong) <= 0.02 * total, wrong


def test_places_are_recognised_and_little_else_is() -> None:
    missed, false, astray = [], [], []
    total = 0
    for passage in passages():
        found = [
            m
            for m in recognise(subject(Document(id="p", lang="en", text=passage.text)))
            if isinstance(m, PlaceMention) or (isinstance(m, StateMention) and not m.adjective)
        ]
        used = set()
        for gold in passage.gold:
            total += 1
            hit = next((m for m in found if m.start < gold[1] and m.end > gold[0]), None)
            if hit is None:
                missed.append(passage.text[gold[0] : gold[1]])
                continue
            used.add(hit.start)
            if isinstance(hit, PlaceMention) and not _right(hit.lat, hit.lon, hit.radius_km or 0.0, gold):
                astray.append((hit.text, hit.country, hit.lat, hit.lon))
        false += [
            m.text
            for m in found
            if m.start not in used and not any(s < m.end and e > m.start for s, e in passage.left_open)
        ]
    assert len(missed) <= 0.06 * total, missed
    assert len(false) <= 0.01 * total, false
    assert len(astray) <= 0.02 * total, astray


@pytest.mark.parametrize(
    ("text", "short", "country", "lat", "lon"),
    [
        ("A store in Troy, Ala., burned.", "Ala.", "USA", 32.8, -86.7),
        ("A store in Wheeling, W. Va., burned.", "W. Va.", "USA", 38.8, -80.5),
        ("A store in Nashua, NH, burned.", "NH", "USA", 43.6, -71.6),
        ("A store in London, Ont., burned.", "Ont.", "CAN", 46.0, -80.0),
    ],
)
def test_an_abbreviated_division_is_a_place_of_its_own(
    text: str, short: str, country: str, lat: float, lon: float
) -> None:
    found = {
        m.text: m for m in recognise(subject(Document(id="p", lang="en", text=text))) if isinstance(m, PlaceMention)
    }
    division = found[short]
    assert division.country == country and division.lat is not None and division.lon is not None
    assert kilometres(division.lat, division.lon, lat, lon) < 700
    assert len(found) == 2


def test_the_capitals_own_district_is_no_second_place() -> None:
    found = recognise(subject(Document(id="p", lang="en", text="They met in Washington, D.C., for talks.")))
    assert [m.text for m in found if isinstance(m, PlaceMention)] == ["Washington"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Police from Moscow, Idaho, came. Moscow said the bus was late.", "Moscow"),
        ("Lebanon and Annville share a school district in Lebanon County.", "Lebanon"),
    ],
)
def test_a_town_that_shares_a_states_or_capitals_name_is_no_state(text: str, name: str) -> None:
    found = recognise(subject(Document(id="p", lang="en", text=text)))
    assert not [m for m in found if isinstance(m, StateMention)]
    assert {m.country for m in found if isinstance(m, PlaceMention) and m.text == name} == {"USA"}


@pytest.mark.parametrize(
    ("text", "name", "lat", "lon"),
    [
        ("На салоне в Дубае показали танк.", "Дубае", 25.2, 55.3),
        ("В Луганске горел склад.", "Луганске", 48.57, 39.33),
        ("Завод в Нижнем Тагиле встал.", "Нижнем Тагиле", 57.9, 59.97),
    ],
)
def test_a_village_does_not_hide_the_city_whose_case_it_is_called_like(
    text: str, name: str, lat: float, lon: float
) -> None:
    found = {
        m.text: m for m in recognise(subject(Document(id="p", lang="ru", text=text))) if isinstance(m, PlaceMention)
    }
    assert kilometres(found[name].lat or 0.0, found[name].lon or 0.0, lat, lon) < 60


def test_the_gazetteer_knows_waters_and_airports_by_their_common_names() -> None:
    for name in ("Lake Tanganyika", "Lake Michigan", "Indus River", "Chesapeake Bay", "Heathrow", "O'Hare", "JFK"):
        assert gazetteer().lookup(name), name
