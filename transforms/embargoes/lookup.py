"""Which embargoes touched a transfer: by both parties, both directions, the goods and the day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Literal

from transforms.embargoes.schema import Embargo, Membership, members, rows
from transforms.records import EmbargoNote, Party

Days = tuple[int, int]
"""First and last day, as proleptic ordinals."""
_VAGUE = frozenset({"generic"})


class Embargoes:
    """The rows, found by state or actor."""

    def __init__(self, embargoes: Iterable[Embargo], memberships: Mapping[str, Sequence[Membership]]) -> None:
        self._by_target: dict[str, list[Embargo]] = {}
        for row in embargoes:
            for target in (*row.states, *row.actors):
                self._by_target.setdefault(target, []).append(row)
        self._members = memberships

    def touching(
        self, supplier: Party, recipient: Party, days: Days | None, categories: Collection[str] = ()
    ) -> tuple[EmbargoNote, ...]:
        """The notes for a transfer, the Security Council's first.

        days: when it took place; None (not known) gives nothing. A span that an embargo covers only in part is noted as
        contested. categories: of the goods; none, or only generic ones, may be anything. Instruments of a regional body
        touch only what its members supply (or, for imports, receive).
        """
        if days is None:
            return ()
        found = [
            *self._side("recipient", "to", recipient, supplier, days, categories),
            *self._side("supplier", "from", supplier, recipient, days, categories),
        ]
        return tuple(dict.fromkeys(found))

    def _side(
        self,
        side: Literal["supplier", "recipient"],
        direction: Literal["to", "from"],
        target: Party,
        other: Party,
        days: Days,
        categories: Collection[str],
    ) -> Iterable[EmbargoNote]:
        told = set(categories) - _VAGUE
        for row in self._by_target.get(target.iso3 or target.actor or "", ()):
            if row.direction not in (direction, "both") or not self._binds(row.body, other, days):
                continue
            if row.categories and told and told.isdisjoint(row.categories):
                continue
            first, last = row.start.toordinal(), (row.end or date.max).toordinal()
            if days[1] < first or days[0] > last:
                continue
            partly = days[0] < first or days[1] > last
            yield EmbargoNote(
                instrument=row.instrument,
                target=row.target,
                side=side,
                source=row.source,
                contested=row.contested or partly or not row.sure,
            )

    def _binds(self, body: str, other: Party, days: Days) -> bool:
        if body == "UN":
            return True
        return any(
            other.iso3 in membership.states
            and membership.since.toordinal() <= days[1]
            and days[0] <= membership.until.toordinal()
            for membership in self._members.get(body, ())
        )


@cache
def embargoes() -> Embargoes:
    """The embargoes of the data files, read at the first call. Raises KnowledgeError."""
    return Embargoes(rows(), members())
