"""Which shard polls a source, what of it is polled now, and when the shard wakes again. Pure.

A shard is a set of hosts: all sources of a host are in one, so that what is asked of a host is decided in one place.
The number of shards is part of the upgrade contract (docs/running.md): another number gives hosts to other shards.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.poll.schedule import is_due
from transforms.records import SourceState
from transforms.sources.schema import Source

SHARDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a shard keeps time.

    rest: the longest sleep; a wake at which nothing is due reads no store, so it costs a few milliseconds of Beam, and
    a drain is over in that time. look: the longest without a look into the store, where other processes may have put
    work. soonest, latest: bounds of the sleep while polls are under way; it is as long as they have run, so a quick
    answer goes on quickly and a slow host costs few wakes. per_host, at_once: polls of a host and of the shard that are
    under way at once; more of one host would only wait for their turn. batches: batches of entries of the shard that
    are between lease and outcome at once; with 16 shards of 50 entries that is a minute or two of work, far from the
    lease's end. left: after this, what a shard did not take up is anybody's.
    """

    rest: timedelta = timedelta(seconds=5)
    look: timedelta = timedelta(seconds=30)
    soonest: timedelta = timedelta(milliseconds=100)
    latest: timedelta = timedelta(seconds=2)
    per_host: int = 8
    at_once: int = 500
    batches: int = 2
    left: timedelta = timedelta(minutes=1)


def shard_of(host: str, shards: int = SHARDS) -> int:
    """The shard of a host (lower case): stable over processes, machines and versions."""
    return int.from_bytes(hashlib.sha256(host.encode("utf-8", "replace")).digest()[:8], "big") % shards


def sources_of(sources: Iterable[Source], shard: int, shards: int = SHARDS) -> list[Source]:
    """The sources of a shard, disabled ones too: what they have left in the inbox is still read."""
    return [source for source in sources if shard_of(source.host, shards) == shard]


def to_poll(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    under_way: Collection[Source],
    now: datetime,
    pace: Pace,
) -> list[tuple[Source, SourceState | None]]:
    """The sources to start polling now, longest due first, no more of a host at once than ``pace`` allows."""
    running = {source.id for source in under_way}
    hosts = Counter(source.host for source in under_way)
    due = [
        (source, states.get(source.id))
        for source in sources
        if source.id not in running and is_due(source, states.get(source.id), now)
    ]
    due.sort(key=lambda pair: pair[1].next_due if pair[1] else now)
    chosen: list[tuple[Source, SourceState | None]] = []
    for source, state in due:
        if len(chosen) + len(running) >= pace.at_once:
            break
        if hosts[source.host] < pace.per_host:
            hosts[source.host] += 1
            chosen.append((source, state))
    return chosen


def next_look(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    entry_due: datetime | None,
    now: datetime,
    pace: Pace,
) -> datetime:
    """When the store is to be looked into again if nothing else happens: something falls due, or ``pace.look``.

    What is due already waits for what is under way (:func:`rest`), not for a time.
    """
    dues: list[datetime] = [now + pace.look]
    for source in sources:
        state = states.get(source.id)
        if state and source.enabled and state.health != "retired" and state.next_due > now:
            dues.append(state.next_due)
    if entry_due:
        dues.append(entry_due)
    return min(dues)


def looks(look_at: datetime | None, now: datetime, pace: Pace) -> bool:
    """Whether a wake looks into the store. A time further off than is ever planned was set by a clock that has been
    put back since."""
    return look_at is None or look_at <= now or look_at - now > pace.look


def rest(look_at: datetime, now: datetime, busy: Sequence[timedelta], pace: Pace) -> timedelta:
    """How long a shard sleeps. busy: for how long that which it waits for (polls, batches) has run."""
    planned = min(max(look_at - now, pace.soonest), pace.rest)
    if not busy:
        return planned
    soon = min(max(min(busy), pace.soonest), pace.latest)
    return min(planned, soon) if look_at > now else soon
