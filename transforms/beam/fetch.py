"""FetchArticles: from leased entries to their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from transforms.beam.stage import Clock, Count, Worker, failure, run_stage
from transforms.fetch.pages import Failed, Outcome, Retry, Wanted
from transforms.fetch.worker import FetchWorker, client_factory
from transforms.records import Disposition, FeedEntry, Fetched, Leased, Page, Ticket
from transforms.sources import Source, Sources


def source_of(id: str, sources: dict[str, Source]) -> Source:
    """The configuration of a source; a bare one for a source that was removed while its entries were pending."""
    return sources.get(id) or Source(id=id, url="https://source.invalid/")


class _Fetcher:
    def __init__(self, sources: Sources, clock: Clock, count: Count) -> None:
        self._sources = sources.by_id
        self._clock = clock
        self._count = count
        self._worker = FetchWorker(client_factory(sources.user_agent), clock=clock)

    def __call__(self, element: Leased) -> Iterator[object]:
        tickets = dict(zip((entry.id for entry in element.entries), element.tickets, strict=True))
        results: list[Fetched | Disposition] = []

        def deliver(wanted: Wanted, outcome: Outcome) -> None:
            results.append(self._result(tickets[wanted.entry.id], wanted.entry, outcome))

        wanted = []
        for entry in element.entries:
            if "given" in entry.flags:  # a document that was given whole has no page to fetch
                page = Page(entry=entry, origin="feed", content_type="text/plain", body=entry.content)
                results.append(Fetched(ticket=tickets[entry.id], page=page))
            else:
                source = source_of(entry.source, self._sources)
                wanted.append(Wanted(entry=entry, source=source, tries=tickets[entry.id].tries - 1))
        self._worker.fetch(wanted, deliver)
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

    def close(self) -> None:
        self._worker.close()


@dataclass(frozen=True, slots=True)
class Fetches:
    """Builds the worker of FetchArticles."""

    sources: Sources
    clock: Clock

    def __call__(self, count: Count) -> Worker[Leased]:
        return _Fetcher(self.sources, self.clock, count)


class FetchArticles(beam.PTransform):
    """Leased → Fetched, one page an element, and dispositions (failures, later due times)."""

    def __init__(self, sources: Sources, clock: Clock) -> None:
        super().__init__()
        self._build = Fetches(sources, clock)
        self._clock = clock

    def expand(self, leased: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(leased, "Fetch", self._build, self._clock, Fetched)
