"""Any text: no error, spans that match, order without overlap, time in proportion."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(
    "missile missiles Patriot T-72B3 С-300 155 mm 122мм , . - / ( ) « » \n <b> &amp; for and tank anti- anti-tank İ ß "
    "ракетами صاروخ Panzer Panzerhaubitzen round of F-16 spare parts KN-23 \u00ad \u00a0 the Leopard 2A4 and".split(" ")
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, language=st.sampled_from(["en", "de", "ru", "ar", "xx", None]))
def test_spans_match_and_do_not_overlap(find, text, language):
    found = find(text, language)
    assert all(m.text == text[m.start : m.end] and m.text for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    "piece", ["9", "A-1", "anti-", "155 mm ", "tank ", "T-72", "T-72 ", "<", "for ", "М", "Leopard ", "army Leopard "]
)
def test_time_is_in_proportion(find, piece):
    """Ten times the text takes no more than thirty times as long (a quadratic step would take a hundred)."""
    took = []
    for count in (2_000, 20_000):
        text = piece * count
        start = time.process_time()
        find(text)
        took.append(time.process_time() - start)
    assert took[1] < 30 * max(took[0], 0.02)
