"""The contracts that sinks implement: the store, and the clock and owner that callers pass to it.

The store remembers; Beam only carries (design.md, "The one idea"). Every write is idempotent. What decides identity is
read by key (``events``, ``bucket``, ``source_states``, leases): those reads see every completed write at once. The
iterating and searching methods may lag behind (Elasticsearch's refresh) and only find work or serve people.

No step relies on a transaction across documents; where SQLite has one, it is a bonus. Compare-and-set: a read gives a
:class:`Versioned` value, a write names the version it was decided on, and gets ``False`` when somebody was faster; the
caller then reads again and decides again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, Protocol, TypeVar

from transforms.records import Alert, Article, Claim, DeadLetter, Event, FeedEntry, Outcome, SourceState
from transforms.search.query import Query

T = TypeVar("T")
BucketKind = Literal["event_bucket", "story_band"]
PurgeKind = Literal["alerts", "entries", "story_bands"]
NoteKind = Literal["sender", "subscription", "feedback"]
"""Small documents changed by compare-and-set: who sends alerts now (key ``lease``), the delivery state of a
subscription (key: its id), what readers of alerts said of an event (key: the event's id)."""


class StoreError(Exception):
    """The store cannot do what was asked; the message says what to do about it."""


class StoreUnavailable(StoreError):
    """The store does not answer now; the same call may succeed later."""


class SchemaTooNew(StoreError):
    """The store was written by a newer Tocsin; this one must not touch it."""


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    """A value and the token of the version read; ``version`` is ``""`` for what does not exist yet."""

    value: T
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSaved:
    """What saving a poll changed: ids of entries new, revised (same id, other content) and already known."""

    new: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollToSave:
    """A poll as :meth:`Store.save_polls` takes it: as the arguments of :meth:`Store.save_poll`.

    quiet: the answer said that nothing has changed, so that ``memory`` and ``listed`` are what ``version`` has; a store
    may leave them as they are (they are nine tenths of a state).
    """

    state: SourceState
    version: str
    entries: Sequence[FeedEntry] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An entry with where it stands: pending (``outcome`` null), or ended with exactly one outcome.

    tries: leases taken so far. reason: of the failure or of the last retry.
    """

    entry: FeedEntry
    next_due: datetime
    tries: int = 0
    outcome: Outcome | None = None
    reason: str | None = None
    finished: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    fence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """An entry leased to one owner until it expires. ``fence`` grows with each lease of the entry: a finish that names
    an older one is refused, so that a worker that slept through its lease cannot overwrite its successor's outcome."""

    entry: FeedEntry
    fence: int
    tries: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How work on a leased entry ended: with its outcome, or (``outcome`` null) due again at ``next_due``."""

    entry: str
    fence: int
    outcome: Outcome | None = None
    reason: str | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketItem:
    """A member of a bucket: id of an event or article, and when it was put there (for windows and purging)."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLease:
    """An alert leased to one sender."""

    alert: Alert
    fence: int


class Store(Protocol):
    """The store contract. All times are passed in; a store never reads the clock to decide anything.

    Methods raise :class:`StoreUnavailable` for what may pass and :class:`StoreError` for what will not.
    """

    def init(self) -> None:
        """Create what is missing, migrate an older schema. Raises :class:`SchemaTooNew`."""

    def close(self) -> None:
        """Release connections; the object must not be used afterwards."""

    # sources and inbox

    def source_states(self, ids: Collection[str] | None = None) -> Mapping[str, Versioned[SourceState]]:
        """The remembered states of the named sources (all, for None); a source never polled is missing."""

    def save_poll(
        self, state: SourceState, version: str, entries: Sequence[FeedEntry], *, now: datetime
    ) -> PollSaved | None:
        """Save a poll whole: its entries (create, or a new revision where content changed), then the source's state.

        A new entry or revision is pending and due ``now``. None where the state was changed since ``version`` was read:
        the entries are saved all the same (that is idempotent), the state is not.
        """

    def save_polls(self, polls: Sequence[PollToSave], *, now: datetime) -> Sequence[PollSaved | None]:
        """:meth:`save_poll` for many sources, the answers in their order. No source may come twice."""

    def lease_entries(
        self, *, owner: str, now: datetime, limit: int, duration: timedelta, sources: Collection[str] | None = None
    ) -> Sequence[Lease]:
        """Lease up to ``limit`` pending entries that are due and not under a lease in force, oldest due first."""

    def finish_entry(self, entry: str, *, fence: int, outcome: Outcome, reason: str | None, now: datetime) -> bool:
        """Give an entry its one outcome and end the lease. False where the fence is not the newest or it has ended.

        Finishing again with the same fence and outcome is True (a replay)."""

    def retry_entry(self, entry: str, *, fence: int, next_due: datetime, reason: str) -> bool:
        """End the lease and make the entry due again later. False where the fence is not the newest."""

    def end_leases(self, endings: Sequence[Ending], *, now: datetime) -> Collection[str]:
        """:meth:`finish_entry` and :meth:`retry_entry` for many entries, each by itself. Returns the ids refused."""

    def lease_owners(self) -> Collection[str]:
        """Owners of leases on pending entries (may lag, may name owners whose leases have expired)."""

    def release_leases(self, owner: str) -> int:
        """End the leases of an owner known to be dead, so that its entries are due at once; returns how many."""

    def inbox(self, ids: Collection[str]) -> Mapping[str, InboxRow]:
        """Entries by id, realtime."""

    def iter_inbox(self, *, pending: bool | None = None) -> Iterator[InboxRow]:
        """All entries, streaming, ordered by id; only the pending or only the ended ones where asked."""

    def next_entry_due(self, sources: Collection[str] | None = None) -> datetime | None:
        """When the next pending entry falls due (or its lease expires); None where nothing is pending."""

    def outcomes(self) -> Mapping[str, int]:
        """Number of entries by outcome, and under ``pending`` those without one."""

    # articles and claims

    def put_articles(self, articles: Sequence[Article]) -> None:
        """Write articles; a stored one with a higher revision is kept."""

    def articles(self, ids: Collection[str]) -> Mapping[str, Article]:
        """Articles by id, realtime."""

    def iter_articles(self) -> Iterator[Article]:
        """All articles, streaming, ordered by id."""

    def put_claims(self, article: str, claims: Sequence[Claim]) -> None:
        """Make these the claims of an article, replacing those of an earlier revision."""

    def put_claims_of(self, claims: Mapping[str, Sequence[Claim]]) -> None:
        """:meth:`put_claims` for many articles, by id; each by itself, so that one refused is no other's matter."""

    def claims(self, articles: Collection[str]) -> Mapping[str, Sequence[Claim]]:
        """Claims by article id, realtime."""

    def iter_claims(self) -> Iterator[Claim]:
        """All claims, streaming, ordered by id."""

    # events

    def events(self, ids: Collection[str]) -> Mapping[str, Versioned[Event]]:
        """Events by id, realtime; a merged one is returned as it is (with ``merged_into``), not followed."""

    def put_event(self, event: Event, version: str) -> bool:
        """Write an event decided on ``version`` (``""`` creates). False on a conflict."""

    def put_events(self, writes: Sequence[tuple[Event, str]]) -> Collection[str]:
        """:meth:`put_event` for many different events, each by itself. Returns the ids refused by a conflict."""

    def iter_events(self, *, merged: bool = False) -> Iterator[Event]:
        """All events, streaming, ordered by id; redirects only where asked."""

    def search(self, query: Query, *, limit: int | None = None) -> Iterator[Event]:
        """The events that a query finds, in its order, at most ``limit``, streaming (may lag; docs/search.md)."""

    def count(self, query: Query) -> int:
        """How many events a query finds (may lag)."""

    def unannounced(self, limit: int) -> Sequence[str]:
        """Ids of events with unannounced changes (may lag)."""

    def bucket(self, kind: BucketKind, keys: Collection[str]) -> Mapping[str, Versioned[tuple[BucketItem, ...]]]:
        """The members of buckets by key, realtime; a key never written gives an empty one with version ``""``."""

    def put_bucket(self, kind: BucketKind, key: str, items: Sequence[BucketItem], version: str) -> bool:
        """Write a bucket decided on ``version``. False on a conflict."""

    def put_buckets(self, kind: BucketKind, writes: Mapping[str, tuple[Sequence[BucketItem], str]]) -> Collection[str]:
        """:meth:`put_bucket` for many keys, each with its members and the version it was decided on, each by itself: a
        conflict of one is no other's. Returns the keys refused."""

    # failures and alerts

    def put_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Keep dead letters; the same stage, subject and reason is one letter."""

    def iter_dead_letters(self) -> Iterator[DeadLetter]:
        """All dead letters, streaming, ordered by time."""

    def create_alerts(self, alerts: Sequence[Alert]) -> Sequence[str]:
        """Create outbox rows; ids that existed already are left as they are. Returns the ids created."""

    def lease_alerts(self, *, owner: str, now: datetime, limit: int, duration: timedelta) -> Sequence[AlertLease]:
        """Lease pending alerts that are due, oldest first."""

    def put_alert(self, alert: Alert, *, fence: int) -> bool:
        """Write an alert's new state and end its lease. False where the fence is not the newest."""

    def put_alerts(self, leases: Sequence[AlertLease], *, keep: bool = False) -> Sequence[str]:
        """:meth:`put_alert` for many: each lease's alert under its fence. Returns the ids written.

        keep: the leases stay in force (something is noted down before the work goes on)."""

    def alerts(self, ids: Collection[str]) -> Mapping[str, Alert]:
        """Alerts by id, realtime."""

    def iter_alerts(self) -> Iterator[Alert]:
        """All alerts, streaming, ordered by id."""

    # notes

    def notes(self, kind: NoteKind, keys: Collection[str]) -> Mapping[str, Versioned[str]]:
        """Texts (JSON) by key, realtime; a key never written gives ``""`` with version ``""``."""

    def put_note(self, kind: NoteKind, key: str, text: str, version: str) -> bool:
        """Write a text decided on ``version`` (``""`` creates). False on a conflict."""

    # retention

    def purge(self, kind: PurgeKind, *, before: datetime, keep: Collection[str] = ()) -> int:
        """Remove what has had its day, in bounded batches; returns how many. What changes meanwhile stays.

        alerts: rows not pending any more that were due before. entries: those that ended as irrelevant before, but for
        the ids in ``keep``. story_bands: buckets of that kind whose every member was put there before, but for the
        decisions (keys ``story|…``)."""


class StoreFactory(Protocol):
    """Opens a store; picklable, made from a store URL by the shell and injected into the stages."""

    def __call__(self) -> Store:
        """A store of its own for the calling process and thread."""
