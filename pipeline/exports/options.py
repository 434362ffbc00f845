"""What an export can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Format = Literal["jsonl", "csv", "geojson", "stix", "parquet"]

BINARY: frozenset[Format] = frozenset({"parquet"})
"""Formats that are no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How an export is made.

    since: only what is as new. bom: CSV begins with a byte order mark. lines: GeoJSON has lines from supplier to
    recipient. per_bundle: events of a STIX bundle at most. claims: Parquet's events carry theirs.
    """

    since: datetime | None = None
    bom: bool = False
    lines: bool = False
    per_bundle: int | None = None
    claims: bool = True
