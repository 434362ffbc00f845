"""An event's unannounced changes into the outbox, and then cleared: each change is told of exactly once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from transforms.contracts import Store
from transforms.notify.feedback import feedback_on, is_muted
from transforms.notify.matcher import Matcher
from transforms.notify.outbox import rows_for


def announce(store: Store, id: str, matcher: Matcher, now: datetime) -> int:
    """:func:`announce_all` for one event."""
    return announce_all(store, [id], matcher, now)


def announce_all(store: Store, ids: Collection[str], matcher: Matcher, now: datetime) -> int:
    """Make the rows of the events' unannounced changes, then clear these by compare-and-set. Returns how many were new.

    Rows are create-only and the clearing comes last: a crash in between makes the same rows again. Where an event was
    changed meanwhile, it is read and decided on again, with what has come to it.
    """
    made = 0
    left: Collection[str] = ids
    while left:
        read = {id: event for id, event in store.events(left).items() if event.value.unannounced}
        rows = {id: found for id, event in read.items() if (found := rows_for(event.value, matcher, now))}
        if rows:
            said = feedback_on(store, list(rows))
            wanted = [
                row for id, own in rows.items() for row in own if not is_muted(said.get(id, ()), row.subscription)
            ]
            made += len(store.create_alerts(wanted)) if wanted else 0
        cleared = [(replace(event.value, unannounced=()), event.version) for event in read.values()]
        left = store.put_events(cleared) if cleared else ()
    return made
