"""Whatever the text: nothing raises, spans match, mentions are in order and apart; the knowledge is sound."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognise.states.helper import recogniser, subject
from transforms.recognise.states.check import check
from transforms.recognise.states.lexicon import Form, Lexicon, lexicon, lower
from transforms.recognise.states.schema import Rule, States, Succession

WORDS = [*sorted(lexicon().forms)[::37], *"Kyiv U.S. 's İ <b> &shy; denies in https://x.y/Iran".split(), "\n"]
LANGUAGES = st.sampled_from(["en", "fr", "de", "sv", "ru", "ar", "zh", "xx", None])


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)), LANGUAGES)
def test_any_text(text: str, language: str | None) -> None:
    found = subject(text, language)
    survey = recogniser().survey(found)
    reached = 0
    for mention in survey.mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= reached
        assert len(mention.value) == 3 and mention.value in lexicon().states.states
        reached = mention.end
    for toponym in survey.toponyms:
        assert 0 <= toponym.start < toponym.end <= len(found.text)


@given(st.text(max_size=200))
def test_lower_keeps_the_length(text: str) -> None:
    assert len(lower(text)) == len(text)


@pytest.mark.parametrize("published", ["", "1987", "1987-13", "soon", "2020-02-31", "0000-00-00"])
def test_any_publication_date(published: str) -> None:
    found = subject("Moscow denied it.", published=published)
    assert recogniser().find(found)[0].value in ("RUS", "SUN")


def test_the_knowledge_has_no_problems() -> None:
    assert check() == []


def test_every_state_has_an_english_name_and_the_codes_are_whole() -> None:
    known = lexicon()
    english = {f.state for fs in known.forms.values() for f in fs if f.kind == "name" and "en" in f.languages}
    assert set(known.states.states) - english == set()
    assert len(known.states.states) == 202


def test_check_names_what_is_wrong() -> None:
    def form(state: str) -> Form:
        return Form(state, "name", "Xland", frozenset({"en"}))

    wrong = Lexicon(
        forms={"xland": (form("AAA"), form("BBB"), Form("", "decoy", "Xland", frozenset({"en"})))},
        states=States(
            states={"AAA": None, "BBB": None, "CCC": None},
            successions=[Succession(state="AAA", before=date(1990, 1, 1), means="ZZZ")],
        ),
        rules=[Rule(forms=["yland"], against=[])],
        cues={},
        function_words={},
        clitics=frozenset(),
        articles=(),
    )
    assert check(wrong) == [
        "states.yaml: CCC: no language has a name for it",
        "'xland' is AAA and BBB in en: keep one",
        "decoys.yaml: 'xland' is also a state's form",
        "rules.yaml: yland: against and support go together",
        "rules.yaml: 'yland' is no form of any state, in lower case as the rules need it",
        "states.yaml: successions: no such state as ZZZ",
    ]
