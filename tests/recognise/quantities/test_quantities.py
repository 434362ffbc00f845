"""Quantities: golden spans, values, units and targets; numerals by language; no text breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from transforms.knowledge import load
from transforms.recognise.context import Subject
from transforms.recognise.dates.tokens import tokens
from transforms.recognise.quantities import QuantityRecogniser
from transforms.recognise.quantities.numerals import numerals
from transforms.recognise.quantities.schema import languages
from transforms.records import Category, Document, QuantityMention, WeaponMention
from transforms.text import view


class Case(BaseModel):
    lang: str
    text: str
    quantities: list[str]


CASES = load(Path(__file__).with_name("golden.yaml"), TypeAdapter(list[Case]))
RECOGNISER = QuantityRecogniser()
MARKED = re.compile(r"\{([^{}]*)\}")


def find(marked: str, lang: str | None = "en") -> tuple[str, list[WeaponMention], list[QuantityMention]]:
    """The text without braces, the weapons that were in them, and the quantities found."""
    text, weapons, position = "", [], 0
    for match in MARKED.finditer(marked):
        text += marked[position : match.start()]
        start, position = len(text), match.end()
        text += match[1]
        if match[1]:
            category: Category = "ammunition" if match[1] in ("artillery rounds", "munitions") else "VII"
            weapons.append(WeaponMention(text=match[1], start=start, end=len(text), value=match[1], category=category))
    text += marked[position:]
    subject = Subject(Document(id="x", text=text, lang=lang), view(text), lang)
    return text, weapons, RECOGNISER.find(subject, weapons)


def shown(mention: QuantityMention) -> str:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:g}" if value < 1e5 else f"{value:.0f}"

    value = number(mention.number) if mention.number is not None else f"{number(mention.min)}..{number(mention.max)}"
    marks = "~" * mention.approx + "<>" * mention.exclusive
    return f"{mention.text} => {mention.quantity_class} {marks}{value} {mention.currency or mention.unit}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lang}: {case.text[:50]}")
def test_golden(case: Case) -> None:
    _, _, found = find(case.text, case.lang)
    assert [shown(mention) for mention in found] == case.quantities


def test_a_quantity_names_the_weapon_that_it_counts() -> None:
    _, weapons, found = find("It took 18 new American {HIMARS} launchers and 5 crates.")
    assert found[0].target == weapons[0].start
    assert found[0].of == "HIMARS"
    assert found[1].target is None


def test_offsets_are_those_of_the_original_with_its_line_breaks_and_tags() -> None:
    text = (
        "The colonel tried hard to obtain <b>20</b>\nBlowpipe\u00a0missiles for them, as the paper has\n"
        "it, and so did two of his friends who had\nbeen abroad for years and were known to\nthe whole trade."
    )
    start = text.index("Blowpipe")
    weapon = WeaponMention(text="Blowpipe missiles", start=start, end=start + 17, value="Blowpipe", category="VII")
    (found,) = RECOGNISER.find(Subject(Document(id="x", text=text), view(text), "en"), [weapon])
    assert text[found.start : found.end] == found.text
    assert found.text.endswith("</b>\nBlowpipe\u00a0missiles")
    assert (found.number, found.target) == (20, start)


@pytest.mark.parametrize(
    ("lang", "words", "value"),
    [
        ("en", "two hundred and fifty-six", 256),
        ("en", "three million four hundred thousand", 3_400_000),
        ("en", "1,234.5", 1234.5),
        ("en", "7.300", 7.3),
        ("de", "7.300", 7300),
        ("de", "dreitausendzweihundertvierundzwanzig", 3224),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "deux cent cinquante", 250),
        ("fr", "11 000", 11000),
        ("es", "veinte mil millones", 20_000_000_000),
        ("es", "ciento veintitrés", 123),
        ("sv", "trettiofem", 35),
        ("sv", "tvåhundratusen", 200_000),
        ("ru", "сто двадцать пять тысяч", 125_000),
        ("uk", "дев'яносто", 90),
        ("it", "trentacinque", 35),
        ("pt", "cento e vinte", 120),
    ],
)
def test_numerals(lang: str, words: str, value: float) -> None:
    seen = tokens(words)
    number = numerals(lang).at(seen, 0)
    assert number is not None
    assert (number.value, number.end) == (value, len(seen))


SNIPPETS = st.sampled_from(
    [
        *"20 1,000 7.300 13\u00a0000 000 5.8 million billion bn m k mil millones $ € US$ USD kr mkr Rs dollars".split(
            " "
        ),
        *"d' of the a an half several hundred thousand dozens hundreds and to - – between more than up about".split(
            " "
        ),
        *"nearly or plus {missiles} {F-16} {155 mm shells} { } containers tons people 20th 155mm 2023 May in".split(
            " "
        ),
        *"vierundzwanzig einund hundert vingt quatre двадцать тысяч و ١٢ ² ½ . , ' : / \n".split(" "),
    ]
)
TEXTS = st.one_of(
    st.text(), st.lists(SNIPPETS, max_size=25).map(" ".join), st.lists(SNIPPETS, max_size=25).map("".join)
)


@given(marked=TEXTS, lang=st.sampled_from([*languages(), "xx", "", None]))
def test_any_text_gives_ordered_spans_with_one_number_each(marked: str, lang: str | None) -> None:
    text, weapons, found = find(marked, lang)
    end = 0
    for mention in found:
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end
        end = mention.end
        assert (mention.number is not None) != (mention.min is not None or mention.max is not None)
        assert (mention.currency is not None) == (mention.quantity_class == "money")
        assert mention.target is None or mention.target in {weapon.start for weapon in weapons}
        if mention.min is not None and mention.max is not None:
            assert mention.min < mention.max


def test_a_word_of_one_language_has_one_meaning() -> None:
    for code, language in languages().items():
        others = set(language.others)
        for unit, nouns in language.units.items():
            assert not others & set(nouns), (code, unit, others & set(nouns))
