"""The confidence of a claim: the share of claims of its class that were right, told cautiously (docs/claims.md)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from transforms.knowledge import load

FILE = Path(__file__).with_name("confidence.yaml")
_HEDGE = 0.85  # what the text itself says with reserve is less sure by as much as one claim in seven


class Share(BaseModel):
    """How many claims of a class were right, of how many."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    right: int = Field(ge=0)
    of: int = Field(ge=0)

    @property
    def value(self) -> float:
        """The share with two claims added, one right and one wrong, so that a small class claims little."""
        return (self.right + 1) / (self.of + 2)


@cache
def _table() -> dict[str, Share]:
    return load(FILE, TypeAdapter(dict[str, Share]))


def class_of(noun: bool, filled: int) -> str:
    """The class that a claim is judged by."""
    return f"{'noun' if noun else 'verb'}-{'filled' if filled else 'told'}"


def confidence(noun: bool, filled: int, hedged: bool) -> float:
    """0–1. noun: of its frame. filled: sides that context supplied. hedged: the text itself doubts it."""
    share = _table().get(class_of(noun, filled), Share(right=0, of=0)).value
    return round(share * (_HEDGE if hedged else 1.0), 3)


def calibrate(rows: Iterable[tuple[str, str, bool]]) -> dict[str, Share]:
    """The table from judged claims: (document, class, right)."""
    counts: dict[str, list[int]] = {}
    for _, name, right in rows:
        count = counts.setdefault(name, [0, 0])
        count[0] += right
        count[1] += 1
    return {name: Share(right=right, of=of) for name, (right, of) in sorted(counts.items())}


def reliability(rows: Iterable[tuple[str, str, bool]]) -> dict[str, tuple[float, float, int]]:
    """Cross-validated by document: for each class, mean confidence given without the claim's own document, share that
    was right, and number of claims."""
    judged = list(rows)
    out: dict[str, list[tuple[float, bool]]] = {}
    for document in {row[0] for row in judged}:
        table = calibrate(row for row in judged if row[0] != document)
        for _, name, right in (row for row in judged if row[0] == document):
            share = table.get(name, Share(right=0, of=0))
            out.setdefault(name, []).append((share.value, right))
    return {
        name: (sum(c for c, _ in pairs) / len(pairs), sum(r for _, r in pairs) / len(pairs), len(pairs))
        for name, pairs in sorted(out.items())
    }
