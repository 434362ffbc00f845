"""Subjects that stand for goods told before: "they were exported", "it reached Tripoli", "62 were delivered"."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.claims.match import Match, as_slot, is_party
from transforms.claims.tags import has

_MOVED = frozenset({"reach", "bound"})  # sorts whose subject is what came or was to go
_GIVEN = frozenset({"give", "take", "carry", *_MOVED})
_FRONT = 12  # units from a verb to the relative words that begin its clause
_AUXILIARIES = 5  # units before a verb among which its auxiliary stands


def goods_subject(m: Match) -> bool:
    """Whether the verb's form makes its subject the goods: it comes, or is passive by its auxiliary."""
    if m.trigger.sort in _MOVED:
        return True
    for i in range(m.at - 1, max(m.left - 1, m.at - _AUXILIARIES), -1):
        unit = m.sentence.units[i]
        if has(unit, "passive"):
            return True
        if unit.kind != "word":
            return False
    return False


def stands_for_goods(m: Match, before: Sequence[int]) -> None:
    """Make a pronoun before a verb the goods, where it tells of no others: "they were sold by", "it came from"."""
    if m.trigger.sort not in _GIVEN or m.pronoun != "it" or m.goods or before or m.count is not None:
        return
    if m.trigger.sort not in _MOVED and not m.passive:
        return
    m.pronoun, m.goods_pronoun = None, True


def referring_noun(m: Match) -> bool:
    """Whether a noun of the act means goods told before: "their transfer by", "this sale", "the re-export to"."""
    if m.trigger.sort != "give" or m.trigger.implied or m.trigger.agent or m.trigger.money:
        return False
    units = m.sentence.units
    return any(units[i].classes & {"own", "definite"} for i in range(max(m.left, m.at - 2), m.at))


def inside_relative(m: Match, at: int) -> int | None:
    """ "the shells which Prague has found come from": the relative word before a clause's own subject at ``at``, where
    the verb tells of what stands before it."""
    if m.trigger.sort != "reach":
        return None
    units = m.sentence.units
    at -= has(units[at - 1], "article") if at else 0
    return at - 1 if at > m.left and has(units[at - 1], "relative") else None


def fronted(m: Match) -> None:
    """ "Mali, to which 17 drones were delivered", "Kyiv, from which it had them": the party that a preposition before a
    relative word refers to."""
    units = m.sentence.units
    for i in range(m.at - 1, max(m.left, m.at - _FRONT), -1):
        role = m.tags.marker_of.get(i - 1)
        if not has(units[i], "relative") or role not in ("to", "source"):
            continue
        party = next((k for k in range(i - 2, max(-1, i - 5), -1) if units[k].kind != "word"), None)
        if party is None or not is_party(units[party]):
            return
        side = m.recipients if role == "to" else m.suppliers
        if not side:
            side.append(as_slot(units[party], party, "to which" if role == "to" else "from which"))
            m.agents = [slot for slot in m.agents if slot.at != party]
            m.touch(party)
        return


def those_that(m: Match, subject: int) -> bool:
    """ "the ones that Kinshasa passes to", "the items which it sold": a reference to goods, right before a relative
    clause whose subject is at ``subject``."""
    units = m.sentence.units
    i = subject - 1
    while i > m.left and (has(units[i], "article") or has(units[i], "relative")):
        i -= 1
    return i < subject - 1 and units[i].kind == "word" and has(units[i], "goods")


def told_unknown(m: Match) -> bool:
    """Whether the clause names a recipient that is no known party ("supplied to the 444th Brigade"): then no other
    sentence's recipient is this one's."""
    units = m.sentence.units
    for i in range(m.past, min(m.right, m.past + _FRONT)):
        if m.tags.marker_of.get(i) != "to":
            continue
        after = next((u for u in units[i + 1 : i + 3] if not has(u, "article")), None)
        if after is not None and after.kind == "word" and (after.capital or after.low[0].isdigit()):
            return True
    return False
