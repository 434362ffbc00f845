"""The recogniser of toponyms: spots, their context, the geocoder's answer, and what is accepted of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp

from transforms.places.countries import home
from transforms.places.distance import kilometres
from transforms.places.gazetteer import Gazetteer, Place, gazetteer
from transforms.places.geocode import Answer, Container, Evidence, Toponym, geocode
from transforms.places.names import Found
from transforms.places.qualifiers import Qualifier, States, StateSpan, abbreviated, qualifier
from transforms.recognise.context import Subject
from transforms.recognise.places.context import Words, words
from transforms.recognise.places.judge import ACCEPT, Context, Judge, prior
from transforms.recognise.places.spots import Spot, Token, group, spots, tokens
from transforms.records import Mention, PlaceMention, QuantityMention, StateMention

# Provisional acceptance before the geocoder has chosen: what is far below cannot be lifted by the country's bonus.
_PROVISIONAL = ACCEPT - 1.4
# What places nearby can lift; such a candidate draws no other name to it.
_LIFTABLE = ACCEPT - 2.2
_NEAR_KM = 130.0
_NEAR_ONE, _NEAR_TWO, _NEAR_THREE, _DIVISION = 0.8, 1.3, 1.5, 0.2
_COUNTRY, _REPEATED, _SPOKEN = 0.7, 0.3, 0.3
_LISTED, _SAME_STATE = 1.0, 0.5
_CITY_KM = 30.0  # a division no larger is the city itself: "Washington, D.C." is one place
_KNOWN_MOST = 60  # accepted places that others are held against, so that lists of thousands stay linear
_NOT_PLACES = frozenset({"state", "world_region"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    spot: Spot
    context: Context
    containers: tuple[Container, ...]
    likely: bool = True


class PlaceRecogniser:
    """Finds places below state level with their coordinates. The gazetteer is opened at the first text.

    ``gazetteer``: for tests; the process's own where null.
    """

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        self._given = gazetteer

    @property
    def _gazetteer(self) -> Gazetteer:
        return self._given or gazetteer()

    def find(self, subject: Subject, before: Sequence[Mention]) -> list[PlaceMention]:
        """The places in the subject, resolved where the gazetteer knows them. ``before``: mentions found earlier, whose
        spans are no places (unless a toponym contains a state's name: "Gulf of Mexico")."""
        text = subject.text
        if not text:
            return []
        lexicon = words(subject.language)
        taken, states = _located(subject, before)
        candidates = self._candidates(subject, taken, states, lexicon)
        if not candidates:
            return []
        evidence = Evidence.of([(s.start, s.iso3) for s in states.spans], home(subject.document.url), subject.language)
        answers = geocode([_toponym(c) for c in candidates], evidence)
        repeats = Counter(group(c.spot) for c in candidates)
        scores = [
            _final(candidate, answer, evidence, repeats[group(candidate.spot)])
            for candidate, answer in zip(candidates, answers, strict=True)
        ]
        for _ in range(2):
            _lists(text, candidates, answers, scores, lexicon)
            _nearby(candidates, answers, scores)
        mentions = []
        for candidate, answer, score in zip(candidates, answers, scores, strict=True):
            if score >= ACCEPT and not (answer.place and answer.place.kind in _NOT_PLACES):
                mentions.append(_mention(subject, candidate, answer, score))
        return mentions

    def _candidates(
        self, subject: Subject, taken: list[tuple[int, int, bool]], states: States, lexicon: Words
    ) -> list[_Candidate]:
        text, view = subject.text, subject.view
        found = tokens(text)
        lines = [(p.start, p.end) for p in view.paragraphs]
        judge = Judge(text, found, lexicon, lines, [(s, e) for s, e, _ in taken])
        result: list[_Candidate] = []
        short_until = 0  # where the abbreviation after the last spot ends
        holds_until = -1  # where the qualifier of the last spot leads to
        for spot in spots(text, found, taken, lexicon, self._gazetteer, subject.language):
            if spot.start < short_until or (spot.found.places and all(p.type == "state" for p in spot.found.places)):
                continue
            beside = qualifier(text, spot.start, spot.end, self._gazetteer, states)
            if beside.said and _speaks(text, found, spot.last + 1, lexicon):
                beside = Qualifier()
            holders = tuple(h for h in beside.containers if any(h.holds(p) for p in spot.found.places))
            line = lines[view.paragraph_at(spot.start)][0] if lines else 0
            if spot.named:
                result.append(_Candidate(spot, Context(ACCEPT, frozenset(), spot.end, True), ()))
                continue
            short = abbreviated(text, spot.end, self._gazetteer)
            if short and not any(
                p.country == s.country and s.admin1 in ("", p.admin1) for p in spot.found.places for s in short[2]
            ):
                short = None
            context = judge.context(spot, line, bool(holders) and beside.said)
            if spot.start == holds_until and result and result[-1].containers:
                context = replace(context, score=context.score + 1.5, strong=True)  # "Troy, Alabama": the Alabama
            holds_until = spot.end + 2 if text[spot.end : spot.end + 2] == ", " else -1
            first = context.score + prior(spot.found.places[0], spot.name)
            if first >= (_PROVISIONAL if context.barred else _LIFTABLE):
                result.append(_Candidate(spot, context, holders, first >= _PROVISIONAL))
                if short and all(p.radius_km > _CITY_KM for p in short[2]):
                    result.append(_division(spot, *short, text))
                    short_until = short[1]
        return result


def _speaks(text: str, found: Sequence[Token], at: int, lexicon: Words) -> bool:
    """Whether the name after a comma is of a person who speaks ("In Paris, Reagan said"), and qualifies nothing."""
    if at + 1 >= len(found) or text[found[at - 1].end : found[at].start] != ", ":
        return False
    beside = text[found[at].end : found[at + 1].start] == " "
    return beside and found[at].low in lexicon.surnames and found[at + 1].low in lexicon.speech


def _division(spot: Spot, start: int, end: int, places: tuple[Place, ...], text: str) -> _Candidate:
    """The candidate for an abbreviated division: as sure as the toponym before it makes it."""
    own = Spot(
        start, end, spot.last, spot.last, text[start:end], Found(tuple(replace(p, grade=1) for p in places)), True
    )
    return _Candidate(own, Context(ACCEPT, frozenset(), end, True), ())


def _toponym(candidate: _Candidate) -> Toponym:
    spot = candidate.spot
    return Toponym(
        spot.start, spot.end, group(spot), spot.found.places, candidate.containers, candidate.context.kinds,
        anchor=candidate.likely,
    )  # fmt: skip


def _final(candidate: _Candidate, answer: Answer, evidence: Evidence, repeats: int) -> float:
    if candidate.spot.named:
        return ACCEPT
    place = answer.place
    if place is None:
        return 0.0
    score = candidate.context.score + prior(place, candidate.spot.name)
    if place.country is not None and evidence.counts.get(place.country):
        score += _COUNTRY
    elif place.country in evidence.speakers:
        score += _SPOKEN
    return score + (_REPEATED if repeats > 1 else 0.0)


def _lists(
    text: str, candidates: Sequence[_Candidate], answers: Sequence[Answer], scores: list[float], lexicon: Words
) -> None:
    """Raise what stands in a list with an accepted place ("Juba, Malakal and Bentiu"), from both sides."""
    joined = [
        _joins(text[a.context.end : b.spot.start], lexicon) if b.spot.start - a.context.end < 8 else False
        for a, b in pairwise(candidates)
    ]
    for order in (range(len(joined)), range(len(joined) - 1, -1, -1)):
        for n in order:
            if joined[n]:
                lift = _LISTED + (_SAME_STATE if _country(answers[n]) == _country(answers[n + 1]) else 0.0)
                for known, other in ((n, n + 1), (n + 1, n)):
                    if scores[known] >= ACCEPT > scores[other] >= ACCEPT - lift:
                        scores[other] = ACCEPT


def _nearby(candidates: Sequence[_Candidate], answers: Sequence[Answer], scores: list[float]) -> None:
    """Raise names whose place is near accepted ones: what clusters on the map is no chance."""
    known: dict[str, Place] = {}
    for candidate, answer, score in zip(candidates, answers, scores, strict=True):
        if score >= ACCEPT and answer.place and answer.place.kind not in _NOT_PLACES and len(known) < _KNOWN_MOST:
            known.setdefault(group(candidate.spot), answer.place)
    if not known:
        return
    for n, (candidate, answer) in enumerate(zip(candidates, answers, strict=True)):
        place = answer.place
        if scores[n] >= ACCEPT or place is None or candidate.context.barred or scores[n] < ACCEPT - _NEAR_THREE - 0.2:
            continue
        own = group(candidate.spot)
        others = [other for name, other in known.items() if name != own]
        near = sum(kilometres(place.lat, place.lon, o.lat, o.lon) < _NEAR_KM for o in others)
        division = any(o.admin1 and o.admin1 == place.admin1 and o.country == place.country for o in others)
        lift = (0.0, _NEAR_ONE, _NEAR_TWO, _NEAR_THREE)[min(near, 3)] + (_DIVISION if division else 0.0)
        scores[n] += lift if scores[n] + lift >= ACCEPT else 0.0


def _country(answer: Answer) -> str | None:
    return answer.place.country if answer.place else None


def _joins(between: str, lexicon: Words) -> bool:
    stripped = between.strip(" ,").casefold()
    return between.strip() == "," or between == "/" or (stripped in lexicon.conjunctions and between[:1] in (" ", ","))


def _located(subject: Subject, before: Sequence[Mention]) -> tuple[list[tuple[int, int, bool]], States]:
    """Earlier mentions in folded offsets: taken spans, and the states."""
    folded = subject.view.folded
    taken, states = [], []
    for mention in before:
        if isinstance(mention, QuantityMention) and mention.quantity_class != "money":
            continue  # "two Liverpool men" holds a town
        start, end = folded.locate(mention.start, mention.end)
        if start >= end:
            continue
        if isinstance(mention, StateMention):
            states.append(StateSpan(start, end, mention.value, mention.adjective, mention.metonym))
        taken.append((start, end, isinstance(mention, StateMention) and not mention.metonym))
    taken.sort()
    return taken, States(states)


def _mention(subject: Subject, candidate: _Candidate, answer: Answer, score: float) -> PlaceMention:
    text, start, end = subject.original(candidate.spot.start, candidate.context.end)
    place = answer.place
    if place is None:
        return PlaceMention(text=text, start=start, end=end, value=text)
    return PlaceMention(
        text=text, start=start, end=end, value=place.name, country=place.country, lat=place.lat, lon=place.lon,
        place_type=place.type, radius_km=place.radius_km, confidence=_confidence(answer, place, score),
    )  # fmt: skip


def _confidence(answer: Answer, place: Place, score: float) -> float:
    """The geocoder's confidence times how surely it is a place at all."""
    return round(answer.confidence / (1.0 + exp(-1.2 * (score - 0.8))), 2)
