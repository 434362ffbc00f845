"""CSV: RFC 4180 for the csv module, no formula for a spreadsheet whatever separator it opens the file with."""

from __future__ import annotations

import csv as reader
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports import csv
from pipeline.exports.cells import CUT, LONGEST, cell, harmless
from pipeline.exports.columns import ARTICLES, CLAIMS, ENTRIES, EVENTS
from tests.exports.samples import hostile, hostile_events, rich_event
from tests.samples import NOW, article, claim, entry
from transforms.contracts import InboxRow
from transforms.notify.content import headline
from transforms.records import Event, Evidence

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"


def written(events: list[Event], *, bom: bool = False) -> bytes:
    stream = io.BytesIO()
    csv.write(iter(events), EVENTS, stream, bom=bom)
    return stream.getvalue()


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(
        reader.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=delimiter == ",")
    )


def is_formula(text: str) -> bool:
    """As a spreadsheet sees it: what is trimmed first is passed over, the end of a line that another delimiter leaves
    in a cell as well; an apostrophe makes it text."""
    stripped = text.replace("\r\n", "\n").lstrip(' "\u00a0\u200b\u2060\ufeff\u3000\n')
    return stripped[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r")


def test_a_rich_event_is_told_in_the_documented_columns() -> None:
    names, values = rows(written([rich_event()]))
    told = dict(zip(names, values, strict=True))
    assert names == [column.name for column in EVENTS]
    assert told["headline"] == headline(rich_event())
    assert (told["date"], told["date_from"], told["date_to"]) == ("2024-06", "2024-06-01", "2024-06-30")
    assert (told["supplier_iso3"], told["supplier_name"]) == ("PRK", "North Korea")
    assert (told["ordered_min"], told["ordered_max"], told["ordered_about"]) == ("100", "200", "true")
    assert (told["delivered_min"], told["delivered_max"], told["delivered_about"]) == ("40", "40", "false")
    assert (told["value"], told["currency"], told["value_bound"]) == ("2500000", "USD", "max")
    assert (told["end_user"], told["broker"], told["transit"]) == ("Houthis", "Harbour Trading", "China (CHN)")
    assert told["goods"] == "KN-23; artillery shell"
    assert told["delivery"] == "Vostochny Port [42.74 133.08]"
    assert told["carriers"] == "Lady Mara (IMO 9240000, RUS)"
    assert (told["asserted_by"], told["denied_by"]) == ("Defence Ministry (KOR)", "Foreign Ministry (RUS)")
    assert told["embargoes"] == "UNSCR 1718 (supplier PRK)"
    assert told["quote"] == "Forty missiles were unloaded there, the ministry said."
    assert told["quote_address"] == "https://news.example/a1"
    assert told["addresses"] == "https://news.example/a1\nhttps://other.example/2"
    assert told["first_seen"] == "2024-06-28T12:00:00Z"
    assert (told["review"], told["review_by"], told["claims"]) == ("confirmed", "ana", "2")


def test_the_file_is_rfc_4180_with_a_byte_order_mark_on_request() -> None:
    plain, marked = written([rich_event()]), written([rich_event()], bom=True)
    assert marked == b"\xef\xbb\xbf" + plain
    assert plain.endswith(b"\r\n")
    header = plain.split(b"\r\n")[0]
    assert header == ",".join(f'"{column.name}"' for column in EVENTS).encode()


@pytest.mark.parametrize(
    ("text", "harmless_text"),
    [
        ("=1+1", "'=1+1"),
        ("+41 22", "'+41 22"),
        ("-3", "'-3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", " '=1"),
        ("\r=1", "\n'=1"),
        (" \u00a0=1", " \u00a0'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a;=1", "a;'=1"),
        ("a, -b", "a, '-b"),
        ('x","=1', 'x","\'=1'),
        ("line\n=1", "line\n'=1"),
        ("well-known a+b=c, mail@example.org", "well-known a+b=c, mail@example.org"),
        ("nul\x00\x07", "nul"),
        ("lone \ud800", "lone "),
    ],
)
def test_what_a_spreadsheet_would_run_is_made_text(text: str, harmless_text: str) -> None:
    assert harmless(text) == harmless_text


def test_a_long_text_is_cut_to_what_a_cell_holds_and_says_so() -> None:
    told = cell("a" * 40_000)
    assert told == "a" * LONGEST + CUT
    assert len(told) < 32_767


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8.0, "8"),
        (2.5, "2.5"),
        (float("nan"), ""),
        (float("inf"), ""),
        (1e21, "1" + "0" * 21),
        (True, "true"),
        (None, ""),
    ],
)
def test_values_in_cells(value: float | None, text: str) -> None:
    assert cell(value) == text


@given(st.lists(hostile_events(), max_size=3))
def test_no_cell_is_a_formula_whoever_wrote_it_and_every_row_is_whole(events: list[Event]) -> None:
    data = written(events)
    table = rows(data)
    assert len(table) == len(events) + 1
    assert {len(row) for row in table} == {len(EVENTS)}
    for delimiter in (",", ";", "|"):
        for row in rows(data, delimiter):
            assert not [text for text in row if is_formula(text)]


@given(hostile)
def test_neutralising_twice_changes_nothing(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


def test_other_records_have_their_columns() -> None:
    stream = io.BytesIO()
    csv.write([claim("c1", "a1", quote="=x", start=3, end=5)], CLAIMS, stream)
    names, values = rows(stream.getvalue())
    told = dict(zip(names, values, strict=True))
    assert (told["document"], told["start"], told["end"], told["quote"]) == ("a1", "3", "5", "'=x")

    evidence = Evidence(retrieved=NOW, requested_url="u", final_url="f", status=200, sha256="ab", archived="w#1")
    stream = io.BytesIO()
    csv.write([article("a1", evidence=evidence)], ARTICLES, stream)
    names, values = rows(stream.getvalue())
    told = dict(zip(names, values, strict=True))
    assert (told["sha256"], told["archived"], told["status"]) == ("ab", "w#1", "200")
    assert told["text"] == "Norland shipped ten tanks to Sudland."

    stream = io.BytesIO()
    csv.write([InboxRow(entry=entry(), next_due=NOW, outcome="failed", reason="gone")], ENTRIES, stream)
    names, values = rows(stream.getvalue())
    told = dict(zip(names, values, strict=True))
    assert (told["id"], told["outcome"], told["reason"]) == ("e1", "failed", "gone")


def test_the_docs_have_every_column() -> None:
    docs = DOCS.read_text(encoding="utf-8")
    missing = [c.name for columns in (EVENTS, CLAIMS, ARTICLES, ENTRIES) for c in columns if f"`{c.name}`" not in docs]
    assert missing == []
