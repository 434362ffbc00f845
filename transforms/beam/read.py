"""ReadArticles: from a page to a clean article with its story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from transforms.beam.fetch import source_of
from transforms.beam.stage import Clock, Count, Worker, failure, run_stage
from transforms.contracts import Store, StoreFactory
from transforms.read import Unreadable, read_page
from transforms.records import Fetched, Reading, Understood
from transforms.sources import Source, Sources


@dataclass(frozen=True, slots=True)
class _Reader:
    store: Store
    sources: dict[str, Source]
    clock: Clock
    count: Count

    def __call__(self, element: Fetched) -> Iterator[object]:
        article = read_page(element.page, source_of(element.page.entry.source, self.sources))
        if isinstance(article, Unreadable):
            self.count("failed", 1)
            yield failure("ReadArticles", element.ticket, article.reason, element, self.clock())
            return
        yield Understood(ticket=element.ticket, reading=Reading(article=article, relevant=False))

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class Reads:
    """Builds the worker of ReadArticles."""

    factory: StoreFactory
    sources: Sources
    clock: Clock

    def __call__(self, count: Count) -> Worker[Fetched]:
        return _Reader(self.factory(), self.sources.by_id, self.clock, count)


class ReadArticles(beam.PTransform):
    """Fetched → Understood (an article, nothing recognised yet), and dispositions."""

    def __init__(self, factory: StoreFactory, sources: Sources, clock: Clock) -> None:
        super().__init__()
        self._build = Reads(factory, sources, clock)
        self._clock = clock

    def expand(self, pages: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(pages, "Read", self._build, self._clock, Understood)
