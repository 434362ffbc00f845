"""What stands beside a toponym and says where it lies: "X, Y", "X (Y)", "X in Y", "Y's X"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.places.gazetteer import Gazetteer, Place
from transforms.places.geocode import Container
from transforms.places.keys import key

_LINK = re.compile(
    r"(?P<comma>, ?(?:in |en |im |i |в |у |في )?(?:the |la |le |el |der |dem )?)"
    r"|(?P<bracket> \()"
    r"|(?P<within>,? (?:in|en|im|în|в|у|в|في) (?:(?:the )?(?:state|province|region|county|district) of |"
    r"(?:the |la |le |el |der )?(?:(?:north|south|east|west|central)\w* )?))"
)
# "Ala.", "N.H.", "W. Va.", "TX", "NSW" after a comma.
_SHORT = re.compile(r", ((?:[A-Z]\.){2,3}|[A-Z]\. ?[A-Z][a-z]{0,2}\.|[A-Z][a-z]{1,5}\.|[A-Z]{2,3}(?!\w))")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}")


@dataclass(frozen=True, slots=True)
class StateSpan:
    """A mention of a state, in the offsets of the text at hand."""

    start: int
    end: int
    iso3: str
    adjective: bool = False
    metonym: bool = False


class States:
    """The mentions of states in a text, found by offset."""

    def __init__(self, spans: Sequence[StateSpan]) -> None:
        self.spans = sorted(spans, key=lambda s: s.start)
        self._starts = [s.start for s in self.spans]

    def overlapping(self, start: int, end: int) -> StateSpan | None:
        """The first mention that shares a character with a span."""
        at = bisect_right(self._starts, end - 1) - 1
        for span in reversed(self.spans[max(0, at - 1) : at + 1]):
            if span.end > start:
                return span
        return None

    def starting(self, at: int, slack: int = 0) -> StateSpan | None:
        """The mention that begins at an offset or at most ``slack`` after it."""
        n = bisect_left(self._starts, at)
        if n < len(self.spans) and self._starts[n] <= at + slack:
            return self.spans[n]
        return None

    def ending(self, at: int, slack: int) -> StateSpan | None:
        """The mention that ends at most ``slack`` before an offset."""
        n = bisect_left(self._starts, at) - 1
        if n >= 0 and at - slack <= self.spans[n].end <= at:
            return self.spans[n]
        return None


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What a qualifier says. said: it also shows that the name is a place ("X, Y" does, "US Command" does not)."""

    containers: tuple[Container, ...] = ()
    said: bool = False


_NONE = Qualifier()


def qualifier(text: str, start: int, end: int, gazetteer: Gazetteer, states: States) -> Qualifier:
    """The readings of a toponym's qualifier; none where it has none."""
    link = _LINK.match(text, end)
    if link:
        found = _after(text, link, gazetteer, states)
        if found:
            return Qualifier(found, said=True)
    holder = states.ending(start, 3)
    if holder and not holder.metonym:
        between = text[holder.end : start]
        if between in ("'s ", "’s ", "' ") or (between == " " and holder.adjective):
            return Qualifier((Container(holder.iso3),), said=between != " ")
    return _NONE


def abbreviated(text: str, end: int, gazetteer: Gazetteer) -> tuple[int, int, tuple[Place, ...]] | None:
    """The abbreviated division that follows a toponym's comma ("Troy, Ala."), with its readings; null for none."""
    short = _SHORT.match(text, end)
    if short is None:
        return None
    places = tuple(p for p in gazetteer.by_key(key(short[1])) if p.grade == 3)
    return (*short.span(1), places) if places else None


def _after(text: str, link: re.Match[str], gazetteer: Gazetteer, states: States) -> tuple[Container, ...]:
    at = link.end()
    state = states.starting(at)
    strong = link["within"] is None
    if state and not state.adjective:
        # "in X, China said" has no container; "X, Russia" and "X in Russia" have.
        if state.metonym:
            return ()
        return (Container(state.iso3),)
    name = _NAME.match(text, at)
    if not name or not (name[0][0].isupper() or not name[0][0].islower()):
        return ()
    words = name[0].split(" ")
    for size in range(len(words), 0, -1):
        said = " ".join(words[:size])
        places = gazetteer.by_key(key(said))
        divisions = [p for p in places if _divides(p, said, strong)]
        if divisions and places[0] not in divisions:
            # "Houston, Philadelphia and Boston" is a list; "Albany, New York" need not be one.
            divisions = [p for p in divisions if p.grade == 0 and p.weight > 5]
            return tuple(dict.fromkeys(_container(p, weak=True) for p in divisions))
        if divisions:
            return tuple(dict.fromkeys(_container(p) for p in divisions))
        if size == 1 and said.endswith("'s"):
            continue
    return ()


def _divides(place: Place, said: str, strong: bool) -> bool:
    if place.grade == 3:
        return strong and (said.endswith(".") or said.isupper())
    if place.type == "state":
        return True
    return place.type in ("province", "region") and place.kind != "world_region" and bool(place.admin1 or place.country)


def _container(place: Place, weak: bool = False) -> Container:
    return Container(place.country, place.admin1 if place.type == "province" else "", weak)
