"""Frames over one sentence: each trigger with what stands in its argument places. Other sentences come in later."""

from __future__ import annotations

import itertools

from transforms.claims.gaps import gaps
from transforms.claims.match import Match
from transforms.claims.model import Sentence
from transforms.claims.nouns import read_noun
from transforms.claims.tags import Tags, has
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
    _part(found)
    found += [gap for match in found for gap in gaps(match)]
    found.sort(key=lambda match: match.at)
    for match in found:
        match.siblings = [m for m in found if m is not match]
    return found


def _part(found: list[Match]) -> None:
    """ "X gave it four jets and 30 tanks came from Y": goods between a conjunction and the verb are that verb's own."""
    for one, other in itertools.pairwise(found):
        units = other.sentence.units
        if "noun" in (one.trigger.voice, other.trigger.voice) or other.trigger.voice == "participle":
            continue
        shared = [i for i in other.goods if i in one.goods and one.past <= i < other.at]
        if len(shared) < 2 or shared[-1] < other.at - 3 or other.agents:
            continue
        joint = next((i for i in range(shared[-1] - 1, shared[-2], -1) if has(units[i], "conjunction")), None)
        if joint is None:
            continue
        one.goods = [i for i in one.goods if not joint < i < other.at]
        for deal in one.deals:
            deal.goods = [i for i in deal.goods if i in one.goods]
        other.goods = [i for i in other.goods if i > joint]
        other.deals = []
        other.lo = max(other.lo, min(other.at, joint + 1))
        one.hi = min(one.hi, joint)


def _clause(s: Sentence, tags: Tags, a: int, b: int) -> tuple[int, int]:
    """The units around a trigger that may hold its arguments: up to a breaker on either side."""
    left, right = a, b
    while left > 0 and not tags.wall(left - 1):
        left -= 1
    while right < len(s.units) and not tags.wall(right):
        right += 1
    return left, right
