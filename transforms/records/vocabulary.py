"""The words of several records: moments, codes, and the closed lists that values are taken from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, PlainSerializer

Iso3 = str
"""A state: ISO 3166-1 alpha-3, or a former state's code of ISO 3166-3."""

DateValue = str
"""A day, month, year, week or interval, never finer than said (:mod:`transforms.records`)."""


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, PlainSerializer(_utc, when_used="json")]
"""A moment in time; written in UTC, so that equal moments are equal texts."""

Category = Literal[
    "I", "II", "III", "IV", "V", "VI", "VII", "SALW", "ammunition", "components", "UAV", "air_defence", "missile",
    "transport_aircraft", "explosives", "generic",
]  # fmt: skip
"""UN Register of Conventional Arms category I–VII, else Tocsin's own class (design.md, "Records that others read").

I battle tanks, II armoured combat vehicles, III large-calibre artillery, IV combat aircraft, V attack helicopters,
VI warships, VII missiles and missile launchers. ``missile``: kind not told. ``generic``: bare "weapons", "arms"."""

Stage = Literal[
    "requested", "offered", "announced", "approved", "contracted", "shipped", "delivered", "seized", "refused",
    "in_use", "unspecified",
]  # fmt: skip
"""How far a transfer is said to have come (eval/README.md gives each value's bounds)."""

Standing = Literal["confirmed", "asserted", "alleged", "disputed", "denied"]
"""Who stands behind it: the supplier's or recipient's own word, another's, a hedge, both sides, only the denial."""

PlaceRole = Literal["origin", "transit", "seizure", "delivery", "use"]
"""What a place is to a transfer."""

Reliability = Literal["A", "B", "C", "D", "E", "F"]
"""Admiralty code of a source, from A (completely reliable) to F (cannot be judged)."""

Outcome = Literal["indexed", "irrelevant", "copy", "failed"]
"""How an inbox entry ended; ``failed`` goes with a reason."""
