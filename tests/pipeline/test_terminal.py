"""Tables on consoles wide and narrow."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from pipeline.search import table
from pipeline.show import events_of
from pipeline.terminal import Rows
from tests.samples import event
from transforms.records import Goods, Party, Voice
from transforms.search.query import Query

NAMED = event(
    goods=(Goods(value="a long name of a launcher", category="III"),),
    recipient=Party(name="Front [/b]"),
    asserted_by=(Voice(name="Ministry", iso3="KOR"),),
)


def printed(what: object, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, emoji=False).print(what)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_row_becomes_an_entry_where_a_table_would_be_shreds() -> None:
    lines = printed(events_of([NAMED], "1 event"), 60)
    assert lines[:3] == ["1 event", "PRK → Front [/b]", "  goods     a long name of a launcher"]
    assert "  says      KOR" in lines
    assert not [line for line in lines if "denies" in line]  # nobody does
    assert max(map(len, lines)) <= 60


def test_a_wide_console_has_the_table() -> None:
    lines = printed(events_of([NAMED]), 160)
    assert lines[0].startswith("┏")
    assert any(line.startswith("│") and "PRK → Front [/b]" in line for line in lines)


@pytest.mark.parametrize("width", [46, 80])
def test_what_was_found_can_be_read_and_copied_on_any_terminal(width: int) -> None:
    lines = printed(table([event("d9ea40540d2ae32741093d5cc9135f42")], Query(), 1), width)
    assert "d9ea40540d2ae32741093d5cc9135f42" in " ".join(lines)
    assert "North Korea (PRK) → Russia (RUS)" in lines
    assert lines[-1] == "every event"


def test_texts_are_no_markup() -> None:
    rows = Rows(columns={"a": {}, "b": {}}, head="a", narrowest=50)
    rows.add("[red]x[/]", Text("[bold]"))
    assert "[red]x[/]" in "".join(printed(rows, 20)) and "[bold]" in "".join(printed(rows, 20))
    assert "[red]x[/]" in "".join(printed(rows, 60))
