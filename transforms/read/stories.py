"""Which story an article belongs to: found by key in the store, confirmed on the texts, decided once for all workers.

Order of writes, each harmless to repeat:

1. the article, so that whoever finds its id can compare the text (an id without its article is ignored: the worker died
   before);
2. its id into the bucket of each of its keys, by compare-and-set. Two copies share a key, so of two workers at least
   the one that wrote that bucket last sees the other;
3. the decision into a register of its own (``story|<id>``), create-only. An undecided candidate is decided for it first
   (helping): so whoever comes first, all read the same answer, after a crash too.

The lead is the article that was seen first (then the smaller id) among those decided together; one that comes later
joins the story of its likeliest relative, and never takes over a story that others already point to, because events
and alerts name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from transforms.contracts import BucketItem, Store
from transforms.read.alignment import same_story
from transforms.read.fingerprint import Fingerprint, fingerprint, keys
from transforms.read.lines import lines_of
from transforms.records import Article
from transforms.together import Asking, Members, buckets, change_buckets, create_buckets, put_article, run
from transforms.together import articles as read_articles

WINDOW = timedelta(days=14)
"""Between when a copy and when its story was first seen: aggregators trail by days, a series repeats by the month."""
BUCKET = 24
"""Members of a bucket at most, the newest: a phrase that more articles share tells nothing, and the cost must not grow
with the store."""
_CONFIRM = 8
"""Candidates compared at most, likeliest first; a story with many copies fills them with itself."""
_LIKELY = 0.1
"""Weight (the sum over shared keys of one over the bucket's members) of a candidate worth comparing."""
_ALWAYS = 3
"""The first are compared whatever they weigh: the copies of a story that everybody prints fill its buckets."""
_KIND: Final = "story_band"


def assign_story(store: Store, article: Article, now: datetime) -> Article:
    """The article with its story, and of which one it is a copy. Writes as the module says; a replay, a second worker
    and a later revision get the same answer.

    ``now`` only bounds how old a bucket's members may be. Raises what the store raises.
    """
    (found,) = assign_stories(store, [article], now)
    if isinstance(found, Exception):
        raise found
    return found


def assign_stories(store: Store, articles: Sequence[Article], now: datetime) -> list[Article | Exception]:
    """:func:`assign_story` for many articles, in as many requests as for one; an exception is its article's alone.

    All are entered before the first is decided on, as by workers at the same time. Those that may be of one story are
    then decided one after the other, the first seen first, so that each finds the decision on the one before.
    Raises StoreUnavailable.
    """
    entered = run(store, [_entering(article, now) for article in articles])
    found: list[Article | Exception] = [x if isinstance(x, Exception) else x.article for x in entered]
    open_ = {n: x for n, x in enumerate(entered) if isinstance(x, _Entered) and x.article.story is None}
    groups = _related(open_)
    for group, answer in zip(groups, run(store, [_deciding(open_, group) for group in groups]), strict=True):
        for n in group:
            found[n] = answer if isinstance(answer, Exception) else answer[n]
    return found


@dataclass(frozen=True, slots=True)
class _Entered:
    """An article in its buckets; ``likely``: ids of candidates for its story, likeliest first; ``place``: where each
    stands in the buckets, that is who was entered before whom."""

    article: Article
    print: Fingerprint | None = None
    likely: tuple[str, ...] = ()
    place: Mapping[str, int] = field(default_factory=dict)


def _entering(article: Article, now: datetime) -> Asking[_Entered]:
    decided = (yield from _register([article.id])).get(article.id)
    if decided is not None:
        return _Entered(_as(article, decided))
    print_ = fingerprint(article, lines_of(article.text))
    article = replace(article, story=None, copy_of=None)
    yield from put_article(article)
    nominated, place = yield from _enter(article, keys(print_), now)
    ranked = sorted(nominated, key=lambda id: (-nominated[id], id))[:_CONFIRM]
    likely = [id for rank, id in enumerate(ranked) if rank < _ALWAYS or nominated[id] >= _LIKELY]
    return _Entered(article, print_, tuple(likely), place)


def _related(entered: Mapping[int, _Entered]) -> list[list[int]]:
    """Groups of articles that have each other, or a third, among their candidates; each in order of seniority."""
    group = {n: n for n in entered}
    first: dict[str, int] = {}

    def find(n: int) -> int:
        while group[n] != n:
            n = group[n]
        return n

    for n, one in entered.items():
        for id in (one.article.id, *one.likely):
            group[find(n)] = find(first.setdefault(id, n))
    groups: dict[int, list[int]] = {}
    for n in sorted(entered, key=lambda n: _seniority(entered[n].article)):
        groups.setdefault(find(n), []).append(n)
    return list(groups.values())


def _deciding(entered: Mapping[int, _Entered], group: Sequence[int]) -> Asking[dict[int, Article]]:
    """The stories of a group, written. First is asked whom everybody asks first: the relative that was entered before
    the others, which all of them have met, and which may be about to lead on its own. Only where it takes the answer
    are the others told theirs; then the leads, then who joins them. Where somebody else was faster, decided again."""
    ones = {n: entered[n] for n in group}
    ids = {id for one in ones.values() for id in (one.article.id, *one.likely)}
    own = {one.article.id for one in ones.values()}
    read = dict((yield from read_articles(ids - own)) if ids - own else {}) | {
        x.article.id: x.article for x in ones.values()
    }
    settled = False
    while not settled:
        known = yield from _register(sorted(ids))
        plan = _plan(list(ones.values()), known, read)
        settled = True
        for wave in (plan.asked, plan.told, plan.leads, plan.joins):
            items = {_name(id): BucketItem(id=lead, at=read[id].first_seen) for id, lead in wave.items()}
            holds = (yield from create_buckets(_KIND, items)) if items else {}
            settled = all(members and members[0].id == items[name].id for name, members in holds.items())
            if not settled:
                break
    decided = {
        **{id: lead for id, lead in known.items() if lead},
        **plan.asked,
        **plan.told,
        **plan.leads,
        **plan.joins,
    }
    return {n: _as(one.article, decided[one.article.id]) for n, one in ones.items()}


@dataclass(frozen=True, slots=True)
class _Plan:
    """Decisions to write, lead by article: relatives entered first, others undecided and told by their lead, leads,
    articles that join one."""

    asked: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)


def _plan(group: Sequence[_Entered], known: Mapping[str, str | None], read: Mapping[str, Article]) -> _Plan:
    """One article after the other, each knowing of those before it."""
    plan, lead_of = _Plan(), {id: lead for id, lead in known.items() if lead is not None}

    def decide(article: Article, lead: str, where: dict[str, str]) -> None:
        lead_of[article.id] = where[article.id] = lead

    for one in group:
        article = one.article
        if article.id in lead_of:  # by somebody who was at work on a relative, or by one before it
            continue
        relatives: list[Article] = []
        for other in _confirmed(one, read):
            if other.id in lead_of:
                decide(article, lead_of[other.id], plan.joins)
                break
            relatives.append(other)
        else:
            lead = min([article, *relatives], key=_seniority)
            first = min(relatives, key=lambda other: (one.place[other.id], other.id), default=article)
            if first is not article:
                decide(first, lead.id, plan.asked)
            if lead is not article:
                if lead is not first:
                    decide(lead, lead.id, plan.leads)
                decide(article, lead.id, plan.joins)
                continue
            for other in relatives:
                if other is not first:
                    decide(other, article.id, plan.told)
            decide(article, article.id, plan.leads)
    return plan


def _confirmed(one: _Entered, read: Mapping[str, Article]) -> Iterator[Article]:
    """The candidates whose text is the same story, likeliest first; compared only as far as the caller asks."""
    assert one.print is not None
    for id in one.likely:
        other = read.get(id)
        if other is not None and same_story(one.print, fingerprint(other, lines_of(other.text))):
            yield other


def _as(article: Article, lead: str) -> Article:
    return replace(article, story=lead, copy_of=None if lead == article.id else lead)


def _enter(article: Article, names: Sequence[str], now: datetime) -> Asking[tuple[dict[str, float], dict[str, int]]]:
    """Put the article into its buckets; returns the ids met there, weighted by how rare each shared key is, and the
    foremost place of each."""

    def added(members: Members) -> Members:
        if any(item.id == article.id for item in members):
            return members
        fresh = [item for item in members if now - item.at <= 2 * WINDOW]
        return (*fresh[-(BUCKET - 1) :], BucketItem(id=article.id, at=article.first_seen))

    met: dict[str, float] = {}
    place: dict[str, int] = {}
    for members in (yield from change_buckets(_KIND, dict.fromkeys(names, added))).values():
        others = [item for item in members if item.id != article.id and _near(item.at, article.first_seen)]
        for n, item in enumerate(others):
            met[item.id] = met.get(item.id, 0.0) + 1 / len(others)
            place[item.id] = min(n, place.get(item.id, n))
    return met, place


def _near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= WINDOW


def _seniority(article: Article) -> tuple[datetime, str]:
    return article.first_seen, article.id


def _register(ids: Sequence[str]) -> Asking[dict[str, str | None]]:
    """What is decided of each article: its story's lead, or null."""
    read = yield from buckets(_KIND, [_name(id) for id in ids])
    return {id: (items[0].id if (items := read[_name(id)]) else None) for id in ids}


def _name(id: str) -> str:
    return f"story|{id}"
