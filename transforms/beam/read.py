"""ReadArticles: from a page to a clean article. Its story is decided where it is written, once it is relevant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from transforms.beam.stage import Clock, Count, Worker, failure, run_stage
from transforms.read import Unreadable, read_page, warm_up
from transforms.records import Fetched, Reading, Understood
from transforms.sources.current import Lookup, SourcesNow


@dataclass(frozen=True, slots=True)
class Reads:
    """Builds the worker of ReadArticles."""

    sources: SourcesNow
    clock: Clock

    def __call__(self, count: Count) -> Worker[Fetched]:
        warm_up()
        source = Lookup(self.sources)

        def work(element: Fetched) -> Iterator[object]:
            article = read_page(element.page, source(element.page.entry.source))
            if isinstance(article, Unreadable):
                count("failed", 1)
                yield failure("ReadArticles", element.ticket, article.reason, element, self.clock())
                return
            yield Understood(ticket=element.ticket, reading=Reading(article=article, relevant=False))

        return work


class ReadArticles(beam.PTransform):
    """Fetched → Understood (an article, nothing recognised yet), and dispositions."""

    def __init__(self, sources: SourcesNow, clock: Clock) -> None:
        super().__init__()
        self._build = Reads(sources, clock)
        self._clock = clock

    def expand(self, pages: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(pages, "Read", self._build, self._clock, Understood)
