"""The brief as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.brief.render import escaped
from tests.pipeline.brief import hostile
from tests.pipeline.brief.week import articles, events, text

GOLDEN = Path(__file__).with_name("week.md")


def test_the_week_is_the_golden_file() -> None:
    assert text(events(), articles()) == GOLDEN.read_text(encoding="utf-8")


def test_an_empty_week() -> None:
    assert "No new transfer was reported." in text([], {})


def test_hostile_text_stays_text() -> None:
    told = text(hostile.events(), hostile.articles())
    bare = re.sub(r"\\.", "", told)  # what is left after the escaped characters has a meaning in Markdown
    assert "<script" not in bare and "<img" not in bare and "![" not in bare
    assert "javascript:" not in re.sub(r"\]\(<[^>]*>\)", lambda link: link[0].lower(), bare).replace(
        "javascript:document", ""
    )
    assert not re.findall(r"\]\(<(?!https?://)", bare)
    assert [line for line in told.split("\n") if line.startswith("# ")] == ["# Arms transfers, 9–16 March 2026"]
    columns = {line.replace("\\|", "").count("|") for line in told.split("\n") if line.startswith("| ")}
    assert columns == {7, 11}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]", told)


@given(st.text())
def test_escaped_text_is_one_line_without_markup(text: str) -> None:
    told = escaped(text)
    assert "\n" not in told
    assert not re.search(r"(?<!\\)(\\\\)*[*_`\[\]<>#|~!&]", told)
