"""Clauses that leave out the verb they share with the one before: "France offers 16 jets; Sweden, 12 fighters",
"Vietnam got six submarines from Russia, Indonesia three from South Korea", "Pledged so far: Peru, 14 tanks; Chile, 8".
"""

from __future__ import annotations

from transforms.claims.match import Deal, Match, Slot, as_slot, is_party
from transforms.claims.tags import has

_SIGNS = frozenset({",", "—", "–", ":"})
_APART = frozenset({";", ":"})
_ITEM = 8  # units from a gap's party to the other side it names
_FILL = 2  # words between a number and what marks the other side ("two second-hand ones from")


def gaps(m: Match) -> list[Match]:
    """The matches of the clauses after a verb's own that leave it out; the verb's own match keeps what is its."""
    units = m.sentence.units
    if m.trigger.sort not in ("give", "take") or m.trigger.voice not in ("active", "participle"):
        return []
    heading = _heading(m)
    if not heading and (m.passive or not m.agents or not any(i >= m.past for i in m.goods)):
        return []
    first = heading or next(i for i in m.goods if i >= m.past)
    stop = next((a for a, _, t in m.tags.triggers if a > m.past and t.voice != "noun"), len(units))
    out: list[Match] = []
    for i in range(first + 1, min(stop, len(units) - 1)):
        parted = has(units[i - 1], "conjunction") or units[i - 1].low in _APART
        if not is_party(units[i]) or not parted or m.tags.marker_of.get(i - 1) is not None:
            continue
        gap = _gap(m, i, first, bool(heading))
        if gap is not None:
            out.append(gap)
    if out:
        _keep_own(m, min(gap.lo for gap in out), out)
    return out


def _heading(m: Match) -> int | None:
    """The colon after a verb that heads a list ("Tanks pledged to Kyiv so far: …")."""
    units = m.sentence.units
    if m.agents or m.by or m.suppliers or not (m.goods or m.recipients):
        return None
    colon = next((i for i in range(m.past, min(len(units), m.past + _ITEM)) if units[i].low == ":"), None)
    return colon if colon is not None and m.trigger.voice == "participle" else None


def _gap(m: Match, i: int, first: int, listed: bool) -> Match | None:
    """The clause that begins with the party at ``i``, or None where it is none."""
    units = m.sentence.units
    j = i + 1
    sign = units[j].low in _SIGNS
    j += sign
    while j < len(units) and units[j].classes & {"article", "counted"} and units[j].kind == "word":
        j += 1
    if j >= len(units) or units[j].kind not in ("goods", "count"):
        return None
    told = units[j].kind == "count" or (units[j].goods is not None and units[j].goods.quantity is not None)  # type: ignore[union-attr]
    other, at = _other_side(m, j)
    dative = any(s.how == "object" and s.at is not None and s.at < first for s in m.recipients)
    if not (sign or listed or (told and not dative)):
        return None
    taking = m.trigger.sort == "take" and not listed
    if taking and other is None and not sign:
        return None
    gap = Match(m.sentence, m.tags, m.trigger, m.at, m.past, m.left, m.right, i, j + 1, m.stage)
    gap.agents = [as_slot(units[i], i, "subject")]
    if units[j].kind == "count":
        gap.count = j
        gap.goods = [g for g in m.goods if g <= j][:1]
    else:
        gap.goods, gap.deals = [j], [Deal([j])]
    here = [other] if other is not None else []
    shared = [s for s in (m.suppliers if taking else m.recipients) if s.at != i]
    if taking:
        gap.suppliers = here or shared
    else:
        gap.recipients = here or shared
        gap.suppliers = [s for s in m.suppliers if s.at != i]
    gap.touch(at)
    gap.notes.append("verb left out")
    return gap


def _other_side(m: Match, j: int) -> tuple[Slot | None, int | None]:
    """The side that the clause names by a preposition after its goods ("three from South Korea")."""
    units, words = m.sentence.units, 0
    wanted = "source" if m.trigger.sort == "take" else "to"
    for k in range(j + 1, min(len(units), j + _ITEM)):
        if m.tags.marker_of.get(k) == wanted:
            to = next((n for n in range(k + 1, min(len(units), k + 4)) if is_party(units[n])), None)
            return (as_slot(units[to], to, wanted), to) if to is not None else (None, None)
        words += units[k].kind == "word"
        if words > _FILL or units[k].kind == "party" or not units[k].low[0].isalnum():
            break
    return None, None


def _keep_own(m: Match, start: int, out: list[Match]) -> None:
    """Take from the verb's own match what the clauses after it have."""
    taken = {g for gap in out for g in gap.goods if g >= start} | {s.at for gap in out for s in gap.agents}
    m.goods = [g for g in m.goods if g not in taken and not g > start]
    for slots in (m.recipients, m.suppliers):
        slots[:] = [s for s in slots if s.at not in taken and not (s.at is not None and s.at > start)]
    m.deals = []
    m.hi = min(m.hi, start)
