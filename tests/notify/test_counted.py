"""What an event's number counts: the goods of the claims that tell it, and nothing where they leave it open."""

from __future__ import annotations

import pytest

from pipeline.exports.columns import EVENTS
from pipeline.exports.jsonl import event_json
from pipeline.exports.parquet import row
from pipeline.exports.stix_extension import transfer
from pipeline.show import quantity
from tests.samples import claim, event
from transforms.notify.content import headline
from transforms.notify.counted import counted, of_which
from transforms.records import Amount, Claim, Event, Goods

LAUNCHER = Goods(value="rocket launcher", category="III")
HIMARS = Goods(value="M142 HIMARS", category="III", named=True)
POD = Goods(value="launch pod", category="components")
EIGHTEEN = Amount(number=18)


def told(*claims: Claim, amount: Amount = EIGHTEEN, goods: tuple[Goods, ...] = (HIMARS, LAUNCHER, POD)) -> Event:
    return event(goods=goods, quantity_delivered=amount, claims=claims)


@pytest.mark.parametrize(
    ("claims", "of"),
    [
        ([claim(goods=(HIMARS,), quantity=EIGHTEEN), claim(goods=(POD,), quantity=Amount(number=40))], "M142 HIMARS"),
        ([claim(goods=(LAUNCHER,), quantity=EIGHTEEN), claim(goods=(HIMARS,), quantity=EIGHTEEN)], "M142 HIMARS"),
        ([claim(goods=(LAUNCHER,), quantity=EIGHTEEN), claim(goods=(POD,))], "rocket launcher"),
        ([claim(goods=(LAUNCHER,), quantity=EIGHTEEN), claim(goods=(POD,), quantity=EIGHTEEN)],
         "rocket launcher or launch pod"),
        ([claim(goods=(HIMARS, POD), quantity=EIGHTEEN)], "(not told of which)"),
        ([claim(goods=(HIMARS,), quantity=Amount(number=18, unit="container"))], "(not told of which)"),
        ([], "(not told of which)"),
    ],
)  # fmt: skip
def test_the_number_is_of_the_goods_of_the_claims_that_tell_it(claims: list[Claim], of: str) -> None:
    assert quantity(told(*claims)) == f"18 {of}"


def test_where_reports_differ_its_ends_are_of_the_goods_that_each_tells() -> None:
    claims = (claim(goods=(HIMARS,), quantity=EIGHTEEN), claim(goods=(HIMARS,), quantity=Amount(number=20)))
    assert quantity(told(*claims, amount=Amount(min=18, max=20))) == "18–20 M142 HIMARS"


def test_at_least_so_many_are_not_whatever_else_there_are_more_of() -> None:
    claims = (claim(goods=(HIMARS,), quantity=Amount(min=18)), claim(goods=(POD,), quantity=Amount(number=500)))
    assert quantity(told(*claims, amount=Amount(min=18))) == "≥ 18 M142 HIMARS"


def test_what_has_a_unit_is_so_many_of_it() -> None:
    rounds = Amount(number=500, unit="round")
    shell = Goods(value="155 mm shell", category="ammunition")
    one = told(claim(goods=(shell,), quantity=rounds), amount=rounds, goods=(shell, HIMARS))
    assert quantity(one) == "500 rounds of 155 mm shell"


def test_a_number_does_not_run_into_one_that_a_name_begins_with() -> None:
    gun = Goods(value="152 mm howitzer", category="III")
    assert headline(told(amount=Amount(number=5), goods=(gun,))) == (
        "North Korea (PRK) → Russia (RUS): 5 × 152 mm howitzer, delivered (asserted)"
    )
    nothing = event(goods=(gun,))
    assert headline(nothing) == "North Korea (PRK) → Russia (RUS): 152 mm howitzer, delivered (asserted)"


def test_of_one_kind_of_goods_nothing_is_said_twice() -> None:
    one = told(goods=(HIMARS,))
    assert (quantity(one), counted(one, EIGHTEEN), of_which(one, None, "")) == ("18", ("M142 HIMARS",), "")


def test_every_export_says_it() -> None:
    one = told(claim(goods=(HIMARS,), quantity=EIGHTEEN))
    cells = {column.name: column.value(one) for column in EVENTS}
    assert (cells["delivered_of"], cells["ordered_of"]) == ("M142 HIMARS", "")
    assert (event_json(one)["delivered_of"], event_json(one)["ordered_of"]) == (["M142 HIMARS"], [])
    assert (row(one)["delivered_of"], row(one)["ordered_of"]) == (["M142 HIMARS"], [])
    assert transfer(one)["delivered"] == {"number": 18.0, "approximate": False, "of": ["M142 HIMARS"]}
