"""Which claim of a corrected article took the place of which: an id never changes because a fact was corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from transforms.merge.facts import base_id, bounds, party_key, plain
from transforms.records import Claim, Event

_ENOUGH = 3
"""Agreeing parts that make a new claim the old one corrected: the parties and one more, or one party and two."""


def heirs(events: Iterable[Event], fresh: Sequence[Claim], documents: Collection[str]) -> dict[str, str]:
    """For the claims of ``documents`` that are gone: their id and the id of the unit that took their place, if any."""
    now = {claim.id for claim in fresh}
    before = {claim.id: claim for event in events for claim in event.claims if claim.document in documents}
    gone = [claim for id, claim in sorted(before.items()) if id not in now]
    come = [claim for claim in fresh if claim.id not in before]
    ranked = sorted(
        (-likeness, old.id, new.id, base_id(new))
        for old in gone
        for new in come
        if old.document == new.document and (likeness := _likeness(old, new)) >= _ENOUGH
    )
    found: dict[str, str] = {}
    used: set[str] = set()
    for _, old_id, new_id, unit in ranked:
        if old_id not in found and new_id not in used:
            found[old_id] = unit
            used.add(new_id)
    return found


def _likeness(old: Claim, new: Claim) -> int:
    """How many parts agree."""
    kinds = {goods.category for goods in old.goods} & {goods.category for goods in new.goods}
    names = {plain(goods.value) for goods in old.goods} & {plain(goods.value) for goods in new.goods}
    return sum(
        (
            party_key(old.supplier) == party_key(new.supplier),
            party_key(old.recipient) == party_key(new.recipient),
            bool(kinds) or not (old.goods or new.goods),
            bool(names),
            old.stage == new.stage,
            bool(old.quantity) and bounds(old.quantity) == bounds(new.quantity),
            bool(old.value) and old.value == new.value,
            bool(old.date) and old.date == new.date,
            old.start < new.end and new.start < old.end,
        )
    )
