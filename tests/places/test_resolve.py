"""Disambiguation by a document's evidence. Spans are marked with brackets; states are given where they matter."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.places import Resolved, resolve
from transforms.places.distance import kilometres
from transforms.records import StateMention


def _resolve(marked: str, states: dict[str, str] | None = None, home: str | None = None) -> list[Resolved]:
    text, spans = "", []
    for part in re.split(r"(\[.*?\])", marked):
        if part.startswith("["):
            spans.append((len(text), len(text) + len(part) - 2))
            part = part[1:-1]
        text += part
    mentions = [
        StateMention(text=name, start=m.start(), end=m.end(), value=iso3)
        for name, iso3 in (states or {}).items()
        for m in re.finditer(re.escape(name), text)
    ]
    return resolve(text, spans, states=mentions, home=home)


@pytest.mark.parametrize(
    ("marked", "states", "country", "lat", "lon"),
    [
        ("Rebels held [Tripoli], Lebanon.", {"Lebanon": "LBN"}, "LBN", 34.43, 35.84),
        ("Rebels held [Tripoli]. Libya's army left Libya.", {"Libya": "LBY"}, "LBY", 32.89, 13.19),
        ("The fair in [Paris], Texas, opened.", {}, "USA", 33.66, -95.56),
        ("The fair in [Paris], Tex., opened.", {}, "USA", 33.66, -95.56),
        ("The fair in [Paris] opened.", {}, "FRA", 48.85, 2.35),
        ("Police in [Birmingham], Ala., said so.", {}, "USA", 33.52, -86.80),
        ("Police in [Birmingham] said so.", {}, "GBR", 52.48, -1.90),
        ("Shelling hit [Pokrovsk] in Ukraine.", {"Ukraine": "UKR"}, "UKR", 48.28, 37.18),
        ("Syria and Syria's [Palmyra] fell.", {"Syria": "SYR"}, "SYR", 34.56, 38.28),
        ("The city of [Palmyra] in Pennsylvania held a parade.", {}, "USA", 40.31, -76.6),
        ("The mayor of [San José], Costa Rica, spoke.", {"Costa Rica": "CRI"}, "CRI", 9.93, -84.08),
        ("A depot in the [Kursk] region burned.", {}, "RUS", 51.7, 36.2),
        ("Cargo left [Valencia] for Venezuela; Venezuela waits.", {"Venezuela": "VEN"}, "VEN", 10.17, -68.0),
    ],
)
def test_evidence(marked: str, states: dict[str, str], country: str, lat: float, lon: float) -> None:
    answer = _resolve(marked, states)[0]
    assert answer.country == country
    assert answer.lat is not None and answer.lon is not None
    assert kilometres(answer.lat, answer.lon, lat, lon) < 60


def test_states_resolve_to_the_state() -> None:
    answer, town = _resolve("Troops of [Georgia] left [Gori].", {"Georgia": "GEO"})
    assert (answer.place_type, answer.country, answer.lat, answer.lon) == ("state", "GEO", 42.0, 43.5)
    assert town.country == "GEO"


def test_a_state_not_seen_there_is_the_division() -> None:
    answer = _resolve("Judges in [Georgia], Atlanta and Savannah met.", {})[0]
    assert (answer.place_type, answer.country) == ("province", "USA")


def test_an_adjective_resolves_to_its_state() -> None:
    assert _resolve("A [Sudanese] convoy.", {"Sudanese": "SDN"})[0].country == "SDN"


def test_neighbours_draw_an_ambiguous_town() -> None:
    answers = _resolve("Games in [Lebanon], [Gallatin], [Hendersonville] and [Murfreesboro].")
    assert {a.country for a in answers} == {"USA"}
    for answer in answers:
        assert answer.lat is not None and answer.lon is not None
        assert kilometres(answer.lat, answer.lon, 36.16, -86.78) < 70


def test_a_local_paper_means_its_own_paris() -> None:
    paris, *_ = _resolve(
        "A storm crossed [Paris] and [Honey Grove] in [Lamar County], the [Texas] weather office said. "
        "[Fannin County] and [Bonham] lost power, and roofs flew in [Hugo], [Okla.]."
    )
    assert (paris.country, paris.lat) == ("USA", pytest.approx(33.66, abs=0.1))


def test_one_sense_per_document_unless_qualified() -> None:
    first, second, other = _resolve("In [Tripoli], Lebanon, shops shut. [Tripoli] is calm, unlike [Tripoli], Libya.",
                                    {"Libya": "LBY", "Lebanon": "LBN"})  # fmt: skip
    assert (first.country, second.country, other.country) == ("LBN", "LBN", "LBY")


def test_a_list_of_towns_is_no_qualifier() -> None:
    houston, philadelphia = _resolve("Offices in [Houston], [Philadelphia] and Boston.")
    assert houston.lat == pytest.approx(29.76, abs=0.3)
    assert philadelphia.lat == pytest.approx(39.95, abs=0.3)


def test_the_publishers_state_is_evidence() -> None:
    assert _resolve("Fire in [Newcastle].", home="AUS")[0].country == "AUS"
    assert _resolve("Fire in [Newcastle].", home="GBR")[0].country == "GBR"


@pytest.mark.parametrize(
    ("marked", "kind", "lat", "lon"),
    [
        ("storms over [Europe]", "region", 48.69, 9.14),
        ("ships in the [Black Sea]", "sea", 43.3, 34.0),
        ("in [northern Kivu]", "region", -2.0, 28.8),
        ("near [Downtown Houston]", "city", 29.76, -95.37),
        ("in [Fairfax County], Virginia", "province", 38.85, -77.3),
        ("in [Ontario]", "province", 49.25, -84.5),
    ],
)
def test_areas_and_waters(marked: str, kind: str, lat: float, lon: float) -> None:
    answer = _resolve(marked)[0]
    assert answer.place_type == kind
    assert answer.lat is not None and answer.lon is not None
    assert kilometres(answer.lat, answer.lon, lat, lon) < 161


def test_unknown_names_stay_unresolved_and_spoil_nothing() -> None:
    unknown, known = _resolve("From [Zzyxgorod-on-Qqq] to [Mariupol].")
    assert unknown == Resolved(5, 21)
    assert known.country == "UKR" and known.confidence > 0.8


def test_answers_carry_alternatives_and_confidence() -> None:
    answer = _resolve("Mail for [Springfield].")[0]
    assert len(answer.alternatives) == 4
    assert 0 < answer.confidence < 0.6


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.data())
def test_any_text_and_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    (answer,) = resolve(text, [(start, end)], states=())
    assert (answer.start, answer.end) == (start, end)
