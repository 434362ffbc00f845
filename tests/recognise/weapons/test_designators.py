"""Designations that the catalogue does not have, and numbers that are none."""

from __future__ import annotations

import pytest

from transforms.recognise.weapons import designators


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Moscow sold T-72B3M tanks.", "T-72B3M tanks"),
        ("Su-35SZ fighter jets were promised.", "Su-35SZ fighter jets"),
        ("The missile was a KN-77.", "KN-77"),
        ("A 9M799 lay in the crater.", "9M799"),
        ("Algeria bought Kh-199 missiles.", "Kh-199 missiles"),
        ("Two AN/TPQ-99 radars were sent.", "AN/TPQ-99 radars"),
        ("They showed Type 991 tanks.", "Type 991 tanks"),
        ("The depot held XQ-58 drones.", "XQ-58 drones"),
        ("Кабул получил ракеты Х-199.", "ракеты Х-199"),
        ("The yard built ZX-41 missiles for export.", "ZX-41 missiles"),
    ],
)
def test_designations(find, text, marked):
    language = "ru" if text[0] == "К" else "en"
    named = [m for m in find(text, language) if m.named]
    assert [m.text for m in named] == [marked]


@pytest.mark.parametrize(
    "text",
    [
        "Resolution 1929 (2010) and S/2024/113 were adopted, and SC/15741 records it.",
        "Highway A-10 was closed between junctions 4 and 6.",
        "A Boeing 737 and an Airbus A320 were hired.",
        "COVID-19 killed thousands; H5N1 did not.",
        "The G-7 and the G20 met.",
        "Call +44 20 7946 0018 or fax 555-0134.",
        "The B-2 visa takes a month.",
        "She drives a Mazda CX-5 and owns a Canon EOS-90.",
        "He wore the F1 team's shirt.",
        "Vitamin B-12 and omega-3 are sold here.",
        "Type 2 diabetes is common.",
        "Chapter 7 and Article 51 apply.",
        "An 12-year-old and an 18 per cent rise.",
    ],
)
def test_abstains(find, text):
    assert find(text) == []


def test_an_unknown_designation_says_so(find):
    (mention,) = find("The crater held a KN-77.")
    assert (mention.known, mention.named, mention.value, mention.category) == (False, True, "KN-77", "VII")


def test_calibres_are_joined():
    text = "152 mm and 122 mm shells, 9x19mm rounds, 7,62 мм"
    assert [text[a:b] for a, b, _ in designators.calibres(text)] == ["152 mm and 122 mm", "9x19mm", "7,62 мм"]
    assert [value for *_, value in designators.calibres(text)] == ["152 mm", "9 mm", "7.62 mm"]
