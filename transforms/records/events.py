"""An arms transfer in the register, merged from many claims, and what is kept with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.records.claims import Amount, Carrier, Claim, ClaimPlace, Goods, Money, Party, Voice
from transforms.records.vocabulary import DateValue, Moment, Reliability, Stage, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an event keeps of an article that reports it."""

    article: str
    url: str
    title: str
    source: str
    publisher: str
    origin: str
    reliability: Reliability
    language: str | None = None
    published: str | None = None
    first_seen: Moment
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One numbered change of an event; ``unannounced`` ones wait for NotifySubscribers.

    kind: new_event, new_claim, withdrawn, stage, standing, quantity, value, denial, place, weapon, date, embargo,
        merged, parent, review. before and after are short texts for people.
    """

    number: int
    kind: str
    at: Moment
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbargoNote:
    """An embargo that touches a party at the event's date: a flag with its source, not a verdict of guilt."""

    instrument: str
    target: str
    side: Literal["supplier", "recipient"]
    source: str
    contested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An analyst's judgement of an event."""

    state: Literal["unreviewed", "confirmed", "rejected"] = "unreviewed"
    who: str | None = None
    when: Moment | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One act of an analyst (docs/events.md), kept with the events it is about, so that no later merging loses it.

    claims, others: ids of the claims it is about, the earliest first; ``others`` is the other side of a merge or split.
    documents: where those claims are from. field, value: what is corrected, and to what (JSON). undone: who took it
    back, and why.
    """

    id: str
    action: Literal["confirm", "reject", "merge", "split", "correct"]
    claims: tuple[str, ...]
    others: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    field: str | None = None
    value: str | None = None
    who: str
    why: str
    at: Moment
    undone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One arms transfer in the register, merged from the claims of many reports (design.md, "An event carries").

    stage is the furthest one told; quantity_ordered and quantity_delivered are apart. date is the transfer's, published
    the earliest report's, first_seen and last_changed Tocsin's own. origins is the number of independent origins.
    credibility: Admiralty 1 (confirmed) to 6 (cannot be judged), by the rule in docs/events.md.
    merged_into: set on an id that lost a merge; readers follow it. version: the store's compare-and-set token, 0 for
    an event never written; revision counts contentful changes.
    """

    id: str
    supplier: Party
    recipient: Party
    transit: tuple[Party, ...] = ()
    broker: Party | None = None
    end_user: Party | None = None
    goods: tuple[Goods, ...] = ()
    quantity_ordered: Amount | None = None
    quantity_delivered: Amount | None = None
    value: Money | None = None
    carriers: tuple[Carrier, ...] = ()
    markings: tuple[str, ...] = ()
    stage: Stage
    standing: Standing
    asserted_by: tuple[Voice, ...] = ()
    denied_by: tuple[Voice, ...] = ()
    date: DateValue | None = None
    published: str | None = None
    first_seen: Moment
    last_changed: Moment
    places: tuple[ClaimPlace, ...] = ()
    claims: tuple[Claim, ...] = ()
    reports: tuple[Report, ...] = ()
    articles: int = 0
    origins: int = 0
    reliability: Reliability = "F"
    credibility: int = 6
    confidence: float = 0.5
    embargoes: tuple[EmbargoNote, ...] = ()
    review: Review = Review()
    revision: int = 1
    changes: tuple[Change, ...] = ()
    unannounced: tuple[Change, ...] = ()
    merged_into: str | None = None
    parent: str | None = None
    judgements: tuple[Judgement, ...] = ()
