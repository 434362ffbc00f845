"""What was fetched for an entry, and how that can be checked later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Base64UrlBytes

from transforms.records.sources import FeedEntry
from transforms.records.vocabulary import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How a page was retrieved, so that a quotation can be checked years later.

    headers: only those that matter (content-type, last-modified, etag, date, content-language), lower-case names.
    sha256: of the body as received after content decoding, hex.
    archived: ``FILE#OFFSET`` of the WARC record that keeps the body, where bodies are archived.
    """

    retrieved: Moment
    requested_url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    sha256: str
    archived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What FetchArticles brought for an entry: a body, or the entry's own text where that is what is used.

    body: decoded text of the page, or null for a binary one (PDF), whose bytes are in ``binary`` (base64 in JSON).
    origin: ``page``, ``feed`` (the feed's full text) or ``summary`` (after N failed tries; flagged on the article).
    """

    entry: FeedEntry
    origin: Literal["page", "feed", "summary"]
    content_type: str
    body: str | None = None
    binary: Base64UrlBytes | None = None
    evidence: Evidence | None = None
