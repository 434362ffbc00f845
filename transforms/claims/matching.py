"""Frames over one sentence: each trigger with what stands in its argument places. Other sentences come in later."""

from __future__ import annotations

import itertools

from transforms.claims.match import Deal, Match, as_slot, is_party
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
    found += [gap for match in found for gap in _gaps(match)]
    found.sort(key=lambda match: match.at)
    for match in found:
        match.siblings = [m for m in found if m is not match]
    return found


def _gaps(m: Match) -> list[Match]:
    """ "France offers 16 jets; Sweden, 12 fighters; and …": clauses that leave out the verb they share."""
    if m.trigger.sort not in ("give", "take") or m.trigger.voice not in ("active", "participle") or m.passive:
        return []
    units, out = m.sentence.units, list[Match]()
    if not m.agents or not any(i >= m.past for i in m.goods):
        return []
    first = next(i for i in m.goods if i >= m.past)
    stop = next((a for a, _, t in m.tags.triggers if a > m.past and t.voice != "noun"), len(units))
    for i in range(first + 1, min(stop, len(units) - 1)):
        parted = has(units[i - 1], "conjunction") or units[i - 1].low == ";"
        if not is_party(units[i]) or not parted or m.tags.marker_of.get(i - 1) is not None:
            continue
        j = i + 1
        sign = units[j].low in (",", "—", "–")
        j += sign
        while j < len(units) and has(units[j], "article"):
            j += 1
        if j >= len(units) or units[j].kind not in ("goods", "count"):
            continue
        told = units[j].kind == "count" or (units[j].goods is not None and units[j].goods.quantity is not None)  # type: ignore[union-attr]
        dative = any(s.how == "object" and s.at is not None and s.at < first for s in m.recipients)
        if not (sign or (told and not dative)):
            continue
        gap = Match(m.sentence, m.tags, m.trigger, m.at, m.past, m.left, m.right, i, j + 1, m.stage)
        gap.agents = [as_slot(units[i], i, "subject")]
        gap.goods, gap.deals = [j], [Deal([j])]
        gap.recipients = [s for s in m.recipients if s.at != i]
        gap.suppliers = [s for s in m.suppliers if s.at != i]
        gap.notes.append("verb left out")
        out.append(gap)
    taken = {g for gap in out for g in gap.goods} | {s.at for gap in out for s in gap.agents}
    if out:
        start = min(gap.lo for gap in out)
        m.goods = [g for g in m.goods if g not in taken and not g > start]
        for slots in (m.recipients, m.suppliers):
            slots[:] = [s for s in slots if s.at not in taken]
        m.deals = []
        m.hi = min(m.hi, start)
    return out


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
