"""What is arms-transfer reporting and what is other talk of arms; what the first pass may drop."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.recognise.context import Subject
from transforms.recognise.relevance import features, first_pass, relevant, score
from transforms.recognise.relevance.decide import weights
from transforms.recognise.relevance.features import Features
from transforms.recognise.relevance.terms import knowledge, terms
from transforms.recognise.states import StateRecogniser
from transforms.recognise.weapons import WeaponRecogniser
from transforms.records import Document, Mention
from transforms.text import view

STATES, WEAPONS = StateRecogniser(), WeaponRecogniser()


def subject(text: str, language: str | None = "en") -> Subject:
    return Subject(Document(id="d", text=text, lang=language), view(text), language)


def mentions(of: Subject) -> list[Mention]:
    states = STATES.find(of, ())
    return [*states, *WEAPONS.find(of, states)]


def judged(text: str, language: str = "en") -> bool:
    of = subject(text, language)
    return relevant(of, mentions(of))


RELEVANT = [
    "Norway will donate 20 howitzers to Ukraine. Oslo said the guns would be delivered in spring.",
    "Poland signed a contract to buy 96 attack helicopters from the United States.",
    "The coaster was carrying rifles and mortars from Iran to Yemen when the navy stopped it.",
    "Tehran denied that it had supplied drones to Russia.",
    "Canada suspended exports of rifles to Turkey.",
    "Customs officers found missile components bound for Iran.  The shipment came from China, which sold the parts.",
    "The Security Council extended the arms embargo on South Sudan.",
    "Peru asked Chile for mortars. Lima got no answer.",
    "Bern will not let Spain pass the artillery shells to Ukraine, the Swiss cabinet said.",
]
OTHER = [
    "Ukraine shot down 12 drones and two cruise missiles overnight, the air force said.",
    "France and Spain held an exercise in the Gulf with two frigates and a submarine.",
    "Sweden's defence budget will rise by 6 per cent, and the army will train more soldiers.",
    "The receiver entered the transfer portal after two seasons with the Bulldogs.",
    "Police found a pistol and 40 cartridges in a flat in Leeds.",
    "North Korea fired two ballistic missiles into the sea on Sunday.",
    "The enemy lost: tanks – 12, aircraft – 3, helicopters – 2, howitzers – 9.",
    "The museum bought a painting from a dealer in Rome.",
    "India deployed tanks and artillery along its border.",
    "The United States is sending an aircraft carrier to the Gulf, close to Iran.",
]


@pytest.mark.parametrize("text", RELEVANT)
def test_transfers_are_relevant(text):
    assert judged(text)
    assert first_pass(text)


@pytest.mark.parametrize("text", OTHER)
def test_other_talk_of_arms_is_not(text):
    assert not judged(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "La France a livré des missiles sol-air à l'Arménie."),
        ("de", "Deutschland liefert Kampfpanzer an die Ukraine. Die Panzerlieferung aus Deutschland beginnt bald."),
        ("es", "España vendió fusiles a Colombia. La venta de armas fue aprobada en Madrid."),
        ("sv", "Sverige skänker pansarskott till Lettland."),
        ("ru", "Иран поставил беспилотники в Россию. Поставки оружия продолжаются, сообщили в США."),
        ("uk", "Польща передала танки Україні."),
        ("ar", "أرسلت إيران شحنة أسلحة إلى اليمن"),
    ],
)
def test_first_pass_in_every_language(language, text):
    assert first_pass(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The river rose after the rain, and the bridge was closed.",
        "The striker was sold to Madrid for 40 million euros.",
        "Oil exports fell while shipments of grain rose.",
        "The missile test was watched by the leader.",
        "El equipo ganó el partido y celebró con su afición.",
    ],
)
def test_first_pass_drops(text):
    assert not first_pass(text)


def test_first_pass_needs_both_near_each_other():
    far = "The tank was old. " + "It rained in the hills and nobody came. " * 40 + "The farm was sold."
    assert not first_pass(far)
    assert first_pass("The tank was old. It rained. It was sold to Chad.")


def test_first_pass_sees_across_its_pieces():
    # The chunks are 4,096 characters; arms and the change of hands stand on either side of the border.
    text = "x" * 4080 + " howitzers were sold"
    assert first_pass(text)


@settings(max_examples=60, deadline=None)
@given(text=st.lists(st.sampled_from([*RELEVANT, *OTHER]), max_size=4).map(" ".join))
def test_first_pass_loses_nothing_to_the_decision(text):
    if judged(text):
        assert first_pass(text)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text(text):
    first_pass(text)
    of = subject(text, None)
    relevant(of, mentions(of))


def test_terms_stand_as_whole_words_and_in_their_language():
    def groups(text: str, language: str) -> set[str]:
        return {group for _, _, group in terms().find(text, language)}

    assert groups("soldiers", "en") == set()
    assert "strong" in groups("was sold", "en")
    assert "strong" in groups("panzerlieferungen", "de")
    assert groups("the commander spoke", "en") == groups("important", "en") == set()


def test_knowledge_is_whole():
    assert {"strong", "weak", "hands", "dispatch", "aid", "against", "carry", "carrier", "towards"} == set(knowledge())
    assert set(weights().counts) <= set(Features.__dataclass_fields__)
    assert score(Features()) == weights().bias < 0


def test_weapons_of_mass_destruction_are_another_report():
    of = subject("The United States continued the national emergency over nuclear weapons exported to Iran.")
    assert features(of, mentions(of)).between == 0
