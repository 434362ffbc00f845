"""Which events a brief tells of, and what it says became of them."""

from __future__ import annotations

from typing import Any

from pipeline.brief.build import chosen_events
from pipeline.brief.select import Selected, Step, select, steps_of
from tests.pipeline.brief.week import BEFORE, PERIOD, UNTIL, WITHIN, events, generated
from tests.samples import change, claim, event
from transforms.records import Change, Event, Review


def one(**fields: Any) -> list[Selected]:
    return list(select([event(**({"claims": (claim(),), "first_seen": BEFORE} | fields))], PERIOD))


def step(kind: str, before: str | None = None, after: str | None = None, **fields: Any) -> Change:
    return change(**({"kind": kind, "before": before, "after": after, "at": WITHIN} | fields))


def test_new_changed_and_quiet() -> None:
    assert {(s.event.id, s.why) for s in select(events(), PERIOD)} == {
        ("e-disputed", "new"), ("e-changed", "changed"), ("e-group", "new"),
    }  # fmt: skip


def test_the_end_of_the_period_is_the_next_one_s() -> None:
    assert one(changes=(step("stage", "announced", "shipped", at=UNTIL),)) == []
    assert len(one(changes=(step("stage", "announced", "shipped", at=PERIOD.since),))) == 1


def test_redirects_and_bookkeeping_are_no_news() -> None:
    assert one(merged_into="v2", changes=(step("stage", "announced", "shipped"),)) == []
    assert one(changes=(step("parent", None, "v9"), step("merged", None, "v8"))) == []


def test_what_an_analyst_rejected_is_told_once() -> None:
    rejected = Review(state="rejected", who="ana", why="a drill")
    assert one(review=rejected, changes=(step("new_claim", None, "quote"),)) == []
    (told,) = one(review=rejected, changes=(step("review", "unreviewed", "rejected"),))
    assert told.steps == (Step("review", "unreviewed", "rejected"),)


def test_an_event_without_claims_was_taken_back() -> None:
    gone = (step("withdrawn", "quote", None, number=2),)
    (told,) = one(claims=(), changes=(change(1, at=BEFORE), *gone))
    assert (told.why, told.steps) == ("withdrawn", (Step("withdrawn"),))
    assert one(claims=(), changes=(change(1, at=WITHIN), *gone)) == []  # came and went


def test_changes_that_lead_on_are_one_step() -> None:
    assert steps_of([
        step("stage", "announced", "contracted", number=1), step("stage", "contracted", "delivered", number=2),
    ]) == (Step("stage", "announced", "delivered"),)  # fmt: skip


def test_what_was_undone_is_no_step() -> None:
    there, back = step("standing", "asserted", "disputed", number=1), step("standing", "disputed", "asserted", number=2)
    assert steps_of([there, back]) == ()


def test_the_order_of_goods_is_no_change() -> None:
    assert steps_of([step("weapon", "rifle, mortar", "mortar, rifle")]) == ()


def test_ordered_and_delivered_numbers_are_told_apart() -> None:
    assert steps_of([
        step("quantity", None, "40", number=1), step("quantity", "6", "12", number=2),
        step("quantity", "40", "50", number=3),
    ]) == (Step("quantity", None, "50"), Step("quantity", "6", "12"))  # fmt: skip


def test_claims_are_counted_and_denials_named() -> None:
    found = steps_of([
        step("new_claim", None, "a", number=1), step("new_claim", None, "b", number=2),
        step("denial", None, "Nabia", number=3), step("denial", None, "Sudia", number=4),
    ])  # fmt: skip
    assert found == (Step("denial", None, "Nabia"), Step("denial", None, "Sudia"), Step("new_claim", count=2))


def test_of_a_new_event_only_what_came_later_and_matters_is_told() -> None:
    (told,) = one(
        first_seen=WITHIN,
        changes=(
            change(1, at=WITHIN),
            step("stage", "announced", "shipped", number=2),  # in the same write
            step("standing", "asserted", "disputed", number=3, at=UNTIL.replace(hour=7)),
            step("weapon", "gun", "rifle", number=4, at=UNTIL.replace(hour=7)),
        ),
    )
    assert (told.why, told.steps) == ("new", (Step("standing", "asserted", "disputed"),))


def test_the_weightiest_are_kept_and_the_rest_counted() -> None:
    found, _ = generated(30)
    chosen, omitted = chosen_events(found, PERIOD, 10)
    assert (len(chosen), omitted) == (10, 20)

    def weight(selected: Selected) -> tuple[bool, bool, int]:
        return selected.why != "new", not selected.contested, -selected.event.origins

    assert [weight(s) for s in chosen] == sorted(weight(s) for s in chosen)
    assert max(map(weight, chosen)) <= min(weight(s) for s in select(found, PERIOD) if s not in chosen)


def test_the_order_of_the_store_does_not_matter() -> None:
    found: list[Event] = generated(20)[0]
    assert chosen_events(found, PERIOD) == chosen_events(reversed(found), PERIOD)
