"""The fields of an event from the claims it was merged from: a pure function of their set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.embargoes import embargoes
from transforms.merge.credibility import confidence, credibility
from transforms.merge.facts import bounds, party_key, plain
from transforms.merge.support import Member, best, independent, union
from transforms.records import (
    Amount,
    Carrier,
    Claim,
    ClaimPlace,
    DateValue,
    EmbargoNote,
    Goods,
    Money,
    Party,
    Reliability,
    Report,
    Stage,
    Standing,
    Voice,
)
from transforms.spans import parse

_FURTHEST: tuple[Stage, ...] = (
    "unspecified", "requested", "offered", "announced", "approved", "contracted", "shipped", "refused", "seized",
    "delivered", "in_use",
)  # fmt: skip
"""Stages by how far the transfer came. What was turned back or seized had been under way, but did not arrive."""
_RECEIVED = frozenset({"shipped", "delivered", "in_use", "seized"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What claims and reports alone say of an event; the names and meanings are :class:`Event`'s."""

    supplier: Party
    recipient: Party
    transit: tuple[Party, ...]
    broker: Party | None
    end_user: Party | None
    goods: tuple[Goods, ...]
    quantity_ordered: Amount | None
    quantity_delivered: Amount | None
    value: Money | None
    carriers: tuple[Carrier, ...]
    markings: tuple[str, ...]
    stage: Stage
    standing: Standing
    asserted_by: tuple[Voice, ...]
    denied_by: tuple[Voice, ...]
    date: DateValue | None
    published: str | None
    places: tuple[ClaimPlace, ...]
    claims: tuple[Claim, ...]
    reports: tuple[Report, ...]
    articles: int
    origins: int
    reliability: Reliability
    credibility: int
    confidence: float
    embargoes: tuple[EmbargoNote, ...] = ()


def derive(members: Sequence[Member]) -> Derived:
    """The fields of the event with these claims (at least one)."""
    members = sorted(members, key=lambda member: member.order)
    own = independent(members)
    supplier, recipient, goods, date = _party(own, "supplier"), _party(own, "recipient"), _goods(own), _date(own)
    reports = _reports(members)
    stage, standing = _stage(own), _standing(own)
    published = min((r.published for r in reports if r.published), default=None)
    origins = len({member.origin for member in own})
    reliability: Reliability = min((report.reliability for report in reports), default="F")
    return Derived(
        supplier=supplier,
        recipient=recipient,
        transit=tuple(union(own, lambda c: c.transit, party_key)),
        broker=best(own, lambda c: c.broker, party_key),
        end_user=best(own, lambda c: c.end_user, party_key),
        goods=goods,
        quantity_ordered=_amount([m for m in own if m.claim.stage not in _RECEIVED]),
        quantity_delivered=_amount([m for m in own if m.claim.stage in _RECEIVED]),
        value=best(own, lambda c: c.value, lambda v: (v.amount, v.currency)),
        carriers=tuple(union(own, lambda c: c.carriers, _carrier_key)),
        markings=tuple(union(own, lambda c: c.markings, plain)),
        stage=stage,
        standing=standing,
        asserted_by=tuple(union(own, lambda c: c.asserted_by, _voice_key)),
        denied_by=tuple(union(own, lambda c: c.denied_by, _voice_key)),
        date=date,
        published=published,
        places=tuple(union(own, lambda c: c.places, lambda p: (p.role, plain(p.value or p.text)))),
        claims=tuple(member.claim for member in members),
        reports=reports,
        articles=len({member.claim.document for member in members}),
        origins=origins,
        reliability=reliability,
        credibility=credibility(standing, origins, min((m.report.reliability for m in own if m.report), default="F")),
        confidence=confidence(own),
        embargoes=embargo_notes(supplier, recipient, goods, date, published),
    )


def embargo_notes(
    supplier: Party, recipient: Party, goods: Sequence[Goods], date: DateValue | None, published: str | None
) -> tuple[EmbargoNote, ...]:
    """The embargoes that touch a transfer at its date; at its first report's, where no date is told."""
    when = parse(date) or parse(published)
    days = (when.first, when.last) if when else None
    return embargoes().touching(supplier, recipient, days, {kind.category for kind in goods})


def _reports(members: Sequence[Member]) -> tuple[Report, ...]:
    found = {member.report.article: member.report for member in members if member.report}
    return tuple(sorted(found.values(), key=lambda report: (report.published or "9999", report.article)))


def _party(members: Sequence[Member], side: str) -> Party:
    """The party that most origins tell; one that is told is better than one that is not."""

    def told(claim: Claim, known: bool) -> Party | None:
        party: Party = getattr(claim, side)
        return party if bool(party.iso3 or party.actor) == known else None

    found = best(members, lambda c: told(c, True), party_key) or best(members, lambda c: told(c, False), party_key)
    return found or Party()


def _goods(members: Sequence[Member]) -> tuple[Goods, ...]:
    every = union(members, lambda claim: claim.goods, lambda goods: plain(goods.value))
    particular = [goods for goods in every if goods.category != "generic"]
    return tuple(particular or every)


def _amount(members: Sequence[Member]) -> Amount | None:
    """The number most origins tell; the range from the least to the most where none has more than the others."""
    found = best(members, lambda c: c.quantity, bounds, lambda a: float(a.number is not None))
    if found is None:
        return None
    unit = found.unit or "piece"
    told: dict[tuple[float, float, str], set[str]] = {}
    for member in members:
        span = bounds(member.claim.quantity)
        if span and span[2] == unit:
            told.setdefault(span, set()).add(member.origin)
    support = sorted((len(origins) for origins in told.values()), reverse=True)
    exact = [low for low, high, _ in told if low == high]
    if len(support) > 1 and support[0] == support[1] and len(exact) > 1:
        return Amount(min=min(exact), max=max(exact), unit=found.unit)
    return found


def _stage(members: Sequence[Member]) -> Stage:
    asserted = [m.claim.stage for m in members if m.claim.standing != "denied"]
    stages = asserted or [m.claim.stage for m in members]
    return max(stages, key=_FURTHEST.index)


def _standing(members: Sequence[Member]) -> Standing:
    told = {member.claim.standing for member in members}
    denied = "denied" in told or any(member.claim.denied_by for member in members)
    if "disputed" in told or (denied and told != {"denied"}):
        return "disputed"
    return next(s for s in ("confirmed", "asserted", "alleged", "denied") if s in told)


def _date(members: Sequence[Member]) -> DateValue | None:
    """When it came to the furthest stage that has a date."""
    for stage in reversed(_FURTHEST):
        found = best([m for m in members if m.claim.stage == stage], lambda c: c.date, lambda d: d, _fineness)
        if found:
            return found
    return None


def _fineness(value: DateValue) -> float:
    span = parse(value)
    return -float(span.days) if span else float("-inf")


def _carrier_key(carrier: Carrier) -> str:
    return plain(carrier.imo or carrier.registration or carrier.name or carrier.operator or "")


def _voice_key(voice: Voice) -> tuple[str, str]:
    return (voice.iso3 or "", plain(voice.name))
