"""What a sender does with the rows it has leased: drop, put off, or send together. A pure function of what was read.

Everything is decided again at the time of sending: the subscription may be gone, the event merged away, rejected, muted
or no longer what was asked for, the receiver's hours quiet or its cap reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from transforms.contracts import AlertLease
from transforms.notify.feedback import Feedback, is_muted
from transforms.notify.matcher import Matcher
from transforms.notify.schedule import after_quiet
from transforms.notify.schema import Channel, Subscription
from transforms.notify.state import Delivered, at_cap, note_key, throttled, with_message
from transforms.records import Alert, Change, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the plan is made from. events: by id, with those that merged ones lead to; states: by note key."""

    matcher: Matcher
    events: Mapping[str, Event]
    feedback: Mapping[str, Sequence[Feedback]]
    states: Mapping[str, Delivered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """An event with what is to be told of it. ids: those under which it was known to the rows (redirects)."""

    event: Event
    changes: tuple[Change, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One message to one channel. key: the same at every try. rows: what it carries, each under its lease.

    fresh: not yet tried, so its key is to be noted down first. single: about one event (counts for cap and throttle).
    """

    key: str
    subscription: Subscription
    name: str
    channel: Channel
    topics: tuple[Topic, ...]
    rows: tuple[AlertLease, ...]
    fresh: bool
    single: bool

    @property
    def note(self) -> str:
        """The key of the delivery state of its channel."""
        return note_key(self.subscription.id, self.name)

    @property
    def tries(self) -> int:
        """Tries so far."""
        return max(row.alert.tries for row in self.rows)


@dataclass(slots=True)
class Plan:
    """changed: rows dropped or put off, to be written as they are; messages: in the order in which to send them."""

    changed: list[AlertLease] = field(default_factory=list)
    messages: list[Dispatch] = field(default_factory=list)

    def drop(self, row: AlertLease, reason: str) -> None:
        """This row will not be told."""
        self.changed.append(replace(row, alert=replace(row.alert, state="dropped", reason=reason)))

    def put_off(self, row: AlertLease, due: datetime, *, digest: bool | None = None) -> None:
        """This row is told later."""
        alert = row.alert
        self.changed.append(
            replace(row, alert=replace(alert, due=due, digest=alert.digest if digest is None else digest))
        )


@dataclass(frozen=True, slots=True)
class _Ready:
    row: AlertLease
    event: Event
    change: Change


def make_plan(leases: Sequence[AlertLease], known: Known, now: datetime) -> Plan:
    """Decide on rows that are due."""
    plan = Plan()
    groups: dict[tuple[str, ...], list[_Ready]] = {}
    for lease in leases:
        judged = _judge(lease, known, now)
        if isinstance(judged, str):
            plan.drop(lease, judged)
        elif isinstance(judged, datetime):
            plan.put_off(lease, judged)
        else:
            groups.setdefault(_group(judged), []).append(judged)
    states = dict(known.states)
    for ready_rows in groups.values():
        message = _message(ready_rows, known)
        if message is None:
            for ready in ready_rows:
                plan.drop(ready.row, "what had changed was undone before it was told")
        elif message.fresh and message.single and (wait := _wait(message, states, now)):
            due, summary = wait
            for row in message.rows:
                plan.put_off(row, due, digest=summary)
        else:
            if message.single:
                states[message.note] = counted(states.get(message.note, Delivered()), message, now)
            plan.messages.append(message)
    return plan


def counted(state: Delivered, message: Dispatch, now: datetime) -> Delivered:
    """The delivery state with a single message in it."""
    return with_message(state, message.subscription, message.key, message.topics[0].event.id, now)


def survivor(id: str, events: Mapping[str, Event]) -> Event | None:
    """The event that an id leads to through merges; None where one of them is missing or they go in a circle."""
    seen: set[str] = set()
    while id not in seen and (event := events.get(id)):
        if event.merged_into is None:
            return event
        seen.add(id)
        id = event.merged_into
    return None


def _judge(lease: AlertLease, known: Known, now: datetime) -> _Ready | datetime | str:
    """A row that is ready, or until when it has to wait, or why it is not told."""
    alert = lease.alert
    subscription = known.matcher.file.by_id.get(alert.subscription)
    channel = subscription.by_channel.get(alert.channel) if subscription else None
    if subscription is None or not subscription.enabled:
        return "the subscription was removed or disabled"
    if channel is None:
        return f"the subscription has no channel {alert.channel!r} any more"
    state = known.states.get(note_key(alert.subscription, alert.channel))
    if state and state.gone == channel.fingerprint:
        return "the receiver answered 410 Gone and is not asked again"
    event = survivor(alert.event, known.events)
    if event is None:
        return "the event is no longer in the register"
    if any(is_muted(known.feedback.get(id, ()), subscription.id) for id in (alert.event, event.id)):
        return "the event was muted"
    change = _change(alert, known.events[alert.event])
    if not known.matcher.still_matches(subscription.id, event, change.kind):
        return "the event is no longer one that the subscription asks for"
    due = after_quiet(subscription.quiet, now)
    return due if due > now else _Ready(lease, event, change)


def _change(alert: Alert, event: Event) -> Change:
    """The change of a row. Number 1 is the event itself, to a subscriber who hears of it first, whatever made it."""
    found = next((c for c in (*event.changes, *event.unannounced) if c.number == alert.change), None)
    if found is None:
        return Change(number=alert.change, kind="new_event", at=event.first_seen)
    return replace(found, kind="new_event", before=None, after=None) if alert.change == 1 else found


def _group(ready: _Ready) -> tuple[str, ...]:
    alert = ready.row.alert
    if alert.message:
        return ("message", alert.message)
    if alert.digest:
        return ("digest", alert.subscription, alert.channel)
    return ("event", alert.subscription, alert.channel, ready.event.id)


def _message(ready_rows: Sequence[_Ready], known: Known) -> Dispatch | None:
    by_event: dict[str, list[_Ready]] = {}
    for ready in ready_rows:
        by_event.setdefault(ready.event.id, []).append(ready)
    topics = []
    for rows in by_event.values():
        rows.sort(key=lambda ready: (ready.change.at, ready.change.number))
        changes = net_changes([ready.change for ready in rows])
        if changes:
            ids = tuple(dict.fromkeys(ready.row.alert.event for ready in rows))
            topics.append(Topic(event=rows[0].event, changes=changes, ids=ids))
    if not topics:
        return None
    rows = sorted(ready_rows, key=lambda r: (r.row.alert.due, r.row.alert.event, r.change.number, r.row.alert.id))
    first = rows[0].row.alert
    subscription = known.matcher.file.by_id[first.subscription]
    return Dispatch(
        key=first.message or first.id,
        subscription=subscription,
        name=first.channel,
        channel=subscription.by_channel[first.channel],
        topics=tuple(topics),
        rows=tuple(ready.row for ready in rows),
        fresh=first.message is None,
        single=not first.digest,
    )


def net_changes(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Changes in order of time as one step each: from before the first to after the last of a kind that goes from one
    value to another. What came back to where it was is left out, unless the event itself is news."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    single = []
    for change in changes:
        if change.before is None or change.after is None:
            single.append(change)
        else:
            first.setdefault(change.kind, change)
            last[change.kind] = change
    stepped = [replace(last[kind], before=start.before) for kind, start in first.items()]
    moved = [change for change in stepped if change.before != change.after]
    found = {(change.kind, change.before, change.after): change for change in (*single, *moved)}
    return tuple(sorted(found.values(), key=lambda change: (change.at, change.number)))


def _wait(message: Dispatch, states: Mapping[str, Delivered], now: datetime) -> tuple[datetime, bool] | None:
    """Until when a message has to wait, and whether it then comes in a summary."""
    state = states.get(message.note, Delivered())
    if until := throttled(state, message.subscription, message.topics[0].event.id, now):
        return until, False
    if until := at_cap(state, message.subscription, now):
        return until, True
    return None
