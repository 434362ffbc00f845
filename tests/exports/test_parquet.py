"""Parquet: what pyarrow reads back is what the records said, in bounded row groups, and no field is forgotten."""

from __future__ import annotations

import dataclasses
import io

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports import parquet
from pipeline.exports.parquet_schema import EVENT_ADDED, EVENT_LEFT_OUT, schema
from pipeline.exports.records import Record, What
from tests.exports.samples import hostile_events, rich_event
from tests.samples import NOW, article, change, claim, entry, event
from transforms.contracts import InboxRow
from transforms.records import Article, Claim, ClaimPlace, Event, Evidence, FeedEntry, Report, UnDocument


def written(records: list[Record], what: What, *, claims: bool = True) -> pq.ParquetFile:
    stream = io.BytesIO()
    parquet.write(iter(records), what, stream, claims=claims)
    return pq.ParquetFile(io.BytesIO(stream.getvalue()))


def test_an_event_comes_back_as_it_was() -> None:
    told = rich_event(changes=(change(1, after="x"),))
    (row,) = written([told], "events").read().to_pylist()
    assert row["id"] == "v1"
    assert row["supplier"] == {"iso3": "PRK", "actor": None, "name": None}
    assert row["quantity_ordered"] == {"number": None, "min": 100.0, "max": 200.0, "unit": "piece", "approx": True}
    assert row["first_seen"] == NOW
    assert row["places"][0]["lat"] == 42.74
    assert [one["quote"] for one in row["claims"]] == [one.quote for one in told.claims]
    assert row["claims"][1]["denied_by"] == [{"name": "Foreign Ministry", "iso3": "RUS"}]
    assert row["reports"][1]["url"] == "https://other.example/2"
    assert row["embargoes"][0]["instrument"] == "UNSCR 1718"
    assert row["review"]["when"] == told.review.when
    assert row["changes"] == [{"number": 1, "kind": "new_event", "at": NOW, "before": None, "after": "x"}]


def test_claims_can_be_left_out_of_events() -> None:
    file = written([rich_event()], "events", claims=False)
    assert "claims" not in file.schema_arrow.names
    assert "reports" in file.schema_arrow.names


def test_the_schemas_have_every_field_of_the_records() -> None:
    def names(kind: type) -> set[str]:
        return {field.name for field in dataclasses.fields(kind)}

    def inside(told: pa.Schema, column: str) -> set[str]:
        kind = told.field(column).type
        kind = kind.value_type if pa.types.is_list(kind) else kind
        return {kind.field(n).name for n in range(kind.num_fields)}

    events, articles = schema("events"), schema("articles")
    assert set(events.names) == (names(Event) - EVENT_LEFT_OUT) | EVENT_ADDED
    assert set(articles.names) == names(Article)
    assert set(schema("claims").names) == names(Claim) == inside(events, "claims")
    assert set(schema("entries").names) == names(FeedEntry) | {"outcome", "reason", "tries"}
    assert inside(events, "places") == names(ClaimPlace)
    assert inside(events, "reports") == names(Report)
    assert inside(articles, "evidence") == names(Evidence)
    assert inside(articles, "un") == names(UnDocument)


def test_other_records_come_back() -> None:
    evidence = Evidence(
        retrieved=NOW,
        requested_url="u",
        final_url="f",
        status=200,
        headers=(("etag", "x"),),
        sha256="ab",
        archived="w#1",
    )
    un = UnDocument(symbol="SC/1", body="Security Council", meeting=7)
    (row,) = written([article("a1", evidence=evidence, un=un)], "articles").read().to_pylist()
    assert row["evidence"]["headers"] == [{"name": "etag", "value": "x"}]
    assert (row["evidence"]["archived"], row["un"]["symbol"]) == ("w#1", "SC/1")
    (row,) = written([claim()], "claims").read().to_pylist()
    assert (row["document"], row["quote"]) == ("a1", "Text")
    (row,) = written([InboxRow(entry=entry(), next_due=NOW, outcome="copy", tries=2)], "entries").read().to_pylist()
    assert (row["id"], row["outcome"], row["tries"]) == ("e1", "copy", 2)


def test_row_groups_are_bounded_by_rows_and_by_text() -> None:
    events = written([event(f"v{n:05}") for n in range(2500)], "events")
    assert [events.metadata.row_group(n).num_rows for n in range(events.num_row_groups)] == [1000, 1000, 500]
    long = written([article(f"a{n}", text="x" * 3_000_000) for n in range(5)], "articles")
    assert [long.metadata.row_group(n).num_rows for n in range(long.num_row_groups)] == [3, 2]
    assert long.read().num_rows == 5


def test_nothing_to_export_is_a_valid_file_with_its_schema() -> None:
    file = written([], "events")
    assert (file.metadata.num_rows, file.schema_arrow.names) == (0, schema("events").names)


@given(st.lists(hostile_events(), max_size=3))
def test_any_text_is_kept_to_the_letter(events: list[Event]) -> None:
    rows = written(list(events), "events").read().to_pylist()
    assert [row["goods"][0]["value"] for row in rows] == [one.goods[0].value for one in events]
