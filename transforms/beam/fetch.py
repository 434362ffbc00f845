"""FetchArticles: from leased entries to their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import apache_beam as beam

from transforms.archive.keeping import ON_REQUEST, Archiving, keep
from transforms.archive.replay import location_of, replayed
from transforms.beam.shared import acquire, acquire_background, release, release_background
from transforms.beam.stage import Clock, Count, Worker, failure, run_stage
from transforms.fetch.pages import Failed, Outcome, Retrieved, Retry, Wanted
from transforms.fetch.pages_ahead import PagesAhead
from transforms.fetch.worker import FetchWorker, client_factory
from transforms.records import Disposition, FeedEntry, Fetched, Leased, Page, Ticket
from transforms.sources.current import Lookup, SourcesNow


class Pages(Protocol):
    """Brings the pages of entries, in any order."""

    def fetch(self, wanted: Sequence[Wanted]) -> Sequence[tuple[Wanted, Outcome]]: ...

    def close(self) -> None: ...


class _WholeBatches:
    """For a round: all pages of a batch are waited for."""

    def __init__(self, worker: FetchWorker) -> None:
        self._worker = worker
        self.close = worker.close

    def fetch(self, wanted: Sequence[Wanted]) -> Sequence[tuple[Wanted, Outcome]]:
        came: list[tuple[Wanted, Outcome]] = []
        self._worker.fetch(wanted, lambda one, outcome: came.append((one, outcome)))
        return came


class _SharedPages:
    """For a stream: the process's pages ahead, which outlive a batch and this worker."""

    def __init__(self, job: str, sources: SourcesNow, clock: Clock) -> None:
        self._job = job
        background = acquire_background(job, sources)
        self.fetch = acquire(("pages", job), lambda: PagesAhead(background, clock)).fetch

    def close(self) -> None:
        release(("pages", self._job))
        release_background(self._job)


class _Fetcher:
    def __init__(
        self, sources: SourcesNow, pages: Pages, clock: Clock, count: Count, archiving: Archiving = ON_REQUEST
    ) -> None:
        self._source = Lookup(sources)
        self._pages = pages
        self._clock = clock
        self._count = count
        self._archiving = archiving
        self.close: Callable[[], None] = pages.close

    def __call__(self, element: Leased) -> Iterator[object]:
        tickets = dict(zip((entry.id for entry in element.entries), element.tickets, strict=True))
        results: list[Fetched | Disposition] = []
        wanted = []
        for entry in element.entries:
            if "given" in entry.flags:  # a document that was given whole has no page to fetch
                page = Page(entry=entry, origin="feed", content_type="text/plain", body=entry.content)
                results.append(Fetched(ticket=tickets[entry.id], page=page))
            elif at := location_of(entry):
                results.append(self._result(tickets[entry.id], entry, replayed(entry, at)))
            else:
                source = self._source(entry.source)
                wanted.append(Wanted(entry=entry, source=source, tries=tickets[entry.id].tries - 1))
        for one, outcome in self._pages.fetch(wanted):
            if isinstance(outcome, Retrieved) and self._archiving.wants(one.source):
                outcome = Retrieved(page=keep(self._archiving.archive(self._clock), outcome))
            results.append(self._result(tickets[one.entry.id], one.entry, outcome))
        # Pages come as the network brings them; they go on by age, so that of copies in a batch the first seen leads.
        by_age = sorted(
            element.entries, key=lambda entry: (entry.first_seen, entry.published or entry.first_seen, entry.id)
        )
        order = {entry.id: place for place, entry in enumerate(by_age)}
        yield from sorted(results, key=lambda result: order[result.ticket.entry])

    def _result(self, ticket: Ticket, entry: FeedEntry, outcome: Outcome) -> Fetched | Disposition:
        match outcome:
            case Retry():
                return Disposition(ticket=ticket, next_due=outcome.next_due, reason=outcome.reason)
            case Failed():
                self._count("failed", 1)
                return failure("FetchArticles", ticket, outcome.reason, entry, self._clock())
            case _:
                return Fetched(ticket=ticket, page=outcome.page)


@dataclass(frozen=True, slots=True)
class Fetches:
    """Builds the worker of FetchArticles. stream: the job whose pages are fetched ahead; None: batches are whole."""

    sources: SourcesNow
    clock: Clock
    stream: str | None = None
    archiving: Archiving = ON_REQUEST

    def __call__(self, count: Count) -> Worker[Leased]:
        pages: Pages
        if self.stream is None:
            pages = _WholeBatches(FetchWorker(client_factory(self.sources().user_agent), clock=self.clock))
        else:
            pages = _SharedPages(self.stream, self.sources, self.clock)
        return _Fetcher(self.sources, pages, self.clock, count, self.archiving)


class FetchArticles(beam.PTransform):
    """Leased → Fetched, one page an element, and dispositions (failures, later due times).

    stream: in a stream, the job's id: then a page that is slow to come is collected at its entry's next turn.
    archiving: which bodies are kept where.
    """

    def __init__(
        self, sources: SourcesNow, clock: Clock, stream: str | None = None, archiving: Archiving = ON_REQUEST
    ) -> None:
        super().__init__()
        self._build = Fetches(sources, clock, stream, archiving)
        self._clock = clock

    def expand(self, leased: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(leased, "Fetch", self._build, self._clock, Fetched)
