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

from transforms.contracts import Store
from transforms.merge.decide import Situation, Write, decide
from transforms.merge.facts import facts_of
from transforms.merge.flows import hanging
from transforms.merge.keys import article_key, filed, sought
from transforms.merge.moves import stages
from transforms.merge.neighbourhood import BUCKET, Neighbourhood, entering, loading
from transforms.merge.story import Story, noting_copies, report_of, stories_of
from transforms.records import Event, Judgement, Reading
from transforms.together import Asking, alone, articles, change_buckets, put_events, run

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
    return (yield from settling(lambda more: stories_of(readings, more), now))


def settle(
    store: Store,
    story: Callable[[Collection[str]], Asking[Story]],
    now: datetime,
    *,
    forced: Collection[str] = (),
    judgements: tuple[Judgement, ...] = (),
) -> Merged:
    """:func:`settling` by itself."""
    settled = alone(store, settling(story, now, forced=forced, judgements=judgements))
    return settled.merged(list(settled.documents))


def settling(
    story: Callable[[Collection[str]], Asking[Story]],
    now: datetime,
    *,
    forced: Collection[str] = (),
    judgements: tuple[Judgement, ...] = (),
) -> Asking[Settled]:
    """Decide and write until nothing is left to write.

    story: reads which claims the articles have now, and those of others given by id. It is read again after the last
    write: while this writer worked, another may have brought the lead of a copy, or corrected an article whose claims
    were being moved, and its decision must not be undone by an older one.
    forced: ids of events to decide on in any case; judgements: new ones, that are about claims of these.
    """
    result = Settled()
    seen: set[str] = set()
    moved: set[str] = set()
    touched: list[Event] = []
    told = yield from story(())
    cause = min(told.reports, default=None)
    while True:
        near = yield from loading(told.fresh, told.reports, seen, forced)
        writes = decide(_situation(told, near, judgements), now)
        if writes:
            yield from _filing(writes, cause, told.reports.keys(), now)
        written, unsettled = yield from _writing(writes, near, result)
        touched += [*near.events.values(), *near.filed, *written.values()]
        seen |= unsettled
        moved |= _moved(near, written) - told.reports.keys()
        again = yield from story(moved)
        settled = not unsettled and again == told
        if settled:
            settled = yield from near.settled(written)
        told = again
        if settled:
            break
    for id in (yield from hanging(touched, now)):
        result.documents.setdefault(id, frozenset())
    return result


def _writing(
    writes: Sequence[Write], near: Neighbourhood, result: Settled
) -> Asking[tuple[dict[str, Event], frozenset[str]]]:
    """Write what was decided, stage by stage (:mod:`transforms.merge.moves`), up to the first refusal.

    The events written, and the ids of those that are to be looked at again: where somebody was faster, all there are.
    """
    written: dict[str, Event] = {}
    unsettled: frozenset[str] = frozenset()
    for stage in stages(writes, near.events):
        refused = yield from put_events([(event, near.versions.get(event.id, "")) for event in stage.events])
        for event in (event for event in stage.events if event.id not in refused):
            written[event.id] = event
            if event.id not in stage.pins:
                _note(result, event, near)
        unsettled |= stage.unfinished
        if refused:
            return written, unsettled | refused | written.keys() | {write.event.id for write in writes}
    return written, unsettled | written.keys() if unsettled else unsettled


def _situation(told: Story, near: Neighbourhood, judgements: tuple[Judgement, ...]) -> Situation:
    return Situation(
        events=near.events,
        fresh=told.fresh,
        documents=frozenset(told.reports),
        reports=told.reports,
        taken=near.taken,
        judgements=(*near.judgements, *judgements),
    )


def _moved(near: Neighbourhood, written: Mapping[str, Event]) -> set[str]:
    """The articles of the claims that an event got from another, now or by a writer who died over the same articles."""
    gained: set[str] = set()
    for id, event in written.items():
        known = {claim.id for claim in near.events[id].claims} if id in near.events else set()
        gained |= {claim.document for claim in event.claims if claim.id not in known}
    return gained | {claim.document for event in near.filed for claim in event.claims if event.id not in near.own}


def _note(result: Settled, event: Event, near: Neighbourhood) -> None:
    before = near.events.get(event.id)
    if not near.versions.get(event.id):
        result.new.add(event.id)
    claims = (*event.claims, *(before.claims if before else ()))
    known = result.documents.get(event.id, frozenset())
    result.documents[event.id] = known.union(claim.document for claim in claims)


def _filing(writes: Sequence[Write], cause: str | None, documents: Collection[str], now: datetime) -> Asking[None]:
    """Put the events' ids into the buckets of the claims they gain, before the events themselves are written.

    Those that have no claim of the articles decided on are put to one of these, the cause, all the same: who decides on
    it again, because this writer died, finds every event that it wrote or was about to.
    """
    wanted: dict[str, dict[str, None]] = {}
    for write in writes:
        for facts in write.gained:
            for key in filed(facts):
                wanted.setdefault(key, {})[write.event.id] = None
        if cause is not None and not any(claim.document in documents for claim in write.event.claims):
            wanted.setdefault(article_key(cause), {})[write.event.id] = None
    if wanted:
        yield from change_buckets(BUCKET, {key: entering(key, list(ids), now) for key, ids in wanted.items()})
