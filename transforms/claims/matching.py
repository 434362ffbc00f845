"""Frames over one sentence: each trigger with what stands in its argument places. Other sentences come in later."""

from __future__ import annotations

from transforms.claims.match import Match
from transforms.claims.model import Sentence
from transforms.claims.nouns import read_noun
from transforms.claims.tags import Tags
from transforms.claims.verbs import read_verb


def matches(sentence: Sentence, tags: Tags) -> list[Match]:
    """All triggers of a sentence with their arguments, in order."""
    found: list[Match] = []
    for a, b, trigger in tags.triggers:
        left, right = _clause(sentence, tags, a, b)
        match = Match(sentence, tags, trigger, a, b, left, right, a, b, trigger.stage)
        if trigger.voice == "noun":
            read_noun(match)
        else:
            read_verb(match)
        found.append(match)
    for match in found:
        match.siblings = [m for m in found if m is not match]
    return found


def _clause(s: Sentence, tags: Tags, a: int, b: int) -> tuple[int, int]:
    """The units around a trigger that may hold its arguments: up to a breaker on either side."""
    left, right = a, b
    while left > 0 and not tags.wall(left - 1):
        left -= 1
    while right < len(s.units) and not tags.wall(right):
        right += 1
    return left, right
