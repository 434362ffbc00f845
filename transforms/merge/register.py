"""MergeEvents' shell: reads the neighbourhood of readings by key, decides, writes by compare-and-set, decides again.

A pass that finds nothing to write is the end. So every writer looks once more after its last write, and of two that
race, the one that writes last sees the other's claim: nobody can miss a neighbour for good.

Readings of one bundle that a key connects are decided in one decision: together they make one event at once, and not
several that merge. The others run in step (:mod:`transforms.together`), each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from transforms.contracts import BucketItem, Store
from transforms.merge.decide import Situation, Write, decide
from transforms.merge.facts import base_id, facts_of
from transforms.merge.flows import hanging
from transforms.merge.keys import article_key, filed, sought
from transforms.merge.neighbourhood import BUCKET, CROWD, Neighbourhood, loading
from transforms.merge.story import Story, noting_copies, report_of, stories_of
from transforms.records import Event, Judgement, Reading
from transforms.together import Asking, Change, Members, alone, articles, change_buckets, put_events, run

__all__ = ["Merged", "merge_reading", "merge_readings", "report_of", "settling"]


@dataclass(frozen=True, slots=True)
class Merged:
    """Ids of events that a reading created and changed."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(slots=True)
class Settled:
    """What a decision wrote: by event id, the documents it has or had claims of; ``new``: those it made."""

    documents: dict[str, frozenset[str]] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def merged(self, ids: Collection[str]) -> Merged:
        """These of the events written."""
        return Merged(tuple(id for id in ids if id in self.new), tuple(id for id in ids if id not in self.new))


def merge_reading(store: Store, reading: Reading, now: datetime) -> Merged:
    """Bring the register in line with the claims of a reading, by compare-and-set; a replay changes nothing.

    Claims that an earlier revision of the article had, and this one has not, leave their events. A reading older than
    the stored revision is passed over.
    """
    (merged,) = merge_readings(store, [reading], now)
    if isinstance(merged, Exception):
        raise merged
    return merged


def merge_readings(store: Store, readings: Sequence[Reading], now: datetime) -> list[Merged | Exception]:
    """:func:`merge_reading` for many readings, in about as many requests as for one.

    Each event is told with one reading, the first that has a part in it. An exception is its reading's alone.
    Raises StoreUnavailable.
    """
    groups = list(_connected(readings))
    results: dict[int, Merged | Exception] = {}
    again: list[int] = []
    for group, settled in zip(
        groups, run(store, [_merging([readings[n] for n in g], now) for g in groups]), strict=True
    ):
        if not isinstance(settled, Exception):
            results |= _shared_out(settled, {n: readings[n].article.id for n in group})
        elif len(group) == 1:
            results[group[0]] = settled
        else:  # which of them is to blame, is found out one by one
            again += group
    for n in again:
        (settled,) = run(store, [_merging([readings[n]], now)])
        results[n] = settled if isinstance(settled, Exception) else settled.merged(list(settled.documents))
    return [results[n] for n in range(len(readings))]


def _connected(readings: Sequence[Reading]) -> Iterator[list[int]]:
    """Groups of readings that a key or a story connects, each in the order given."""
    first: dict[str, int] = {}
    parent = list(range(len(readings)))

    def find(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for n, reading in enumerate(readings):
        article = reading.article
        report = report_of(article, None)
        keys = {article_key(article.id), article_key(article.copy_of or article.id)}
        for claim in reading.claims:
            facts = facts_of(claim, report)
            keys.update(filed(facts), sought(facts))
        for key in keys:
            parent[find(n)] = find(first.setdefault(key, n))
    groups: dict[int, list[int]] = {}
    for n in range(len(readings)):
        groups.setdefault(find(n), []).append(n)
    yield from groups.values()


def _shared_out(settled: Settled, articles: Mapping[int, str]) -> dict[int, Merged]:
    """Each event with the first reading that has a part in it, else (a parent changed) with the first of all."""
    shares: dict[int, list[str]] = {n: [] for n in articles}
    for id, documents in settled.documents.items():
        owner = next((n for n, article in articles.items() if article in documents), next(iter(articles)))
        shares[owner].append(id)
    return {n: settled.merged(ids) for n, ids in shares.items()}


def _merging(readings: Sequence[Reading], now: datetime) -> Asking[Settled]:
    stored = yield from articles([reading.article.id for reading in readings])
    revisions = {id: article.revision for id, article in stored.items()}
    readings = [r for r in readings if revisions.get(r.article.id, 0) <= r.article.revision]
    if not readings:
        return Settled()
    yield from noting_copies([reading.article for reading in readings], now)
    return (yield from settling(lambda: stories_of(readings), now))


def settle(
    store: Store,
    story: Callable[[], Asking[Story]],
    now: datetime,
    *,
    forced: Collection[str] = (),
    judgements: tuple[Judgement, ...] = (),
) -> Merged:
    """:func:`settling` by itself."""
    settled = alone(store, settling(story, now, forced=forced, judgements=judgements))
    return settled.merged(list(settled.documents))


def settling(
    story: Callable[[], Asking[Story]],
    now: datetime,
    *,
    forced: Collection[str] = (),
    judgements: tuple[Judgement, ...] = (),
) -> Asking[Settled]:
    """Decide and write until nothing is left to write.

    story: reads which claims the articles have now. It is read again after the last write: while this writer worked,
    another may have brought the lead of a copy, and its decision must not be undone by an older one.
    forced: ids of events to decide on in any case; judgements: new ones, that are about claims of these.
    """
    result = Settled()
    taken: set[str] = set()
    told = yield from story()
    while True:
        near = yield from loading(told.fresh, told.reports, taken, forced)
        writes = decide(_situation(told, near, judgements), now)
        written: dict[str, Event] = {}
        refused: frozenset[str] = frozenset()
        if writes:
            yield from _filing(writes, now)
        pins = _pins(writes, near)
        for stage in _stages(writes, near, pins):
            refused = yield from put_events([(event, near.versions.get(event.id, "")) for event in stage])
            for event in (event for event in stage if event.id not in refused):
                written[event.id] = event
                if event.id not in pins:
                    _note(result, event, near)
            if refused:
                taken |= refused
                break
        again = yield from story()
        settled = not refused and again == told
        if settled and written:
            settled = yield from near.settled(written)
        told = again
        if settled:
            break
    for id in (yield from hanging([*near.events.values(), *written.values()], now)):
        result.documents.setdefault(id, frozenset())
    return result


def _situation(told: Story, near: Neighbourhood, judgements: tuple[Judgement, ...]) -> Situation:
    return Situation(
        events=near.events,
        fresh=told.fresh,
        documents=frozenset(told.reports),
        reports=told.reports,
        taken=near.taken,
        judgements=(*near.judgements, *judgements),
    )


def _note(result: Settled, event: Event, near: Neighbourhood) -> None:
    before = near.events.get(event.id)
    if event.id not in near.versions:
        result.new.add(event.id)
    claims = (*event.claims, *(before.claims if before else ()))
    known = result.documents.get(event.id, frozenset())
    result.documents[event.id] = known.union(claim.document for claim in claims)


def _pins(writes: Sequence[Write], near: Neighbourhood) -> dict[str, Event]:
    """Events that stay as they are and have what another gives up (another writer is half through with moving it).

    They are written too, as they are: otherwise that writer could take the claims out of them at the same moment, and
    they would be in neither.
    """
    given_up: set[str] = set()
    for write in writes:
        given_up |= _lost(write, near)
    changed = {write.event.id for write in writes}
    return {
        id: event
        for id, event in near.events.items()
        if given_up and id not in changed and any(base_id(claim) in given_up for claim in event.claims)
    }


def _lost(write: Write, near: Neighbourhood) -> set[str]:
    before = near.events.get(write.event.id)
    kept = {base_id(claim) for claim in write.event.claims}
    return {base_id(claim) for claim in before.claims} - kept if before else set()


def _stages(writes: Sequence[Write], near: Neighbourhood, pins: Mapping[str, Event]) -> Iterator[list[Event]]:
    """Events that only gain claims, or are pinned; those that gain and lose some; those that lose some and have what
    another loses; the others that lose. Written in this order, no claim that moves is ever without an event, unless two
    events exchange claims."""
    lost = {write.event.id: _lost(write, near) for write in writes}

    def stage(write: Write) -> int:
        if write.gained:
            return 1 if lost[write.event.id] else 0
        others: set[str] = set().union(*(claims for id, claims in lost.items() if id != write.event.id))
        return 2 if any(base_id(claim) in others for claim in write.event.claims) else 3

    staged = [(stage(write), write.event) for write in writes] + [(0, event) for event in pins.values()]
    for n in range(4):
        if found := [event for at, event in staged if at == n]:
            yield found


def _filing(writes: Sequence[Write], now: datetime) -> Asking[None]:
    """Put the events' ids into the buckets of the claims they gain, before the events themselves are written."""
    wanted: dict[str, dict[str, None]] = {}
    for write in writes:
        for facts in write.gained:
            for key in filed(facts):
                wanted.setdefault(key, {})[write.event.id] = None
    if wanted:
        yield from change_buckets(BUCKET, {key: _entering(key, list(ids), now) for key, ids in wanted.items()})


def _entering(key: str, ids: Sequence[str], now: datetime) -> Change:
    """The addition of members. A bucket that is a crowd takes no more: its key has stopped telling anything."""
    limit = None if key.startswith("article|") else CROWD

    def change(members: Members) -> Members:
        known = {item.id for item in members}
        room = len(ids) if limit is None else max(limit + 1 - len(members), 0)
        return (*members, *(BucketItem(id=id, at=now) for id in [id for id in ids if id not in known][:room]))

    return change
