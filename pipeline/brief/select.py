"""Which events a brief tells of, and what happened to each in the period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.brief.period import Period
from transforms.records import Change, Event

Why = Literal["new", "changed", "withdrawn"]
CONTESTED = frozenset({"disputed", "denied"})
# Counted, not told one by one: the evidence itself is further down.
_COUNTED = frozenset({"new_claim", "withdrawn"})
# What is news of an event that itself is new; the rest is how it was put together.
_NEWS = frozenset({"standing", "denial", "stage", "quantity", "value", "review"})
# Bookkeeping of the register, which alone is no news.
_QUIET = frozenset({"parent", "merged"})
_ORDER = {"standing": 0, "denial": 1, "stage": 2, "quantity": 3, "value": 4, "weapon": 5, "date": 6, "place": 7,
          "embargo": 8, "review": 9, "withdrawn": 10, "new_claim": 11}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one property over the whole period; ``count`` for what is only counted."""

    kind: str
    before: str | None = None
    after: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Selected:
    """An event of the brief. why: new in the register, changed in it, or left without any report."""

    event: Event
    why: Why
    steps: tuple[Step, ...]

    @property
    def contested(self) -> bool:
        """Whether somebody denies it."""
        return self.event.standing in CONTESTED


def select(events: Iterable[Event], period: Period) -> Iterator[Selected]:
    """The events that are new or changed in the period, in the order given.

    Redirects are left out; so is what an analyst rejected, unless that happened in the period, and what appeared and
    was taken back within it.
    """
    for event in events:
        if event.merged_into is not None:
            continue
        changes = [change for change in event.changes if change.at in period]
        kinds = {change.kind for change in changes}
        is_new = "new_event" in kinds or (event.first_seen in period and not event.changes)
        if event.review.state == "rejected" and "review" not in kinds:
            continue
        if not event.claims and (is_new or "withdrawn" not in kinds):
            continue
        if not is_new and not kinds - _QUIET:
            continue
        steps = steps_of(_news(changes) if is_new else changes)
        yield Selected(event, "new" if is_new else "withdrawn" if not event.claims else "changed", steps)


def _news(changes: Sequence[Change]) -> list[Change]:
    """What became of a new event after it was first written: changes of that moment are the event."""
    created = min((change.at for change in changes if change.kind == "new_event"), default=None)
    return [change for change in changes if change.kind in _NEWS and (created is None or change.at > created)]


def steps_of(changes: Sequence[Change]) -> tuple[Step, ...]:
    """The changes of a period as before → after: what led on from one value to the next is one step, what was
    taken back is none, reports are counted."""
    found: list[Step] = []
    for change in sorted(changes, key=lambda change: change.number):
        if change.kind == "new_event" or change.kind in _QUIET:
            continue
        if change.kind in _COUNTED:
            at = next((n for n, step in enumerate(found) if step.kind == change.kind), None)
            if at is None:
                found.append(Step(change.kind))
            else:
                found[at] = Step(change.kind, count=found[at].count + 1)
            continue
        # The latest step that this one goes on from; ordered and delivered numbers are thus told apart.
        led = [n for n, step in enumerate(found) if step.kind == change.kind and _goes_on(step, change)]
        if led:
            found[led[-1]] = Step(change.kind, found[led[-1]].before, change.after)
        else:
            found.append(Step(change.kind, change.before, change.after))
    kept = [step for step in found if step.kind in _COUNTED or _parts(step.before) != _parts(step.after)]
    return tuple(sorted(kept, key=lambda step: _ORDER.get(step.kind, 99)))


def _goes_on(step: Step, change: Change) -> bool:
    return step.after is not None and step.after == change.before


def _parts(text: str | None) -> list[str]:
    """What a list of goods or embargoes names, whatever the order."""
    return sorted(re.split(r"[,;] ", text or ""))


def rank(selected: Selected) -> tuple[object, ...]:
    """Sorts what matters most first: new before changed, contested, many origins, many articles; then by id."""
    event = selected.event
    why = ("new", "changed", "withdrawn").index(selected.why)
    return (why, not selected.contested, -event.origins, -event.articles, event.id)
