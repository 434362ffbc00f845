"""What the recognisers find in a text, each at its place in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.records.vocabulary import Category, DateValue, Iso3


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMention:
    """A state by name, alias, demonym or metonym ("the Kremlin"). ``adjective``: "Russian" as against "Russia"."""

    kind: Literal["state"] = "state"
    text: str
    start: int
    end: int
    value: Iso3
    metonym: bool = False
    adjective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponMention:
    """A weapon: a system by name (``named``) or a noun ("ballistic missiles").

    value: canonical name (catalogue record, or noun in the singular); family: the catalogue's family, where it has one.
    origins: states that developed or make the system; no claim of supply follows from it.
    known: false for a designation that only the designator grammar recognised.
    """

    kind: Literal["weapon"] = "weapon"
    text: str
    start: int
    end: int
    value: str
    category: Category
    named: bool = False
    family: str | None = None
    origins: tuple[Iso3, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date or span of time; ``value`` as :mod:`transforms.records` says."""

    kind: Literal["date"] = "date"
    text: str
    start: int
    end: int
    value: DateValue


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A place below state level, or a sea, strait or region. Coordinates are null while unresolved.

    radius_km is the half-width of what is meant; roles ("struck", "bound for") are decided by AssembleClaims.
    """

    kind: Literal["place"] = "place"
    text: str
    start: int
    end: int
    value: str
    country: Iso3 | None = None
    lat: float | None = None
    lon: float | None = None
    place_type: str | None = None
    radius_km: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityMention:
    """A number with what it counts. Exactly one of ``number`` and ``min``/``max`` is set.

    quantity_class: ``goods`` (pieces, rounds, containers, tonnes of arms), ``money`` (``currency``, ISO 4217, full
        amount) or ``other``. unit: ``piece``, ``round``, ``container``, ``tonne``…; of: the goods noun as written.
    approx: "about", "nearly"; exclusive: "more than", "fewer than" (the bound itself is not meant).
    target: start offset of the weapon mention counted, where there is one.
    """

    kind: Literal["quantity"] = "quantity"
    text: str
    start: int
    end: int
    quantity_class: Literal["goods", "money", "other"]
    number: float | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    currency: str | None = None
    of: str | None = None
    approx: bool = False
    exclusive: bool = False
    target: int | None = None


Mention = StateMention | WeaponMention | DateMention | PlaceMention | QuantityMention
