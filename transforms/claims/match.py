"""What a match is: one trigger of one sentence with its argument places."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.frames import Modifier, Trigger
from transforms.claims.model import Party, Sentence, Unit
from transforms.claims.tags import Tags, has
from transforms.records import Stage


@dataclass(slots=True)
class Slot:
    """A party in an argument place. at: its unit in the sentence; None where it was carried over. how: for reasons."""

    party: Party
    at: int | None
    how: str


@dataclass(slots=True)
class Deal:
    """Goods with their recipients or their sources, where one trigger tells of several ("36 jets to A and 24 to B",
    "tanks from A and drones from B")."""

    goods: list[int] = field(default_factory=list)
    recipients: list[Slot] = field(default_factory=list)
    suppliers: list[Slot] = field(default_factory=list)


@dataclass(slots=True)
class Match:
    """One trigger of one sentence with its arguments, before reference and context complete them.

    at, past: the trigger's units. left, right: the clause's. lo, hi: the units that carry the evidence.
    pronoun: the class of a subject that refers back. goods_pronoun: the goods do. count: a bare number of goods.
    """

    sentence: Sentence
    tags: Tags
    trigger: Trigger
    at: int
    past: int
    left: int
    right: int
    lo: int
    hi: int
    stage: Stage
    suppliers: list[Slot] = field(default_factory=list)
    recipients: list[Slot] = field(default_factory=list)
    via: list[Slot] = field(default_factory=list)
    partners: list[Slot] = field(default_factory=list)
    agents: list[Slot] = field(default_factory=list)
    by: list[Slot] = field(default_factory=list)
    goods: list[int] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    pronoun: str | None = None
    object_pronoun: str | None = None
    owner: Slot | None = None
    siblings: list[Match] = field(default_factory=list)
    goods_pronoun: bool = False
    count: int | None = None
    vessel: bool = False
    passive: bool = False
    negated: bool = False
    hedged: bool = False
    official: bool = False
    modifier: Modifier | None = None
    notes: list[str] = field(default_factory=list)

    def touch(self, *places: int | None) -> None:
        """Stretch the evidence over units."""
        for i in places:
            if i is not None:
                self.lo, self.hi = min(self.lo, i), max(self.hi, i + 1)


def is_party(unit: Unit) -> bool:
    """Whether a unit can be a side of a transfer: a party that is no mere attribute, and no medium or UN body."""
    party = unit.party
    if party is None or not party.can_supply:
        return False
    return party.head in ("self", "organ") and not (party.possessive and party.head == "self")


def as_slot(unit: Unit, at: int, how: str) -> Slot:
    """The slot of a party unit."""
    assert unit.party is not None
    return Slot(unit.party, at, how)


def money_from(m: Match, at: int) -> bool:
    """Whether what stands at ``at`` only brought in the money that is told of ("profits from arms sales went to")."""
    units = m.sentence.units
    for i in range(max(m.left, at - 8), at - 1):
        after = m.tags.marker_of.get(i + 1)
        if (has(units[i], "sum") and after in ("source", "of")) or (units[i].kind == "money" and after == "source"):
            return True
    return False
