"""From an event's unannounced changes to rows of the outbox."""

from __future__ import annotations

from datetime import datetime

from transforms.codec import digest
from transforms.notify.matcher import Matcher
from transforms.notify.schedule import first_due
from transforms.records import Alert, Event


def alert_id(subscription: str, event: str, change: int, channel: str) -> str:
    """The id of a row, which makes that it exists once."""
    return digest([subscription, event, change, channel])


def rows_for(event: Event, matcher: Matcher, now: datetime) -> list[Alert]:
    """The rows for all unannounced changes of an event: one for each subscription, change and channel."""
    if not event.unannounced:
        return []
    rows = []
    for numbers, subscriptions in matcher.heard(event, event.unannounced).items():
        for subscription in subscriptions:
            due = first_due(subscription, now)
            rows += [
                Alert(
                    id=alert_id(subscription.id, event.id, number, channel),
                    subscription=subscription.id,
                    event=event.id,
                    change=number,
                    channel=channel,
                    due=due,
                    digest=subscription.when != "immediate",
                )
                for channel in subscription.by_channel
                for number in numbers
            ]
    return rows
