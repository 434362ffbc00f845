"""Whether a document is arms-transfer reporting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from transforms.knowledge import load
from transforms.recognise.context import Subject
from transforms.recognise.relevance.features import Features, features
from transforms.records import Mention


class Weight(BaseModel):
    """One line of weights.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: float
    cap: int = Field(ge=1)


class Weights(BaseModel):
    """weights.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bias: float
    counts: dict[str, Weight]


@cache
def weights() -> Weights:
    """The weights, loaded once. Raises KnowledgeError."""
    return load(Path(__file__).with_name("weights.yaml"), TypeAdapter(Weights))


def score(counted: Features) -> float:
    """The sum that decides: above nought is relevant."""
    chosen, counts = weights(), asdict(counted)
    return chosen.bias + sum(w.weight * min(float(counts[name]), w.cap) for name, w in chosen.counts.items())


def relevant(subject: Subject, mentions: Sequence[Mention]) -> bool:
    """Whether the document reports a transfer of arms: supplied, offered, refused, seized or asked for.

    mentions: what the recognisers found in it (weapons and states are used).
    """
    return score(features(subject, mentions)) > 0
