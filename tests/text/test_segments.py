"""Sentences end where a reader would end them."""

from __future__ import annotations

import pytest

from transforms.text import view


def split(text: str) -> list[str]:
    seen = view(text)
    return [seen.text[s.start : s.end] for s in seen.sentences]


@pytest.mark.parametrize(
    "sentences",
    [
        ["It left on Monday.", "It arrived on Friday."],
        ["Mr. Ruiz met Gen. Park in the U.S. capital.", "He left."],
        ["It came from the U.S.", "The ship was new."],
        ["It weighs 3.5 tonnes and cost $1.7 billion.", "Nobody paid."],
        ['"We deny it."', "He then left."],
        ["Is it so?", "No!", "It is not."],
        ["J. R. Hale spoke at length."],
        ["Das Gerät kostet ca. 5 Mio. Euro.", "Es wird bzw. wurde geliefert."],
        ["Поставки составили 5 тыс. тонн.", "Их отправили в 2023 г. из порта."],
        ["Le général M. Roux a parlé.", "Il a nié."],
        ["武器已经交付。", "没有否认。"],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    joined = "".join(sentences) if sentences[0].endswith("。") else " ".join(sentences)
    assert split(joined) == sentences


def test_a_paragraph_ends_a_sentence() -> None:
    assert split("Weapons for the north\n\nThe ship left.") == ["Weapons for the north", "The ship left."]


def test_offsets_find_their_sentence_and_paragraph() -> None:
    seen = view("One here. Two here.\n\nThree here.")
    assert [seen.sentence_at(seen.text.index(w)) for w in ("One", "Two", "Three")] == [0, 1, 2]
    assert [seen.paragraph_at(seen.text.index(w)) for w in ("One", "Two", "Three")] == [0, 0, 1]


def test_a_text_is_folded_once() -> None:
    text = "The guns came by sea. Nobody saw them."
    assert view(text) is view("".join(text))
