"""What sentences are made of: words, parties, goods, dates, places and sums. Offsets are into the folded text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.claims.actors import Sort
from transforms.records import DateMention, PlaceMention, QuantityMention, WeaponMention

Kind = Literal["word", "party", "goods", "date", "place", "money", "count"]
Head = Literal["self", "goods", "organ", "vessel", "port", "people", "other"]


@dataclass(slots=True)
class Party:
    """Who a unit stands for. head: what an adjective or possessive belongs to; ``self`` for the party itself.

    sort tells how it is known; ``name`` is the canonical name of an actor, else what the text has.
    """

    sort: Sort
    iso3: str | None
    actor: str | None
    name: str
    host: str | None = None
    adjective: bool = False
    possessive: bool = False
    head: Head = "self"

    @property
    def key(self) -> str:
        return self.iso3 or self.actor or self.name.lower()

    @property
    def can_supply(self) -> bool:
        """Whether it can be a side of a transfer: media, researchers and UN bodies cannot."""
        return self.sort not in ("medium", "research", "un", "body")


@dataclass(slots=True)
class Goods:
    """Goods of one unit. origin: the state of an adjective before or after it ("Iranian drones")."""

    weapons: list[WeaponMention]
    quantity: QuantityMention | None = None
    origin: Party | None = None


@dataclass(slots=True)
class Unit:
    """One item of a sentence; ``low`` is its text in lower case."""

    kind: Kind
    low: str
    start: int
    end: int
    party: Party | None = None
    goods: Goods | None = None
    date: DateMention | None = None
    place: PlaceMention | None = None
    quantity: QuantityMention | None = None
    classes: frozenset[str] = frozenset()
    capital: bool = False


@dataclass(slots=True)
class Sentence:
    """A sentence's units. voice_state: whom a UN speaker's passage speaks for (name, state)."""

    index: int
    paragraph: int
    start: int
    end: int
    units: list[Unit]
    lows: list[str]
    speaker: tuple[str, str | None] | None = None
    question: bool = False
    quoted: bool = False
