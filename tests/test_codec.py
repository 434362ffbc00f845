"""Records go to JSON and back unchanged, deterministically, and what is not one is refused by name."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import NOW, article, claim, entry, event
from transforms import records
from transforms.beam.coders import RecordCoder
from transforms.codec import CodecError, decode, decode_plain, digest, encode, encode_plain
from transforms.records import (
    Article,
    Disposition,
    Event,
    FeedEntry,
    Fetched,
    Leased,
    Page,
    Reading,
    StateMention,
    Ticket,
    Understood,
    WeaponMention,
)

TICKET = Ticket(entry="e1", fence=3)
PAGE = Page(entry=entry(), origin="page", content_type="application/pdf", binary=b"%PDF\xff\x00")
MENTIONS = (
    StateMention(text="Norland", start=0, end=7, value="NOR"),
    WeaponMention(text="tanks", start=20, end=25, value="tank", category="I"),
)
READING = Reading(article=article(), relevant=True, mentions=MENTIONS, claims=(claim(),))
FLOW = [
    Leased(tickets=(TICKET,), entries=(entry(),)),
    Fetched(ticket=TICKET, page=PAGE),
    Understood(ticket=TICKET, reading=READING),
    Disposition(ticket=TICKET, outcome="failed", reason="no text"),
    event(claims=(claim(),)),
]


@pytest.mark.parametrize("record", FLOW, ids=lambda record: type(record).__name__)
def test_round_trip(record: object) -> None:
    assert decode(type(record), encode(record)) == record
    assert decode_plain(type(record), encode_plain(record)) == record
    coder = RecordCoder(type(record))
    assert coder.decode(coder.encode(record)) == record
    assert coder.is_deterministic()


def test_each_kind_of_mention_comes_back_as_itself() -> None:
    assert [type(m) for m in decode(Reading, encode(READING)).mentions] == [StateMention, WeaponMention]


def test_every_record_is_frozen_and_says_what_it_is() -> None:
    kinds = [kind for kind in vars(records).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert len(kinds) > 30
    for kind in kinds:
        assert kind.__doc__
        assert not kind.__doc__.startswith(f"{kind.__name__}("), f"{kind.__name__} has no docstring of its own"
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_every_record_of_the_modules_is_had_from_the_package() -> None:
    modules = [import_module(f"{records.__name__}.{found.name}") for found in iter_modules(records.__path__)]
    made = {
        name
        for module in modules
        for name, value in vars(module).items()
        if is_dataclass(value) and getattr(value, "__module__", "") == module.__name__
    }
    assert made <= set(records.__all__)
    assert sorted(records.__all__) == records.__all__


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (FeedEntry, '{"id": "e"}', "FeedEntry: source: Field required"),
        (Article, "[]", "Article: the record"),
        (Event, "{", "Event: the record: Invalid JSON"),
    ],
)
def test_what_is_no_record_is_refused_by_field(kind: type[object], value: str, message: str) -> None:
    with pytest.raises(CodecError, match=message):
        decode(kind, value)


def test_a_naive_datetime_is_refused() -> None:
    naive = encode_plain(entry()) | {"first_seen": "2024-01-01T00:00:00"}
    with pytest.raises(CodecError, match="first_seen"):
        decode_plain(FeedEntry, naive)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.datetimes(timezones=st.just(UTC)))
def test_any_text_and_time_survive(text: str, moment: datetime) -> None:
    record = entry(title=text, published=moment)
    assert decode(FeedEntry, encode(record)) == record


def test_equal_records_encode_alike_and_ids_do_not_run_together() -> None:
    elsewhere = datetime.fromisoformat("2024-06-28T14:00:00+02:00")
    assert encode(entry(first_seen=NOW)) == encode(entry(first_seen=elsewhere))
    parts: list[list[Any]] = [["a", "b"], ["ab"], ["a", "", "b"], ["a", None, "b"], [1, "b"], ["1", "b"]]
    assert len({digest(p) for p in parts}) == len(parts)
    assert fields(TICKET)[0].name == "entry"
