"""One article from an address given on the command line."""

from __future__ import annotations

from pipeline.clock import utc_now
from pipeline.errors import UserError
from transforms.fetch.pages import Failed, Retrieved
from transforms.fetch.worker import FetchWorker, client_factory
from transforms.read import Unreadable, read_page
from transforms.recognise.mentions import document_of
from transforms.records import Document, FeedEntry
from transforms.sources import Source, Sources


def document_from_url(url: str) -> Document:
    """Fetch and read one page, under the same limits and address checks as in the stream. Raises UserError."""
    entry = FeedEntry(id=url, source="given", url=url, canonical_url=url, title="", first_seen=utc_now())
    source = Source(id="given", url=url, full_text="page")
    with FetchWorker(client_factory(Sources().user_agent), clock=utc_now) as worker:
        outcome = worker.fetch_one(entry, source)
    if not isinstance(outcome, Retrieved):
        reason = outcome.reason if isinstance(outcome, Failed) else f"not now: {outcome.reason}"
        raise UserError(f"{url}: {reason}")
    article = read_page(outcome.page, source)
    if isinstance(article, Unreadable):
        raise UserError(f"{url}: {article.reason}")
    return document_of(article)
