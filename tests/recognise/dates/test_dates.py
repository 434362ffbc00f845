"""Dates: golden spans and values, the knowledge, and that no text breaks it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from transforms.knowledge import load
from transforms.recognise.context import Subject
from transforms.recognise.dates import DateRecogniser
from transforms.recognise.dates.calendar import Reference
from transforms.recognise.dates.grammar import expand, grammar
from transforms.recognise.dates.resolve import RESOLVERS
from transforms.recognise.dates.schema import Kind, languages
from transforms.records import DateMention, Document
from transforms.text import view


class Case(BaseModel):
    lang: str
    text: str
    published: str | None = "2024-07-19"
    url: str | None = None
    dates: list[str]


CASES = load(Path(__file__).with_name("golden.yaml"), TypeAdapter(list[Case]))
VALUE = re.compile(r"\d{4}(-W\d\d|-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?)?)?)?")
RECOGNISER = DateRecogniser()


def find(
    text: str, published: str | None = "2024-07-19", lang: str | None = "en", url: str | None = None
) -> list[DateMention]:
    document = Document(id="x", text=text, published=published, lang=lang, url=url)
    return RECOGNISER.find(Subject(document, view(text), lang), ())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lang}: {case.text[:50]}")
def test_golden(case: Case) -> None:
    found = find(case.text, case.published, case.lang, case.url)
    assert [f"{m.text} => {m.value}" for m in found] == case.dates


SNIPPETS = st.sampled_from(
    [
        *"May march 24.02 9/10 2024-07-29 23:36:55 last week year of in from to between and Friday 3 5 31 30 0".split(
            " "
        ),
        *"99 2023 1990s FY24 Q3 early mid-March février de mil 24 января года назад 999 weeks ago 000 first".split(" "),
        *"quarter II ٢٤ '89 Sept. ² ½ １２ 2100 - – / . , on the season winter summer later next years 31".split(" "),
        *"February 2023 30 Feb".split(" "),
    ]
)
TEXTS = st.one_of(
    st.text(), st.lists(SNIPPETS, max_size=25).map(" ".join), st.lists(SNIPPETS, max_size=25).map("".join)
)
PUBLISHED = st.one_of(
    st.none(), st.text(max_size=12), st.dates().map(str),
    st.dates().map(lambda d: str(d)[:7]), st.dates().map(lambda d: str(d)[:4]),
    st.sampled_from(["0001-01-01", "9999-12-31", "2024-02-30", "2024-13", "0000"]),
)  # fmt: skip


@given(text=TEXTS, published=PUBLISHED, lang=st.sampled_from([*languages(), "pl", "xx", "", None]))
def test_any_text_gives_ordered_spans_with_valid_values(text: str, published: str | None, lang: str | None) -> None:
    end = 0
    for mention in find(text, published, lang):
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end
        end = mention.end
        assert all(VALUE.fullmatch(part) for part in mention.value.split("/")), mention.value
        assert mention.value.count("/") <= 1


@given(published=st.sampled_from(["2025-01", "2025", "2025-03-09"]), phrase=st.sampled_from(
    ["yesterday", "last week", "on Friday", "two days ago", "this month", "this weekend", "last Monday"]))  # fmt: skip
def test_relative_values_are_never_finer_than_the_publication_date(published: str, phrase: str) -> None:
    (mention,) = find(f"They left {phrase}.", published)
    if len(published) < 10:
        assert all(len(part) <= len(published) for part in mention.value.split("/"))


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2024-12-30T06:00:00-05:00", Reference(2024, 12, 30)),
        ("2025-01", Reference(2025, 1)),
        ("1987", Reference(1987)),
        ("2024-02-30", Reference(2024, 2)),
        ("2024-13", None),
        ("soon", None),
        (None, None),
    ],
)
def test_reference_keeps_the_precision_given(published: str | None, expected: Reference | None) -> None:
    assert Reference.read(published) == expected


def test_a_pattern_with_options_stands_for_every_choice() -> None:
    assert sorted(expand("a[ b][ c]")) == ["a", "a b", "a b c", "a c"]


def test_every_language_has_its_months_weekdays_and_a_grammar() -> None:
    for code, language in languages().items():
        assert sorted(language.months) == list(range(1, 13)), code
        assert sorted(language.weekdays) == list(range(1, 8)), code
        assert grammar(code).starters


def test_every_kind_of_template_has_a_meaning() -> None:
    assert set(RESOLVERS) == set(get_args(Kind))
