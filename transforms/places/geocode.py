"""Which of the places of one name a document means: evidence of the document weighed against size.

Pure. Offsets are of whatever text the caller uses throughout. The weights are on the scale of the prior, log10 of a
town's population: +1 makes up for a tenth of the inhabitants. docs/geocoding.md tells how they were set.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, exp, radians, sqrt

from transforms.places.countries import speakers
from transforms.places.gazetteer import Place

PRIOR = 0.9  # of log10(population): news is written of small places too
NAMESAKE, LARGE = 0.8, 5.0  # off for an alternate name that is the proper name of a large place
GRADE = 0.8  # off for an alternate name, twice for a division's bare name
IN_DOCUMENT, SHARE = 0.7, 0.8  # the candidate's state is mentioned; times its share of all mentions of states
NEAR, NEAR_CHARS = 0.6, 60  # its state is mentioned within so many characters
HOME = 1.0  # the publisher's state
SPEAKERS = 0.4  # a state where the text's language is spoken
EXPECTED = 0.4  # such states are mentioned in any case, so their mention says less
CONTAINER, WEAK_CONTAINER, NOT_CONTAINED = 5.0, 1.5, -1.0  # "X, Y" where Y holds the candidate, or does not
KIND, NOT_KIND = 2.5, -0.6  # "port of X", "X province"
AREA_UNSAID = -0.3  # a division where only a bare name is given
STATE_UNSEEN = -2.0  # a state that the recogniser of states did not see there
CLUSTER, CLUSTER_KM, CLUSTER_REACH, CLUSTER_MOST = 0.8, 120.0, 600.0, 3.0  # places near it
COUNTRY, DIVISION, WITHIN_MOST = 0.12, 0.25, 1.2  # places in its state, in its division
TWICE = 1.5  # off an alternate name of a place that another toponym calls by its own
SHARED = 0.3  # off what another mention of the name lends
ROUNDS = 2  # what the first round settles draws the rest in the second
ANCHORS = 60  # the surest: so that a gazetteer page of thousands of names stays linear
CONSIDERED = 40  # candidates that take part in the clustering


@dataclass(frozen=True, slots=True)
class Container:
    """What a qualifier says the place lies in: a state, or a division of it (GeoNames admin1 code). weak: it may be
    another place in a list as well."""

    country: str | None
    admin1: str = ""
    weak: bool = False

    def holds(self, place: Place) -> bool:
        """Whether a place lies in it, as far as the gazetteer knows."""
        return place.country == self.country and (not self.admin1 or not place.admin1 or place.admin1 == self.admin1)


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name in a document. group: what is one sense throughout a document (the name's key).

    containers: readings of its qualifier, empty where it has none. kinds: what the words beside it say it is. anchor:
    whether it draws other names to it (a word that is hardly a place does not).
    """

    start: int
    end: int
    group: str
    candidates: tuple[Place, ...]
    containers: tuple[Container, ...] = ()
    kinds: frozenset[str] = frozenset()
    is_state: str | None = None
    anchor: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a document says of where it plays. states: (offset, iso3) in order; home: the publisher's state;
    speakers: states where the text's language is spoken."""

    states: Sequence[tuple[int, str]] = ()
    home: str | None = None
    speakers: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, states: Sequence[tuple[int, str]], home: str | None = None, language: str | None = None) -> Evidence:
        """With the mentions counted. language: of the text, ISO 639-1."""
        return cls(sorted(states), home, speakers(language), Counter(iso3 for _, iso3 in states))


@dataclass(frozen=True, slots=True)
class Answer:
    """The place meant, null where no name of the gazetteer fits; ``alternatives`` are the next candidates, best first.

    confidence: 0–1, the share of the best candidate among all (softmax of the scores).
    """

    place: Place | None
    confidence: float = 0.0
    alternatives: tuple[Place, ...] = ()


UNRESOLVED = Answer(None)
Anchor = tuple[str, Place, float]


def geocode(toponyms: Sequence[Toponym], evidence: Evidence) -> list[Answer]:
    """An answer for each toponym, in order."""
    scored = [_score(t, evidence) for t in toponyms]
    _share(toponyms, scored)
    settled = scored
    for _ in range(ROUNDS if len({t.group for t in toponyms}) > 1 else 0):
        anchors = _anchors(toponyms, settled)
        settled = [_drawn(t, options, anchors) for t, options in zip(toponyms, scored, strict=True)]
    return [_answer(options) for options in settled]


def _drawn(
    toponym: Toponym, options: list[tuple[float, Place]], anchors: Sequence[Anchor]
) -> list[tuple[float, Place]]:
    """The options of a name with the pull of the other names' places."""
    if len(options) < 2:
        return options
    others = [a for a in anchors if a[0] != toponym.group]
    pulled = [(s + (_cluster(p, others) if n < CONSIDERED else 0.0), p) for n, (s, p) in enumerate(options)]
    return sorted(pulled, key=_order)


def _order(option: tuple[float, Place]) -> tuple[float, int]:
    return -option[0], option[1].id


def _score(toponym: Toponym, evidence: Evidence) -> list[tuple[float, Place]]:
    total = sum(evidence.counts.values())
    near = _near(toponym, evidence)
    options = []
    named = [p for p in toponym.candidates if p.grade == 0 and p.weight >= LARGE]
    for place in toponym.candidates:
        if place.grade == 3:
            continue
        score = PRIOR * place.weight - GRADE * place.grade
        if place.grade and any(not _beside(place, p) for p in named):
            score -= NAMESAKE
        if place.type == "state":
            if toponym.is_state is None:
                score += STATE_UNSEEN
            else:
                score += 5.0 if place.country == toponym.is_state else -5.0
        elif place.country is not None and total:
            count = evidence.counts.get(place.country, 0)
            if count:
                said = IN_DOCUMENT + SHARE * count / total + (NEAR if place.country in near else 0.0)
                score += said * (EXPECTED if place.country in evidence.speakers else 1.0)
        if place.country == evidence.home:
            score += HOME
        if place.country in evidence.speakers:
            score += SPEAKERS
        if toponym.containers:
            held = [c for c in toponym.containers if c.holds(place)]
            if held:
                score += WEAK_CONTAINER if all(c.weak for c in held) else CONTAINER
            elif not all(c.weak for c in toponym.containers):
                score += NOT_CONTAINED
        if toponym.kinds:
            score += KIND if place.kind in toponym.kinds else NOT_KIND
        elif place.kind == "province":
            score += AREA_UNSAID
        options.append((score, place))
    options.sort(key=_order)
    return options


def _near(toponym: Toponym, evidence: Evidence) -> set[str]:
    found = set()
    at = bisect_left(evidence.states, (toponym.start - NEAR_CHARS, ""))
    for offset, iso3 in evidence.states[at : at + 12]:
        if offset > toponym.end + NEAR_CHARS:
            break
        found.add(iso3)
    return found


def _share(toponyms: Sequence[Toponym], scored: list[list[tuple[float, Place]]]) -> None:
    """One sense per document: an unqualified mention takes the scores of the last qualified one before it, else of the
    next, else the best that any mention has; a little less, so that its own evidence can still differ."""
    groups: dict[str, list[int]] = {}
    for n, toponym in enumerate(toponyms):
        groups.setdefault(toponym.group, []).append(n)
    for members in groups.values():
        if len(members) < 2 or len(scored[members[0]]) < 2:
            continue
        qualified = [n for n in members if toponyms[n].containers or toponyms[n].kinds]
        tables = {n: {p.id: s for s, p in scored[n]} for n in qualified or members}
        best: dict[int, float] = {}  # once for all members: a name may stand in a text a thousand times
        for table in tables.values():
            for place, score in table.items():
                best[place] = max(score, best.get(place, score))
        for n in members:
            if n in tables and qualified:
                continue
            lent = tables[qualified[max(0, bisect_left(qualified, n) - 1)]] if qualified else best
            scored[n][:] = sorted(((max(s, lent.get(p.id, s) - SHARED), p) for s, p in scored[n]), key=_order)


def _anchors(toponyms: Sequence[Toponym], scored: Sequence[list[tuple[float, Place]]]) -> list[Anchor]:
    """The best reading of each name with its confidence: what the others are drawn to. States are none."""
    found: dict[str, Anchor] = {}
    for toponym, options in zip(toponyms, scored, strict=True):
        if not options or not toponym.anchor or toponym.group in found:
            continue
        place = options[0][1]
        if place.kind not in ("world_region", "ocean", "state"):
            found[toponym.group] = (toponym.group, place, _confidence(options))
    return sorted(found.values(), key=lambda a: -a[2])[:ANCHORS]


def _cluster(place: Place, anchors: Sequence[Anchor]) -> float:
    """How far the other places of the document draw a candidate: those near it, those in its division and state."""
    near = within = 0.0
    squeeze = cos(radians(place.lat))
    for _, anchor, confidence in anchors:
        sure = 0.3 + 0.7 * confidence
        dx, dy = (place.lon - anchor.lon) * squeeze, place.lat - anchor.lat
        km = 111.2 * sqrt(dx * dx + dy * dy)
        if anchor.id == place.id and place.grade > anchor.grade:
            near -= TWICE  # "Recife" and "Pernambuco" in one text are two places, though the one was called the other
        elif km < CLUSTER_REACH:
            near += sure * CLUSTER * exp(-max(0.0, km - 0.5 * anchor.radius_km) / CLUSTER_KM)
        if place.country == anchor.country and place.country:
            within += sure * (COUNTRY + (DIVISION if place.admin1 and place.admin1 == anchor.admin1 else 0.0))
    return min(near, CLUSTER_MOST) + min(within, WITHIN_MOST)


def _confidence(options: Sequence[tuple[float, Place]]) -> float:
    """The share of the best candidate, with those beside it (a town and its district are one answer), among the first
    ten; the factor makes a lead of one worth 0.86."""
    top, best = options[0]
    shares = [(exp(1.8 * (score - top)), p) for score, p in options[:10]]
    beside = sum(s for s, p in shares if _beside(p, best))
    return beside / sum(s for s, _ in shares)


def _beside(one: Place, other: Place) -> bool:
    """Whether two places are the same spot at the scale of a city."""
    return abs(one.lat - other.lat) < 0.5 and abs(one.lon - other.lon) < 0.7


def _answer(options: Sequence[tuple[float, Place]]) -> Answer:
    if not options:
        return UNRESOLVED
    return Answer(options[0][1], round(_confidence(options), 3), tuple(p for _, p in options[1:5]))
