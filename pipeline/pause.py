"""How long the service sleeps between rounds: until something is due, by two clocks that may disagree. Pure.

Wall time says when something is due; it may be put forward or back, and goes on while a laptop is suspended. Monotonic
time only measures the sleep. The sleep is taken in short slices, so what the wall clock says is heard soon.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.poll.schedule import is_due
from transforms.records import SourceState
from transforms.sources import Source

LONGEST = timedelta(minutes=5)
"""A changed sources.yaml is seen at the latest after this; also bounds what a clock that is put back can do."""
SHORTEST = timedelta(seconds=1)
SLICE = timedelta(seconds=15)
"""A suspended laptop is back at work this soon after it wakes."""
_DEAD_FIRST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Nap:
    """A sleep: until a moment of wall time, but no longer than ``longest`` of monotonic time."""

    until: datetime
    longest: timedelta

    def left(self, now: datetime, slept: timedelta) -> timedelta:
        """How long to sleep on, at most a slice; zero where it is over. now: wall time; slept: monotonic, so far."""
        return max(min(self.until - now, self.longest - slept, SLICE), timedelta())


def nap(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    entry_due: datetime | None,
    now: datetime,
) -> Nap:
    """The sleep until a source or an entry is due, between a second and five minutes."""
    due = [now + LONGEST]
    for source in sources:
        state = states.get(source.id)
        if is_due(source, state, now):
            due.append(now)
        elif source.enabled and state and state.health != "retired":
            due.append(state.next_due)
    if entry_due:
        due.append(entry_due)
    return Nap(max(min(due), now + SHORTEST), LONGEST)


def after_death(deaths: int, now: datetime, rng: random.Random) -> Nap:
    """The sleep after the n-th round in a row that died: ten seconds, doubled each time up to five minutes, varied by a
    quarter."""
    wait = min(_DEAD_FIRST * 2.0 ** min(max(deaths - 1, 0), 10), LONGEST) * rng.uniform(0.75, 1.25)
    return Nap(now + wait, wait)
