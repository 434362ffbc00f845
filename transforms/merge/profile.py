"""What a group of claims tells together, as the facts of one: for joining groups that each lack a part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from transforms.merge.facts import Facts, is_unknown
from transforms.spans import Span

T = TypeVar("T")


def profile(group: Sequence[Facts]) -> Facts:
    """The facts told most often, and all names, kinds, carriers and places."""
    exact = [f.amount for f in group if f.amount and f.amount[0] == f.amount[1]]
    told = [f.told for f in group if f.told]
    fine = [f.when for f in group if f.when and f.when.days <= 31]
    first = min(group, key=lambda f: f.id)
    return Facts(
        id=first.id,
        document=f"group {first.id}",
        story=f"group {first.id}",
        supplier=_party(f.supplier for f in group),
        recipient=_party(f.recipient for f in group),
        names=_all(f.names for f in group),
        kinds=_all(f.kinds for f in group),
        categories=_all(f.categories for f in group),
        amount=_usual(exact or [f.amount for f in group if f.amount]),
        approximate=any(f.approximate for f in group),
        money=_usual([f.money for f in group if f.money]),
        when=_usual(fine or [f.when for f in group if f.when]),
        told=Span(min(t.first for t in told), max(t.last for t in told)) if told else None,
        flow=sum(f.flow for f in group) * 2 > len(group),
        stage=_usual([f.stage for f in group]) or "unspecified",
        carriers=_all(f.carriers for f in group),
        places=_all(f.places for f in group),
        points=tuple(sorted({point for f in group for point in f.points})),
        markings=_all(f.markings for f in group),
    )


def _usual(values: Sequence[T], order: Callable[[T], str] = repr) -> T | None:
    """The most frequent; of equally frequent ones always the same."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], order(value)), default=None)


def _all(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset().union(*sets)


def _party(keys: Iterable[str]) -> str:
    """The known party, where one claim tells it (two known ones are never in one group)."""
    return min(keys, key=lambda key: (is_unknown(key), key))
