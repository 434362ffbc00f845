"""Whether a document is arms-transfer reporting, and what it claims: one decision, because a claim is the best sign.

The weights of :mod:`transforms.recognise.relevance` were fitted on long articles; a short one with a plain claim stays
under their threshold. On 91 documents without a transfer (72 of the unlabelled ones, 19 held out) AssembleClaims made
no claim at all, so a claim settles it.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.claims import Assembly, explain
from transforms.recognise.context import Subject
from transforms.recognise.relevance import relevant
from transforms.records import Claim, Mention, Passage


def judge(subject: Subject, mentions: Sequence[Mention], passages: Sequence[Passage]) -> tuple[bool, tuple[Claim, ...]]:
    """Relevance and claims of a document; what is not relevant has none. Pure; never raises for any text."""
    verdict, assembly = judge_aloud(subject, mentions, passages)
    return verdict, tuple(assembly.claims)


def judge_aloud(subject: Subject, mentions: Sequence[Mention], passages: Sequence[Passage]) -> tuple[bool, Assembly]:
    """As :func:`judge`, with what was refused as a claim and why."""
    assembly = explain(subject, mentions, passages)
    return bool(assembly.claims) or relevant(subject, mentions), assembly
