"""What changed in an event, as numbered, typed changes with short texts for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from transforms.records import Amount, Change, Event, Money

_Entry = tuple[str, str | None, str | None]


def changes_between(old: Event, new: Event, now: datetime) -> tuple[Change, ...]:
    """The changes from ``old`` to ``new``, numbered after those that ``old`` has."""
    found = [*_claims(old, new), *_fields(old, new)]
    start = len(old.changes) + 1
    return tuple(
        Change(number=n, kind=kind, at=now, before=before, after=after)
        for n, (kind, before, after) in enumerate(found, start)
    )


def _claims(old: Event, new: Event) -> Iterable[_Entry]:
    before, after = {c.id for c in old.claims}, {c.id for c in new.claims}
    for claim in new.claims:
        if claim.id not in before:
            yield "new_claim", None, claim.quote
    for claim in old.claims:
        if claim.id not in after:
            yield "withdrawn", claim.quote, None


def _fields(old: Event, new: Event) -> Iterable[_Entry]:
    if old.stage != new.stage:
        yield "stage", old.stage, new.stage
    if old.standing != new.standing:
        yield "standing", old.standing, new.standing
    for one, other in (
        (old.quantity_ordered, new.quantity_ordered),
        (old.quantity_delivered, new.quantity_delivered),
    ):
        if one != other:
            yield "quantity", _amount(one), _amount(other)
    if old.value != new.value:
        yield "value", _money(old.value), _money(new.value)
    denying = {(v.iso3, v.name) for v in old.denied_by}
    for voice in new.denied_by:
        if (voice.iso3, voice.name) not in denying:
            yield "denial", None, voice.name
    known_places = {(p.role, p.value or p.text) for p in old.places}
    for place in new.places:
        if (place.role, place.value or place.text) not in known_places:
            yield "place", None, f"{place.role}: {place.value or place.text}"
    before, after = ", ".join(g.value for g in old.goods), ", ".join(g.value for g in new.goods)
    if before != after:
        yield "weapon", before or None, after or None
    if old.date != new.date:
        yield "date", old.date, new.date
    if old.embargoes != new.embargoes:
        yield "embargo", "; ".join(e.instrument for e in old.embargoes), "; ".join(e.instrument for e in new.embargoes)
    if old.review != new.review:
        yield "review", old.review.state, new.review.state


def _amount(amount: Amount | None) -> str | None:
    if amount is None:
        return None
    if amount.number is not None:
        text = f"{amount.number:,.0f}"
    else:
        ends = ["" if end is None else f"{end:,.0f}" for end in (amount.min, amount.max)]
        text = "–".join(ends)
    return f"{text} {amount.unit}" if amount.unit else text


def _money(money: Money | None) -> str | None:
    return f"{money.amount:,.0f} {money.currency}" if money else None
