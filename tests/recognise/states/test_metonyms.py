"""Capitals as governments and as cities; seats of government; predecessors by date."""

from __future__ import annotations

import pytest

from tests.recognise.states.helper import metonyms, places, recogniser, states, subject


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Moscow denied it had bought the shells.", "RUS"),
        ("Pyongyang has supplied munitions.", "PRK"),
        ("Washington's policy drew criticism.", "USA"),
        ("Arms sales to Tehran continued.", "IRN"),
        ("Beijing accuses others of meddling.", "CHN"),
        ("support for Kyiv may shrink", "UKR"),
        ("They accused Ankara of smuggling.", "TUR"),
        ("Berlin will donate three launchers.", "DEU"),
        ("buying weapons from Pyongyang", "PRK"),
        ("the Managua government", "NIC"),
        ("Moscow-backed militias", "RUS"),
        ("a warning that London may halt exports", "GBR"),
        ("Moscow earlier this month said it would sell more.", "RUS"),
        ("allowing Riyadh to buy jets", "SAU"),
        ("the Kremlin said nothing", "RUS"),
        ("Downing Street declined to comment", "GBR"),
        ("the Quai d'Orsay confirmed it", "FRA"),
        ("sanctions against Minsk", "BLR"),
        ("Hanoi, a longtime buyer, is looking elsewhere.", "VNM"),
        ("Beijing, however, sells engines.", "CHN"),
        ("New Delhi protested.", "IND"),
        ("They complained to Ankara.", "TUR"),
        ("In Moscow's view the deal stands.", "RUS"),
        ("It is Tehran that arms them.", "IRN"),
        ("It would make Warsaw a big buyer.", "POL"),
        ("MANAGUA DENIED SENDING THE MISSILES.", "NIC"),
    ],
)
def test_government(text: str, value: str) -> None:
    assert [v for _, v in metonyms(text)] == [value]
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Missiles struck Kyiv overnight.", "Kyiv"),
        ("KYIV, June 3 (Agency) - Shells landed.", "KYIV"),
        ("MOSCOW (Agency) - A ship sailed.", "MOSCOW"),
        ("TOKYO A ship sailed with its cargo yesterday morning.", "TOKYO"),
        ("a fair in Moscow", "Moscow"),
        ("the port of Tripoli", "Tripoli"),
        ("Tehran airport reopened", "Tehran"),
        ("the city of Damascus", "Damascus"),
        ("he flew to Beijing", "Beijing"),
        ("a train from Pyongyang", "Pyongyang"),
        ("Kyiv was shelled again.", "Kyiv"),
        ("the Berlin conference", "Berlin"),
        ("Moscow's suburbs burned.", "Moscow"),
        ("a London-based broker", "London"),
        ("the Lebanese capital, Beirut", "Beirut"),
        ("20 km from Baghdad", "Baghdad"),
        ("rifles smuggled from Tripoli", "Tripoli"),
        ("the ambassador to Moscow", "Moscow"),
        ("Kyiv, Ukraine", "Kyiv"),
        ("Beirut's southern suburbs", "Beirut"),
        ("London Breed spoke.", "London"),
        ("BOGOTA, 12 MAY 90 (EFE) -- [TEXT] REBELS FLED.", "BOGOTA"),
        ("a convoy bound for Tripoli", "Tripoli"),
        ("Kyiv was still not safe.", "Kyiv"),
        ("Washington, D.C., heard it", "Washington"),
    ],
)
def test_city(text: str, city: str) -> None:
    assert metonyms(text) == []
    assert places(text) == [city]


def test_coordinated_capitals_share_their_sense() -> None:
    assert metonyms("talks between Moscow and Pyongyang") == [("Moscow", "RUS"), ("Pyongyang", "PRK")]
    assert metonyms("Moscow and Tehran have agreed.") == [("Moscow", "RUS"), ("Tehran", "IRN")]
    assert places("shops in Moscow and Tehran") == ["Moscow", "Tehran"]
    assert metonyms("Tehran, Moscow and Beijing are closer.") == [
        ("Tehran", "IRN"),
        ("Moscow", "RUS"),
        ("Beijing", "CHN"),
    ]
    assert metonyms("Seoul and Washington plan drills.") == [("Seoul", "KOR"), ("Washington", "USA")]
    assert places("attacks in Russia and Kyiv") == ["Kyiv"]


def test_what_was_decided_tells_the_places_apart() -> None:
    text = "Kyiv asked for missiles after rockets hit Kyiv."
    assert metonyms(text) == [("Kyiv", "UKR")]
    assert places(text) == ["Kyiv"]
    assert recogniser().survey(subject(text)).toponyms[0].start == 42


def test_brussels_is_not_belgium() -> None:
    assert states("Brussels approved the plan.") == []


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("fr", "Moscou a livré des missiles.", "RUS"),
        ("fr", "des ventes d'armes entre Paris et Le Caire", "FRA"),
        ("es", "Moscú acusa a otros.", "RUS"),
        ("de", "Moskau bestreitet die Lieferung.", "RUS"),
        ("sv", "Moskva förnekar uppgifterna.", "RUS"),
        ("ru", "Москва отрицает поставки.", "RUS"),
        ("uk", "Москва заперечує постачання.", "RUS"),
        ("it", "Mosca nega la vendita.", "RUS"),
        ("pt", "Moscou nega a venda.", "RUS"),
        ("fr", "des chars livrés à Kiev", "UKR"),
        ("fr", "Berlin hésite.", "DEU"),
        ("de", "Waffen aus Moskau", "RUS"),
        ("ru", "Вашингтон и Лондон поставляют ракеты.", "GBR"),
        ("ru", "власти Киева", "UKR"),
        ("es", "Caracas compró fusiles a Moscú.", "RUS"),
    ],
)
def test_government_in_other_languages(language: str, text: str, value: str) -> None:
    assert value in [v for _, v in metonyms(text, language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "une usine à Moscou"),
        ("es", "una fábrica en Moscú"),
        ("de", "eine Fabrik in Moskau"),
        ("sv", "en fabrik i Moskva"),
        ("ru", "завод в Москве"),
        ("uk", "завод у Москві"),
        ("fr", "des explosions à Kiev"),
        ("fr", "Washington DC"),
        ("de", "eine Reise nach Moskau"),
    ],
)
def test_city_in_other_languages(language: str, text: str) -> None:
    assert metonyms(text, language) == []
    assert len(places(text, language)) == 1


def test_the_publication_date_tells_the_predecessor() -> None:
    assert metonyms("Moscow supplied jets.", published="1987-03-02") == [("Moscow", "SUN")]
    assert metonyms("Moscow supplied jets.", published="2023-03") == [("Moscow", "RUS")]
    assert metonyms("Belgrade sold rifles.", published="1989") == [("Belgrade", "YUG")]
    assert metonyms("Belgrade sold rifles.", published="2016-07-01T10:00:00") == [("Belgrade", "SRB")]
    assert states("Serbia sold rifles.", published="1989") == [("Serbia", "SRB")]
    assert metonyms("Prague sold rifles.", published="1990-01-05") == [("Prague", "CSK")]


def test_institutions_are_not_states() -> None:
    assert states("The White House and the Pentagon declined to comment.") == []


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Damascus flatly denied it.", "SYR"),
        ("en", "The order was for ten jets, but Lima cut it last year.", "PER"),
        ("en", "[Rabat](https://x.example/t) has signed a contract.", "MAR"),
        ("en", "Jakarta, according to the report, bought ten missiles.", "IDN"),
        ("fr", "C'est une provocation, a réagi Pékin.", "CHN"),
        ("es", "No hay misiles en el país, respondió Caracas.", "VEN"),
        ("de", "Das sei falsch, erklärte Moskau.", "RUS"),
        ("ru", "Париж, по его словам, стал участником конфликта.", "FRA"),
        ("ru", "Их снаряды поставляют Минску.", "BLR"),
        ("uk", "Тут передали Варшаві танки.", "POL"),
        ("zh", "北京否认提供武器。", "CHN"),
        ("fr", "Un rapport dont Rome conteste la portée.", "ITA"),
        ("es", "Los fusiles que Lima compró eran viejos.", "PER"),
        ("sv", "De gavs till grupper som Riyadh stödde.", "SAU"),
        ("ru", "Говорят, будто Пекин тайно передал ракеты.", "CHN"),
        ("ru", "Он просил у Минска танки.", "BLR"),
        ("uk", "Дрони, про які просить Київ.", "UKR"),
        ("de", "Nach Angaben aus Kiew fehlen Panzer.", "UKR"),
    ],
)
def test_government_in_any_language(language: str, text: str, value: str) -> None:
    assert [v for _, v in metonyms(text, language)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "The helicopters were flown to Bamako.",
        "The general returned from Moscow after buying tanks.",
        "A convoy left for Khartoum days later.",
        "The ship carried armoured vehicles to Tripoli.",
    ],
)
def test_goods_that_move_make_no_government(text: str) -> None:
    assert metonyms(text) == []


@pytest.mark.parametrize("text", ["He scored for Real Madrid.", "Dynamo Kyiv denied the rumour."])
def test_a_club_is_no_government(text: str) -> None:
    assert metonyms(text) == []


def test_flights_between_capitals_are_between_cities() -> None:
    assert metonyms("Iran closed the flights between Ankara and Baku.") == []
    assert [v for _, v in metonyms("Both Warsaw and Prague sent tanks.")] == ["POL", "CZE"]


def test_an_officer_is_no_state() -> None:
    assert states("CAPTAIN MAURICIO RIVAS SHOWED THE RIFLES TO NEWSMEN.") == []
    assert states("Colonel Chad Brown inspected the tanks.") == []
