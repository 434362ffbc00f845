"""What is remembered of the deliveries to one channel of one subscription: enough for the cap, the throttle and 410."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transforms.notify.schema import Subscription
from transforms.records import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When an event was last told of."""

    event: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """window: start of the cap's window in force; sent: keys of its single messages. recent: events told of within the
    throttle. gone: fingerprint of a receiver that said 410."""

    window: Moment | None = None
    sent: tuple[str, ...] = ()
    recent: tuple[Told, ...] = ()
    gone: str | None = None


def note_key(subscription: str, channel: str) -> str:
    """Under which key of the notes of kind ``subscription`` the state is kept."""
    return f"{subscription}/{channel}"


def at_cap(state: Delivered, subscription: Subscription, now: datetime) -> datetime | None:
    """When the window ends that has no room for a further single message; None where there is room."""
    ends = _window_ends(state, subscription)
    if ends is None or now >= ends or len(state.sent) < subscription.cap.messages:
        return None
    return ends


def throttled(state: Delivered, subscription: Subscription, event: str, now: datetime) -> datetime | None:
    """Until when nothing more is told of an event; None where it may be told now."""
    last = next((told.at for told in state.recent if told.event == event), None)
    until = last + timedelta(seconds=subscription.throttle) if last else now
    return until if until > now else None


def with_message(state: Delivered, subscription: Subscription, key: str, event: str, now: datetime) -> Delivered:
    """The state with one more single message about an event; the same key again changes nothing."""
    if key in state.sent:
        return state
    ends = _window_ends(state, subscription)
    if ends is None or now >= ends:
        state = replace(state, window=now, sent=())
    oldest = now - timedelta(seconds=subscription.throttle)
    recent = tuple(told for told in state.recent if told.at > oldest and told.event != event)
    if subscription.throttle:
        recent = (*recent, Told(event=event, at=now))
    return replace(state, sent=(*state.sent, key), recent=recent)


def _window_ends(state: Delivered, subscription: Subscription) -> datetime | None:
    return state.window + timedelta(seconds=subscription.cap.per) if state.window else None
