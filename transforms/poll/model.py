"""What passes between the polling core (pure) and the shell that does the requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from transforms.poll.text import one_line
from transforms.records import FeedEntry, SourceState

if TYPE_CHECKING:
    from transforms.poll.sitemaps import Reading

FailureKind = Literal[
    "address", "connect", "dns", "encoding", "held", "protocol", "redirects", "refused", "robots", "robots_later",
    "timeout", "tls", "too_large",
]  # fmt: skip
"""Why no usable answer came: ``refused`` is the address guard's, ``robots`` a rule that forbids, ``robots_later``
rules that could not be had now, ``held`` a host that asked to be left alone (Retry-After), ``encoding`` a body that
is not what its Content-Encoding says, ``too_large`` more than the limit on the wire or unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect: the address asked, the status it answered, where it pointed (absolute)."""

    url: str
    status: int
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, or the lack of one, as plain data.

    url: the address that answered last. status: 0 without an answer. headers: lower-case names, repeated ones joined.
    body: decoded from its Content-Encoding. truncated: the body broke off; what came before is in ``body``.
    failure, message: set where no usable answer came. retry_at: when a held host may be asked again.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    truncated: bool = False
    failure: FailureKind | None = None
    message: str = ""
    retry_at: datetime | None = None

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case, "" where none came."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def validator(self, name: str) -> str | None:
        """A validator (``etag``, ``last-modified``) as received; None for one that no request could carry back."""
        value = self.headers.get(name, "")
        sound = len(value) <= 1000 and value.isascii() and one_line(value, plain=True) == value
        return value if value and sound else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask: the address and the conditional headers."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a source or one of its items, for people: what it is, and what would be right.

    kind: a short word for grouping. item: index of the item in the feed, null for the feed as a whole.
    fatal: nothing could be taken from this poll.
    """

    kind: str
    message: str
    remedy: str = ""
    item: int | None = None
    fatal: bool = False


Result = Literal["changed", "unchanged", "failed", "deferred", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Items of one poll: listed = new + changed + known + merged + skipped + those with a problem of their own.

    merged: the same article as an earlier item of the feed. skipped: left out by the source's url rules.
    """

    listed: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    merged: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What one poll comes to: the state to save together with the entries, and what to tell people.

    entries: new ones and ones whose text changed, in the feed's order; the store gives them their revision.
    again: the state's address has changed (discovered feed, moved feed); ask once more now.
    follow: a sitemap index, whose sitemaps are to be asked for; then :func:`transforms.poll.decide_parts` goes on.
    quiet: the answer said that nothing has changed, so what the state remembers of the listing is as it was.
    """

    state: SourceState
    entries: tuple[FeedEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    result: Result = "unchanged"
    counts: Counts = Counts()
    again: bool = False
    follow: Reading | None = None
    quiet: bool = False
