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
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from transforms.contracts import BucketItem, Store, Versioned
from transforms.read.alignment import same_story
from transforms.read.fingerprint import Fingerprint, fingerprint, keys
from transforms.read.lines import lines_of
from transforms.records import Article

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
    lines = lines_of(article.text)
    print_ = fingerprint(article, lines)
    decided = _register(store, [article.id]).get(article.id)
    if decided is not None:
        return _as(article, decided)
    store.put_articles([replace(article, story=None, copy_of=None)])
    nominated = _enter(store, article, keys(print_), now)
    ranked = sorted(nominated, key=lambda id: (-nominated[id], id))[:_CONFIRM]
    likely = [id for place, id in enumerate(ranked) if place < _ALWAYS or nominated[id] >= _LIKELY]
    known = _register(store, likely)
    undecided = []
    for other in _confirmed(store, print_, likely):
        lead = known[other.id]
        if lead is not None:
            return _as(article, _settle(store, article, lead))
        undecided.append(other)
    return _as(article, _decide(store, article, undecided))


def _as(article: Article, lead: str) -> Article:
    return replace(article, story=lead, copy_of=None if lead == article.id else lead)


def _enter(store: Store, article: Article, names: Sequence[str], now: datetime) -> dict[str, float]:
    """Put the article into its buckets; returns the ids met there, weighted by how rare each shared key is."""
    met: dict[str, float] = {}
    buckets: Mapping[str, Versioned[tuple[BucketItem, ...]]] = store.bucket(_KIND, names)
    for name in names:
        bucket = buckets[name]
        while all(item.id != article.id for item in bucket.value):
            fresh = [item for item in bucket.value if now - item.at <= 2 * WINDOW]
            items = [*fresh[-(BUCKET - 1) :], BucketItem(id=article.id, at=article.first_seen)]
            if store.put_bucket(_KIND, name, items, bucket.version):
                break
            bucket = store.bucket(_KIND, [name])[name]
        others = [item for item in bucket.value if item.id != article.id and _near(item.at, article.first_seen)]
        for item in others:
            met[item.id] = met.get(item.id, 0.0) + 1 / len(others)
    return met


def _near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= WINDOW


def _confirmed(store: Store, print_: Fingerprint, likely: Sequence[str]) -> Iterator[Article]:
    """The candidates whose text is the same story, likeliest first; compared only as far as the caller asks."""
    found = store.articles(likely) if likely else {}
    for id in likely:
        other = found.get(id)
        if other is not None and same_story(print_, fingerprint(other, lines_of(other.text))):
            yield other


def _decide(store: Store, article: Article, relatives: Sequence[Article]) -> str:
    """The lead of an article none of whose relatives is decided; settles the relatives where it leads them."""
    lead = min([article, *relatives], key=_seniority)
    if lead.id != article.id:
        return _settle(store, article, _settle(store, lead, lead.id))
    # A relative may not have met this article, and is about to lead on its own: it is told first.
    for other in sorted(relatives, key=_seniority):
        answer = _settle(store, other, article.id)
        if answer != article.id:
            return _settle(store, article, answer)
    return _settle(store, article, article.id)


def _seniority(article: Article) -> tuple[datetime, str]:
    return article.first_seen, article.id


def _settle(store: Store, article: Article, lead: str) -> str:
    """Write the decision unless there is one; returns what holds."""
    item = BucketItem(id=lead, at=article.first_seen)
    if store.put_bucket(_KIND, _name(article.id), [item], ""):
        return lead
    return _register(store, [article.id])[article.id] or lead


def _register(store: Store, ids: Sequence[str]) -> dict[str, str | None]:
    """What is decided of each article: its story's lead, or null."""
    if not ids:
        return {}
    read = store.bucket(_KIND, [_name(id) for id in ids])
    return {id: (items[0].id if (items := read[_name(id)].value) else None) for id in ids}


def _name(id: str) -> str:
    return f"story|{id}"
