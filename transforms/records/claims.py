"""Who is said to have supplied what to whom: one claim of one document, and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.records.vocabulary import Category, DateValue, Iso3, PlaceRole, Stage, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A side of a transfer: a state, a non-state actor, or unknown (both null).

    iso3: the state; never set together with ``actor``.
    actor: canonical id in the actors catalogue (armed group, company, broker, organisation).
    name: as the document has it; may be set for an unknown party that is in no catalogue.
    """

    iso3: Iso3 | None = None
    actor: str | None = None
    name: str | None = None

    @property
    def key(self) -> str:
        """What identity is decided by: the state, else the actor, else ``unknown`` (design.md, "A party")."""
        return self.iso3 or self.actor or "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who asserts or denies: the name as reported, and the state they speak for (null for media, researchers, UN)."""

    name: str
    iso3: Iso3 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One kind of goods in a claim. value and family as in :class:`WeaponMention`."""

    value: str
    category: Category
    family: str | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number of pieces, with its unit: ``number``, or bounds."""

    number: float | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    approx: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A value in full units of an ISO 4217 currency; bound ``max`` is a ceiling ("up to")."""

    amount: float
    currency: str
    bound: Literal["max", "min", "about"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A vessel (name, IMO, flag) or an aircraft (registration, operator) that carried the goods."""

    kind: Literal["vessel", "aircraft"]
    name: str | None = None
    imo: str | None = None
    flag: Iso3 | None = None
    registration: str | None = None
    operator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPlace:
    """A place in a role, with the geocoder's answer once it has been through Geocode."""

    role: PlaceRole
    text: str
    start: int
    end: int
    value: str | None = None
    country: Iso3 | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    place_type: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One supplier–recipient–goods–stage as one document has it.

    id: hash of document, span, parties, goods and stage. document: the id the text came with.
    quantity and value are this claim's own, not the document's total. quantity_stage tells ordered from delivered.
    date: of the transfer, not of the report. start/end and quote: the shortest span that carries the claim.
    confidence: 0–1, the cross-validated share of claims like this one that were right (docs/claims.md).
    frame: the frame that matched, with reasons (what ``tocsin explain`` shows).
    """

    id: str
    document: str
    supplier: Party
    recipient: Party
    transit: tuple[Party, ...] = ()
    broker: Party | None = None
    end_user: Party | None = None
    goods: tuple[Goods, ...] = ()
    quantity: Amount | None = None
    value: Money | None = None
    carriers: tuple[Carrier, ...] = ()
    markings: tuple[str, ...] = ()
    stage: Stage = "unspecified"
    standing: Standing = "asserted"
    asserted_by: tuple[Voice, ...] = ()
    denied_by: tuple[Voice, ...] = ()
    date: DateValue | None = None
    places: tuple[ClaimPlace, ...] = ()
    start: int
    end: int
    quote: str
    confidence: float = 0.5
    frame: str = ""
    reasons: tuple[str, ...] = ()
    copy_of: str | None = None
