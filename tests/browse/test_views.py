"""The store as tables for people: every record's values, read by a connection that cannot write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.browse.database import needs_immutable, open_readonly
from pipeline.browse.server import metadata
from pipeline.errors import UserError
from sinks.sqlite.schema import MIGRATIONS, migrate
from sinks.sqlite.views import VIEWS, create
from tests.browse.seeded import seed
from transforms.contracts import SchemaTooNew


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Any]:
    seed(tmp_path / "t.db").close()
    with closing(open_readonly(str(tmp_path / "t.db"))) as connection:
        create(connection)
        connection.row_factory = sqlite3.Row
        yield lambda sql, *values: [dict(row) for row in connection.execute(sql, values)]


def test_an_event_is_one_row(rows: Any) -> None:
    (shells,) = rows("select * from events where event = 'shells'")
    expected = {
        "supplier": "PRK",
        "recipient": "RUS",
        "what": "152 mm artillery shell, KN-23",
        "category": "ammunition",
        "stage": "delivered",
        "standing": "disputed",
        "says": "South Korea",
        "denies": "Russia",
        "delivered": 200_000,
        "unit": "round",
        "embargo": "in force",
        "review": "unreviewed",
    }
    assert {key: shells[key] for key in expected} == expected


def test_what_was_merged_away_is_not_shown(rows: Any) -> None:
    assert {row["event"] for row in rows("select event from events")} == {"v1", "shells", "tanks", "old", "hostile"}


def test_parties_are_named_by_state_actor_or_name(rows: Any) -> None:
    found = {row["event"]: row for row in rows("select event, supplier, recipient from events")}
    assert found["v1"]["recipient"] == "houthis"
    assert found["hostile"]["supplier"].startswith('"><script>')


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select side, name from voices where event = 'shells'", [("says", "South Korea"), ("denies", "Russia")]),
        ("select weapon, named from goods where event = 'shells'", [("152 mm artillery shell", 0), ("KN-23", 1)]),
        ("select place, role, lat from places", [("Dunai", "delivery", 42.9)]),
        ("select instrument, contested from embargoes where event = 'shells'", [("UNSC 1874 (2009)", 0)]),
        ("select number, kind, after from changes where event = 'shells' and number = 2", [(2, "denial", "Russia")]),
        ("select article, quote from claims where event = 'shells'", [("a1", "shipped about 200,000 shells")]),
        ("select source, health, failures from sources where health != 'healthy'", [("wire", "failing", 3)]),
        ("select outcome, count(*) from entries group by 1", [("failed", 1), ("pending", 1)]),
        ("select reason from entries where outcome = 'failed'", [("HTTP 404",)]),
        (
            "select distinct stage, reason, at from dead_letters",
            [("ReadArticles", "not a text", "2024-06-28T12:00:00Z")],
        ),
        ("select state, due from alerts", [("pending", "2024-06-28T12:00:00Z")]),
        ("select event, verdict, subscription from feedback", [("v1", "wrong", "desk")]),
        ("select article, claims from articles order by article", [("a1", 1), ("a9", 0)]),
        ("select publisher from reports where event = 'tanks'", [("wire",)]),
    ],
)
def test_each_view_has_the_records_values(rows: Any, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert [tuple(row.values()) for row in rows(sql)] == expected


def test_facets_and_the_order_of_events_go_by_an_index(rows: Any) -> None:
    for column in ("supplier", "recipient", "category", "stage", "standing", "review"):
        plan = rows(f"explain query plan select {column}, count(*) from events where {column} is not null group by 1")
        assert f"events_by_{column}" in plan[0]["detail"]
    plan = rows("explain query plan select event from events order by last_changed desc limit 50")
    assert [row["detail"] for row in plan] == ["SEARCH e USING INDEX events_by_last_changed (merged=?)"]


def test_nothing_can_be_written(tmp_path: Path) -> None:
    seed(tmp_path / "t.db").close()
    with closing(open_readonly(str(tmp_path / "t.db"))) as connection:
        for sql in ("DELETE FROM main.events", "CREATE TABLE t (x)", "PRAGMA user_version = 9"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute(sql)


def test_every_view_and_column_is_described(rows: Any) -> None:
    told = metadata()["databases"]["tocsin"]["tables"]
    assert list(told) == list(VIEWS)
    for view, about in told.items():
        columns = [row["name"] for row in rows(f"pragma table_info({view})")]
        assert list(about["columns"]) == columns, view
        named = [*about.get("facets", []), *about.get("sortable_columns", []), *filter(None, [about.get("sort_desc")])]
        assert set(named) <= set(columns), view


def test_a_row_that_is_no_json_does_not_keep_a_store_from_being_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in MIGRATIONS[:4]:
            connection.executescript(step)
        connection.execute("PRAGMA user_version = 4")
        insert = "INSERT INTO events (id, version, merged, unannounced, body) VALUES (?, 1, 0, 0, ?)"
        connection.execute(insert, ("bad", "no JSON"))
        connection.execute(insert, ("good", '{"stage": "delivered"}'))
        migrate(connection, str(path))
        assert connection.execute("SELECT id, stage FROM events ORDER BY id").fetchall() == [
            ("bad", None),
            ("good", "delivered"),
        ]


def test_what_is_no_store_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such store; `tocsin run`"):
        needs_immutable(str(tmp_path / "none.db"))
    (tmp_path / "text.db").write_text("not a database, though long enough to be looked at as one" * 20)
    with pytest.raises(UserError, match="cannot be read as a store"):
        needs_immutable(str(tmp_path / "text.db"))
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(UserError, match="is no store of Tocsin"):
        needs_immutable(str(tmp_path / "other.db"))
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(SchemaTooNew, match="upgrade Tocsin"):
        needs_immutable(str(tmp_path / "new.db"))


def test_a_name_with_signs_that_mean_something_in_addresses(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=rwc#%20 b.db"
    seed(tmp_path / "t.db").close()
    (tmp_path / "t.db").rename(path)
    with closing(open_readonly(str(path))) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (6,)
