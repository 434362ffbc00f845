"""An event's unannounced changes into the outbox, and then cleared: each change is told of exactly once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from transforms.contracts import Store
from transforms.notify.feedback import feedback_on, is_muted
from transforms.notify.matcher import Matcher
from transforms.notify.outbox import rows_for


def announce(store: Store, id: str, matcher: Matcher, now: datetime) -> int:
    """Make the rows of an event's unannounced changes, then clear these by compare-and-set. Returns how many were new.

    Rows are create-only and the clearing comes last: a crash in between makes the same rows again. Where the event
    was changed meanwhile, it is read and decided on again, with what has come to it.
    """
    made = 0
    while True:
        read = store.events([id]).get(id)
        if read is None or not read.value.unannounced:
            return made
        rows = rows_for(read.value, matcher, now)
        if rows:
            said = feedback_on(store, [id]).get(id, ())
            wanted = [row for row in rows if not is_muted(said, row.subscription)]
            made += len(store.create_alerts(wanted)) if wanted else 0
        if store.put_event(replace(read.value, unannounced=()), read.version):
            return made
