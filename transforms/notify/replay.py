"""What a subscription would have sent of what the register holds, and why an event matched or not."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from transforms.contracts import AlertLease
from transforms.notify.conditions import Explained, explain
from transforms.notify.content import Message, compose
from transforms.notify.facts import Facts
from transforms.notify.matcher import Matcher
from transforms.notify.outbox import rows_for
from transforms.notify.plan import Known, counted, make_plan
from transforms.notify.schema import Subscription, Subscriptions
from transforms.notify.state import Delivered
from transforms.records import Alert, Change, Event


@dataclass(frozen=True, slots=True)
class Why:
    """An event with the conditions of the filter, and whether it would have been told of."""

    event: Event
    conditions: tuple[Explained, ...]
    told: bool

    @property
    def reason(self) -> str:
        """The conditions that do not hold; where all do, which kinds of change there were instead of those heard."""
        failed = [f"{c.field}: wanted {c.wanted}, is {c.found}" for c in self.conditions if not c.holds]
        if failed:
            return "; ".join(failed)
        return "matches" if self.told else "matches, but no change of the kinds that it hears of"


@dataclass(slots=True)
class Replay:
    """messages: in order of time, each with the time it would have gone out. events: every one that changed."""

    messages: list[Message] = field(default_factory=list)
    events: list[Why] = field(default_factory=list)


def replay(file: Subscriptions, subscription: Subscription, events: Iterable[Event], since: datetime) -> Replay:
    """Go through the changes since a time as if they had just happened, to the events as they are now.

    Digests, quiet hours, throttle and cap are applied; every message is taken to be accepted at once.
    """
    alone = file.model_copy(update={"subscriptions": (subscription.model_copy(update={"enabled": True}),)})
    matcher = Matcher(alone)
    found = Replay()
    by_id: dict[str, Event] = {}
    rows: dict[str, Alert] = {}
    for event in events:
        batches = _batches(event.changes, since)
        if not batches:
            continue
        by_id[event.id] = event
        told = False
        for at, changes in batches:
            for row in rows_for(replace(event, unannounced=changes), matcher, at):
                told = True
                rows.setdefault(row.id, row)
        found.events.append(Why(event, explain(subscription.filter, alone, Facts(event)), told))
    found.messages = _sent(matcher, by_id, rows.values())
    return found


def _batches(changes: Sequence[Change], since: datetime) -> list[tuple[datetime, tuple[Change, ...]]]:
    """Changes since a time by the moment of writing."""
    moments: dict[datetime, list[Change]] = {}
    for change in changes:
        if change.at >= since:
            moments.setdefault(change.at, []).append(change)
    return [(at, tuple(some)) for at, some in sorted(moments.items())]


def _sent(matcher: Matcher, events: dict[str, Event], rows: Iterable[Alert]) -> list[Message]:
    waiting = [(row.due, row.id, row) for row in rows]
    heapq.heapify(waiting)
    states: dict[str, Delivered] = {}
    messages: list[Message] = []
    while waiting:
        now = waiting[0][0]
        due = []
        while waiting and waiting[0][0] <= now:
            due.append(AlertLease(alert=heapq.heappop(waiting)[2], fence=0))
        plan = make_plan(due, Known(matcher=matcher, events=events, feedback={}, states=states), now)
        for lease in plan.changed:
            if lease.alert.state == "pending":
                heapq.heappush(waiting, (lease.alert.due, lease.alert.id, lease.alert))
        for message in plan.messages:
            if message.single:
                states[message.note] = counted(states.get(message.note, Delivered()), message, now)
            messages.append(compose(message, matcher.file.settings, now))
    return messages
