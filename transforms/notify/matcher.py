"""Which subscriptions an event matches, by an index: the cost grows with the matching ones, hardly with all.

Each subscription is filed under one *shape*: the few of its "one of these" conditions that tell it apart best, such as
(supplier, recipient, weapon). Under a shape, each combination of its values leads to it. An event then looks up, for
each shape that any subscription has, the combinations of its own values; what the lookup has proved is not tested
again.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from math import ceil, cos, radians
from typing import NamedTuple

from transforms.notify.conditions import Condition, conditions, review_holds
from transforms.notify.facts import CELL, Facts, cell_of
from transforms.notify.schema import Subscription, Subscriptions, Within
from transforms.records import Change, Event

# The first ones tell most events apart; of the goods only one is taken, an event may have many.
_FIELDS = ("carrier", "weapon", "family", "supplier", "recipient", "cell", "category", "either", "stage", "standing")
_GOODS = frozenset({"weapon", "family", "category"})
_COMBINATIONS = 64  # per subscription; a wider field is tested instead of indexed
_EVENT_COMBINATIONS = (
    512  # a document may name hundreds of carriers; beyond this a shape's subscriptions are all tested
)

_FIRST = "new_event"


@dataclass(slots=True, eq=False)
class _Filed:
    """A subscription in the index.

    tests: the conditions that the index does not prove; all: every one. wide: whether several keys lead to it.
    hears: number of its combination of ``hear`` and ``review``, for which an event is looked at once only.
    """

    subscription: Subscription
    hear: frozenset[str]
    tests: tuple[Callable[[Facts], bool], ...]
    all: tuple[Condition, ...]
    wide: bool
    hears: int


class Match(NamedTuple):
    """A subscription that hears of an event. changes: numbers of those to tell, in order."""

    subscription: Subscription
    changes: tuple[int, ...]


class Matcher:
    """The subscriptions of a file, ready to be matched. Immutable; made once for each version of the file."""

    def __init__(self, file: Subscriptions) -> None:
        self.file = file
        self._by_id: dict[str, _Filed] = {}
        self._shapes: dict[tuple[str, ...], dict[tuple[str, ...], list[_Filed]]] = {}
        self._hears: dict[tuple[frozenset[str], tuple[str, ...] | None], int] = {}
        with _no_collection():
            for subscription in file.subscriptions:
                if subscription.enabled:
                    self._add(subscription)

    def __len__(self) -> int:
        return len(self._by_id)

    def match(self, event: Event, changes: Sequence[Change]) -> list[Match]:
        """Who hears of ``changes`` of an event, in no particular order; see :meth:`heard`."""
        heard = self.heard(event, changes)
        return [Match(subscription, numbers) for numbers, them in heard.items() for subscription in them]

    def heard(self, event: Event, changes: Sequence[Change]) -> dict[tuple[int, ...], list[Subscription]]:
        """Who hears of which ``changes`` of an event: subscriptions by the numbers that they are told.

        Who wants new events hears of one with the first change after which it matches: that is change 1 to them,
        whatever happened, and being told is remembered by that number.
        """
        facts = Facts(event)
        groups: dict[int, list[Subscription] | None] = {}  # by combination of wishes; None: they hear of nothing here
        found: dict[tuple[int, ...], list[Subscription]] = {}
        seen: set[str] = set()
        for filed in self._lookups(facts):
            hears = filed.hears
            if hears not in groups:
                numbers = _heard(filed, changes, facts)
                groups[hears] = found.setdefault(numbers, []) if numbers else None
            group = groups[hears]
            if group is None:
                continue
            if filed.wide:
                if filed.subscription.id in seen:
                    continue
                seen.add(filed.subscription.id)
            for holds in filed.tests:
                if not holds(facts):
                    break
            else:
                group.append(filed.subscription)
        return found

    def still_matches(self, id: str, event: Event, kind: str) -> bool:
        """Whether an event, as it is now, is one that a subscription asks for, and ``kind`` a change it hears of."""
        filed = self._by_id.get(id)
        if filed is None or kind not in filed.hear:
            return False
        facts = Facts(event)
        reviewed = kind == "review" or review_holds(filed.subscription.filter, facts)
        return reviewed and all(condition.holds(facts) for condition in filed.all)

    def _add(self, subscription: Subscription) -> None:
        every = conditions(subscription.filter, self.file)
        values = {c.field: c.values for c in every if c.values}
        if cells := _cells(subscription.filter.places_within):
            values["cell"] = cells
        shape: list[str] = []
        combinations = 1
        for field in _FIELDS:
            wide = len(values.get(field, ()))
            if wide and combinations * wide <= _COMBINATIONS and not (field in _GOODS and _GOODS & set(shape)):
                shape.append(field)
                combinations *= wide
        hear = frozenset(subscription.hear)
        filed = _Filed(
            subscription,
            hear,
            tests=tuple(condition.holds for condition in every if condition.field not in shape),
            all=every,
            wide=combinations > 1,
            hears=self._hears.setdefault((hear, subscription.filter.review), len(self._hears)),
        )
        self._by_id[subscription.id] = filed
        by_key = self._shapes.setdefault(tuple(shape), {})
        for key in product(*(sorted(values[field]) for field in shape)):
            by_key.setdefault(key, []).append(filed)

    def _lookups(self, facts: Facts) -> Iterator[_Filed]:
        for shape, by_key in self._shapes.items():
            values = [getattr(facts, field) for field in shape]
            size = 1
            for choices in values:
                size *= len(choices)
            if size <= _EVENT_COMBINATIONS or size <= len(by_key):
                for key in product(*values):
                    yield from by_key.get(key, ())
            else:
                for key, filed in by_key.items():
                    if all(part in choices for part, choices in zip(key, values, strict=True)):
                        yield from filed


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection: all that is made stays, and looking for cycles in it again and again took four
    fifths of the time (8.2 s of CPU instead of 1.7 s for 100,000 subscriptions)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _heard(filed: _Filed, changes: Sequence[Change], facts: Facts) -> tuple[int, ...]:
    reviewed = review_holds(filed.subscription.filter, facts)
    heard = filed.hear
    numbers = {c.number for c in changes if c.kind in heard and (reviewed or c.kind == "review")}
    if _FIRST in heard and reviewed and facts.event.merged_into is None:
        numbers.add(1)
    return tuple(sorted(numbers))


def _cells(circles: Sequence[Within]) -> frozenset[str]:
    """The cells of the grid that circles touch; none where they are too many to be worth it."""
    found: set[str] = set()
    for circle in circles:
        high = circle.km / 110.0
        top = min(89.9, max(abs(circle.lat - high), abs(circle.lat + high)))
        wide = min(180.0, circle.km / (110.0 * cos(radians(top))))
        rows, columns = ceil(2 * high / CELL) + 1, ceil(2 * wide / CELL) + 1
        if rows * columns > 4 * _COMBINATIONS or abs(circle.lat) + high >= 90:
            return frozenset()
        for row in range(rows + 1):
            lat = min(circle.lat - high + row * CELL, circle.lat + high)
            for column in range(columns + 1):
                lon = min(circle.lon - wide + column * CELL, circle.lon + wide)
                found.add(cell_of(lat, lon))
    return frozenset(found)
