"""Events in the terminal: nothing reads as another number, and no name is markup."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pipeline.show import events_of, quantity, voices
from tests.samples import event
from transforms.notify.content import headline
from transforms.records import Amount, Goods, Money, Party, Voice


@pytest.mark.parametrize(
    ("amount", "money", "told"),
    [
        (Amount(number=2), Money(amount=7e8, currency="EUR"), "2; 700 m EUR"),
        (Amount(number=12, unit="aircraft"), None, "12 aircraft"),
        (Amount(number=1, unit="vehicle"), None, "1 vehicle"),
        (Amount(number=200_000, unit="round", approx=True), None, "~ 200,000 rounds"),
        (Amount(min=19, unit="aircraft"), None, "≥ 19 aircraft"),
        (None, Money(amount=3.4e8, currency="USD", bound="max"), "≤ 340 m USD"),
    ],
)
def test_how_many_and_for_how_much(amount: Amount | None, money: Money | None, told: str) -> None:
    assert quantity(event(quantity_delivered=amount, quantity_ordered=None, value=money)) == told


def test_where_nobody_is_quoted_it_is_the_report_itself() -> None:
    assert voices((Voice(name="narration"), Voice(name="Ana Lind", iso3="SWE"))) == "the report itself, SWE"


def test_names_are_no_markup_and_drive_no_terminal() -> None:
    named = event(supplier=Party(name="Front [/b] :boom: \x1b[2J"), goods=(Goods(value="[red]Kit", category="II"),))
    out = io.StringIO()
    Console(file=out, width=200).print(events_of([named]))
    assert "Front [/b] :boom: \N{REPLACEMENT CHARACTER}[2J" in out.getvalue()
    assert "[red]Kit" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_a_headline_puts_a_number_only_before_what_it_can_be_of() -> None:
    one = event(
        goods=(Goods(value="NASAMS", category="air_defence"),),
        quantity_delivered=Amount(number=2),
        quantity_ordered=None,
    )
    both = event(
        goods=(Goods(value="drone", category="UAV"), Goods(value="NASAMS", category="air_defence")),
        quantity_delivered=Amount(number=2),
    )
    assert ": 2 NASAMS, " in headline(one)
    assert ": drone, NASAMS, " in headline(both)
