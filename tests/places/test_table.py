"""The own table of places and its validator."""

from collections import Counter
from pathlib import Path

import pytest

from transforms.knowledge import KnowledgeError
from transforms.places.sources import states
from transforms.places.table import HEADER, check, read

GOOD = "Testport,port,UKR,46.5,30.7,5,Testhaven|Тестпорт"


def _table(folder: Path, *rows: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([",".join(HEADER), *rows]) + "\n", encoding="utf-8")
    return path


def test_the_committed_table_is_large_and_valid() -> None:
    rows = read()
    assert len(rows) >= 400
    assert list(check(rows, [s.iso3 for s in states()])) == []
    kinds = Counter(row.kind for row in rows)
    for kind in ("port", "air_base", "naval_base", "arsenal", "test_site", "border_crossing", "strait", "disputed"):
        assert kinds[kind] >= 8, kind


def test_aliases_are_parted_and_stripped(tmp_path: Path) -> None:
    (row,) = read(_table(tmp_path, GOOD))
    assert row.aliases == ("Testhaven", "Тестпорт")
    assert (row.lat, row.lon, row.radius_km, row.iso3) == (46.5, 30.7, 5.0, "UKR")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("X,harbor,UKR,1,1,5,", "type: 'harbor' is none of"),
        ("X,port,UA,1,1,5,", "iso3: 'UA' is no ISO 3166-1 alpha-3 code"),
        ("X,port,UKR,91,1,5,", "lat: 91 is out of range"),
        ("X,port,UKR,1,east,5,", "lon: 'east' is no number"),
        ("X,port,UKR,1,1,0,", "radius_km: 0 is out of range"),
        ("X,port,UKR,1,1,5,a,b", "8 columns instead of 7"),
        (",port,UKR,1,1,5,", "name: empty"),
    ],
)
def test_a_broken_row_is_named_by_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(KnowledgeError, match=message) as caught:
        read(_table(tmp_path, GOOD, row))
    assert str(caught.value).startswith("table.csv:3: ")


def test_two_rows_must_not_claim_one_name(tmp_path: Path) -> None:
    rows = read(_table(tmp_path, GOOD, "Other,port,UKR,40,30,5,Testhaven"))
    assert list(check(rows, ["UKR"])) == ["Other: 'testhaven' is claimed by Testport too"]
    assert list(check(rows[:1], ["RUS"])) == ["Testport: iso3 UKR is no known state"]
