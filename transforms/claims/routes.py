"""Places by role outside a claim's own clause: ports of a route, towns that were struck, places passed through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.claims.binding import as_claim_place
from transforms.claims.draft import Draft, side
from transforms.claims.model import Sentence, Unit
from transforms.claims.tags import Tags, has

_NEAR = 9  # units from "struck" to the town
_MOST = 12  # places of one kind that a document may give its claims


@dataclass(slots=True)
class Routes:
    """struck: towns hit. ports: places in sentences about ships or ports. passed: places that goods went through."""

    struck: list[Unit] = field(default_factory=list)
    ports: list[Unit] = field(default_factory=list)
    passed: list[Unit] = field(default_factory=list)

    def take(self, s: Sentence, tags: Tags) -> None:
        """Read one sentence."""
        shipping = any(unit.classes & {"vessel", "port"} for unit in s.units)
        for i, unit in enumerate(s.units):
            if unit.place is None:
                continue
            before = s.units[max(0, i - _NEAR) : i]
            chained = (
                i >= 2
                and has(s.units[i - 1], "conjunction")
                and bool(self.struck)
                and self.struck[-1] is s.units[i - 2]
            )
            if any(has(u, "strike") for u in before) or chained:
                self.struck.append(unit)
            elif tags.governed(i) == "via":
                self.passed.append(unit)
            elif shipping:
                self.ports.append(unit)

    def give(self, drafts: Sequence[Draft]) -> None:
        """Add the places to the claims that they can only belong to."""
        for draft in drafts:
            _by_country(draft)
            if draft.stage == "in_use":
                _add(draft, "use", self.struck)
        pairs = {draft.pair for draft in drafts if "?" not in draft.pair}
        if len(pairs) != 1:
            return
        moved = [d for d in drafts if d.stage in ("delivered", "shipped", "seized", "refused") and "?" not in d.pair]
        for draft in moved[:1]:
            _add(draft, "transit", self.passed)
            ends = {"origin": side(draft.supplier).iso3, "delivery": side(draft.recipient).iso3}
            for role, iso3 in ends.items():
                _add(draft, role, [u for u in self.ports if iso3 and u.place and u.place.country == iso3])


def _add(draft: Draft, role: str, units: Sequence[Unit]) -> None:
    known = {place.text for place in draft.places}
    for unit in units[:_MOST]:
        if unit.place is not None and unit.place.text not in known:
            known.add(unit.place.text)
            draft.places.append(as_claim_place(role, unit))  # type: ignore[arg-type]


def _by_country(draft: Draft) -> None:
    """A place on the way that lies in the supplier's state is where it began, in the recipient's where it ended."""
    ends = {side(draft.supplier).iso3: "origin", side(draft.recipient).iso3: "delivery"}
    draft.places = [
        replace(place, role=ends[place.country])  # type: ignore[arg-type]
        if place.role == "transit" and place.country in ends and place.country is not None
        else place
        for place in draft.places
    ]
