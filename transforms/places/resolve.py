"""Given spans to coordinates: every toponym of a document, states and continents too, where the spans are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from transforms.places.gazetteer import Gazetteer, Place, gazetteer
from transforms.places.geocode import Answer, Evidence, Toponym, geocode
from transforms.places.keys import key
from transforms.places.names import find
from transforms.places.qualifiers import States, StateSpan, qualifier
from transforms.records import Document, StateMention

if TYPE_CHECKING:
    from transforms.recognise.states.recogniser import StateRecogniser

_EDGES = re.compile(r"^(?:the|downtown|greater|la|le|el) |(?:'s|’s|s')$", re.IGNORECASE)
_DIRECTION = re.compile(
    r"^(?:(?:north|south|east|west|central|mid|up|down|inner|upper|lower)\w*[ -])+|"
    r" (?:city|town|area|metro|metropolitan area|state|government|county|province|region)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer for a span. lat, lon are null where the gazetteer has no such name."""

    start: int
    end: int
    name: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    place_type: str | None = None
    confidence: float = 0.0
    alternatives: tuple[Place, ...] = ()


def resolve(
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    states: Sequence[StateMention] | None = None,
    home: str | None = None,
    language: str | None = "en",
    places: Gazetteer | None = None,
) -> list[Resolved]:
    """Resolve given spans (offsets into ``text``), an answer for each in order.

    states: mentions of states, found here where null. home: the publisher's state (ISO alpha-3), where known.
    """
    places = places or gazetteer()
    found = _states(text, language) if states is None else states
    held = States([StateSpan(s.start, s.end, s.value, s.adjective, s.metonym) for s in found])
    toponyms = [_toponym(text, start, end, held, language, places) for start, end in spans]
    evidence = Evidence.of([(s.start, s.iso3) for s in held.spans], home, language)
    answers = geocode(toponyms, evidence)
    return [_resolved(span, answer) for span, answer in zip(spans, answers, strict=True)]


def _toponym(text: str, start: int, end: int, states: States, language: str | None, places: Gazetteer) -> Toponym:
    name = text[start:end]
    candidates, said = _candidates(name, language, places)
    state = states.overlapping(start, end)
    is_state = None
    if (
        state
        and not state.metonym
        and (
            state.end - state.start >= 0.6 * (end - start)
            or not candidates
            or key(said) == key(text[state.start : state.end])
        )
    ):
        is_state = state.iso3
        known = [p for p in candidates if p.type == "state" and p.country == state.iso3]
        candidates = tuple(known) or _state(state.iso3, places) or candidates
    return Toponym(
        start,
        end,
        key(said),
        candidates,
        qualifier(text, start, end, places, states).containers,
        _kinds(name),
        is_state,
    )


def _candidates(name: str, language: str | None, places: Gazetteer) -> tuple[tuple[Place, ...], str]:
    """Candidates of a span as written, then of what is left without articles, directions and generic words."""
    tried = name
    for strip in (None, _EDGES, _DIRECTION):
        if strip is not None:
            tried = strip.sub("", tried).strip()
        found = find(places, tried, language).places
        short = tuple(_full(p) for p in found if p.grade == 3)
        if short and (name.endswith(".") or (name.isupper() and len(name) == 2)):  # an abbreviated division by itself
            return short, tried
        if any(p.grade < 3 for p in found):
            return found, tried
    words = tried.split()
    for size in range(len(words) - 1, 0, -1):
        for first in (len(words) - size, 0):
            part = " ".join(words[first : first + size])
            found = places.by_key(key(part)) if part[:1].isupper() else ()
            if found and found[0].grade < 3 and (size > 1 or found[0].weight > 4.5):
                return found, part
    return (), name


def _full(place: Place) -> Place:
    return Place(
        place.id, place.name, place.kind, place.country, place.admin1, place.lat, place.lon, place.radius_km,
        place.weight, 1,
    )  # fmt: skip


def _kinds(name: str) -> frozenset[str]:
    if re.search(r"\b(?:County|Province|Oblast|Governorate|District|Parish)$", name):
        return frozenset({"province"})
    return frozenset()


def _state(iso3: str, places: Gazetteer) -> tuple[Place, ...]:
    place = places.state(iso3)
    return (place,) if place else ()


def _resolved(span: tuple[int, int], answer: Answer) -> Resolved:
    place = answer.place
    if place is None:
        return Resolved(*span)
    return Resolved(
        *span, place.name, place.country, place.lat, place.lon, place.radius_km, place.type, answer.confidence,
        answer.alternatives,
    )  # fmt: skip


@cache
def _recogniser() -> StateRecogniser:
    from transforms.recognise.states.recogniser import StateRecogniser

    return StateRecogniser()


def _states(text: str, language: str | None) -> Sequence[StateMention]:
    from transforms.recognise.context import Subject
    from transforms.text import view

    return _recogniser().find(Subject(Document(id="", text=text), view(text), language), ())
