"""Folding keeps a way back to the original, whatever arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text import fold, view
from transforms.text.fold import looks_wrapped

MESSY = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(list("<>&;/a \n\r\t-\u00ad\u00a0\u2019\ufeff\u2028\"'"))),
    max_size=300,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a\u00a0b  c\td", "a b c d"),
        ("Rus\u00adsia\u200b", "Russia"),
        ("\u201cNo\u201d \u2018yes\u2019 \u2013 \u2014", "\"No\" 'yes' - \u2014"),
        ("<p>One <b>tank</b></p><p>two</p>", "One tank\ntwo"),
        ("<b>Rus</b>sia", "Russia"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("R&amp;D &nbsp;5&#44;000 &lt;b&gt;", "R&D 5,000 <b>"),
        ("before<script>var x = '<p>';</script>after", "before after"),
        ("a <!-- hidden <p> --> b", "a b"),
        ("x < y and y > z", "x < y and y > z"),
        ("one\n\n\ntwo", "one\ntwo"),
        ("  \n lead and trail \n ", "lead and trail"),
        ("", ""),
        ("\ud800 lone", "\ud800 lone"),
    ],
)
def test_what_a_reader_sees(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_newswire_lines_are_joined_and_broken_words_mended() -> None:
    wire = (
        "The ministry said on Monday that it would buy anti-\n"
        "aircraft missiles from a neighbour and that the first\n"
        "of them were expected in the spring of next year at the\n"
        "latest.\n"
        "\n"
        "Reuter"
    )
    assert fold(wire).text == (
        "The ministry said on Monday that it would buy anti-aircraft missiles from a neighbour and that the first "
        "of them were expected in the spring of next year at the latest.\nReuter"
    )


def test_a_wire_with_indented_paragraphs_and_no_blank_lines() -> None:
    wire = (
        "Norway turned down an\n"
        "Austrian bid for ten patrol boats, a navy officer said in\n"
        "Bergen.\n"
        "    The bid was too dear.\n"
        "    He said that the government would look to its\n"
        "Swedish neighbours instead."
    )
    assert looks_wrapped(wire)
    assert fold(wire).text == (
        "Norway turned down an Austrian bid for ten patrol boats, a navy officer said in Bergen.\n"
        "The bid was too dear.\nHe said that the government would look to its Swedish neighbours instead."
    )


def test_a_wrapped_paragraph_above_a_list() -> None:
    sheet = (
        "Fact sheet\n"
        "Since the spring Norway has given its two southern partners more in military\n"
        "assistance than in any year before. Among it:\n"
        "- Two patrol boats;\n- Boots;\n- Tents;\n- Three radios;\n- Rations."
    )
    assert fold(sheet).text.split("\n")[1] == (
        "Since the spring Norway has given its two southern partners more in military assistance than in any year "
        "before. Among it:"
    )


def test_a_long_link_does_not_hide_the_width() -> None:
    release = (
        "Today the Government of Norway is proud to say that twelve\n"
        "of its patrol boats have been handed over to the coast guard of\n"
        f"its neighbour [as it told](https://gov.example/{'x' * 120})\n"
        "in the spring of the year, and that more of them will follow\n"
        "Finnish ones before the winter."
    )
    assert looks_wrapped(release)


def test_a_table_of_losses_is_not_wrapped() -> None:
    table = "losses of the day:\ntanks - 12 (+1) pcs,\ncars and tankers of fuel - 310 (+7) pcs,\nboats - 3,\nguns - 9"
    assert not looks_wrapped(table)


def test_lines_that_are_paragraphs_stay_apart() -> None:
    page = "Home\nNews\nTwo tanks were delivered.\nThe ministry confirmed it on Monday.\nRelated Articles"
    assert not looks_wrapped(page)
    assert fold(page).text == page


def test_spans_lead_back_to_the_original() -> None:
    original = "The <b>T\u00ad-\u00ad72</b>&nbsp;tanks"
    folded = fold(original)
    start = folded.text.index("T-72")
    assert folded.text == "The T-72 tanks"
    first, last = folded.span(start, start + 4)
    assert original[first:last] == "T\u00ad-\u00ad72"
    assert folded.locate(first, last) == (start, start + 4)


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="no span 1-1"):
        fold("abc").span(1, 1)


@given(MESSY)
def test_any_text_folds_and_every_span_maps_back_and_forth(text: str) -> None:
    folded = fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(0 <= s < e <= len(text) for s, e in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)
    assert "  " not in folded.text
    assert "\n\n" not in folded.text
    assert folded.text == folded.text.strip(" \n")
    for i in range(0, len(folded.text), 7):
        start, end = folded.span(i, i + 1)
        low, high = folded.locate(start, end)
        assert low <= i < high


@given(MESSY)
def test_segments_cover_all_words_in_order(text: str) -> None:
    seen = view(text)
    position = 0
    for sentence in seen.sentences:
        assert sentence.start >= position
        assert sentence.end > sentence.start
        position = sentence.end
    held = "".join(seen.text[s.start : s.end] for s in seen.sentences)
    assert "".join(held.split()) == "".join(seen.text.split())


def test_folding_is_linear_in_hostile_markup() -> None:
    """Unclosed tags, comments and scripts: each would be quadratic for a careless pattern; counted, not timed."""
    for piece in ("<a ", "<!-- ", "<script>", "&amp", "<p", "<" * 10):
        assert len(fold(piece * 20000).text) <= len(piece) * 20000


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (
            "Sweden's <AB Bofors> sold guns, <Northrop Corp> said.",
            "Sweden's <AB Bofors> sold guns, <Northrop Corp> said.",
        ),
        (
            "One<br>two<o:p>three</o:p><x-note>four</x-note><made up='by nobody'>five<y/>six",
            "One\ntwo\nthree\nfour\nfive\nsix",
        ),
    ],
)
def test_names_in_angle_brackets_are_text_and_elements_are_not(text: str, folded: str) -> None:
    found = fold(text)
    assert found.text == folded
    assert len(found.text) == len(found.starts) == len(found.ends)
