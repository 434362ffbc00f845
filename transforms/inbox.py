"""How an inbox row changes: pure transitions, the same for every store.

A row is pending until it ends with exactly one outcome. A lease is one worker's for a while; its fence number makes a
worker that slept through its lease harmless.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from transforms.codec import digest
from transforms.contracts import Ending, InboxRow
from transforms.records import FeedEntry, Outcome

Verdict = Literal["new", "revised", "known"]


def content_key(entry: FeedEntry) -> str:
    """What makes a revision: the words of an item, not its dates or flags, which some feeds change at every poll."""
    return digest([entry.title, entry.summary, entry.content])


def admit(row: InboxRow | None, entry: FeedEntry, now: datetime) -> tuple[InboxRow, Verdict]:
    """What a poll that brought ``entry`` makes of the row with its id (None: never seen).

    A revision is pending again, from the first try, and its fence is raised: whoever still works on the older text
    cannot end the new one.
    """
    if row is None:
        return InboxRow(entry=replace(entry, revision=1), next_due=now), "new"
    if content_key(row.entry) == content_key(entry):
        return row, "known"
    revised = replace(entry, revision=row.entry.revision + 1, first_seen=row.entry.first_seen)
    return InboxRow(entry=revised, next_due=now, fence=row.fence + 1), "revised"


def leasable(row: InboxRow, now: datetime) -> bool:
    """Whether the row is pending, due and under no lease in force."""
    free = row.lease_until is None or row.lease_until <= now
    return row.outcome is None and row.next_due <= now and free


def lease(row: InboxRow, *, owner: str, now: datetime, duration: timedelta) -> InboxRow:
    """The row under a new lease."""
    until = now + duration
    return replace(row, lease_owner=owner, lease_until=until, fence=row.fence + 1, tries=row.tries + 1)


def finish(row: InboxRow, *, fence: int, outcome: Outcome, reason: str | None, now: datetime) -> InboxRow | None:
    """The row with its outcome; None where the fence is old or another outcome stands. A replay gives the row as is."""
    if row.fence != fence:
        return None
    if row.outcome is not None:
        return row if row.outcome == outcome else None
    return replace(row, outcome=outcome, reason=reason, finished=now, lease_owner=None, lease_until=None)


def postpone(row: InboxRow, *, fence: int, next_due: datetime, reason: str) -> InboxRow | None:
    """The row due again later; None where the fence is old or the row has ended."""
    if row.fence != fence or row.outcome is not None:
        return None
    return replace(row, next_due=next_due, reason=reason, lease_owner=None, lease_until=None)


def end(row: InboxRow, ending: Ending, now: datetime) -> InboxRow | None:
    """The row after an ending: finished or postponed; None where that is refused."""
    if ending.outcome:
        return finish(row, fence=ending.fence, outcome=ending.outcome, reason=ending.reason, now=now)
    return postpone(row, fence=ending.fence, next_due=ending.next_due or now, reason=ending.reason or "")
