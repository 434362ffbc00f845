"""MergeEvents' shell: reads the neighbourhood of a reading by key, decides, writes by compare-and-set, decides again.

A pass that finds nothing to write is the end. So every writer looks once more after its last write, and of two that
race, the one that writes last sees the other's claim: nobody can miss a neighbour for good.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.contracts import BucketItem, Store
from transforms.merge.decide import Situation, Write, decide
from transforms.merge.facts import COPY
from transforms.merge.flows import hang
from transforms.merge.keys import copies_key, filed
from transforms.merge.neighbourhood import BUCKET, CROWD, load
from transforms.records import Article, Claim, Event, Judgement, Reading, Report

Story = tuple[tuple[Claim, ...], dict[str, Report]]
"""The claims that some articles have now, and these articles' reports."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Ids of events that a reading created and changed."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def merge_reading(store: Store, reading: Reading, now: datetime) -> Merged:
    """Bring the register in line with the claims of a reading, by compare-and-set; a replay changes nothing.

    Claims that an earlier revision of the article had, and this one has not, leave their events. A reading older than
    the stored revision is passed over.
    """
    article = reading.article
    stored = store.articles([article.id]).get(article.id)
    if stored is not None and stored.revision > article.revision:
        return Merged()
    if article.copy_of:
        _register_copy(store, article, now)
    return settle(store, lambda: story_of(store, reading), now)


def settle(
    store: Store,
    story: Callable[[], Story],
    now: datetime,
    *,
    forced: Collection[str] = (),
    judgements: tuple[Judgement, ...] = (),
) -> Merged:
    """Decide and write until nothing is left to write.

    story: reads which claims the articles have now. It is read again after the last write: while this writer worked,
    another may have brought the lead of a copy, and its decision must not be undone by an older one.
    forced: ids of events to decide on in any case; judgements: new ones, that are about claims of these.
    """
    new: dict[str, None] = {}
    changed: dict[str, None] = {}
    taken: set[str] = set()
    settled = False
    fresh, reports = story()
    while not settled:
        near = load(store, fresh, reports, taken, forced)
        situation = Situation(
            events=near.events,
            fresh=tuple(fresh),
            documents=frozenset(reports),
            reports=reports,
            taken=near.taken,
            judgements=(*near.judgements, *judgements),
        )
        written: dict[str, Event] = {}
        settled = True
        for write in decide(situation, now):
            _file(store, write, now)
            id, version = write.event.id, near.versions.get(write.event.id, "")
            settled = store.put_event(write.event, version)
            if not settled:
                taken.add(id)
                break
            (changed if version else new)[id] = None
            written[id] = write.event
        again = story()
        settled = settled and again == (fresh, reports) and (not written or near.settled(store, written))
        fresh, reports = again
    for id in hang(store, [*near.events.values(), *written.values()], now):
        changed[id] = None
    return Merged(tuple(new), tuple(id for id in changed if id not in new))


def story_of(store: Store, reading: Reading) -> Story:
    """The claims of the article and, where it has copies or is one, of the whole story, with the reports.

    The original of a story is the article published first, whichever came first: so the register does not depend on the
    order of arrival. The copies' claims are the original's, under their own document ids.
    """
    article, own = reading.article, reading.claims
    stored = store.articles([article.id]).get(article.id)
    if stored is not None and stored.revision > article.revision:  # a correction came while this was worked on
        article, own = stored, tuple(store.claims([article.id])[article.id])
    lead = article.copy_of or article.id
    copies = {item.id for item in store.bucket(BUCKET, [copies_key(lead)])[copies_key(lead)].value}
    if not copies:
        return own, {article.id: report_of(article, None)}
    articles = dict(store.articles(sorted({lead, *copies}))) | {article.id: article}
    articles = {id: one for id, one in articles.items() if lead in (id, one.copy_of)}
    claims = dict(store.claims(sorted(articles))) | {article.id: own}
    told = [one for one in articles.values() if claims[one.id]] or list(articles.values())
    original = min(told, key=lambda one: (one.published or "9999", one.id)).id
    fresh = [claim if id == original else _repeated(claim, id) for id in sorted(articles) for claim in claims[original]]
    reports = {id: report_of(one, None if id == original else original) for id, one in articles.items()}
    return tuple(fresh), reports


def _repeated(claim: Claim, copy: str) -> Claim:
    return replace(claim, id=f"{claim.id}{COPY}{copy}", document=copy, copy_of=claim.document)


def report_of(article: Article, copy_of: str | None) -> Report:
    """What an event keeps of an article; ``copy_of``: the original of its story, where that is another."""
    return Report(
        article=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        publisher=article.publisher,
        origin=article.origin,
        reliability=article.reliability,
        language=article.language,
        published=article.published,
        first_seen=article.first_seen,
        copy_of=copy_of,
    )


def _register_copy(store: Store, article: Article, now: datetime) -> None:
    """Note the copy under its lead before the lead's claims are read: whichever comes second sees the other."""
    assert article.copy_of
    _put_in(store, copies_key(article.copy_of), article.id, now, limit=None)


def _file(store: Store, write: Write, now: datetime) -> None:
    """Put the event's id into the buckets of the claims it gains, before the event itself is written."""
    keys = dict.fromkeys(key for facts in write.gained for key in filed(facts))
    if not keys:
        return
    for key, bucket in store.bucket(BUCKET, list(keys)).items():
        if all(item.id != write.event.id for item in bucket.value):
            limit = None if key.startswith("article|") else CROWD
            _put_in(store, key, write.event.id, now, limit=limit)


def _put_in(store: Store, key: str, id: str, now: datetime, *, limit: int | None) -> None:
    """Add a member by compare-and-set. A bucket that is a crowd takes no more: its key has stopped telling anything."""
    while True:
        read = store.bucket(BUCKET, [key])[key]
        if any(item.id == id for item in read.value) or (limit is not None and len(read.value) > limit):
            return
        if store.put_bucket(BUCKET, key, [*read.value, BucketItem(id=id, at=now)], read.version):
            return
