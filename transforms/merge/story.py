"""The claims of a story: what its original tells, told again by its copies, and what a copy adds of its own.

The original of a story is the article published first, whichever came first: so the register does not depend on the
order of arrival. The copies' claims are the original's, under their own document ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from transforms.contracts import BucketItem
from transforms.merge.facts import COPY, bounds, is_unknown, party_key
from transforms.merge.keys import copies_key
from transforms.merge.neighbourhood import BUCKET
from transforms.records import Article, Claim, Reading, Report
from transforms.spans import parse
from transforms.together import Asking, Change, Members, articles, buckets, change_buckets, claims


@dataclass(frozen=True, slots=True)
class Story:
    """The claims that some articles have now, and these articles' reports by id."""

    fresh: tuple[Claim, ...] = ()
    reports: Mapping[str, Report] = field(default_factory=dict)


def stories_of(readings: Sequence[Reading], more: Collection[str] = ()) -> Asking[Story]:
    """The claims of the articles and, where one has copies or is one, of its whole story, with the reports.

    more: ids of other articles, whose claims are read from the store.
    """
    newest: dict[str, Reading] = {}
    for reading in readings:
        known = newest.get(reading.article.id)
        if known is None or known.article.revision <= reading.article.revision:
            newest[reading.article.id] = reading
    own = {id: (reading.article, tuple(reading.claims)) for id, reading in newest.items()}
    stored = yield from articles({*own, *more})
    newer = [id for id, article in stored.items() if id not in own or article.revision > own[id][0].revision]
    if newer:  # a correction came while this was worked on
        corrected = yield from claims(newer)
        own |= {id: (stored[id], tuple(corrected[id])) for id in newer}
    leads = {id: article.copy_of or id for id, (article, _) in own.items()}
    noted = yield from buckets(BUCKET, {copies_key(lead) for lead in leads.values()})
    copies = {lead: {item.id for item in noted[copies_key(lead)]} for lead in leads.values()}
    others = {id for lead, ids in copies.items() if ids for id in (lead, *ids)} - own.keys()
    if others:
        found = yield from articles(others)
        told = yield from claims(found)
        own |= {id: (article, tuple(told[id])) for id, article in found.items()}
    fresh: dict[str, Claim] = {}
    reports: dict[str, Report] = {}
    for lead, ids in sorted(copies.items()):
        story = {id: own[id] for id in sorted({lead, *ids, *(id for id in leads if leads[id] == lead)}) if id in own}
        story = {id: one for id, one in story.items() if lead in (id, one[0].copy_of)}
        fresh |= {claim.id: claim for claim in _told(story)}
        reports |= _reports(story)
    return Story(tuple(fresh.values()), reports)


_Texts = Mapping[str, tuple[Article, tuple[Claim, ...]]]


def _original(story: _Texts) -> str:
    """The article published first, of those that tell anything."""
    telling = [id for id, (_, own) in story.items() if own] or list(story)
    return min(telling, key=lambda id: _order(story[id][0]))


def _order(article: Article) -> tuple[str, str]:
    return (article.published or "9999", article.id)


def _told(story: _Texts) -> Iterator[Claim]:
    """Every article's claims: the original's, repeated under each copy's id, and what a copy tells beyond it.

    An addition is the claim of the first copy that has it (by publication); the copies that tell the same repeat it.
    """
    original = _original(story)
    base = story[original][1]
    yield from base
    added: list[Claim] = []
    for id in sorted(story, key=lambda id: _order(story[id][0])):
        if id == original:
            continue
        yield from (_repeated(claim, id) for claim in base)
        for claim in _beyond(story[id][1], base):
            known = next((one for one in added if _same_kind(claim, one) and _agree(claim, one)), None)
            if known is None:
                added.append(claim)
                yield claim
            elif known.document != id:
                yield _repeated(known, id)


def _beyond(own: Sequence[Claim], base: Sequence[Claim]) -> list[Claim]:
    """A copy's claims that the original lacks. One that names another number or date than the original does is the same
    claim, corrected in one of the two; a second one of its kind is a claim of its own."""
    used: set[str] = set()
    differing = []
    for claim in own:
        same = next((one for one in base if _same_kind(claim, one) and _agree(claim, one)), None)
        if same:
            used.add(same.id)
        else:
            differing.append(claim)
    beyond = []
    for claim in differing:
        corrected = next((one for one in base if one.id not in used and _same_kind(claim, one)), None)
        if corrected:
            used.add(corrected.id)
        else:
            beyond.append(claim)
    return beyond


def _same_kind(one: Claim, other: Claim) -> bool:
    """Whether two claims are of the same parties and kinds of goods, as far as both name them."""
    for a, b in ((one.supplier, other.supplier), (one.recipient, other.recipient)):
        if party_key(a) != party_key(b) and not (is_unknown(party_key(a)) or is_unknown(party_key(b))):
            return False
    kinds, others = ({g.category for g in claim.goods if g.category != "generic"} for claim in (one, other))
    return not kinds or not others or bool(kinds & others)


def _agree(one: Claim, other: Claim) -> bool:
    """Whether two claims name no different number, value or date."""
    number, another = bounds(one.quantity), bounds(other.quantity)
    if number and another and number[2] == another[2] and (number[1] < another[0] or another[1] < number[0]):
        return False
    if one.value and other.value and one.value != other.value:
        return False
    when, at = parse(one.date), parse(other.date)
    return when is None or at is None or when.gap(at) == 0


def _repeated(claim: Claim, copy: str) -> Claim:
    return replace(claim, id=f"{claim.id}{COPY}{copy}", document=copy, copy_of=claim.document)


def _reports(story: _Texts) -> dict[str, Report]:
    """The articles' reports. What a copy adds has the origin of the story: it is no further source."""
    original = _original(story)
    origin = story[original][0].origin
    return {
        id: replace(report_of(article, None if id == original else original), origin=origin)
        for id, (article, _) in story.items()
    }


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


def noting_copies(found: Sequence[Article], now: datetime) -> Asking[None]:
    """Note copies under their leads before the leads' claims are read: whichever comes second sees the other."""
    under: dict[str, dict[str, None]] = {}
    for article in found:
        if article.copy_of:
            under.setdefault(copies_key(article.copy_of), {})[article.id] = None
    if under:
        yield from change_buckets(BUCKET, {key: _noting(list(ids), now) for key, ids in under.items()})


def _noting(ids: Sequence[str], now: datetime) -> Change:
    def change(members: Members) -> Members:
        known = {item.id for item in members}
        return (*members, *(BucketItem(id=id, at=now) for id in ids if id not in known))

    return change
