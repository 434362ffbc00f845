"""The stages that write: articles and claims, then events, then outcomes, in the order that makes a replay harmless.

Commit order (design.md): article → claims → event (compare-and-set) → outbox → the entry's outcome, last. A crash
between two arrows leaves the entry pending, and everything before is written again with the same result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import apache_beam as beam

from transforms.archive.replay import REPLAYED
from transforms.beam.stage import Clock, Count, Worker, run_stage
from transforms.contracts import Store, StoreFactory
from transforms.merge import merge_reading
from transforms.notify.quietly import quietly
from transforms.read import assign_story
from transforms.records import Disposition, Outcome, Registered, Understood

ANNOUNCE = "announce"
"""Flag of a document given to ``tocsin backfill --alert``: subscribers are to hear of it as of any news."""


@dataclass(frozen=True, slots=True)
class _ArticleWriter:
    store: Store
    clock: Clock

    def __call__(self, element: Understood) -> Iterator[object]:
        article, ticket = element.reading.article, element.ticket
        known = self.store.articles([article.id]).get(article.id)
        if known and known.revision > article.revision:  # the fence refuses the outcome too; the newer one's stands
            yield Disposition(ticket=ticket, outcome="indexed")
            return
        if not known and not element.reading.relevant:
            yield Disposition(ticket=ticket, outcome="irrelevant")
            return
        # The story is decided here and not while reading: what is irrelevant leads no story and is written nowhere.
        article = assign_story(self.store, article, self.clock())
        element = replace(element, reading=replace(element.reading, article=article))
        self.store.put_articles([article])
        self.store.put_claims(article.id, element.reading.claims)
        yield element

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class _Merger:
    store: Store
    clock: Clock
    count: Count

    def __call__(self, element: Understood) -> Iterator[object]:
        article = element.reading.article
        old = article.published_from == "given" or REPLAYED in article.flags
        quiet = old and ANNOUNCE not in article.flags
        store = quietly(self.store) if quiet else self.store
        merged = merge_reading(store, element.reading, self.clock())
        self.count("events_new", len(merged.new))
        self.count("events_changed", len(merged.changed))
        outcome: Outcome = "copy" if article.copy_of else "indexed"
        if not element.reading.relevant:  # a revision that says no more of it: its claims have left the register
            outcome = "irrelevant"
        yield Registered(ticket=element.ticket, outcome=outcome, events=(*merged.new, *merged.changed))

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class _Finisher:
    store: Store
    clock: Clock
    count: Count

    def __call__(self, element: Disposition) -> Iterator[object]:
        ticket = element.ticket
        if element.letter:
            self.store.put_dead_letters([element.letter])
        if element.outcome:
            written = self.store.finish_entry(
                ticket.entry, fence=ticket.fence, outcome=element.outcome, reason=element.reason, now=self.clock()
            )
            self.count(f"outcome_{element.outcome}", int(written))
        elif element.next_due:
            self.store.retry_entry(
                ticket.entry, fence=ticket.fence, next_due=element.next_due, reason=element.reason or ""
            )
            self.count("retried", 1)
        return iter(())

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class WritesArticles:
    """Builds the worker of WriteArticles."""

    factory: StoreFactory
    clock: Clock

    def __call__(self, count: Count) -> Worker[Understood]:
        return _ArticleWriter(self.factory(), self.clock)


@dataclass(frozen=True, slots=True)
class Merges:
    """Builds the worker of MergeEvents."""

    factory: StoreFactory
    clock: Clock

    def __call__(self, count: Count) -> Worker[Understood]:
        return _Merger(self.factory(), self.clock, count)


@dataclass(frozen=True, slots=True)
class Finishes:
    """Builds the worker of WriteToStore."""

    factory: StoreFactory
    clock: Clock

    def __call__(self, count: Count) -> Worker[Disposition]:
        return _Finisher(self.factory(), self.clock, count)


class _StoreStage(beam.PTransform):
    def __init__(self, factory: StoreFactory, clock: Clock) -> None:
        super().__init__()
        self._factory = factory
        self._clock = clock


class WriteArticles(_StoreStage):
    """Understood → the same with its story, its article and claims written."""

    def expand(self, readings: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(readings, "WriteArticle", WritesArticles(self._factory, self._clock), self._clock, Understood)


class MergeEvents(_StoreStage):
    """Understood → Registered: its claims merged into events. A backfill's changes are never announced."""

    def expand(self, readings: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(readings, "Merge", Merges(self._factory, self._clock), self._clock, Registered)


class WriteToStore(_StoreStage):
    """Dispositions → the store: dead letters, then each entry's one outcome or its next due time."""

    def expand(self, dispositions: beam.PCollection) -> beam.PCollection:
        return run_stage(dispositions, "Finish", Finishes(self._factory, self._clock), self._clock, Disposition)[0]
