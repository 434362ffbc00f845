"""United Nations documents: symbol, body, meeting; speakers of meetings coverage in English and French."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.lines import lines_of
from transforms.read.un import speakers_of, un_document
from transforms.records import UnDocument

ENGLISH = """SC/19741
28 June 2029
9,667th Meeting (PM)

Speakers Clash over Crates Found in Harbour

The representative of France said that her country had shipped nothing. She showed a list. For his part, China's \
representative called for calm. The speaker for the Republic of Korea, meanwhile, agreed.

JANE Q. SAMPLE (United States), speaking first, said that the missiles had come by rail. They were 24.

She also noted the dates on the crates.

IVAN I. PRIMEROV (Russian Federation), taking the floor a second time, rejected the charge made by the representative \
of the United States.

ANNA EXEMPEL, Under-Secretary-General for Something, briefed the Council.

The Council then adjourned its meeting.
"""
FRENCH = """CS/19741
28 juin 2029
9667e séance – après-midi

Mme CLAIRE MODÈLE (États-Unis) a déclaré que les missiles étaient venus par le rail.

M. IVAN I. PRIMEROV (Fédération de Russie) a rejeté l'accusation.

La représentante de la République de Corée a dit non. Le représentant du Royaume-Uni l'a appuyée. La représentante \
d'Israël a quitté la salle. Le délégué des Émirats arabes unis a demandé le calme.
"""


def speakers(text: str, official: bool = True) -> list[tuple[str | None, str | None, str]]:
    passages = speakers_of(lines_of(text), official=official)
    return [(p.speaker, p.iso3, text[p.start : p.end]) for p in passages]


def test_the_document() -> None:
    assert un_document(ENGLISH, "", "x") == UnDocument(symbol="SC/19741", body="Security Council", meeting=9667)
    assert un_document(FRENCH, "", "x") == UnDocument(symbol="CS/19741", body="Security Council", meeting=9667)


@pytest.mark.parametrize(
    ("url", "symbol", "body"),
    [
        ("https://press.un.org/en/2024/sc15741.doc.htm", "SC/15741", "Security Council"),
        ("https://press.un.org/fr/2024/cs15741.doc.htm", "CS/15741", "Security Council"),
        ("https://press.un.org/en/2023/gadis3700.doc.htm", "GA/DIS/3700", "First Committee"),
        ("https://press.un.org/en/2023/sgsm21987.doc.htm", "SG/SM/21987", "Secretary-General"),
        ("https://press.un.org/en/2023/ga12500.doc.htm", "GA/12500", "General Assembly"),
    ],
)
def test_the_symbol_in_an_address(url: str, symbol: str, body: str) -> None:
    assert un_document("Text of it.", url, "un") == UnDocument(symbol=symbol, body=body)


def test_a_document_symbol_and_a_meeting_record() -> None:
    text = "S/PV.9667\n\nSecurity Council\n\n9667th meeting\nFriday, 28 June"
    assert un_document(text, "https://undocs.un.org/x", "un") == UnDocument(
        symbol="S/PV.9667", body="Security Council", meeting=9667
    )


def test_news_that_cites_the_un_is_none() -> None:
    text = "The panel wrote in document S/2024/215 that the Security Council had been told of the crates in May."
    assert un_document(text, "https://news.example/1", "example") is None


def test_speakers_in_english() -> None:
    found = speakers(ENGLISH)
    assert [(name, iso3) for name, iso3, _ in found] == [
        ("The representative of France", "FRA"),
        ("For his part, China's representative", "CHN"),
        ("The speaker for the Republic of Korea", "KOR"),
        ("Jane Q. Sample", "USA"),
        ("Jane Q. Sample", "USA"),
        ("Ivan I. Primerov", "RUS"),
        ("Anna Exempel", None),
    ]
    assert found[0][2] == "The representative of France said that her country had shipped nothing. She showed a list. "
    assert found[4][2] == "She also noted the dates on the crates."
    assert found[5][2].startswith("IVAN I. PRIMEROV") and found[5][2].endswith("United States.")


def test_speakers_in_french() -> None:
    assert [(name, iso3) for name, iso3, _ in speakers(FRENCH)] == [
        ("Claire Modèle", "USA"),
        ("Ivan I. Primerov", "RUS"),
        ("La représentante de la République de Corée", "KOR"),
        ("Le représentant du Royaume-Uni", "GBR"),
        ("La représentante d'Israël", "ISR"),
        ("Le délégué des Émirats arabes unis", "ARE"),
    ]


def test_elsewhere_only_where_it_is_plainly_meetings_coverage() -> None:
    assert speakers("The representative of France said no. Nobody else spoke.", official=False) == []
    assert speakers("JANE SAMPLE (United States) said yes.\n\nThe end came soon.", official=False) == []
    two = "JANE SAMPLE (United States) said yes.\n\nJOHN MUSTER (Germany) said no."
    assert [iso3 for _, iso3, _ in speakers(two, official=False)] == ["USA", "DEU"]


def test_a_text_in_capitals_has_no_speakers() -> None:
    assert speakers("COLONEL SUAREZ (HONDURAS) SAID THAT THE GUNS HAD COME BY SEA.", official=True) == []


@pytest.mark.parametrize("unit", ["the representative of ", "X's representative ", "ABC DEF (", "A ", "S/"])
def test_time_is_in_proportion_to_the_text(unit: str) -> None:
    """Four times the text takes no more than seven times as long (a square takes sixteen), at best of three."""

    def cost(times: int) -> float:
        lines = lines_of(unit * times)
        found = []
        for _ in range(3):
            start = process_time()
            speakers_of(lines, official=True)
            un_document(unit * times, "", "un")
            found.append(process_time() - start)
        return min(found)

    cost(10)
    assert cost(8000) < 7 * cost(2000) + 0.02


@given(st.text(alphabet="ABCDE abc.(),'\n’MmeThe representative of France", max_size=300))
def test_any_text(text: str) -> None:
    for official in (True, False):
        passages = speakers_of(lines_of(text), official=official)
        assert all(0 <= p.start < p.end <= len(text) for p in passages)
    un_document(text, text[:50], "un")
