"""Embargoes by party, direction, goods and day, from the data files as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from transforms.embargoes import embargoes
from transforms.embargoes.schema import Embargo, members, rows
from transforms.knowledge import KnowledgeError, load
from transforms.records import EmbargoNote, Party


def state(code: str) -> Party:
    return Party(iso3=code)


def actor(id: str) -> Party:
    return Party(actor=id, name=id)


def notes(supplier: Party, recipient: Party, day: str, *categories: str) -> list[tuple[str, str]]:
    return [(note.instrument, note.side) for note in found(supplier, recipient, day, *categories)]


def found(supplier: Party, recipient: Party, day: str, *categories: str) -> tuple[EmbargoNote, ...]:
    number = date.fromisoformat(day).toordinal()
    return embargoes().touching(supplier, recipient, (number, number), categories)


@pytest.mark.parametrize(
    ("supplier", "recipient", "day", "categories", "expected"),
    [
        (state("PRK"), state("RUS"), "2023-10-01", ["ammunition"], [("UNSC 1874 (2009)", "supplier")]),
        (state("CHN"), state("PRK"), "2007-01-01", ["SALW"], []),
        (state("CHN"), state("PRK"), "2007-01-01", ["I"], [("UNSC 1718 (2006)", "recipient")]),
        (state("CHN"), state("PRK"), "2017-01-01", ["SALW"], [("UNSC 2270 (2016)", "recipient")]),
        (state("IRN"), actor("houthis"), "2022-05-01", ["SALW"], [("UNSC 2216 (2015)", "recipient")]),
        (state("IRN"), actor("houthis"), "2014-12-01", ["SALW"], [("UNSC 1747 (2007)", "supplier")]),
        (state("OMN"), actor("houthis"), "2014-12-01", ["SALW"], []),
        (state("SAU"), state("YEM"), "2022-05-01", ["SALW"], []),
        (state("IRN"), state("RUS"), "2022-09-01", ["UAV"], [("UNSC 2231 (2015)", "supplier")]),
        (state("IRN"), state("RUS"), "2024-09-01", ["VII"], []),
        (state("RUS"), state("IRN"), "2018-01-01", ["IV"], [("UNSC 2231 (2015)", "recipient")]),
        (state("RUS"), state("IRN"), "2022-01-01", ["IV"], []),
        (state("TUR"), state("LBY"), "2020-01-29", [], [("UNSC 1970 (2011)", "recipient")]),
        (state("CHN"), state("COD"), "2023-05-01", ["IV"], []),
        (state("RWA"), actor("m23"), "2023-05-01", ["SALW"], [("UNSC 1807 (2008)", "recipient")]),
        (state("TUR"), state("SOM"), "2024-02-01", ["UAV"], []),
        (state("TUR"), state("SOM"), "2020-02-01", ["SALW"], [("UNSC 2093 (2013)", "recipient")]),
        (state("RUS"), state("CAF"), "2023-02-01", ["SALW"], [("UNSC 2127 (2013)", "recipient")]),
        (state("RUS"), state("CAF"), "2024-12-01", ["SALW"], []),
        (state("SYR"), actor("hezbollah"), "2010-01-01", [], [("UNSC 1701 (2006)", "recipient")]),
        (state("FRA"), state("RUS"), "2015-01-01", ["VI"], [("EU 2014/512/CFSP", "recipient")]),
        (state("FRA"), state("RUS"), "2014-01-01", ["VI"], []),
        (state("GBR"), state("CHN"), "2022-01-01", [], []),
        (state("DEU"), state("CHN"), "2022-01-01", [], [("EU declaration of 27 June 1989", "recipient")]),
        (state("ISR"), state("ZAF"), "1980-01-01", [], [("UNSC 418 (1977)", "recipient")]),
        (state("LBR"), state("SLE"), "1998-01-01", ["SALW"], [("UNSC 1132 (1997)", "recipient")]),
        (state("USA"), state("POL"), "2024-01-01", ["III"], []),
    ],
)  # fmt: skip
def test_what_touches_a_transfer(
    supplier: Party, recipient: Party, day: str, categories: list[str], expected: list[tuple[str, str]]
) -> None:
    assert notes(supplier, recipient, day, *categories) == expected


def test_goods_not_told_may_be_anything() -> None:
    assert notes(state("CHN"), state("PRK"), "2007-01-01", "generic") == [("UNSC 1718 (2006)", "recipient")]


def test_what_is_disputed_or_covered_in_part_is_marked() -> None:
    (returned,) = found(state("RUS"), state("IRN"), "2025-10-10", "IV")
    assert (returned.instrument, returned.contested) == ("UNSC 1929 (2010) again", True)
    span = (date(2023, 1, 1).toordinal(), date(2023, 12, 31).toordinal())
    (partly,) = embargoes().touching(state("IRN"), state("RUS"), span, ["VII"])
    assert partly.contested
    (whole,) = embargoes().touching(state("TUR"), state("LBY"), span, [])
    assert not whole.contested


def test_without_a_date_or_a_party_nothing_is_said() -> None:
    assert embargoes().touching(state("TUR"), state("LBY"), None) == ()
    assert notes(Party(), Party(), "2023-01-01") == []


def test_the_data_name_only_known_actors_and_each_row_its_source() -> None:
    text = (Path(__file__).parents[2] / "transforms/claims/actors/armed_groups.yaml").read_text(encoding="utf-8")
    unknown = {actor for row in rows() for actor in row.actors if f"id: {actor}," not in text}
    assert unknown == set()
    assert all(len(row.source) > 5 for row in rows())
    assert {row.body for row in rows()} - {"UN"} == set(members())


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{instrument: X, target: X, direction: to, start: 2001-01-01, source: some}", "whom does it target"),
        (
            "{instrument: X, target: X, states: [IRQ], direction: to, start: 2001-01-01, end: 2000-01-01, source: it}",
            "before it starts",
        ),
        ("{instrument: X, target: X, states: [PRK], direction: into, start: 2001-01-01, source: some}", "direction"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(f"# one\n- {row}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"bad\.yaml:2: .*{message}"):
        load(path, TypeAdapter(list[Embargo]))
