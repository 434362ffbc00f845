"""Which of an event's goods its number counts: "M142 HIMARS, launch pod: 18" leaves a reader to guess."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.merge.facts import bounds, plain
from transforms.notify import names
from transforms.records import Amount, Claim, Event, Goods

UNTOLD = "not told of which"
"""What stands with a number that may be of any of several goods."""
_MOST = 3


def counted(event: Event, amount: Amount | None) -> tuple[str, ...]:
    """The goods that one of the event's numbers is of, by name; none where the reports leave it open.

    The goods of the claims that tell this number and one kind of goods; a system by name before the noun for it.
    """
    span = bounds(amount)
    if span is None:
        return ()
    if len(event.goods) < 2:
        return tuple(goods.value for goods in event.goods)
    kept = {plain(goods.value) for goods in event.goods}
    found = [goods for claim in _telling(event, span) for goods in claim.goods if plain(goods.value) in kept]
    named: list[Goods] = [goods for goods in found if goods.named] or found
    of = tuple({plain(goods.value): goods.value for goods in named}.values())
    return of if len(of) <= _MOST else ()


def of_which(event: Event, amount: Amount | None, many: str) -> str:
    """The number in words (``many``) with what it counts, where the event has several goods."""
    if not many or len(event.goods) < 2:
        return many
    goods = " or ".join(counted(event, amount))
    return so_many(amount, many, goods) if goods else f"{many} ({UNTOLD})"


def so_many(amount: Amount | None, many: str, goods: str) -> str:
    """``40 KN-23``, ``500 rounds of 155 mm shell``, ``5 × 152 mm gun``; the goods alone where no number is told.

    many: the number in words.
    """
    between = " of" if amount and names.units(amount.unit) else " ×" if many and goods[:1].isdigit() else ""
    return f"{many}{between} {goods}".strip()


def _telling(event: Event, span: tuple[float, float, str]) -> Iterator[Claim]:
    """The claims with one kind of goods whose number is this one, or an end of it: where reports differ, the event has
    the range from the least to the most told."""
    low, high, unit = span
    told = {span, (low, low, unit), (high, high, unit)}
    return (claim for claim in event.claims if len(claim.goods) == 1 and bounds(claim.quantity) in told)
