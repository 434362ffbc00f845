"""The events that a decision can touch: found by key, from the claims outwards along links of enough points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from transforms.contracts import BucketItem, BucketKind
from transforms.merge.facts import Facts, base_id, facts_of
from transforms.merge.judgements import is_of_article
from transforms.merge.keys import article_key, is_list, sought
from transforms.merge.score import THRESHOLD, score
from transforms.records import Claim, Event, Judgement, Report
from transforms.together import Asking, Change, Members, buckets, events

BUCKET: BucketKind = "event_bucket"
CROWD = 64
"""Members from which a bucket tells nothing and is passed over, as a search engine passes over "the". The keys are so
fine that it takes as many different transfers of one pair and kind within a fortnight."""
_REACH = 32
"""Events that one decision on one reading touches at most; one on more readings, a few more for each."""
_SIGHT = 96
"""Events that one decision reads before it stops following links."""
_LINKS = 2
"""Links that are followed from a claim: in a pair of which something is told every day, each event is linked with the
next, without end."""
_HOPS = 16


@dataclass(slots=True)
class Neighbourhood:
    """events: live ones that may be touched; versions: of everything read, "" for what is filed and not there; taken:
    other ids that are in use. filed: what was ever filed under the articles that are read anew, as it is now; own: ids
    of those of these that have claims of the articles, or are forced.
    judgements: on these articles, wherever they are kept."""

    events: dict[str, Event] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    taken: dict[str, Event] = field(default_factory=dict)
    filed: tuple[Event, ...] = ()
    own: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    def settled(self, written: Mapping[str, Event]) -> Asking[bool]:
        """Whether nobody else has written here since it was loaded: what is read again is this, or what was written.

        To be asked before a decision ends that wrote nothing, too: reading was no snapshot, and what another writer
        moved meanwhile may have been seen in neither place.
        """
        known = self.versions.keys() | written.keys()
        if not (yield from members(self.keys)) <= known:
            return False
        again = yield from events(known)
        return all(
            id in again and again[id].value == written[id]
            if id in written
            else (again[id].version if id in again else "") == self.versions[id]
            for id in known
        )


def members(keys: Collection[str]) -> Asking[set[str]]:
    """The ids filed under keys; a crowd tells nothing, but for an article's own events and a flow's."""
    if not keys:
        return set()
    read = yield from buckets(BUCKET, keys)
    return {item.id for key, found in read.items() if is_list(key) or len(found) <= CROWD for item in found}


def entering(key: str, ids: Sequence[str], now: datetime) -> Change:
    """The addition of members. A bucket that is a crowd takes no more: its key has stopped telling anything."""

    def change(found: Members) -> Members:
        known = {item.id for item in found}
        room = len(ids) if is_list(key) else max(CROWD + 1 - len(found), 0)
        return (*found, *(BucketItem(id=id, at=now) for id in [id for id in ids if id not in known][:room]))

    return change


def loading(
    fresh: Sequence[Claim], reports: Mapping[str, Report], ids: Collection[str], forced: Collection[str] = ()
) -> Asking[Neighbourhood]:
    """The neighbourhood of the claims ``fresh`` of the articles in ``reports``.

    ids: read in any case; forced: these are taken into it too, redirects followed.
    """
    search = _Search(frozenset(reports))
    near = search.near
    copies_first = sorted(fresh, key=lambda claim: claim.copy_of is None)  # the original has the last word
    leads = {base_id(claim): facts_of(claim, reports.get(claim.document)) for claim in copies_first}
    yield from search.look({*ids, *forced}, {article_key(document) for document in reports})
    near.filed = tuple(search.read.values())
    forced = {search.live(id) for id in forced}
    for id, event in list(search.seen.items()):
        if id in forced or any(claim.document in reports for claim in event.claims):
            search.take(id)
    near.own = frozenset(near.events)
    yield from search.spread(leads.values())
    near.judgements = tuple(
        judgement
        for _, event in sorted(search.seen.items())
        for judgement in event.judgements
        if is_of_article(judgement) and not reports.keys().isdisjoint(judgement.documents)
    )
    near.taken = {id: event for id, event in search.read.items() if id not in near.events}
    near.keys = tuple(sorted(search.keys))
    return near


class _Search:
    def __init__(self, documents: frozenset[str]) -> None:
        self._documents = documents
        self.near = Neighbourhood()
        self.read: dict[str, Event] = {}
        self.seen: dict[str, Event] = {}
        self._facts: dict[str, list[Facts]] = {}
        self.keys: set[str] = set()
        self._front: list[Facts] = []

    def look(self, ids: Iterable[str], keys: Collection[str]) -> Asking[None]:
        """Read what is filed under keys not looked under before."""
        fresh = sorted(set(keys) - self.keys)
        self.keys |= set(fresh)
        wanted = set(ids) | (yield from members(fresh))
        for _ in range(_HOPS):  # redirects lead on, rarely more than once
            wanted -= self.near.versions.keys()
            if not wanted:
                break
            onward: set[str] = set()
            self.near.versions |= dict.fromkeys(wanted, "")  # filed by a writer who has not written it, or died
            for id, read in (yield from events(wanted)).items():
                self.read[id] = read.value
                self.near.versions[id] = read.version
                if read.value.merged_into:
                    onward.add(read.value.merged_into)
                else:
                    self.seen[id] = read.value
            wanted = onward

    def live(self, id: str) -> str:
        """The id that redirects lead to."""
        for _ in range(_HOPS):
            event = self.read.get(id)
            if event is None or event.merged_into is None:
                break
            id = event.merged_into
        return id

    def take(self, id: str) -> None:
        """Make an event part of the neighbourhood; its claims lead on."""
        if id not in self.near.events:
            self.near.events[id] = self.seen[id]
            self._front += self._facts_in(id)

    def spread(self, seeds: Iterable[Facts]) -> Asking[None]:
        """Take every event linked with the seeds or with an event taken, until no more are found."""
        inside: list[Facts] = []
        compared: dict[str, int] = {}  # how many of those inside an event outside was compared with
        self._front += seeds
        more = len(self._documents)
        for _ in range(_LINKS):
            if not self._front or len(self.near.events) > _REACH + 4 * more or len(self.seen) > _SIGHT + 8 * more:
                break
            front, self._front = self._front, []
            yield from self.look((), {key for facts in front for key in sought(facts)})
            inside += front
            for id in sorted(self.seen.keys() - self.near.events.keys()):
                if self._linked(self._facts_in(id), inside[compared.get(id, 0) :]):
                    self.take(id)
                compared[id] = len(inside)
        self._take_doubles()

    def _take_doubles(self) -> None:
        """Take what has a claim that an event taken has: a crash or another writer in the midst of moving it."""
        front = list(self.near.events)
        while front:
            ours = {claim.id for id in front for claim in self.near.events[id].claims}
            front = [
                id
                for id in sorted(self.seen.keys() - self.near.events.keys())
                if any(claim.id in ours for claim in self.seen[id].claims)
            ]
            for id in front:
                self.take(id)

    def _linked(self, outside: Iterable[Facts], inside: Sequence[Facts]) -> bool:
        # The same claim in two events is what a crash in the midst of a merge or a split leaves behind.
        return any(one.id == other.id or (score(one, other) or 0) >= THRESHOLD for one in outside for other in inside)

    def _facts_in(self, id: str) -> list[Facts]:
        """The facts of an event's claims, but for those of documents that are read anew."""
        if id not in self._facts:
            event = self.seen[id]
            reports = {report.article: report for report in event.reports}
            leads: dict[str, Claim] = {}
            for claim in event.claims:
                if claim.document not in self._documents:
                    known = leads.get(base_id(claim))
                    if known is None or (known.copy_of and not claim.copy_of):
                        leads[base_id(claim)] = claim
            self._facts[id] = [facts_of(claim, reports.get(claim.document)) for claim in leads.values()]
        return self._facts[id]
