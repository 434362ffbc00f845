"""Records as documents: every field is in the templates, odd values cost their field only, records come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.elasticsearch import documents as d
from sinks.elasticsearch.bulk import Action, as_json, chunks
from sinks.elasticsearch.fields import dated, keyword, location, micros, url
from sinks.elasticsearch.synonyms import synonym_rules
from sinks.elasticsearch.templates import KINDS, generation_of, mappings_of, number_of
from sinks.elasticsearch.versions import Token, document_id
from tests.samples import NOW, alert, article, change, claim, entry, event, later, letter, report, state
from transforms.codec import encode_plain
from transforms.contracts import InboxRow, StoreError
from transforms.records import (
    Amount,
    Carrier,
    Claim,
    ClaimPlace,
    EmbargoNote,
    Event,
    Goods,
    Money,
    Party,
    Review,
    UnDocument,
    Voice,
)

ROLES = ("origin", "transit", "seizure", "delivery", "use")


@cache
def full_claim() -> Claim:
    party = Party(iso3="PRK", actor="acme", name="Pyongyang")
    return claim(
        transit=(party,), broker=party, end_user=party, supplier=party, recipient=party,
        goods=(Goods(value="T-72", category="I", family="T-72", named=True),),
        quantity=Amount(number=3, min=1, max=5, unit="piece", approx=True),
        value=Money(amount=1e6, currency="USD", bound="max"),
        carriers=(Carrier(kind="vessel", name="Aurora", imo="9074729", flag="PAN", registration="R-1", operator="Op"),),
        markings=("lot 5",), asserted_by=(Voice(name="Ministry", iso3="UKR"),),
        denied_by=(Voice(name="Embassy", iso3="UKR"),),
        date="2024-02", copy_of="c0",
        places=tuple(
            ClaimPlace(role=role, text="x", start=0, end=1, value="Norville", country="XNA", lat=1.0, lon=2.0,
                       radius_km=3, place_type="city", confidence=0.5)
            for role in ROLES  # type: ignore[arg-type]
        ),
    )  # fmt: skip


@cache
def full_event() -> Event:
    source = full_claim()
    return event(
        supplier=source.supplier, recipient=source.recipient, transit=source.transit, broker=source.broker,
        end_user=source.end_user, goods=source.goods, value=source.value,
        quantity_ordered=source.quantity, quantity_delivered=source.quantity, carriers=source.carriers,
        markings=source.markings, asserted_by=source.asserted_by, denied_by=source.denied_by, date="2024-02",
        published="2024-01-02", places=source.places, claims=(source,), reports=(report(),),
        embargoes=(EmbargoNote(instrument="i", target="PRK", side="supplier", source="s", contested=True),),
        review=Review(state="confirmed", who="w", when=NOW, why="y"), changes=(change(),), unannounced=(change(),),
        merged_into="v2", parent="v0",
    )  # fmt: skip


def samples() -> dict[str, Mapping[str, object]]:
    """A document of every kind with every field filled."""
    row = InboxRow(
        entry=entry(published=NOW, language="en", flags=("x",)), next_due=NOW, outcome="failed", reason="r",
        finished=NOW, lease_owner="o", lease_until=later(hours=1),
    )  # fmt: skip
    fed = state(
        error="e", flags=("x",), failures=1, last_polled=NOW, last_success=NOW, last_new=NOW, failing_since=NOW,
        first_polled=NOW, recent=(1,), daily=(("2024-06-27", 3),),
    )  # fmt: skip
    text = article(
        author="A", site="S", language="en", published="2024-01", story="a0", copy_of="a0", flags=("x",),
        un=UnDocument(symbol="SC/1", body="SC", meeting=9),
    )  # fmt: skip
    return {
        "entries": d.entry_document(row, NOW),
        "feeds": d.source_document(fed, NOW),
        "articles": d.article_document(text, NOW),
        "claims": d.claim_document(full_claim(), "a1", NOW),
        "events": d.event_document(full_event(), NOW),
        "alerts": d.alert_document(alert(reason="r"), {}, NOW, NOW),
        "dead-letters": d.letter_document("x", letter(), NOW),
        "buckets": d.bucket_document("x", "event_bucket", "k", 1, {}, NOW),
    }


def leaves(document: Mapping[str, object], path: str = "") -> Iterator[str]:
    for name, value in document.items():
        here = f"{path}{name}"
        if here == "tocsin.record" or here.endswith((".range", ".location")):
            yield here
        elif isinstance(value, Mapping):
            yield from leaves(value, f"{here}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for item in value:
                yield from leaves(item, f"{here}.")
        else:
            yield here


def mapped(mappings: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, field in mappings["properties"].items():
        if "properties" in field:
            yield from mapped(field, f"{path}{name}.")
        else:
            yield f"{path}{name}"


@pytest.mark.parametrize("kind", KINDS)
def test_documents_and_templates_have_the_same_fields(kind: str) -> None:
    """Strict mappings refuse a field they do not know; a field that nothing fills would be a promise unkept."""
    known, filled = set(mapped(mappings_of("tocsin", kind))), set(leaves(samples()[kind]))
    assert filled - known == set()
    # What only other languages' texts fill, what is filled by copying, and what only some kinds have.
    unfilled = {x for x in known - filled if not x.startswith(("title.", "body."))} - {"search", "event.created"}
    assert unfilled == set()


def test_records_come_back_from_their_documents() -> None:
    made = samples()
    assert d.record(Event, json.loads(as_json(made["events"]))) == full_event()
    assert d.record(Claim, json.loads(as_json(made["claims"]))) == full_claim()


@given(st.text(), st.text(), st.sampled_from([None, "en", "ru", "ar", "zh"]))
def test_articles_of_any_text_come_back(title: str, text: str, language: str | None) -> None:
    written = article(title=title, text=text, language=language)
    assert d.article_of(json.loads(as_json(d.article_document(written, NOW)))) == written


def test_a_text_without_utf_8_is_written_all_the_same() -> None:
    assert json.loads(as_json({"a": "x\ud800y"})) == {"a": "x?y"}


def test_an_article_is_searched_in_its_own_language() -> None:
    assert d.article_document(article(language="ru"), NOW)["body"] == {"ru": "Norland shipped ten tanks to Sudland."}
    assert set(d.article_document(article(language="zh"), NOW)["body"]) == {"other"}  # type: ignore[call-overload]


def test_an_articles_time_is_its_publication_and_its_ingestion_the_write() -> None:
    made = d.article_document(article(published="2023-05"), later(days=400))
    assert made["@timestamp"] == "2023-05-01"
    assert made["event"] == {"created": "2024-06-28T12:00:00Z", "ingested": "2025-08-02T12:00:00Z"}


def test_odd_values_cost_their_field_only() -> None:
    place = ClaimPlace(role="use", text="x", start=0, end=1, lat=95.0, lon=2.0, radius_km=float("inf"))
    made = d.event_document(event(places=(place,), date="2024-02-31", markings=("m" * 9000,)), NOW)
    assert made["places"] == {"use": [{"name": "x"}]}
    assert made["date"] == {"value": "2024-02-31"}
    assert [len(x) for x in made["markings"]] == [4096]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "precision", "start", "end"),
    [
        ("2024-01-02", "day", "2024-01-02", "2024-01-02"),
        ("2024-01-02T10:00:00+03:00", "day", "2024-01-02", "2024-01-02"),
        ("2023-02", "month", "2023-02-01", "2023-02-28"),
        ("2024-W01", "week", "2024-01-01", "2024-01-07"),
        ("2023", "year", "2023-01-01", "2023-12-31"),
        ("2022/2023-06", "interval", "2022-01-01", "2023-06-30"),
    ],
)
def test_dates_have_a_range_and_a_precision(value: str, precision: str, start: str, end: str) -> None:
    assert dated(value) == {
        "value": value, "precision": precision, "start": start, "end": end, "range": {"gte": start, "lte": end},
    }  # fmt: skip


@given(st.text() | st.from_regex(r"\d{4}-(W?\d\d)(-\d\d)?(/\d{4})?", fullmatch=True))
def test_any_text_as_a_date_is_kept_as_told(value: str) -> None:
    made = dated(value)
    assert made is None if not value else made is not None and made["value"] == keyword(value)


@given(st.text())
def test_any_text_is_an_address(value: str) -> None:
    assert set(url(value)) == {"full", "domain"}


@given(st.floats(), st.floats())
def test_points_lie_on_earth(lat: float, lon: float) -> None:
    made = location(lat, lon)
    assert made is None or (-90 <= made["lat"] <= 90 and -180 <= made["lon"] <= 180)  # type: ignore[operator]


def test_micros_are_exact() -> None:
    assert micros(datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)) == 1704067200123456


# ids, tokens, names


@given(st.lists(st.text(max_size=600), min_size=1, max_size=3))
def test_document_ids_are_usable_and_different(parts: list[str]) -> None:
    id = document_id(*parts)
    assert 0 < len(id.encode()) <= 512
    assert document_id(*parts, "x") != id


def test_tokens() -> None:
    token = Token(5, 1, "tocsin-events-v1")
    assert Token.parse(str(token)) == token
    assert Token.parse("") is None
    with pytest.raises(StoreError, match="no version"):
        Token.parse("7")


@pytest.mark.parametrize(
    ("index", "numbers"), [("a-v2", (2, 1)), ("a-v12-r3", (12, 3)), ("tocsin-v1-events-v2", (2, 1)), ("a", (0, 1))]
)
def test_index_names_tell_version_and_generation(index: str, numbers: tuple[int, int]) -> None:
    assert (number_of(index), generation_of(index)) == numbers


def test_synonyms_are_generated_from_the_knowledge() -> None:
    rules = [{name.strip() for name in rule.split(", ")} for rule in synonym_rules()]
    assert any({"Shahed-136", "Geran-2"} <= rule for rule in rules)
    assert any({"North Korea", "DPRK", "КНДР"} <= rule for rule in rules)
    assert all(len(rule) > 1 for rule in rules)


# bulks


@given(st.lists(st.integers(0, 3000), max_size=60), st.integers(200, 5000), st.integers(1, 20))
def test_chunks_keep_order_and_both_limits(sizes: list[int], max_bytes: int, max_items: int) -> None:
    actions = [Action(index="i", id=str(n), document=b"x" * size) for n, size in enumerate(sizes)]
    made = list(chunks(actions, max_bytes, max_items))
    assert [action for chunk in made for action in chunk] == actions
    assert all(len(chunk) <= max_items for chunk in made)
    assert all(len(chunk) == 1 or sum(action.size for action in chunk) <= max_bytes for chunk in made)


def test_actions_name_what_they_were_decided_on() -> None:
    token = Token(5, 1, "tocsin-events-v1")
    heads = [
        json.loads(Action(index="tocsin-events", id="v1", document=b"{}", token=token).lines()[0]),
        json.loads(Action(index="tocsin-events", id="v1", document=b"{}", op="create").lines()[0]),
        json.loads(Action(index="tocsin-articles", id="a1", document=b"{}", version=3).lines()[0]),
    ]
    alias = {"require_alias": True}
    assert heads == [
        {"index": {"_id": "v1", "_index": "tocsin-events-v1", "if_seq_no": 5, "if_primary_term": 1}},
        {"create": {"_id": "v1", "_index": "tocsin-events", **alias}},
        {"index": {"_id": "a1", "_index": "tocsin-articles", **alias, "version": 3, "version_type": "external_gte"}},
    ]
    assert Action(index="i", id="x", op="delete").lines() == [
        b'{"delete": {"_id": "x", "_index": "i", "require_alias": true}}'
    ]


def test_an_inbox_row_is_found_by_when_it_may_be_leased() -> None:
    row = InboxRow(entry=entry(), next_due=NOW, lease_until=later(minutes=5))
    made = d.entry_document(row, NOW)["tocsin"]
    assert made == {
        "pending": True, "due": micros(later(minutes=5)), "id": "e1", "record": encode_plain(row),
    }  # fmt: skip
