"""The same word as a person, an animal, a sea, a language, a company or a town."""

from __future__ import annotations

import pytest

from tests.recognise.states.helper import states


@pytest.mark.parametrize(
    "text",
    [
        "New Mexico", "New England", "New Jersey", "New South Wales", "the South China Sea", "the Gulf of Oman",
        "the Sea of Japan", "the Indian Ocean", "the English Channel", "the Gulf of Guinea", "the Persian Gulf",
        "a Latin American country", "South America", "Central America", "North Americans",
        "It costs US$20 and US $30.", "french fries and a brazil nut", "Swiss cheese", "a Panama hat", "guinea pigs",
        "Bank of America", "Air India", "Turkish Airlines", "the Washington Post",
        "Michael Jordan scored.", "Jordan Smith and Chad Brown left.", "Mr. Jordan said so.", "Mr Israel agreed.",
        "Israel Concha spoke.", "Kenya Barris wrote it.", "Lisa Monaco, the deputy", "Paris Hilton",
        "Denzel Washington",
        "Lebanon, Pennsylvania", "Peru, Indiana and Cuba, Mo.", "Moscow, Idaho", "Paris, Texas",
        "They ate roast turkey; the turkey was dry.", "fine china on the table", "a chad and a polish",
        "Polish the brass.", "Nail polish sells.", "He said it in Russian.", "a Chinese-language paper",
        "a fluent French speaker", "She speaks Spanish.", "Korean characters", "the Korean Peninsula",
        "American Indian tribes", "Native Americans", "he told us", "African American voters",
        "The United Nations met.", "Indiana and Romanesque art", "a Malinois", "the Dominican friars",
        "Benin City", "Port Sudan", "the North Pole", "Deutsche Bank", "CNN Turk",
        "the West Indian community", "Jersey and Guernsey", "Scotland Yard",
    ],
)  # fmt: skip
def test_not_a_state(text: str) -> None:
    assert states(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jordan Armed Forces received them.", ["JOR"]),
        ("Jordan's king", ["JOR"]),
        ("arms stored in Jordan were stolen", ["JOR"]),
        ("Chad said its army won.", ["TCD"]),
        ("Israel Defense Forces, Israel Aerospace Industries", ["ISR", "ISR"]),
        ("Why Israel Attacked Iran and What Comes Next", ["ISR", "IRN"]),
        ("a French firm and KNDS France", ["FRA", "FRA"]),
        ("Turkey denied the report.", ["TUR"]),
        ("China supplied jets.", ["CHN"]),
        ("a ship in Russian waters", ["RUS"]),
        ("Polish tanks", ["POL"]),
        ("England's south coast", ["GBR"]),
        ("the Vietnam War", ["VNM"]),
        ("Syrian Turkmen fighters", ["SYR"]),
    ],
)
def test_the_state_all_the_same(text: str, expected: list[str]) -> None:
    assert [value for _, value in states(text)] == expected


def test_georgia_is_told_by_the_rest_of_the_text() -> None:
    assert states("Officials in Georgia said Fulton County voters in Atlanta had waited.") == []
    caucasus = states("Georgia asked for air defence; Tbilisi has fought over Abkhazia.")
    assert caucasus == [("Georgia", "GEO"), ("Tbilisi", "GEO")]


def test_one_person_makes_the_bare_name_a_person() -> None:
    assert states("Rep. Jim Jordan of Ohio asked. Later Jordan said no.") == []


def test_a_minister_named_after_the_state_does_not_take_it_away() -> None:
    assert states("Israel Katz said Israel had struck Iran.") == [("Israel", "ISR"), ("Iran", "IRN")]
    assert states("Jordan Smith met the king in Amman; Jordan agreed.")[-1] == ("Jordan", "JOR")


def test_us_in_capitals_needs_company() -> None:
    assert states("THEY TOLD US THAT THE WEAPONS CAME BY SEA TODAY.") == []
    assert states("THE US GOVERNMENT SENT WEAPONS BY SEA TODAY.") == [("US", "USA")]


def test_car_is_a_car_unless_the_text_is_about_the_republic() -> None:
    assert states("A CAR BOMB EXPLODED.") == []
    assert states("The Central African Republic (CAR) asked for arms.")[-1] == ("CAR", "CAF")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "en Nouvelle-Guinée, au Nouveau-Mexique et en mer de Chine"),
        ("fr", "un accord latino-américain"),
        ("fr", "Salvador Dalí a peint."),
        ("pt", "um bloco sul-americano"),
        ("ru", "в Латинской Америке и в Индийском океане"),
        ("ru", "Русский язык"),
        ("uk", "Українською"),
        ("ar", "في أمريكا اللاتينية"),
        ("zh", "马里兰州"),
        ("en", "RFA and RCA reported a letter."),
    ],
)
def test_not_a_state_in_other_languages(language: str, text: str) -> None:
    assert states(text, language) == []


def test_a_company_s_name_may_hold_a_state() -> None:
    assert states("au Salvador, a dit KNDS France", "fr") == [("Salvador", "SLV"), ("France", "FRA")]
