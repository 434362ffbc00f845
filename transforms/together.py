"""Decisions that ask the store together: many at once, each written as if it were alone.

A decision is a generator. It yields what it asks of the store and is sent the answer; :func:`run` drives many of them
in step and puts what they ask into one read, one bulk or one transaction. So a bundle of fifty articles costs about as
many requests as one article. Nothing is shared between decisions but the store, and what they write is compare-and-set:
two in one run that want the same event are two racing writers, one of whom decides again.

Reads are answered first, so that the decisions meet at their writes, which are what costs (a sync to disk each).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from transforms.contracts import BucketItem, BucketKind, Store, StoreError, StoreUnavailable, Versioned
from transforms.records import Article, Claim, Event

T = TypeVar("T")
Members = tuple[BucketItem, ...]
Change = Callable[[Members], Members]
"""What a bucket's members become; pure, as it is repeated where somebody was faster."""


@dataclass(frozen=True, slots=True)
class _ReadArticles:
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class _ReadClaims:
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class _ReadEvents:
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class _ReadBuckets:
    kind: BucketKind
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class _PutArticle:
    article: Article


@dataclass(frozen=True, slots=True)
class _ChangeBuckets:
    kind: BucketKind
    changes: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class _CreateBuckets:
    kind: BucketKind
    items: Mapping[str, BucketItem]


@dataclass(frozen=True, slots=True)
class _PutEvents:
    writes: Sequence[tuple[Event, str]]


Ask = (
    _ReadArticles
    | _ReadClaims
    | _ReadEvents
    | _ReadBuckets
    | _PutArticle
    | _ChangeBuckets
    | _CreateBuckets
    | _PutEvents
)
Asking = Generator[Ask, Any, T]
"""A decision, or a part of one that another takes in with ``yield from``; its value is what it decided."""


def articles(ids: Collection[str]) -> Asking[Mapping[str, Article]]:
    """Articles by id."""
    found: Mapping[str, Article] = yield _ReadArticles(frozenset(ids))
    return found


def claims(of: Collection[str]) -> Asking[Mapping[str, Sequence[Claim]]]:
    """Claims by article id."""
    found: Mapping[str, Sequence[Claim]] = yield _ReadClaims(frozenset(of))
    return found


def events(ids: Collection[str]) -> Asking[Mapping[str, Versioned[Event]]]:
    """Events by id."""
    found: Mapping[str, Versioned[Event]] = yield _ReadEvents(frozenset(ids))
    return found


def buckets(kind: BucketKind, keys: Collection[str]) -> Asking[Mapping[str, Members]]:
    """Members of buckets by key."""
    found: Mapping[str, Members] = yield _ReadBuckets(kind, frozenset(keys))
    return found


def put_article(article: Article) -> Asking[None]:
    """Write an article."""
    yield _PutArticle(article)


def change_buckets(kind: BucketKind, changes: Mapping[str, Change]) -> Asking[Mapping[str, Members]]:
    """Change buckets, each by compare-and-set until nobody was faster; their members afterwards."""
    found: Mapping[str, Members] = yield _ChangeBuckets(kind, changes)
    return found


def create_buckets(kind: BucketKind, items: Mapping[str, BucketItem]) -> Asking[Mapping[str, Members]]:
    """Make buckets of one member where there are none; by key the members that hold."""
    found: Mapping[str, Members] = yield _CreateBuckets(kind, items)
    return found


def put_events(writes: Sequence[tuple[Event, str]]) -> Asking[frozenset[str]]:
    """Write events, each decided on a version; the ids refused."""
    refused: frozenset[str] = yield _PutEvents(writes)
    return refused


def alone(store: Store, decision: Asking[T]) -> T:
    """Drive one decision. Raises what it raises."""
    (result,) = run(store, [decision])
    if isinstance(result, Exception):
        raise result
    return result


def run(store: Store, decisions: Sequence[Asking[T]]) -> list[T | Exception]:
    """What each decided, or the exception that ended it, which is no other's matter.

    Raises StoreUnavailable, which is about all of them.
    """
    course = _Course(decisions)
    try:
        for n in range(len(decisions)):
            course.go_on(n, None)
        while course.waiting:
            rank = min(_RANK[type(ask)] for ask in course.waiting.values())
            asked = {n: ask for n, ask in course.waiting.items() if _RANK[type(ask)] == rank}
            blocked = _blocked(asked)
            for n, answer in _answers(store, {n: ask for n, ask in asked.items() if n not in blocked}).items():
                course.go_on(n, answer)
            for n, first in blocked.items():
                course.park(n, first)
    finally:
        for decision in decisions:
            decision.close()
    return [course.results[n] for n in range(len(decisions))]


class _Course(Generic[T]):
    """How far each decision has come: what it waits for, behind whom it is parked, its result."""

    def __init__(self, decisions: Sequence[Asking[T]]) -> None:
        self._decisions = decisions
        self._parked: defaultdict[int, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self.waiting: dict[int, Ask] = {}
        self.results: dict[int, T | Exception] = {}

    def go_on(self, n: int, answer: object) -> None:
        """Send a decision its answer (an exception is thrown into it)."""
        self.waiting.pop(n, None)
        try:
            if isinstance(answer, Exception):
                self.waiting[n] = self._decisions[n].throw(answer)
            else:
                self.waiting[n] = self._decisions[n].send(answer)
            return
        except StopIteration as end:
            self.results[n] = end.value
        except StoreUnavailable:
            raise
        except Exception as error:  # this decision's own
            self.results[n] = error
        for behind, ids in self._parked.pop(n, []):
            self.go_on(behind, ids)

    def park(self, n: int, first: int) -> None:
        """Let a decision wait until another has ended, then tell it that its writes were refused: it was decided on
        what the other has just changed. So fifty reports of one event are decided on twice each, not fifty times."""
        ask = self.waiting.pop(n)
        ids = frozenset(event.id for event, _ in ask.writes) if isinstance(ask, _PutEvents) else frozenset()
        if first in self.results:
            self.go_on(n, ids)
        else:
            self._parked[first].append((n, ids))


def _blocked(asked: Mapping[int, Ask]) -> dict[int, int]:
    """Decisions that want an event which another before them wants too, and which one that is."""
    blocked: dict[int, int] = {}
    wanted: dict[str, int] = {}
    for n, ask in asked.items():
        if isinstance(ask, _PutEvents):
            ids = [event.id for event, _ in ask.writes]
            before = [wanted[id] for id in ids if id in wanted]
            if before:
                blocked[n] = max(before)
            wanted |= dict.fromkeys(ids, n)
    return blocked


def _answers(store: Store, asked: Mapping[int, Ask]) -> dict[int, object]:
    """The answers to questions of one rank. Where the store refuses something for good, each is asked by itself, so
    that only the one to blame is told."""
    answers: dict[int, object] = {}
    kinds: defaultdict[type[Ask], dict[int, Ask]] = defaultdict(dict)
    for n, ask in asked.items():
        kinds[type(ask)][n] = ask
    for kind, same in kinds.items():
        try:
            answers |= zip(same, _SERVE[kind](store, list(same.values())), strict=True)
        except StoreUnavailable:
            raise
        except StoreError as error:
            if len(same) == 1:
                answers |= dict.fromkeys(same, error)
            else:
                for n, ask in same.items():
                    answers |= _answers(store, {n: ask})
    return answers


def _read_articles(store: Store, asked: Sequence[_ReadArticles]) -> Iterable[object]:
    found = store.articles(_union(ask.ids for ask in asked))
    return [{id: found[id] for id in sorted(ask.ids) if id in found} for ask in asked]


def _read_claims(store: Store, asked: Sequence[_ReadClaims]) -> Iterable[object]:
    found = store.claims(_union(ask.articles for ask in asked))
    return [{id: found[id] for id in sorted(ask.articles)} for ask in asked]


def _read_events(store: Store, asked: Sequence[_ReadEvents]) -> Iterable[object]:
    found = store.events(_union(ask.ids for ask in asked))
    return [{id: found[id] for id in sorted(ask.ids) if id in found} for ask in asked]


def _read_buckets(store: Store, asked: Sequence[_ReadBuckets]) -> Iterable[object]:
    found = {
        kind: store.bucket(kind, _union(ask.keys for ask in asked if ask.kind == kind))
        for kind in sorted({ask.kind for ask in asked})
    }
    return [{key: found[ask.kind][key].value for key in sorted(ask.keys)} for ask in asked]


def _put_articles(store: Store, asked: Sequence[_PutArticle]) -> Iterable[object]:
    store.put_articles([ask.article for ask in asked])
    return [None] * len(asked)


def _change_buckets(store: Store, asked: Sequence[_ChangeBuckets]) -> Iterable[object]:
    changed: dict[tuple[BucketKind, str], Members] = {}
    for kind in sorted({ask.kind for ask in asked}):
        left: defaultdict[str, list[Change]] = defaultdict(list)
        for ask in asked:
            for key, change in ask.changes.items() if ask.kind == kind else ():
                left[key].append(change)
        keys: Collection[str] = sorted(left)
        while keys:
            writes = {}
            for key, bucket in store.bucket(kind, keys).items():
                members = bucket.value
                for change in left[key]:
                    members = change(members)
                changed[kind, key] = members
                if members != bucket.value:
                    writes[key] = (members, bucket.version)
            keys = store.put_buckets(kind, writes) if writes else ()
    return [{key: changed[ask.kind, key] for key in ask.changes} for ask in asked]


def _create_buckets(store: Store, asked: Sequence[_CreateBuckets]) -> Iterable[object]:
    holds: dict[tuple[BucketKind, str], Members] = {}
    for kind in sorted({ask.kind for ask in asked}):
        first: dict[str, BucketItem] = {}
        for ask in asked:
            if ask.kind == kind:
                first = {**ask.items, **first}
        refused = store.put_buckets(kind, {key: ([item], "") for key, item in first.items()}) if first else ()
        holds |= {(kind, key): (item,) for key, item in first.items()}
        if refused:
            holds |= {(kind, key): bucket.value for key, bucket in store.bucket(kind, refused).items()}
    return [{key: holds[ask.kind, key] for key in ask.items} for ask in asked]


def _put_events(store: Store, asked: Sequence[_PutEvents]) -> Iterable[object]:
    refused = frozenset(store.put_events([write for ask in asked for write in ask.writes]))
    return [refused.intersection(event.id for event, _ in ask.writes) for ask in asked]


def _union(sets: Iterable[frozenset[str]]) -> list[str]:
    return sorted(frozenset().union(*sets))


_SERVE: Mapping[type[Ask], Callable[[Store, Any], Iterable[object]]] = {
    _ReadArticles: _read_articles,
    _ReadClaims: _read_claims,
    _ReadEvents: _read_events,
    _ReadBuckets: _read_buckets,
    _PutArticle: _put_articles,
    _ChangeBuckets: _change_buckets,
    _CreateBuckets: _create_buckets,
    _PutEvents: _put_events,
}
_RANK: Mapping[type[Ask], int] = {
    kind: 0 if kind in (_ReadArticles, _ReadClaims, _ReadEvents, _ReadBuckets) else n for n, kind in enumerate(_SERVE)
}
