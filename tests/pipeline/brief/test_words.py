"""Codes in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.brief import words
from transforms.records import Money, Party, Voice


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""), ("2024-01-02", "2 January 2024"), ("2024-05", "May 2024"), ("2023", "2023"),
        ("2024-W28", "week of 8 July 2024"), ("2024-01/2024-03", "January 2024 – March 2024"), ("nonsense", "nonsense"),
    ],
)  # fmt: skip
def test_dates_are_as_fine_as_told(value: str | None, told: str) -> None:
    assert words.when(value) == told


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (Money(amount=1.7e9, currency="USD"), "1.7 bn USD"), (Money(amount=414e6, currency="USD"), "414 m USD"),
        (Money(amount=4e9, currency="EUR", bound="max"), "up to 4 bn EUR"),
        (Money(amount=950, currency="SEK"), "950 SEK"),
    ],
)  # fmt: skip
def test_money(amount: Money, told: str) -> None:
    assert words.money(amount) == told


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("stage", "in_use", "In use"), ("standing", "disputed", "Disputed"),
        ("quantity", "200,000– round", "at least 200,000 round"),
        ("quantity", "–50", "at most 50"), ("quantity", "10–20", "10–20"), ("value", "2,000,000,000 SEK", "2 bn SEK"),
        ("date", "2024-05", "May 2024"), ("weapon", "a\nb", "a b"), ("stage", None, ""),
    ],
)  # fmt: skip
def test_ends_of_changes(kind: str, value: str | None, told: str) -> None:
    assert words.told(kind, value) == told


def test_parties() -> None:
    assert words.party(Party(iso3="PRK")) == "North Korea"
    assert words.party(Party(iso3="SUN")) == "Soviet Union"
    assert words.party(Party(actor="houthis", name="Ansar Allah rebels")) == "Houthis"
    assert words.party(Party(name="a  trader\n")) == "a trader"
    assert words.party(Party()) == "Unknown"


def test_a_surname_alone_is_who_was_named_in_full() -> None:
    said = [Voice(name="Ana Lind", iso3="SWE"), Voice(name="Lind", iso3="SWE"), Voice(name="narration")]
    assert words.voices(said) == ("Ana Lind (Sweden)", "the report itself")


@given(st.text(max_size=60))
def test_any_text_is_told(text: str) -> None:
    assert "\n" not in words.when(text) + words.told("quantity", text) + words.told("value", text)
    assert len(words.plain(text, 20)) <= 20
