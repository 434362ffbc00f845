"""Standing flows: a transfer told as lasting for months is the parent of the deliveries that fall under it.

The two never become one event (score.py). Of several flows that cover a delivery the widest is its parent, so the tree
has one level wherever flows overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from transforms.merge.facts import RELATED, UNKNOWN, party_key, tells_flow
from transforms.merge.keys import FINE, children_key, flow_key, kind_keys
from transforms.merge.neighbourhood import BUCKET, entering, members
from transforms.records import Change, Event
from transforms.spans import Span, parse
from transforms.together import Asking, change_buckets, events, put_events

_CHILDREN = 200
"""Events that one decision looks at for a flow at most; other deliveries take their parent when they next change."""


def is_flow(event: Event) -> bool:
    """Whether most of its claims tell of a standing flow."""
    flows = sum(tells_flow(claim) for claim in event.claims)
    return flows * 2 > len(event.claims)


def parent_of(event: Event, flows: Iterable[Event]) -> str | None:
    """The id of the widest flow that covers the event, or None."""
    span = _span(event)
    if span is None or UNKNOWN in _pair(event):
        return None
    own_width = span.days if is_flow(event) else 0
    covering = [
        (-wide.days, min(claim.id for claim in flow.claims), flow.id)
        for flow in flows
        if flow.id != event.id
        and flow.merged_into is None
        and is_flow(flow)
        and (wide := _span(flow)) is not None
        and wide.gap(span) == 0
        and wide.days > own_width
        and _pair(flow) == _pair(event)
        and _akin(flow, event)
    ]
    return min(covering)[2] if covering else None


def hanging(touched: Sequence[Event], now: datetime) -> Asking[list[str]]:
    """Put the touched events under their flows, and what lies under a touched flow under it; the ids changed.

    touched: the events as they were before the decision, and as they are now, and what else was ever filed under the
    articles: what was ever hung under one of these is decided on again, whatever became of the flow. So a writer that
    died between changing a flow and this is made good by its replay.

    It goes on until there is nothing left to write. So of a writer that hangs a delivery and one that changes its flow
    meanwhile, one sees what the other did: the first reads the flow after its write, the second the delivery.
    """
    own = {event.id for event in touched}
    keys = {flow_key(*_pair(event), category) for event in touched for category in _kinds(event)}
    found = yield from members(keys | {children_key(id) for id in own})
    flows = [event for event in touched if is_flow(event)]
    if not flows and not found and not any(event.parent for event in touched):
        return []  # the common case: nobody ever told of a flow here
    slices: set[str] = set()
    for event in flows:
        if span := _span(event):
            slices.update(kind_keys(*_pair(event), _kinds(event), span.first - FINE, span.last))
    under = (yield from members(slices)) - found
    ids = {*own, *[*sorted(found - own), *sorted(under - own)][:_CHILDREN]}
    changed: set[str] = set()
    while moved := (yield from _moved(ids, now)):
        yield from _noting({event.id: event.parent for event, _ in moved if event.parent}, now)
        refused = yield from put_events(moved)
        changed |= {event.id for event, _ in moved} - refused
    return sorted(changed)


def _moved(ids: Collection[str], now: datetime) -> Asking[list[tuple[Event, str]]]:
    """Those of the events that hang under the wrong flow, put right, with the versions they were read in."""
    read = yield from events(ids)
    live = [(one.value, one.version) for one in read.values() if one.value.claims and not one.value.merged_into]
    known = yield from members({flow_key(*_pair(event), category) for event, _ in live for category in _kinds(event)})
    flows = [*live, *((one.value, "") for one in (yield from events(known - read.keys())).values() if one.value.claims)]
    under: dict[tuple[str, str], list[Event]] = {}
    for flow, _ in flows:
        if flow.id in known:
            under.setdefault(_pair(flow), []).append(flow)
    moved = []
    for event, version in live:
        parent = parent_of(event, under.get(_pair(event), ()))
        if parent != event.parent:
            moved.append((_hung(event, parent, now), version))
    return moved


def _hung(event: Event, parent: str | None, now: datetime) -> Event:
    change = Change(number=len(event.changes) + 1, kind="parent", at=now, before=event.parent, after=parent)
    return replace(
        event,
        parent=parent,
        last_changed=now,
        revision=event.revision + 1,
        changes=(*event.changes, change),
        unannounced=(*event.unannounced, change),
    )


def _noting(parents: Mapping[str, str], now: datetime) -> Asking[None]:
    """Note deliveries (by id, with their flow's) under their flows before they are hung there, never taken out again:
    whoever changes the flow finds them."""
    under: dict[str, list[str]] = {}
    for id, parent in sorted(parents.items()):
        under.setdefault(children_key(parent), []).append(id)
    if under:
        yield from change_buckets(BUCKET, {key: entering(key, ids, now) for key, ids in under.items()})


def _span(event: Event) -> Span | None:
    """When it was; for a date too wide to be filed by (a year), when it was reported."""
    when = parse(event.date)
    return when if when and (when.days <= FINE or is_flow(event)) else parse(event.published)


def _pair(event: Event) -> tuple[str, str]:
    return party_key(event.supplier), party_key(event.recipient)


def _own_kinds(event: Event) -> frozenset[str]:
    return frozenset(goods.category for goods in event.goods if goods.category != "generic")


def _kinds(event: Event) -> frozenset[str]:
    """Categories of its goods and those that reports confuse them with."""
    own = _own_kinds(event)
    return own.union(*(kin for kin in RELATED if kin & own))


def _akin(a: Event, b: Event) -> bool:
    return bool(_kinds(a) & _own_kinds(b))
