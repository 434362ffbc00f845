"""Thin first version: claims join the event of the same parties and goods category within half a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from transforms.codec import digest
from transforms.contracts import BucketItem, Store
from transforms.records import Change, Claim, Event, Reading, Report

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merged:
    """Ids of events that a reading created and changed."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def merge_reading(store: Store, reading: Reading, now: datetime) -> Merged:
    """Put the claims of a reading into the register, by compare-and-set; a replay changes nothing."""
    new, changed = [], []
    for claim in reading.claims:
        key = f"{claim.supplier.key}|{claim.recipient.key}|{claim.goods[0].category if claim.goods else 'any'}"
        while True:
            bucket = store.bucket("event_bucket", [key])[key]
            id = bucket.value[0].id if bucket.value else digest([claim.id])
            if not bucket.value and not store.put_bucket("event_bucket", key, [BucketItem(id=id, at=now)], ""):
                continue
            read = store.events([id]).get(id)
            event = _with(read.value if read else None, id, claim, reading, now)
            if read and event == read.value:
                break
            if store.put_event(event, read.version if read else ""):
                (changed if read else new).append(id)
                break
    return Merged(tuple(dict.fromkeys(new)), tuple(x for x in dict.fromkeys(changed) if x not in new))


def _with(event: Event | None, id: str, claim: Claim, reading: Reading, now: datetime) -> Event:
    article = reading.article
    if event and any(known.id == claim.id for known in event.claims):
        return event
    report = Report(
        article=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        publisher=article.publisher,
        origin=article.origin,
        reliability=article.reliability,
        language=article.language,
        published=article.published,
        first_seen=article.first_seen,
    )
    if event is None:
        first = Change(number=1, kind="new_event", at=now)
        return Event(
            id=id,
            supplier=claim.supplier,
            recipient=claim.recipient,
            goods=claim.goods,
            quantity_delivered=claim.quantity,
            value=claim.value,
            stage=claim.stage,
            standing=claim.standing,
            asserted_by=claim.asserted_by,
            denied_by=claim.denied_by,
            date=claim.date,
            published=article.published,
            first_seen=now,
            last_changed=now,
            places=claim.places,
            claims=(claim,),
            reports=(report,),
            articles=1,
            origins=1,
            changes=(first,),
            unannounced=(first,),
        )
    reports = event.reports if any(r.article == article.id for r in event.reports) else (*event.reports, report)
    change = Change(number=len(event.changes) + 1, kind="new_claim", at=now, after=claim.quote)
    return replace(
        event,
        denied_by=_union(event.denied_by, claim.denied_by),
        asserted_by=_union(event.asserted_by, claim.asserted_by),
        places=_union(event.places, claim.places),
        claims=(*event.claims, claim),
        reports=reports,
        articles=len(reports),
        last_changed=now,
        revision=event.revision + 1,
        changes=(*event.changes, change),
        unannounced=(*event.unannounced, change),
    )


def _union(a: Sequence[T], b: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*a, *b)))
