"""The stages that write: articles and claims, then events, then outcomes, in the order that makes a replay harmless.

Commit order (design.md): article → claims → event (compare-and-set) → outbox → the entry's outcome, last. A crash
between two arrows leaves the entry pending, and everything before is written again with the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import apache_beam as beam

from transforms.archive.replay import REPLAYED
from transforms.beam.bundle import BundleWorker, run_bundled
from transforms.beam.stage import Clock, Count
from transforms.contracts import Ending, Store, StoreFactory
from transforms.merge import Merged, merge_readings
from transforms.notify.quietly import quietly
from transforms.read.stories import assign_stories
from transforms.records import Article, Disposition, Outcome, Registered, Understood

ANNOUNCE = "announce"
"""Flag of a document given to ``tocsin backfill --alert``: subscribers are to hear of it as of any news."""


@dataclass(frozen=True, slots=True)
class _ArticleWriter:
    store: Store
    clock: Clock

    def __call__(self, elements: Sequence[Understood]) -> Iterator[tuple[int, object]]:
        known = self.store.articles([element.reading.article.id for element in elements])
        newest: dict[str, int] = {}
        for n, element in enumerate(elements):
            article, ticket = element.reading.article, element.ticket
            stored, before = known.get(article.id), newest.get(article.id)
            if stored and stored.revision > article.revision:  # the fence refuses the outcome too; the newer's stands
                yield n, Disposition(ticket=ticket, outcome="indexed")
            elif not stored and before is None and not element.reading.relevant:
                yield n, Disposition(ticket=ticket, outcome="irrelevant")
            elif before is None:
                newest[article.id] = n
            else:  # an article twice in a bundle: the later revision is it
                old, new = sorted((before, n), key=lambda m: elements[m].reading.article.revision)
                newest[article.id] = new
                yield old, Disposition(ticket=elements[old].ticket, outcome="indexed")
        yield from self._written({n: elements[n] for n in newest.values()})

    def _written(self, elements: Mapping[int, Understood]) -> Iterator[tuple[int, object]]:
        """The elements with their story, article and claims in the store.

        The story is decided here and not while reading: what is irrelevant leads no story and is written nowhere.
        """
        found = assign_stories(self.store, [x.reading.article for x in elements.values()], self.clock())
        done: dict[int, Understood] = {}
        for (n, element), article in zip(elements.items(), found, strict=True):
            if isinstance(article, Exception):
                yield n, article
            else:
                done[n] = replace(element, reading=replace(element.reading, article=article))
        self.store.put_articles([element.reading.article for element in done.values()])
        self.store.put_claims_of({x.reading.article.id: x.reading.claims for x in done.values()})
        yield from done.items()

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class _Merger:
    store: Store
    clock: Clock
    count: Count

    def __call__(self, elements: Sequence[Understood]) -> Iterator[tuple[int, object]]:
        quiet = [n for n, element in enumerate(elements) if _is_quiet(element.reading.article)]
        loud = [n for n in range(len(elements)) if n not in set(quiet)]
        for store, places in ((quietly(self.store), quiet), (self.store, loud)):
            found = merge_readings(store, [elements[n].reading for n in places], self.clock()) if places else []
            for n, merged in zip(places, found, strict=True):
                yield n, merged if isinstance(merged, Exception) else self._registered(elements[n], merged)

    def _registered(self, element: Understood, merged: Merged) -> Registered:
        self.count("events_new", len(merged.new))
        self.count("events_changed", len(merged.changed))
        outcome: Outcome = "copy" if element.reading.article.copy_of else "indexed"
        if not element.reading.relevant:  # a revision that says no more of it: its claims have left the register
            outcome = "irrelevant"
        return Registered(ticket=element.ticket, outcome=outcome, events=(*merged.new, *merged.changed))

    def close(self) -> None:
        self.store.close()


def _is_quiet(article: Article) -> bool:
    """Whether nobody is to hear of it: a backfill, or a page from the archive, unless asked for."""
    old = article.published_from == "given" or REPLAYED in article.flags
    return old and ANNOUNCE not in article.flags


@dataclass(frozen=True, slots=True)
class _Finisher:
    store: Store
    clock: Clock
    count: Count

    def __call__(self, elements: Sequence[Disposition]) -> Iterator[tuple[int, object]]:
        letters = [element.letter for element in elements if element.letter]
        if letters:
            self.store.put_dead_letters(letters)
        endings = [
            Ending(
                entry=element.ticket.entry,
                fence=element.ticket.fence,
                outcome=element.outcome,
                reason=element.reason,
                next_due=element.next_due,
            )
            for element in elements
            if element.outcome or element.next_due
        ]
        refused = set(self.store.end_leases(endings, now=self.clock())) if endings else set()
        ended = Counter(ending.outcome for ending in endings if ending.entry not in refused)
        for outcome, number in ended.items():
            self.count(f"outcome_{outcome}" if outcome else "retried", number)
        return iter(())

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class WritesArticles:
    """Builds the worker of WriteArticles."""

    factory: StoreFactory
    clock: Clock

    def __call__(self, count: Count) -> BundleWorker[Understood]:
        return _ArticleWriter(self.factory(), self.clock)


@dataclass(frozen=True, slots=True)
class Merges:
    """Builds the worker of MergeEvents."""

    factory: StoreFactory
    clock: Clock

    def __call__(self, count: Count) -> BundleWorker[Understood]:
        return _Merger(self.factory(), self.clock, count)


@dataclass(frozen=True, slots=True)
class Finishes:
    """Builds the worker of WriteToStore."""

    factory: StoreFactory
    clock: Clock

    def __call__(self, count: Count) -> BundleWorker[Disposition]:
        return _Finisher(self.factory(), self.clock, count)


class _StoreStage(beam.PTransform):
    def __init__(self, factory: StoreFactory, clock: Clock) -> None:
        super().__init__()
        self._factory = factory
        self._clock = clock


class WriteArticles(_StoreStage):
    """Understood → the same with its story, its article and claims written."""

    def expand(self, readings: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_bundled(
            readings, "WriteArticle", WritesArticles(self._factory, self._clock), self._clock, Understood
        )


class MergeEvents(_StoreStage):
    """Understood → Registered: its claims merged into events. A backfill's changes are never announced."""

    def expand(self, readings: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_bundled(readings, "Merge", Merges(self._factory, self._clock), self._clock, Registered)


class WriteToStore(_StoreStage):
    """Dispositions → the store: dead letters, then each entry's one outcome or its next due time."""

    def expand(self, dispositions: beam.PCollection) -> beam.PCollection:
        return run_bundled(dispositions, "Finish", Finishes(self._factory, self._clock), self._clock, Disposition)[0]
