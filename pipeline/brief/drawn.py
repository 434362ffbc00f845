"""The signs of a map of transfers, as plain values: what the brief's and browse's have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """Supplier → recipient on the map: a curve, and where its head is and points (degrees).

    style: ``firm``, ``alleged`` or ``contested``; weight: 1–5. title: for hover and screen readers.
    """

    path: str
    x: float
    y: float
    angle: float
    style: str
    weight: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in a role, in the map's units."""

    x: float
    y: float
    role: str
    title: str
