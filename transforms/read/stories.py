"""Which story an article belongs to: found by key in the store, confirmed on the texts, decided once for all workers.

Order of writes, each harmless to repeat:

1. the article, so that whoever finds its id can compare the text (an id without its article is ignored: the worker died
   before);
2. its id into the bucket of each of its keys, by compare-and-set. Two copies share a key, so of two workers at least
   the one that wrote that bucket last sees the other;
3. the decision into a register of its own (``story|<id>``), create-only. An undecided candidate is decided for it first
   (helping): so whoever comes first, all read the same answer, after a crash too.

The lead is the article that was seen first (then the smaller id) among those decided together; an article that comes
later never takes over a story that others already point to, because events and alerts name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
_BUCKET = 48
"""Members of a bucket at most, the newest: a phrase that more articles share tells nothing, and the cost must not grow
with the store."""
_CONFIRM = 8
"""Candidates compared at most, likeliest first; a story with many copies fills them with itself."""
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
    relatives = _confirmed(store, article, print_, nominated)
    lead = _decide(store, article, relatives)
    return _as(article, lead)


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
            items = [*fresh[-(_BUCKET - 1) :], BucketItem(id=article.id, at=article.first_seen)]
            if store.put_bucket(_KIND, name, items, bucket.version):
                break
            bucket = store.bucket(_KIND, [name])[name]
        others = [item for item in bucket.value if item.id != article.id and _near(item.at, article.first_seen)]
        for item in others:
            met[item.id] = met.get(item.id, 0.0) + 1 / len(others)
    return met


def _near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= WINDOW


def _confirmed(store: Store, article: Article, print_: Fingerprint, nominated: Mapping[str, float]) -> list[Article]:
    """The nominated articles whose text is the same story, likeliest first."""
    likely = sorted(nominated, key=lambda id: (-nominated[id], id))[:_CONFIRM]
    found = store.articles(likely) if likely else {}
    return [
        other
        for id in likely
        if (other := found.get(id)) is not None and same_story(print_, fingerprint(other, lines_of(other.text)))
    ]


def _decide(store: Store, article: Article, relatives: Sequence[Article]) -> str:
    """The lead of the article's story, from what is decided of its relatives; settles those that are undecided."""
    known = _register(store, [other.id for other in relatives])
    leads = {lead for lead in known.values() if lead is not None}
    if leads:
        # Several stories that this article joins stay apart: what was told of them cannot be taken back.
        return _settle(store, article, _first(store, leads))
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


def _first(store: Store, leads: set[str]) -> str:
    if len(leads) == 1:
        return next(iter(leads))
    found = store.articles(leads)
    return min(leads, key=lambda id: (found[id].first_seen.isoformat() if id in found else "~", id))


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
