"""Analysts' judgements hold through later reports, re-merging and a register built anew, and can be taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.curate import read_file
from sinks.sqlite import SqliteStore
from tests.merge.world import HIMARS, SHELLS, TANKS, events, merge, only, parts, read, register, told
from tests.samples import later
from transforms.contracts import Store
from transforms.merge import curate
from transforms.merge.judgements import CorrectionError
from transforms.records import Event, Reading

AT = later(days=1)


def delivery(document: str = "a", day: str = "2024-05-03", **more: object) -> Reading:
    return read(document, day, told(document, "USA>POL", HIMARS, **more))  # type: ignore[arg-type]


def by_document(store: Store) -> dict[str, Event]:
    return {claim.document: event for event in events(store) for claim in event.claims}


def test_what_is_rejected_stays_rejected_through_new_reports_and_replays() -> None:
    store = register([delivery()])
    judgement = curate.confirm_or_reject(only(store), "reject", "A. Nalyst", "a misread exercise", AT)
    curate.apply(store, judgement, AT)
    merge(store, delivery("b", "2024-05-04"))
    merge(store, delivery())
    event = only(store)
    assert (event.review.state, event.review.who, event.review.why) == ("rejected", "A. Nalyst", "a misread exercise")
    assert [c.kind for c in event.changes] == ["new_event", "review", "new_claim"]
    assert parts(store) == [["a", "b"]]
    curate.apply(store, curate.take_back(judgement, "B. Oss", "it was real"), later(days=2))
    assert only(store).review.state == "unreviewed"
    assert only(store).judgements[0].undone == "B. Oss: it was real"


def test_a_merge_by_hand_outlives_re_merging_and_its_undoing_splits_again() -> None:
    store = register([delivery(), read("b", "2024-09-03", told("b", "USA>POL", TANKS))])
    found = by_document(store)
    judgement = curate.merge(found["a"], found["b"], "A. Nalyst", "one contract", AT)
    curate.apply(store, judgement, AT)
    merge(store, read("c", "2024-09-04", told("c", "USA>POL", TANKS)))
    assert parts(store) == [["a", "b", "c"]]
    curate.apply(store, curate.take_back(judgement, "A. Nalyst", "two after all"), AT)
    assert parts(store) == [["a"], ["b", "c"]]


def test_a_split_by_hand_keeps_apart_what_the_rules_would_join() -> None:
    store = register([delivery(), delivery("b"), delivery("c")])
    id = only(store).id
    curate.apply(store, curate.split(only(store), ["b"], "A. Nalyst", "another lot", AT), AT)
    merge(store, delivery("b"))
    assert len(events(store)) == 2
    found = by_document(store)
    assert found["b"].id != found["a"].id == id


def test_a_correction_overrules_the_reports() -> None:
    store = register([delivery(number=18)])
    curate.apply(
        store, curate.correct(only(store), "quantity_delivered", '{"number": 20}', "A", "from the ministry", AT), AT
    )
    curate.apply(store, curate.correct(only(store), "recipient", "PRK", "A", "misread", AT), AT)
    merge(store, delivery("b", number=18))
    event = only(store)
    assert event.quantity_delivered is not None
    assert (event.quantity_delivered.number, event.recipient.iso3) == (20, "PRK")
    assert [e.instrument for e in event.embargoes] == ["UNSC 2270 (2016)"]


@pytest.mark.parametrize(
    ("value", "key"),
    [("Северная Корея", "PRK"), ("Ansar Allah", "houthis"), ('{"name": "The Nowhere Front"}', "unknown")],
)
def test_a_party_is_corrected_by_any_of_its_names(value: str, key: str) -> None:
    store = register([delivery()])
    curate.apply(store, curate.correct(only(store), "recipient", value, "A", "misread", AT), AT)
    assert only(store).recipient.key == key


def test_a_rejected_article_counts_for_nothing_until_that_is_undone() -> None:
    store = register([delivery(), delivery("b", number=18), read("c", "2024-05-05", copy_of="b")])
    id = only(store).id
    judgement = curate.judge_article(store, "b", "reject", "A", "a satire", AT)
    curate.apply(store, judgement, AT)
    assert (parts(store), only(store).quantity_delivered) == ([["a"]], None)
    merge(store, delivery("b", number=18))
    merge(store, read("c", "2024-05-05", copy_of="b"))
    assert parts(store) == [["a"]]
    curate.apply(store, curate.judge_article(store, "a", "reject", "A", "too", AT), AT)
    assert parts(store) == []
    merge(store, delivery())
    assert parts(store) == []
    curate.apply(store, curate.take_back(judgement, "A", "it was none"), AT)
    assert parts(store) == [["b", "c"]]
    assert [event.id for event in store.iter_events() if not event.claims] in ([], [id])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("articles", "3", "articles: cannot be corrected; these can: supplier"),
        ("stage", "arrived", "stage: .*Input should be 'requested', 'offered'"),
        ("supplier", "Narnia", "supplier: 'Narnia' is no state or party"),
        ("supplier", '{"iso3": "NRN"}', "supplier: 'NRN' is no state's ISO 3166-1 alpha-3 code"),
        ("date", "2024-99", "date: .*2024-99.* is none; write 2024, 2024-05"),
        ("quantity_delivered", '{"count": 3}', "quantity_delivered: count is no part of it; these are: number, min"),
    ],
)
def test_a_wrong_correction_says_what_would_be_right(field: str, value: str, message: str) -> None:
    event = only(register([delivery()]))
    with pytest.raises(CorrectionError, match=message):
        curate.correct(event, field, value, "A", "w", AT)


def test_judgements_hold_in_any_order_of_arrival() -> None:
    found = [
        delivery(),
        read("b", "2024-09-03", told("b", "USA>POL", TANKS)),
        read("c", "2024-05-03", told("c", "USA>POL", SHELLS)),
    ]
    store = register(found)
    made = curate.merge(by_document(store)["a"], by_document(store)["b"], "A", "w", AT)
    again = register(found[::-1])
    for each in (store, again):
        curate.apply(each, made, AT)
        curate.apply(each, made, AT)
    assert parts(store) == parts(again) == [["a", "b"], ["c"]]


def test_the_command_writes_a_file_that_brings_another_register_in_line(tmp_path: Path) -> None:
    found = [delivery(), read("b", "2024-09-03", told("b", "USA>POL", TANKS))]
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("first", "second")]
    stores = [SqliteStore(f"{tmp_path}/{name}.db") for name in ("first", "second")]
    for store, order in zip(stores, (found, found[::-1]), strict=True):
        store.init()
        register(order, store)
    event, other = by_document(stores[0])["a"].id, by_document(stores[0])["b"].id
    file = str(tmp_path / "judgements.yaml")
    said = ["--who", "A. Nalyst", "--why", "seen the contract", "--file", file, "--store", urls[0]]

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["curate", *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert re.search(r"judgement [0-9a-f]{12}: merge; changed: ", run("merge", event, other, *said))
    run("confirm", other, *said)
    run("correct", event, "date", "2024-05-02", *said)
    first, second, third = read_file(Path(file))
    assert (first.action, second.action, third.field, third.value) == ("merge", "confirm", "date", "2024-05-02")
    run("undo", third.id, *said)
    assert "0 judgements not applied" in run("apply", file, "--store", urls[1])
    assert parts(stores[1]) == [["a", "b"]]
    for store in stores:
        judged = only(store)
        assert (judged.review.state, judged.date) == ("confirmed", None)
        store.close()
