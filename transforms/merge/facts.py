"""What identity is decided by: the facts of one claim, in forms that can be compared across languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from transforms.records import Amount, Claim, Party, Report, Stage
from transforms.spans import Span, parse

UNKNOWN = "unknown"
COPY = "@"
"""Between a lead's claim id and the copy's document id in the id of a copy's claim."""

RELATED = (
    frozenset({"missile", "VII", "air_defence"}),
    frozenset({"ammunition", "III", "explosives"}),
    frozenset({"II", "I"}),
    frozenset({"UAV", "VII"}),
    frozenset({"SALW", "ammunition"}),
    frozenset({"IV", "transport_aircraft"}),
)
"""Kinds that reports of one cargo confuse, or name the one for the other."""

Phase = Literal["ahead", "happened", "stopped", "open"]
_PHASES: dict[Stage, Phase] = {
    "requested": "ahead",
    "offered": "ahead",
    "announced": "ahead",
    "approved": "ahead",
    "contracted": "ahead",
    "shipped": "happened",
    "delivered": "happened",
    "in_use": "happened",
    "seized": "stopped",
    "refused": "stopped",
    "unspecified": "open",
}
_FLOW_DAYS = 90
"""A transfer told as lasting longer is a standing flow: one voyage or lot takes weeks, a quarter holds several."""
_SPACES = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of a claim, or of a lead's claim with those of its copies.

    id: of the claim (of the lead's, for copies). story: id of the story's lead article.
    names: named systems, by family where there is one. kinds: nouns. amount: (least, most, unit); ``most`` is infinite
    for "more than". when: the transfer's date; told: the earliest publication. flow: told as going on for months.
    """

    id: str
    document: str
    story: str
    supplier: str
    recipient: str
    names: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    amount: tuple[float, float, str] | None = None
    approximate: bool = False
    money: tuple[float, str, str | None] | None = None
    when: Span | None = None
    told: Span | None = None
    flow: bool = False
    stage: Stage = "unspecified"
    carriers: frozenset[str] = frozenset()
    places: frozenset[tuple[str, str]] = frozenset()
    points: tuple[tuple[str, float, float], ...] = ()
    markings: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        """Of what nearly always tells two apart: facts are looked up far more often than they differ in the rest."""
        return hash((self.id, self.document, self.stage))

    @property
    def phase(self) -> Phase:
        """Whether the stage lies ahead of the transfer, in it or after it, or says that it was stopped."""
        return _PHASES[self.stage]


def base_id(claim: Claim) -> str:
    """Id of the lead's claim that this one is, or repeats."""
    return claim.id.partition(COPY)[0] if claim.copy_of else claim.id


def facts_of(claim: Claim, report: Report | None) -> Facts:
    """The facts of a claim as its article tells them; ``report`` is that article's, where it is known."""
    when = parse(claim.date)
    named = [goods for goods in claim.goods if goods.named]
    facts = Facts(
        id=base_id(claim),
        document=claim.copy_of or claim.document,
        story=claim.copy_of or (report.copy_of if report else None) or claim.document,
        supplier=party_key(claim.supplier),
        recipient=party_key(claim.recipient),
        names=frozenset(plain(goods.family or goods.value) for goods in named),
        kinds=frozenset(plain(goods.value) for goods in claim.goods if not goods.named and goods.category != "generic"),
        categories=frozenset(goods.category for goods in claim.goods if goods.category != "generic"),
        amount=bounds(claim.quantity),
        approximate=bool(claim.quantity and claim.quantity.approx),
        money=(claim.value.amount, claim.value.currency, claim.value.bound) if claim.value else None,
        when=when,
        told=parse(report.published) if report else None,
        flow=tells_flow(claim),
        stage=claim.stage,
        carriers=frozenset(
            plain(name) for c in claim.carriers for name in (c.imo, c.registration, c.name) if name and plain(name)
        ),
        places=frozenset((place.role, plain(place.value or place.text)) for place in claim.places),
        points=tuple(sorted((p.role, p.lat, p.lon) for p in claim.places if p.lat is not None and p.lon is not None)),
        markings=frozenset(plain(marking) for marking in claim.markings),
        voices=frozenset(plain(voice.name) for voice in claim.asserted_by),
    )
    return _interned(facts)


@lru_cache(maxsize=8192)
def _interned(facts: Facts) -> Facts:
    """The same object for the same facts, so that what was worked out about them is found by identity."""
    return facts


def tells_flow(claim: Claim) -> bool:
    """Whether the claim tells of deliveries over months and not of one."""
    span = parse(claim.date) if claim.date and "/" in claim.date else None
    return span is not None and span.days >= _FLOW_DAYS


def party_key(party: Party) -> str:
    """The party's key (:attr:`Party.key`); a name in no catalogue is a party too, but one that is only itself."""
    if party.iso3 is None and party.actor is None and party.name and plain(party.name):
        return f"name:{plain(party.name)}"
    return party.key


def is_unknown(key: str) -> bool:
    """Whether a party is not told, or only by a name in no catalogue: it joins a known one only within one story."""
    return key == UNKNOWN or key.startswith("name:")


def bounds(amount: Amount | None) -> tuple[float, float, str] | None:
    """Least and most pieces, and their unit (``piece`` where none is told)."""
    if amount is None or (amount.number is None and amount.min is None and amount.max is None):
        return None
    if amount.number is not None:
        return (amount.number, amount.number, amount.unit or "piece")
    return (amount.min or 0.0, float("inf") if amount.max is None else amount.max, amount.unit or "piece")


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Letters and digits alone, without case and accents: "F‑16 C/D" and "f-16c/d" are one, "Mersín" is "mersin"."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return _SPACES.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))
