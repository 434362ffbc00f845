"""Standing flows: a transfer told as lasting for months is the parent of the deliveries that fall under it.

The two never become one event (score.py). Of several flows that cover a delivery the widest is its parent, so the tree
has one level wherever flows overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from transforms.merge.facts import RELATED, UNKNOWN, party_key, tells_flow
from transforms.merge.keys import FINE, flow_key, kind_keys
from transforms.merge.neighbourhood import members
from transforms.records import Change, Event
from transforms.spans import Span, parse
from transforms.together import Asking, events, put_events

_CHILDREN = 200
"""Deliveries that one decision hangs under a flow at most; the rest take their parent when they next change."""


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

    touched: the events as they were before the decision, and as they are now.
    """
    flows = [event for event in touched if is_flow(event)]
    keys = {flow_key(*_pair(event), category) for event in touched for category in _kinds(event)}
    known = yield from members(keys)
    if not flows and not known and not any(event.parent for event in touched):
        return []  # the common case: nobody ever told of a flow here
    own = sorted({event.id for event in touched})
    under: set[str] = set()
    for event in flows:
        if span := _span(event):
            under |= yield from members(kind_keys(*_pair(event), _kinds(event), span.first - FINE, span.last))
    if flows:
        under |= known
    changed = []
    for id in (*own, *sorted(under.difference(own))[:_CHILDREN]):
        if (yield from _hang_one(id, now)):
            changed.append(id)  # noqa: PERF401 (no comprehension can ask)
    return changed


def _hang_one(id: str, now: datetime) -> Asking[bool]:
    while True:
        read = (yield from events([id])).get(id)
        if read is None or read.value.merged_into or not read.value.claims:
            return False
        event = read.value
        keys = [flow_key(*_pair(event), category) for category in sorted(_kinds(event))]
        found = yield from members(keys)
        flows = (yield from events(found)) if found else {}
        parent = parent_of(event, [flow.value for flow in flows.values() if flow.value.claims])
        if parent == event.parent:
            return False
        change = Change(number=len(event.changes) + 1, kind="parent", at=now, before=event.parent, after=parent)
        moved = replace(
            event,
            parent=parent,
            last_changed=now,
            revision=event.revision + 1,
            changes=(*event.changes, change),
            unannounced=(*event.unannounced, change),
        )
        if not (yield from put_events([(moved, read.version)])):
            return True


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
