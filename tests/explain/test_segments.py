"""Texts cut into segments: nothing lost, nothing doubled, every mark on exactly what it covers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.explain.segments import Span, cut


def shown(text: str, *layers: list[tuple[int, int]]) -> list[list[tuple[str, tuple[tuple[int, ...], ...]]]]:
    lines = cut(text, [[Span(*span) for span in layer] for layer in layers])
    return [[(piece.text, piece.layers) for piece in line] for line in lines]


def test_a_mark_within_a_longer_one_comes_first_as_the_shorter() -> None:
    assert shown("18 tanks sent", [(0, 8), (3, 8)]) == [
        [("18 ", ((0,),)), ("tanks", ((1, 0),)), (" sent", ((),))],
    ]


def test_marks_that_overlap_by_half_share_a_segment() -> None:
    assert shown("abcdef", [(0, 4), (2, 6)]) == [[("ab", ((0,),)), ("cd", ((0, 1),)), ("ef", ((1,),))]]


def test_a_mark_over_a_line_end_is_cut_there() -> None:
    assert shown("ab\ncd", [(1, 4)]) == [[("a", ((),)), ("b", ((0,),))], [("c", ((0,),)), ("d", ((),))]]


def test_layers_are_told_apart() -> None:
    assert shown("abc", [(0, 2)], [(1, 3)]) == [[("a", ((0,), ())), ("b", ((0,), (0,))), ("c", ((), (0,)))]]


def test_a_mark_begins_once() -> None:
    lines = cut("a\nb", [[Span(0, 3)], [Span(2, 3)]])
    assert [[piece.begins for piece in line] for line in lines] == [[((0,), ())], [((), (0,))]]


def test_spans_outside_the_text_are_cut_to_it_and_empty_ones_passed_over() -> None:
    assert shown("ab", [(-3, 1), (1, 99), (1, 1), (5, 9)]) == [[("a", ((0,),)), ("b", ((1,),))]]


@given(
    st.text(alphabet=st.sampled_from("ab\né漢ش\r\u2028"), max_size=40),
    st.lists(st.tuples(st.integers(-5, 45), st.integers(-5, 45)), max_size=8),
    st.lists(st.tuples(st.integers(-5, 45), st.integers(-5, 45)), max_size=4),
)
def test_every_character_has_exactly_its_marks(
    text: str, first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    layers = [[Span(*span) for span in first], [Span(*span) for span in second]]
    lines = cut(text, layers)
    assert "\n".join("".join(piece.text for piece in line) for line in lines) == text
    for line in lines:
        for piece in line:
            assert piece.text and text[piece.start : piece.start + len(piece.text)] == piece.text
            for at in range(piece.start, piece.start + len(piece.text)):
                for spans, covers in zip(layers, piece.layers, strict=True):
                    assert set(covers) == {i for i, span in enumerate(spans) if span.start <= at < span.end}
    begun = [(layer, i) for line in lines for piece in line for layer, found in enumerate(piece.begins) for i in found]
    assert len(begun) == len(set(begun))
