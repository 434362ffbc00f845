"""What travels between the stages, and what falls out on the way."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.records.articles import Article
from transforms.records.claims import Claim
from transforms.records.mentions import Mention
from transforms.records.pages import Page
from transforms.records.sources import FeedEntry
from transforms.records.vocabulary import Moment, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with everything the text stages found in it: what goes into MergeEvents."""

    article: Article
    relevant: bool
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Which inbox entry a record on its way belongs to, and under which lease: what its outcome will be written with.

    tries: leases of the entry taken so far, this one included.
    """

    entry: str
    fence: int
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """What PollFeeds emits: entries taken from the inbox, one batch an element (design.md, "Runners")."""

    tickets: tuple[Ticket, ...]
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What FetchArticles emits."""

    ticket: Ticket
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What ReadArticles and every stage after it emit, each with more of the reading filled in."""

    ticket: Ticket
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What MergeEvents emits: the entry with the outcome it is to have, and the ids of the events it changed."""

    ticket: Ticket
    outcome: Outcome
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What a stage could not digest: kept with its reason, never lost and never a raised exception.

    subject: id of the entry, document or event; payload: its JSON, cut to 64 KiB.
    """

    stage: str
    subject: str
    reason: str
    at: Moment
    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How a stage disposes of an entry: an outcome, or (``outcome`` null) a later due time. ``letter`` goes with a
    failure that somebody should look at."""

    ticket: Ticket
    outcome: Outcome | None = None
    reason: str | None = None
    next_due: Moment | None = None
    letter: DeadLetter | None = None
