"""Text ready to be read: a document as it is given, an article as ReadArticles makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.records.pages import Evidence
from transforms.records.vocabulary import Iso3, Moment, Reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The input of the text stages: ``tocsin extract``'s own format (eval/README.md).

    published: publisher's local date as ISO date or datetime, at the precision known (may be ``2025-01``), or null.
    """

    id: str
    url: str | None = None
    title: str | None = None
    published: str | None = None
    lang: str | None = None
    source: str | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of an article with a property of its own, by offsets.

    kind ``furniture``: page dressing ("Related Articles"); no claim, story or language comes from it.
    kind ``speaker``: words of a speaker of UN meetings coverage; ``speaker`` is the name, ``iso3`` whom they speak for.
    """

    kind: Literal["furniture", "speaker"]
    start: int
    end: int
    speaker: str | None = None
    iso3: Iso3 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnDocument:
    """What a UN press release or document says of itself: symbol (SC/15741), body, meeting number."""

    symbol: str | None = None
    body: str | None = None
    meeting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article and its place among the copies of its story.

    id: hash of the entry's id; a later revision keeps it. entries ids and document ids are the same space for backfill.
    published: publisher's local date or datetime as ISO text, at the precision known; ``published_from`` says where
        it comes from (``feed``, ``page``, ``first_seen``, ``given``).
    language: detected; language_declared: what feed or page said.
    publisher: family of publishers that count once (``reuters``, ``un``); origin: the agency credited in the text,
        else the publisher: what corroboration counts.
    story: id of the story's lead article; copy_of: the article this one is a copy of, null for a lead.
    flags: for example ``summary_only``, ``paywall``, ``consent``, ``repaired``.
    """

    id: str
    entry: str
    source: str
    url: str
    canonical_url: str
    title: str
    text: str
    author: str | None = None
    site: str | None = None
    published: str | None = None
    published_from: Literal["feed", "page", "first_seen", "given"] = "feed"
    modified: str | None = None
    first_seen: Moment
    language: str | None = None
    language_declared: str | None = None
    publisher: str
    origin: str
    reliability: Reliability = "F"
    un: UnDocument | None = None
    passages: tuple[Passage, ...] = ()
    story: str | None = None
    copy_of: str | None = None
    revision: int = 1
    flags: tuple[str, ...] = ()
    evidence: Evidence | None = None
