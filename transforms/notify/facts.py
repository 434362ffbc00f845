"""What of an event filters ask about, taken out once for all subscriptions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from transforms.records import Event

_WORD = re.compile(r"\w+")


def plain(name: str) -> str:
    """A weapon's or carrier's name whatever its case, spaces and hyphens."""
    return "".join(_WORD.findall(name.casefold())).replace("_", "")


def words(text: str) -> str:
    """The words of a text, parted by single spaces, with one at either end: a phrase is found as a substring."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


@dataclass(frozen=True)
class Facts:
    """An event as filters see it. recipient: with the end user; either: all sides, the broker too."""

    event: Event

    @cached_property
    def supplier(self) -> frozenset[str]:
        return frozenset((self.event.supplier.key,))

    @cached_property
    def recipient(self) -> frozenset[str]:
        end_user = self.event.end_user
        return frozenset((self.event.recipient.key, *((end_user.key,) if end_user else ())))

    @cached_property
    def either(self) -> frozenset[str]:
        broker = self.event.broker
        return self.supplier | self.recipient | ({broker.key} if broker else set())

    @cached_property
    def weapon(self) -> frozenset[str]:
        return frozenset(plain(goods.value) for goods in self.event.goods)

    @cached_property
    def family(self) -> frozenset[str]:
        return frozenset(plain(goods.family) for goods in self.event.goods if goods.family)

    @cached_property
    def category(self) -> frozenset[str]:
        return frozenset(goods.category for goods in self.event.goods)

    @cached_property
    def stage(self) -> frozenset[str]:
        return frozenset((self.event.stage,))

    @cached_property
    def standing(self) -> frozenset[str]:
        return frozenset((self.event.standing,))

    @cached_property
    def carrier(self) -> frozenset[str]:
        found = (
            (re.sub(r"\D", "", c.imo) if c.imo else "", plain(c.registration) if c.registration else "")
            for c in self.event.carriers
        )
        return frozenset(name for names in found for name in names if name)

    @cached_property
    def points(self) -> tuple[tuple[str, float, float], ...]:
        """Role, latitude and longitude of the places that have coordinates."""
        return tuple((p.role, p.lat, p.lon) for p in self.event.places if p.lat is not None and p.lon is not None)

    @cached_property
    def cell(self) -> frozenset[str]:
        return frozenset(cell_of(lat, lon) for _, lat, lon in self.points)

    @cached_property
    def embargo(self) -> bool:
        return any(not note.contested for note in self.event.embargoes)

    @cached_property
    def languages(self) -> frozenset[str]:
        return frozenset(report.language for report in self.event.reports if report.language)

    @cached_property
    def evidence(self) -> str:
        """The words of all quotations; quotations do not run into one another."""
        return "\n".join(words(claim.quote) for claim in self.event.claims)


CELL = 5  # degrees; a circle of 700 km touches some 12 cells


def cell_of(lat: float, lon: float) -> str:
    """The cell of the grid that a point is in."""
    return f"{int((lat + 90) // CELL)}/{int((lon + 180) % 360 // CELL)}"
