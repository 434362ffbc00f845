"""The decision: from the affected events and the claims of what was read now, to the events as they must be.

Pure: no store, no clock. The partition and every derived field depend on the set of claims alone; only ids, revisions,
changes and first-seen dates depend on what was there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from transforms.codec import digest
from transforms.merge.changes import changes_between
from transforms.merge.cluster import partition
from transforms.merge.derive import Derived, derive, embargo_notes
from transforms.merge.facts import Facts, base_id, facts_of
from transforms.merge.inherit import heirs
from transforms.merge.judgements import (
    apart,
    belonging,
    collect,
    corrections,
    is_of_article,
    rejected_articles,
    review,
    together,
)
from transforms.merge.support import Member
from transforms.records import Change, Claim, Event, Judgement, Report

_DERIVED = tuple(f.name for f in fields(Derived))


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is decided on.

    events: the live events that may be touched. fresh: the claims that ``documents`` have now; what the events list
    under these documents otherwise is gone. reports: of these documents. taken: what other ids in use stand for.
    judgements: analysts', beside those that the events carry.
    """

    events: Mapping[str, Event]
    fresh: tuple[Claim, ...] = ()
    documents: frozenset[str] = frozenset()
    reports: Mapping[str, Report] = field(default_factory=dict)
    taken: Mapping[str, Event] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """An event to be written. gained: facts of claims it did not have like this, by which it must be filed first."""

    event: Event
    gained: tuple[Facts, ...] = ()


def decide(situation: Situation, now: datetime) -> list[Write]:
    """The writes that bring the register in line; none where it is so already. In which order they are safe to write:
    :mod:`transforms.merge.moves`."""
    emptied = (event for event in situation.taken.values() if not event.claims and not event.merged_into)
    judged = collect([*situation.events.values(), *emptied], situation.judgements)
    units = _Units(situation, rejected_articles(judged))
    present = units.facts.keys()
    clusters = partition(list(units.facts.values()), together(judged, present), apart(judged))
    owners, losers = _assign(situation, units, clusters)
    writes: list[Write] = []
    for cluster, id in zip(clusters, owners, strict=True):
        old = situation.events.get(id) or situation.taken.get(id)
        merged = [situation.events[loser] for loser, winner in sorted(losers.items()) if winner == id]
        carried = {id for event in (old, *merged) if event for id in _carried(event, judged)}
        mine = belonging(judged, set(cluster), present, carried)
        event = _updated(id, old, merged, _Content(derive(units.members(cluster)), mine), now)
        if event is not None:
            writes.append(Write(event, tuple(units.filings(cluster, old))))
    kept = set(owners)
    for id, old in sorted(situation.events.items()):
        if id in losers:
            writes.append(Write(_redirect(old, losers[id], now)))
        elif id not in kept and old.claims:
            carried = _carried(old, judged)
            writes.append(Write(_emptied(old, tuple(j for j in judged if j.id in carried), now)))
        elif id not in kept and (again := tuple(j for j in judged if j.id in _carried(old, judged))) != old.judgements:
            writes.append(Write(_with(replace(old, judgements=again), old, [], now)))
    return sorted(writes, key=lambda write: write.event.id)


def _carried(event: Event, judged: Sequence[Judgement]) -> set[str]:
    """Ids of the judgements that an event has, and of those on articles that it has claims of."""
    documents = {claim.document for claim in event.claims}
    own = {judgement.id for judgement in event.judgements}
    return own | {j.id for j in judged if is_of_article(j) and not documents.isdisjoint(j.documents)}


class _Units:
    """The claims by the lead's claim they are or repeat, with their reports."""

    def __init__(self, situation: Situation, rejected: frozenset[str]) -> None:
        self.reports: dict[str, Report] = {}
        claims: dict[str, Claim] = {}
        for _, event in sorted(situation.events.items()):
            self.reports |= {report.article: report for report in event.reports}
            claims |= {c.id: c for c in event.claims if c.document not in situation.documents}
        self.reports |= situation.reports
        claims |= {claim.id: claim for claim in situation.fresh}
        self._claims: dict[str, list[Claim]] = {}
        for claim in claims.values():
            if claim.document in rejected or claim.copy_of in rejected:
                continue
            self._claims.setdefault(base_id(claim), []).append(claim)
        self.facts = {unit: self._lead_facts(group) for unit, group in sorted(self._claims.items())}

    def _lead_facts(self, claims: list[Claim]) -> Facts:
        lead = min(claims, key=lambda c: (c.copy_of is not None, self._order(c)))
        return facts_of(lead, self.reports.get(lead.document))

    def _order(self, claim: Claim) -> tuple[str, str]:
        return (self._published(claim) or "9999", claim.document)

    def members(self, cluster: Iterable[str]) -> list[Member]:
        return [Member(claim, self.reports.get(claim.document)) for unit in cluster for claim in self._claims[unit]]

    def filings(self, cluster: Iterable[str], old: Event | None) -> Iterator[Facts]:
        """The facts to file that the event is not filed under: the lead's, for the document of each claim that is new
        or says something else (a corrected article's keeps its id, where only a number or a date was corrected)."""
        known = {claim.id: claim for claim in old.claims} if old else {}
        told = {report.article: report.published for report in old.reports} if old else {}
        for unit in cluster:
            fresh = {
                claim.document
                for claim in self._claims[unit]
                if known.get(claim.id) != claim or told.get(claim.document) != self._published(claim)
            }
            yield from (replace(self.facts[unit], document=document) for document in sorted(fresh))

    def _published(self, claim: Claim) -> str | None:
        report = self.reports.get(claim.document)
        return report.published if report else None

    def unit_of(self, claim: Claim) -> str | None:
        unit = base_id(claim)
        return unit if any(known.id == claim.id for known in self._claims.get(unit, ())) else None

    def seen(self, unit: str) -> tuple[str, str, str]:
        """When the first article with it was first seen: what decides the id of a new event."""
        moments = [r.first_seen.isoformat() for c in self._claims[unit] if (r := self.reports.get(c.document))]
        return (min(moments, default="9999"), *self._order(self._claims[unit][0]))


def _assign(situation: Situation, units: _Units, clusters: Sequence[Sequence[str]]) -> tuple[list[str], dict[str, str]]:
    """The id of each cluster, and the ids that lost a merge with their winners.

    An event goes where its earliest claim goes (or the claim that replaced it); of several in one place the oldest
    event stays.
    """
    place = {unit: n for n, cluster in enumerate(clusters) for unit in cluster}
    successors = heirs(situation.events.values(), situation.fresh, situation.documents)
    claimants: dict[int, list[Event]] = {}
    for _, event in sorted(situation.events.items()):
        for claim in sorted(event.claims, key=lambda c: _seen(event, c)):
            unit = units.unit_of(claim) or successors.get(claim.id)
            if unit in place:
                claimants.setdefault(place[unit], []).append(event)
                break
    ids: list[str] = []
    losers: dict[str, str] = {}
    used = {event.id for events in claimants.values() for event in events}
    for n, cluster in enumerate(clusters):
        events = sorted(claimants.get(n, ()), key=lambda event: (event.first_seen, event.id))
        if events:
            ids.append(events[0].id)
            losers |= {event.id: events[0].id for event in events[1:]}
        else:
            ids.append(_new_id(min(cluster, key=units.seen), situation, used))
            used.add(ids[-1])
    return ids, losers


def _seen(event: Event, claim: Claim) -> tuple[str, str, str]:
    report = next((r for r in event.reports if r.article == claim.document), None)
    return (report.first_seen.isoformat() if report else "9999", claim.document, claim.id)


def _new_id(unit: str, situation: Situation, used: set[str]) -> str:
    """Made from the earliest claim, so that a replay and a racing writer make the same; an event that lost all its
    claims is revived by its own."""
    n = 0
    while True:
        id = digest(["event", unit, n])
        other = situation.events.get(id) or situation.taken.get(id)
        if id not in used and (other is None or (not other.claims and other.merged_into is None)):
            return id
        n += 1


@dataclass(frozen=True, slots=True)
class _Content:
    """What the claims say, and what analysts say of it."""

    derived: Derived
    judgements: tuple[Judgement, ...]

    def values(self) -> dict[str, Any]:
        """The event's fields by name."""
        set_by_hand = corrections(self.judgements)
        told: dict[str, Any] = {name: getattr(self.derived, name) for name in _DERIVED}
        told |= set_by_hand
        if set_by_hand:
            told["embargoes"] = embargo_notes(
                told["supplier"], told["recipient"], told["goods"], told["date"], told["published"]
            )
        return told | {"judgements": self.judgements, "review": review(self.judgements)}


def _updated(id: str, old: Event | None, merged: Sequence[Event], content: _Content, now: datetime) -> Event | None:
    """The event with its new content and the changes that led there; None where nothing changed."""
    values = content.values()
    if old is None:
        first = Change(number=1, kind="new_event", at=now)
        return Event(id=id, first_seen=now, last_changed=now, changes=(first,), unannounced=(first,), **values)
    event = replace(old, **values)
    if merged:
        event = replace(event, first_seen=min(e.first_seen for e in (old, *merged)))
    if event == old:
        return None
    changes = [*changes_between(old, event, now)]
    changes += [
        Change(number=len(old.changes) + len(changes) + 1 + n, kind="merged", at=now, after=loser.id)
        for n, loser in enumerate(merged)
    ]
    return _with(event, old, changes, now)


def _redirect(old: Event, winner: str, now: datetime) -> Event:
    """The id that lost a merge: a signpost for ever, without claims of its own."""
    change = Change(number=len(old.changes) + 1, kind="merged", at=now, after=winner)
    return _with(replace(old, claims=(), reports=(), merged_into=winner), old, [change], now)


def _emptied(old: Event, judgements: tuple[Judgement, ...], now: datetime) -> Event:
    """An event whose every report was withdrawn or corrected away: kept, with its history and nothing behind it."""
    bare = replace(old, claims=(), reports=(), articles=0, origins=0, reliability="F", credibility=6, confidence=0.0)
    bare = replace(bare, judgements=judgements)
    return _with(bare, old, [*changes_between(old, bare, now)], now)


def _with(event: Event, old: Event, changes: Sequence[Change], now: datetime) -> Event:
    return replace(
        event,
        last_changed=now,
        revision=old.revision + 1,
        changes=(*old.changes, *changes),
        unannounced=(*old.unannounced, *changes),
    )
