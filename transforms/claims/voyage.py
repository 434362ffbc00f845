"""A ship's way through a report: where it left and where it came in, for cargo whose sides are not told."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.claims.model import Party, Sentence, Unit
from transforms.claims.tags import Tags, has

_WITHIN = 10


@dataclass(slots=True)
class Voyage:
    """The first departure and the last arrival told, with their sentences; turned: it went back.

    arrived: it came in; otherwise the destination is where it was bound."""

    origin: Party | None = None
    origin_place: Unit | None = None
    destination: Party | None = None
    destination_place: Unit | None = None
    date: str | None = None
    arrived: bool = False
    turned: Unit | None = None
    turned_sentence: Sentence | None = None

    def take(self, s: Sentence, tags: Tags) -> None:
        """Read one sentence."""
        for a, b, tag in tags.voyage:
            if any(has(u, "negation") for u in s.units[max(0, a - 4) : a]):
                continue
            if tag == "turn":
                self.turned, self.turned_sentence = s.units[a], s
                continue
            where = s.units[b : b + _WITHIN]
            party, place = _port(where)
            if party is None:
                continue
            if tag == "depart" and self.origin is None:
                self.origin, self.origin_place = party, place
                self._onward(s, tags, b)
            elif tag == "toward" and self.destination is None:
                self.destination, self.destination_place = party, place
            elif tag == "arrive":
                first = not self.arrived
                self.arrived = True
                if (first or place is not None) and (first or self.destination_place is None):
                    self.destination, self.destination_place = party, place
                    dated = [u for u in s.units if u.kind == "date" and u.date]
                    self.date = dated[-1].date.value if dated and dated[-1].date else self.date

    def _onward(self, s: Sentence, tags: Tags, start: int) -> None:
        """ "on passage from Ukraine to Kenya": where a departure is told together with the way on."""
        for i in range(start, min(len(s.units), start + _WITHIN)):
            if tags.marker_of.get(i) == "to" and self.destination is None:
                party, place = _port(s.units[i + 1 : i + 4])
                if party is not None and (self.origin is None or party.key != self.origin.key):
                    self.destination, self.destination_place = party, place
                return


def _port(units: list[Unit]) -> tuple[Party | None, Unit | None]:
    """The state of a port and the port, from the words after "left" or "docked in"."""
    party: Party | None = None
    for unit in units:
        if has(unit, "breaker") or unit.low in (".", ";"):
            break
        if unit.party is not None and unit.party.sort == "state" and party is None:
            party = unit.party
        if unit.place is not None:
            if party is None and unit.place.country:
                party = Party("state", unit.place.country, None, unit.place.text, unit.place.country)
            return party, unit
    return party, None
