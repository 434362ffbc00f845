"""The recogniser of places: what is a place, where it is, and what only looks like one."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.places.distance import kilometres
from transforms.recognise.context import Subject
from transforms.recognise.places import PlaceRecogniser
from transforms.records import Document, Mention, PlaceMention, StateMention, WeaponMention
from transforms.text import view

RECOGNISER = PlaceRecogniser()


def _find(
    text: str, lang: str | None = "en", states: dict[str, str] | None = None, before: list[Mention] | None = None,
    url: str | None = None,
) -> list[PlaceMention]:  # fmt: skip
    """The places. ``states``: words that an earlier recogniser found; a trailing * marks a metonym, ~ an adjective."""
    found = list(before or [])
    for written, iso3 in (states or {}).items():
        name = written.rstrip("*~")
        start = text.index(name)
        found.append(StateMention(text=name, start=start, end=start + len(name), value=iso3,
                                  metonym=written.endswith("*"), adjective=written.endswith("~")))  # fmt: skip
    subject = Subject(Document(id="t", url=url, lang=lang, text=text), view(text), lang)
    mentions = RECOGNISER.find(subject, found)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    return mentions


def _names(text: str, lang: str | None = "en", states: dict[str, str] | None = None) -> list[str]:
    return [m.text for m in _find(text, lang, states)]


@pytest.mark.parametrize(
    ("text", "lang", "name", "lat", "lon"),
    [
        ("Two ships left the port of Mersin at dawn.", "en", "Mersin", 36.8, 34.64),
        ("Crates were unloaded at Vostochny Port in autumn.", "en", "Vostochny Port", 42.75, 133.08),
        ("The cargo jet landed at Hmeimim air base.", "en", "Hmeimim", 35.4, 35.95),
        ("Fighting resumed near Deir ez-Zor, the governor said.", "en", "Deir ez-Zor", 35.34, 40.14),
        ("A depot burned in the Krasnodar region overnight.", "en", "Krasnodar region", 45.3, 39.2),
        ("The convoy crossed into North Kivu.", "en", "North Kivu", -0.8, 29.0),
        ("BENGHAZI, June 3 - Guards seized a boat.", "en", "BENGHAZI", 32.12, 20.07),
        ("Il a quitté le port de Gênes lundi.", "fr", "Gênes", 44.41, 8.93),
        ("Le navire fait route vers Tripoli, en Libye.", "fr", "Tripoli", 32.89, 13.19),
        ("Das Schiff nahm Kurs auf Genua und legte in Tripolis an.", "de", "Genua", 44.41, 8.93),
        ("Auf der Moskauer Messe wurde es gezeigt.", "de", "Moskauer", 55.75, 37.62),
        ("El buque zarpó de Puerto Cabello con armas.", "es", "Puerto Cabello", 10.47, -68.01),
        ("Fartyget lämnade hamnen i Göteborg i går.", "sv", "Göteborg", 57.71, 11.97),
        ("Взрывы прозвучали в Харькове ночью.", "ru", "Харькове", 49.99, 36.23),
        ("Судно вышло из Мерсина утром.", "ru", "Мерсина", 36.8, 34.64),
        ("Вибухи пролунали в Одесі вночі.", "uk", "Одесі", 46.48, 30.73),
        ("وصلت السفينة إلى ميناء الحديدة أمس", "ar", "ميناء الحديدة", 14.8, 42.95),
    ],
)
def test_places_with_their_coordinates(text: str, lang: str, name: str, lat: float, lon: float) -> None:
    mention = next(m for m in _find(text, lang) if m.text == name)
    assert mention.lat is not None and mention.lon is not None
    assert kilometres(mention.lat, mention.lon, lat, lon) < 100
    assert mention.radius_km and mention.confidence and mention.place_type


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They fired a Javelin at the tank.", "Javelin"),
        ("She studied at Georgia Tech for years.", "Georgia"),
        ("Jordan Smith signed the letter.", "Jordan"),
        ("Guitarist Israel Concha played on.", "Israel"),
        ("The MV Leopard was seized at sea.", "Leopard"),
        ("A Paris-based firm sold the parts.", "Paris"),
        ("The Washington Post reported it first.", "Washington"),
        ("A study by Boston Consulting said so.", "Boston"),
        ("Analysts at Boston Consulting Group agreed.", "Boston"),
        ("Jackson said the parts were old.", "Jackson"),
        ("Senator Lincoln voted against the sale.", "Lincoln"),
        ("J. Houston wrote the report.", "Houston"),
        ("Charlotte Rampling was there.", "Charlotte"),
        ("Reading the report took hours.", "Reading"),
        ("Most of the rifles were old.", "Most"),
        ("Nice work, the officer said.", "Nice"),
        ("The Split between the allies grew.", "Split"),
        ("It was a Mobile launcher.", "Mobile"),
        ("In March the ship sailed.", "March"),
        ("Of the ten boats two sank.", "Of"),
        ("Orange flares lit the Bar.", "Bar"),
        ("The Minsk agreements and the Paris Agreement failed.", "Paris"),
        ("The Kilo class submarine surfaced.", "Kilo"),
        ("The Geneva Conventions forbid it.", "Geneva"),
    ],
)
def test_what_is_no_place(text: str, name: str) -> None:
    assert name not in [m.text for m in _find(text)]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Police in Nice, France, found rifles.", "Nice", "FRA"),
        ("The depot is in the town of Split.", "Split", "HRV"),
        ("They drove from London to Reading, England, by night.", "Reading", "GBR"),
        ("A plant in Mobile, Alabama, makes hulls.", "Mobile", "USA"),
        ("The Montenegrin port of Bar was watched.", "Bar", "MNE"),
        ("Officers in Jackson, Mississippi, said so.", "Jackson", "USA"),
    ],
)
def test_the_same_names_with_strong_context(text: str, name: str, country: str) -> None:
    assert [m.country for m in _find(text) if m.text == name] == [country]


def test_states_and_their_metonyms_are_taken() -> None:
    text = "Moscow rejected the claim, Ukraine and Russia said."
    assert _names(text, states={"Moscow*": "RUS", "Ukraine": "UKR", "Russia": "RUS"}) == []


def test_the_same_word_as_a_place_is_a_place() -> None:
    (mention,) = _find("A fire broke out in Moscow.")
    assert (mention.value, mention.country, mention.place_type) == ("Moscow", "RUS", "city")


def test_weapons_are_taken() -> None:
    text = "Near Patriot batteries in Leopard Valley"
    weapon = WeaponMention(text="Patriot", start=5, end=12, value="Patriot", category="air_defence", named=True)
    assert "Patriot" not in [m.text for m in _find(text, before=[weapon])]


def test_a_toponym_may_contain_a_state() -> None:
    text = "Boats crossed the Gulf of Mexico and the Taiwan Strait."
    assert _names(text, states={"Mexico": "MEX", "Taiwan": "TWN"}) == ["Gulf of Mexico", "Taiwan Strait"]


def test_states_beside_a_name_choose_its_bearer() -> None:
    libya = _find("Rebels in Tripoli want out. Libya is split.", states={"Libya": "LBY"})
    lebanon = _find("Rebels in Tripoli want out. Lebanon is split.", states={"Lebanon": "LBN"})
    assert [m.country for m in (*libya, *lebanon)] == ["LBY", "LBN"]


def test_the_american_georgia_is_a_place() -> None:
    (mention,) = _find("Voters in Georgia went home.")
    assert (mention.country, mention.place_type) == ("USA", "province")


def test_regions_of_many_states_are_no_places() -> None:
    assert _names("Sales to the Middle East, Africa and Europe grew.") == []


def test_seas_and_straits_are() -> None:
    found = _find("Navies met in the South China Sea and the Strait of Hormuz.")
    assert [(m.text, m.place_type, m.country) for m in found] == [
        ("South China Sea", "sea", None), ("Strait of Hormuz", "sea", None),
    ]  # fmt: skip


def test_an_unknown_toponym_stays_unresolved() -> None:
    (mention,) = _find("Shells fell on the village of Zzyxdorf.")
    assert (mention.text, mention.value, mention.lat, mention.confidence) == ("Zzyxdorf", "Zzyxdorf", None, None)
    named = _find("They swam in Qwertz Reservoir for hours.")
    assert [(m.text, m.lat) for m in named] == [("Qwertz Reservoir", None)]


def test_two_cities_written_with_a_slash_or_hyphen() -> None:
    assert _names("TAIPEI/WASHINGTON (Wire) - Ships passed.") == ["TAIPEI", "WASHINGTON"]


def test_every_occurrence_is_reported() -> None:
    assert _names("From Goma to Bukavu and back to Goma.") == ["Goma", "Bukavu", "Goma"]


def test_offsets_survive_markup_and_line_breaks() -> None:
    text = "<p>Arms reached Port\u00a0Sudan and <b>Deir\nez-Zor</b>.</p>"
    assert [m.value for m in _find(text)] == ["Port Sudan", "Deir ez-Zor"]


def test_shouted_text_needs_more_than_a_capital() -> None:
    assert _names("ARMY SAYS MOST OF THE OLD GUNS ARE GONE FROM MOBILE DEPOTS") == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru", "ar", "zh", None]))
def test_any_text(text: str, lang: str | None) -> None:
    _find(text, lang)


_PIECES = [
    "Paris", "in ", "Kyiv", ", ", "Texas", "port of ", "\n", "«", "Харькове", " область", "-based", "St. ", "'s ", ".",
    "Gulf of ", "<b>", "\u00ad", "MV ", "الحديدة", "(", "De", " la ", "U.S. ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_any_jumble_of_names(text: str) -> None:
    _find(text)


def test_an_unknown_name_is_taken_whole() -> None:
    (mention,) = _find("Rebels took the village of Zzyx Qong Vleu on Friday.")
    assert mention.text == "Zzyx Qong Vleu"


def test_a_page_of_thousands_of_names() -> None:
    text = " and ".join(f"in {name}" for name in ("Mersin", "Kharkiv", "Goma", "Aden", "Juba", "Homs") * 400)
    assert len(_find(text)) == 2400


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "The frigate docked at Simon's Town on Friday.", ["Simon's Town"]),
        ("uk", "Росіяни вдарили по Києву.", ["Києву"]),
        ("ru", "Стрельбы прошли в Южном военном округе.", []),
    ],
)
def test_possessives_datives_and_military_districts(language: str, text: str, found: list[str]) -> None:
    subject = Subject(Document(id="d", text=text, lang=language), view(text), language)
    assert [m.text for m in PlaceRecogniser().find(subject, ())] == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "Le navire est arrivé d'Abidjan avec des fusils.", ["Abidjan"]),
        ("fr", "Il venait du port d'Anvers.", ["Anvers"]),
        ("it", "Hanno colpito il porto dell'Odessa.", ["Odessa"]),
        ("en", "LUANDA DOMESTIC SERVICE, 8 FEB 90 -- [TEXT] THE MINISTRY SAID SO.", ["LUANDA"]),
        ("en", "THE MISSILES WERE FOUND NORTH OF MAVINGA.", ["MAVINGA"]),
    ],
)
def test_elided_articles_station_datelines_and_directions(language: str, text: str, found: list[str]) -> None:
    subject = Subject(Document(id="d", text=text, lang=language), view(text), language)
    assert [m.text for m in PlaceRecogniser().find(subject, ())] == found


@pytest.mark.parametrize(
    ("text", "lang", "names"),
    [
        ("Troops held a ridge near Zolnovka after dark.", "en", ["Zolnovka"]),
        ("Бой шёл возле Золновки до утра.", "ru", ["Золновки"]),
        ("He stood near Jack, near the Nile delta's edge and near Christmas trees.", "en", []),
        ("The exercise AMAN-25 and https://example.org/AMAN-Talks-2025 are one.", "en", []),
        ("A wafer of GaN crystal and the OpenAI board.", "en", []),
        ("Fierce criticism from Western officials followed.", "en", []),
        ("Two Liverpool men were jailed at Chester.", "en", ["Liverpool", "Chester"]),
    ],
)
def test_unknown_villages_and_what_only_looks_like_a_town(text: str, lang: str, names: list[str]) -> None:
    found = [n for n in _names(text, lang) if n not in ("Nile", "Nile delta")]
    assert found == names


@pytest.mark.parametrize(
    ("text", "lang", "names"),
    [
        ("Le cargo a traversé la mer du Nord puis le golfe d'Aden.", "fr", ["mer du Nord", "golfe d'Aden"]),
        ("El barco cruzó el mar Rojo y el océano Pacífico.", "es", ["mar Rojo", "océano Pacífico"]),
        ("La nave è nel mar Rosso.", "it", ["mar Rosso"]),
        ("Флот вышел в Красное море и к берегам Тихого океана.", "ru", ["Красное море", "Тихого океана"]),
        ("Кораблі стоять у Чорному морі.", "uk", ["Чорному морі"]),
        ("La mer du client est haute.", "fr", []),
    ],
)
def test_waters_with_their_word_in_small_letters(text: str, lang: str, names: list[str]) -> None:
    found = _find(text, lang)
    assert [m.text for m in found] == names
    assert {m.place_type for m in found} <= {"sea"}


def test_a_surname_that_speaks_after_a_comma_qualifies_no_place() -> None:
    assert _names("In Washington, Reagan said that the missiles were sold.") == ["Washington"]
    assert _names("In Troy, Alabama police said that the rifles were sold.") == ["Troy", "Alabama"]
