"""A claim in the making: one supplier, one recipient, one lot of goods, before drafts of the same thing are merged."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.match import Match, Slot
from transforms.claims.model import Unit
from transforms.records import Amount, ClaimPlace, Money, Party, Stage, Voice, WeaponMention


@dataclass(slots=True)
class Draft:
    """start, end: folded offsets of the evidence. accused: told as an accusation by nobody named.

    bare: a sum whose goods are still to be told. headline: told by the title.
    only_denied: told only inside a denial. filled: how many of the two sides context had to supply.
    """

    match: Match
    supplier: Slot | None
    recipient: Slot | None
    goods: list[Unit]
    stage: Stage
    start: int
    end: int
    amount: Amount | None = None
    money: Money | None = None
    date: str | None = None
    asserters: list[Voice] = field(default_factory=list)
    deniers: list[Voice] = field(default_factory=list)
    transit: list[Slot] = field(default_factory=list)
    places: list[ClaimPlace] = field(default_factory=list)
    hedged: bool = False
    accused: bool = False
    only_denied: bool = False
    official: bool = False
    filled: int = 0
    bare: bool = False
    headline: bool = False
    reasons: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> int:
        return self.match.sentence.index

    @property
    def pair(self) -> tuple[str, str]:
        return (key(self.supplier), key(self.recipient))

    @property
    def weapons(self) -> list[WeaponMention]:
        """What is meant, each once; bare "weapons" only where nothing more is told."""
        seen: dict[str, WeaponMention] = {}
        for unit in self.goods:
            for weapon in unit.goods.weapons if unit.goods else ():
                seen.setdefault(weapon.value, weapon)
        return list(seen.values())

    @property
    def categories(self) -> set[str]:
        return {str(w.category) for w in self.weapons} - {"generic"}


def side(slot: Slot | None) -> Party:
    """The record of a side: a company stands for the state it is seated in, an unknown one for nothing."""
    if slot is None:
        return Party()
    party = slot.party
    if party.sort == "company" and party.host:
        return Party(iso3=party.host, name=party.name)
    if party.iso3 is not None:
        return Party(iso3=party.iso3, name=party.name)
    return Party(actor=party.actor, name=party.name)


def key(slot: Slot | None) -> str:
    """What two sides are compared by."""
    record = side(slot)
    return record.iso3 or record.actor or (record.name or "?").lower()


def categories_meet(a: Draft, b: Draft) -> bool:
    """Whether two drafts may be about the same goods: bare "weapons" may be anything, a "missile" of any kind."""
    one, other = a.categories, b.categories
    if not one or not other or one & other:
        return True
    kinds = {"VII", "air_defence"}
    return ("missile" in one and bool(kinds & other)) or ("missile" in other and bool(kinds & one))
