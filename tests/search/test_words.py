"""Tokens: what is alike, what is not, and that any text has some or none but never fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.search.words import LONGEST, fold, plain, stem, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("T-72B3", "t72 b3"),
        ("Shahed-136", "SHAHED 136"),
        ("missiles", "missile"),
        ("batteries", "battery"),
        ("Raketen", "Rakete"),
        ("misiles", "misil"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("ракетами", "ракет"),
        ("Россией", "Россия"),
        ("северной", "северная"),
        ("الإيرانية", "إيران"),
        ("الباليستية", "باليستي"),
        ("Rus\u00adsia", "Russia"),
        ("ﬁrearms", "firearm"),
        ("١٣٦", "136"),
        ("Kőrös", "koros"),
    ],
)
def test_what_readers_take_for_the_same_has_the_same_tokens(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("T-72", "T-80"), ("Iran", "Iraq"), ("Niger", "Nigeria"), ("Австрия", "Австралия"), ("mine", "mineral")],
)
def test_what_differs_keeps_different_tokens(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_letters_digits_and_signs_are_apart() -> None:
    assert tokens("9М133М-2, 155mm; 朝鲜导弹!") == ("9", "м", "133", "м", "2", "155", "mm", "朝", "鲜", "导", "弹")
    assert tokens("— / …  \n") == ()


def test_short_words_and_ends_that_are_no_plural_are_kept() -> None:
    assert [stem(word) for word in ("gas", "bus", "less", "iris", "arms")] == ["gas", "bus", "less", "iris", "arm"]


def test_a_name_is_compared_whole() -> None:
    assert plain("Герань-2") == "герань2"
    assert plain("Al-Quds Brigades") == "alqudsbrigades"


@given(st.text())
@settings(deadline=None)
def test_any_text_has_tokens_that_need_no_escaping(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token) <= LONGEST
        assert all(char.isalnum() or ord(char) > 127 for char in token)
        assert not any(char.isspace() or char in "¶·\"'" for char in token)
        assert token.encode()


@given(st.text())
@settings(deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert tokens(fold(text)) == tokens(text)
