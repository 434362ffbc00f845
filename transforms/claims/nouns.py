"""Nouns of the act ("arms sales", "delivery of"): compound goods and possessor before them, prepositions after."""

from __future__ import annotations

from transforms.claims.collect import collect
from transforms.claims.match import Match, Slot, as_slot, is_party, money_from
from transforms.claims.reference import referring_noun
from transforms.claims.tags import has

_NEAR = 4  # units within which a noun's possessor or compound stands


def read_noun(m: Match) -> None:
    """Fill a noun's places: compound goods and possessor on the left, the rest by preposition on the right."""
    units = m.sentence.units
    i, fillers = m.at - 1, 0
    holder: int | None = None
    if units[m.at].kind == "goods":
        m.goods.append(m.at)
    while i >= m.left and fillers <= _NEAR:
        unit = units[i]
        if unit.kind == "goods":
            m.goods.insert(0, i)
        elif unit.kind in ("money", "count"):
            m.touch(i)
        elif unit.party is not None:
            compound = i + 1 < m.at and units[i + 1].kind == "goods" and not unit.party.adjective
            owner = unit.party.adjective or unit.party.possessive
            near = fillers <= 1 or owner or unit.party.sort in ("leader", "institution", "company")
            free = m.tags.marker_of.get(i - 1) is None or compound or owner
            if unit.party.can_supply and near and free:
                holder = i
            break
        elif unit.low in ("'s", "'"):
            pass
        elif has(unit, "conjunction"):
            if not m.goods or units[i - 1].kind != "goods":
                break
        elif (
            i in m.tags.marker_of
            or i in m.tags.governing
            or i in m.tags.trigger_at
            or not unit.low[0].isalnum()
            or unit.classes & {"breaker", "relative", "passive", "perfect"}
        ):
            break
        else:
            if unit.classes & {"ours"}:
                m.pronoun = "we"
            fillers += 1
        i -= 1
    m.touch(*m.goods)
    if not m.goods and referring_noun(m):
        m.goods_pronoun = True
    if holder is None and m.at > m.left and has(units[m.at - 1], "own") and m.trigger.sort in ("give", "take"):
        m.pronoun = m.pronoun or "it"  # "its order with", "their exports to"
    m.vessel = m.trigger.sort == "carry"
    verb = next((a for a, _, t in m.tags.triggers if a >= m.past and t.voice != "noun"), m.right)
    collect(m, m.past, min(m.right, verb) if money_from(m, m.at) else m.right, "of_object")
    if holder is not None:
        _place_holder(m, holder)
    _before_the_noun(m, holder is not None)
    _is_one(m)
    bare = [s for s in m.recipients if s.how == "of_object"]
    if bare and len(bare) < len(m.recipients) and not m.suppliers:
        m.suppliers = bare
        m.recipients = [s for s in m.recipients if s.how != "of_object"]


def _is_one(m: Match) -> None:
    """ "The jets were a gift from Russia": the goods that are said to be what the noun tells."""
    units = m.sentence.units
    if m.goods or m.trigger.sort != "give" or m.tags.marker_of.get(m.past) not in ("source", "by", "to"):
        return
    verb = next((i for i in range(m.at - 1, max(m.left, m.at - 4) - 1, -1) if has(units[i], "passive")), None)
    if verb is None:
        return
    goods = next((i for i in range(verb - 1, max(m.left, verb - 10) - 1, -1) if units[i].kind == "goods"), None)
    if goods is not None and m.tags.governed(goods) is None:
        m.goods, m.deals = [goods], []
        m.touch(goods)


def _before_the_noun(m: Match, held: bool) -> None:
    """Whom the words before a noun make its supplier: the accused, and with whom a purchase is agreed."""
    for i in range(m.at - 1, max(m.left, m.at - 7) - 1, -1):
        unit = m.sentence.units[i]
        if not is_party(unit):
            continue
        accused = any(m.tags.speech_of.get(j) == "accuse" for j in range(max(0, i - 4), i))
        if accused and m.trigger.sort == "give" and not (m.suppliers or m.by or held):
            m.suppliers = [as_slot(unit, i, "accused")]
        elif m.trigger.sort == "take" and not m.partners and m.tags.governed(i) in ("partner", "goods"):
            m.partners = [as_slot(unit, i, "partner")]
        else:
            return
        m.touch(i)
        return


def _place_holder(m: Match, holder: int) -> None:
    """Whose "arms sales" they are: a possessor or adjective gives (takes, with nouns of taking); a bare name takes."""
    unit = m.sentence.units[holder]
    party = unit.party
    assert party is not None
    slot = Slot(party, holder, "possessor" if party.possessive else "attribute")
    if m.trigger.agent and party.possessive:
        m.recipients = m.recipients or [slot]
        return
    owner = party.adjective or party.possessive or party.sort in ("leader", "institution", "company")
    if m.trigger.sort in ("take",):
        target = m.recipients if owner or m.suppliers else m.suppliers
        if party.adjective and party.head == "goods" and not party.possessive and m.recipients:
            target = m.suppliers
    elif m.trigger.sort == "deal":
        target = m.agents
    elif owner or any(s.party.key != party.key for s in m.recipients):
        target = m.suppliers
    else:
        target = m.recipients
    if not target:
        target.append(slot)
        m.touch(holder)
