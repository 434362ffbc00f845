"""From arguments to sides: who supplies and who receives, by the frame's sort, with what context fills in."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.context import Context
from transforms.claims.match import Match, Slot, as_slot, is_party
from transforms.claims.model import Party, Unit
from transforms.claims.tags import has


@dataclass(slots=True)
class Sides:
    """The sides of one match before they are paired."""

    suppliers: list[Slot] = field(default_factory=list)
    recipients: list[Slot] = field(default_factory=list)
    goods: list[Unit] = field(default_factory=list)
    back: bool = False


def sides(m: Match, context: Context) -> Sides:
    """The suppliers and recipients of a match, with references resolved."""
    out = Sides(goods=[m.sentence.units[i] for i in m.goods])
    by, subject = m.by, list(m.agents)
    if not subject and m.pronoun is not None and (not m.passive or m.pronoun in ("it", "country", "group", "both")):
        others = {s.party.key for s in (*m.recipients, *m.suppliers)}
        found = context.refer(m.pronoun, m.sentence, m.at, m.tags, others)
        subject = [found] if found else []
    _objects(m, context, subject)
    sort, noun = m.trigger.sort, m.trigger.voice == "noun"
    if sort in ("give", "arm"):
        _give(m, out, by, subject, noun)
    elif sort == "take":
        _take(m, out, by, subject, noun)
    elif sort in ("carry", "bound", "origin"):
        out.suppliers, out.recipients = list(m.suppliers) or by, list(m.recipients)
        if sort == "bound" and not out.suppliers and m.agents and m.goods:
            near = [s for s in m.agents if s.at is not None and max(m.goods) < s.at >= m.at - 2]
            out.suppliers = [s for s in near if s.party.sort != "leader"][:1]  # "that Iran meant for"
        if (
            sort == "carry"
            and not out.suppliers
            and out.recipients
            and m.owner is not None
            and _origin([m.sentence.units[i] for i in m.goods]) is None
        ):
            out.suppliers = [m.owner]
    elif sort == "reach":
        out.suppliers, out.recipients = list(m.suppliers) or by, list(m.recipients)
    elif sort == "use":
        out.recipients = by or list(m.recipients) if m.passive else subject
    elif sort == "breach":
        out.suppliers, out.recipients = subject, _embargoed(m)
    elif sort == "deal":
        _deal(m, out)
    for other in m.siblings:
        if "attributive" in m.notes and not out.recipients and other.trigger.sort == "use" and other.agents:
            out.recipients = list(other.agents)
        signed = other.trigger.sort == "deal" and other.at < m.at
        if sort == "give" and not noun and signed and not out.recipients and out.suppliers and other.partners:
            out.recipients = list(other.partners)
            m.stage = m.stage if m.modifier is not None else "contracted"
        later = noun and m.past <= other.at < m.right and other.trigger.sort == "give" and not other.goods
        if sort == "give" and later and not out.recipients and other.trigger.voice != "noun":
            out.recipients = list(other.recipients)
        if sort == "give" and noun and other.trigger.sort == "deal" and not (out.suppliers and out.recipients):
            both = Sides()
            _deal(other, both)
            out.suppliers = out.suppliers or both.suppliers
            out.recipients = out.recipients or both.recipients
            if both.suppliers and m.stage == "delivered" and other.stage == "contracted":
                m.stage = "contracted"
        if sort == "take" and not out.suppliers and other.trigger.sort == "deal" and other.partners:
            out.suppliers = list(other.partners)
    if sort == "take" and m.stage == "contracted" and any(o.trigger.sourced and o.at < m.at for o in m.siblings):
        m.stage = "delivered"  # "has 19 helicopters, bought from Russia"
    _possessed(m, out)
    _goods(m, out, context)
    return out


def _possessed(m: Match, out: Sides) -> None:
    """ "Chile's five came from Israel", "Niger's six, ordered from Turkey": whose they are received them."""
    comes = m.trigger.sort == "reach" or (m.trigger.sort == "take" and m.trigger.voice != "noun")
    if not comes or out.recipients or not out.suppliers:
        return
    units = m.sentence.units
    first = min([*m.goods, *([m.count] if m.count is not None else [])], default=0)
    owner = next((i for i in (first - 2, first - 3) if i >= 0 and units[i].party is not None), None)
    party = units[owner].party if owner is not None else None
    if owner is None or party is None or not party.possessive or party.key in {s.party.key for s in out.suppliers}:
        return
    out.recipients = [Slot(party, owner, "whose they are")]


def _objects(m: Match, context: Context, subject: list[Slot]) -> None:
    """ "supplied the country with", "denies arming them": a reference in an argument place."""
    if m.object_pronoun is None:
        return
    kind, role = m.object_pronoun.split(":")
    exclude = {s.party.key for s in (*subject, *m.suppliers, *m.by)}
    found = context.refer(kind, m.sentence, m.at, m.tags, exclude)
    if found is None and kind == "group":
        at = next((i for i in range(m.past, m.right) if has(m.sentence.units[i], "group")), None)
        if at is not None and has(m.sentence.units[at], "band"):
            found = Slot(Party("group", None, None, m.sentence.units[at].low), at, "a group of no other name")
    if found is None:
        return
    if role in ("object", "to") and not m.recipients and m.trigger.sort in ("give", "arm", "reach", "bound"):
        m.recipients.append(found)
    elif role == "source" and not m.suppliers:
        m.suppliers.append(found)


def _give(m: Match, out: Sides, by: list[Slot], subject: list[Slot], noun: bool) -> None:
    if m.trigger.agent:
        out.suppliers, out.recipients = list(m.suppliers) or _clause_subject(m), list(m.recipients)
    elif noun:
        owner = subject if m.pronoun == "it" else []
        out.suppliers = by or list(m.suppliers) or [s for s in owner if m.recipients]
        out.recipients = list(m.recipients) or list(m.partners)
    elif m.passive:
        out.suppliers = by or list(m.suppliers)
        out.recipients = list(m.recipients)
        if not out.recipients and all(i > m.at for i in m.goods):
            out.recipients = subject
    else:
        out.suppliers, out.recipients = subject, list(m.recipients)
        if m.suppliers and not subject:
            out.suppliers = list(m.suppliers)
        elif m.suppliers and not m.recipients:
            out.suppliers, out.recipients = list(m.suppliers), subject
        elif m.partners and not m.recipients:
            out.recipients = list(m.partners)
    relative = m.notes[-1:] == ["relative"]  # "Chinese howitzers that the Emirates supplied"
    if not out.recipients and subject and not m.suppliers and not m.passive and not noun and not relative:
        origin = _origin([m.sentence.units[i] for i in m.goods[:1]]) if m.stage != "offered" else None
        if origin is not None and origin.key not in {s.party.key for s in out.suppliers}:
            out.recipients, out.suppliers = out.suppliers, [Slot(origin, None, "origin of the goods")]


def _clause_subject(m: Match) -> list[Slot]:
    """The first ungoverned party of the clause before a noun that names its role ("France … a supplier of arms to")"""
    units = m.sentence.units
    first = [i for i in range(m.left, m.at) if is_party(units[i]) and m.tags.governed(i) is None]
    return [as_slot(units[first[0]], first[0], "subject")] if first else []


def _take(m: Match, out: Sides, by: list[Slot], subject: list[Slot], noun: bool) -> None:
    out.suppliers = list(m.suppliers)
    if m.trigger.agent:
        out.recipients = _clause_subject(m)
        return
    if noun:
        owner = subject if m.pronoun == "it" else []
        out.recipients = by or list(m.recipients) or owner
        out.suppliers = out.suppliers or list(m.partners)
        company = _company_before(m)
        if company is not None and out.suppliers and not out.recipients:
            out.suppliers, out.recipients = [company], out.suppliers
    else:
        if (
            subject
            and not m.passive
            and not m.trigger.sourced
            and not m.suppliers
            and any(s.how == "to" for s in m.recipients)
        ):
            out.suppliers, out.recipients = subject, list(m.recipients)  # bought for somebody else: given
            return
        carrier = [m.owner] if m.owner is not None and m.suppliers else []  # "a Russian ship took on arms from"
        if m.trigger.sourced:
            out.suppliers = [s for s in out.suppliers if s.at is not None and s.at >= m.past]
            out.recipients = [] if m.vessel else subject
            return
        meant = _meant_for(m) if m.passive else []
        out.recipients = meant or (by if m.passive else subject or carrier or list(m.recipients))
        out.suppliers = out.suppliers or (list(m.partners) if not m.passive else [])
    if not out.suppliers:
        maker = _maker(m)
        if maker is not None:
            out.suppliers = [maker]


def _meant_for(m: Match) -> list[Slot]:
    """ "Howitzers for Ukraine have been ordered by Denmark": for whom the goods before a passive verb are."""
    for g in m.goods:
        for i in range(g + 1, min(g + 4, m.at)):
            if is_party(m.sentence.units[i]) and m.tags.governed(i) == "to":
                return [as_slot(m.sentence.units[i], i, "for whom they are")]
    return []


def _company_before(m: Match) -> Slot | None:
    """A company that "won an order from" somebody sells."""
    for i in range(m.at - 1, m.left - 1, -1):
        unit = m.sentence.units[i]
        if unit.party is not None and unit.party.sort == "company" and m.tags.governed(i) is None:
            return as_slot(unit, i, "winner of the order")
    return None


def _maker(m: Match) -> Slot | None:
    """ "four Lockheed Martin C-130J": the company right before the goods sells them."""
    for i in m.goods:
        for j in range(i - 1, max(-1, i - 3), -1):
            party = m.sentence.units[j].party
            if party is not None and party.sort == "company":
                return as_slot(m.sentence.units[j], j, "maker before the goods")
    return None


def _deal(m: Match, out: Sides) -> None:
    """A contract's two sides; who sells is told by the goods' origin, else the one who signs first buys."""
    units = m.sentence.units
    first = m.by or list(m.agents) or [
        as_slot(units[i], i, "subject") for i in range(m.at - 1, m.left - 1, -1)
        if is_party(units[i]) and m.tags.governed(i) is None
    ][:1]  # fmt: skip
    other = m.partners or m.suppliers
    if not other and len(m.agents) < 2 and first and first[0].at is not None:
        first = _both(m, first[0].at)
    if not other and len(first) == 2:
        first, other = first[:1], first[1:]  # "A and B signed a contract": the makers tell who sells
        lots = [unit.goods for unit in (units[i] for i in m.goods) if unit.goods is not None]
        makers = {origin for lot in lots for weapon in lot.weapons for origin in weapon.origins}
        if len({first[0].party.iso3, other[0].party.iso3} & makers) != 1:
            return
    if not other:
        first, other = _between(m)
    if not first or not other:
        return
    lots = [unit.goods for unit in (units[i] for i in m.goods) if unit.goods is not None]
    makers = {origin for lot in lots for weapon in lot.weapons for origin in weapon.origins}
    if first[0].party.iso3 in makers and other[0].party.iso3 not in makers:
        out.suppliers, out.recipients = first, list(other)
    elif not m.partners and not m.suppliers and other[0].party.iso3 not in makers:
        return  # "between A and B" says not who sells
    elif m.stage == "refused" and first[0].how == "subject":
        out.suppliers, out.recipients = first, list(other)  # "will sign no new arms contracts with"
    else:
        out.suppliers, out.recipients = list(other), first


def _both(m: Match, last: int) -> list[Slot]:
    """The two parties that sign together, the last of them at ``last``."""
    units = m.sentence.units
    slots = [as_slot(units[last], last, "subject")]
    if last >= m.left + 2 and has(units[last - 1], "conjunction") and is_party(units[last - 2]):
        slots.insert(0, as_slot(units[last - 2], last - 2, "subject"))
    return slots


def _between(m: Match) -> tuple[list[Slot], list[Slot]]:
    """The two sides of "an agreement between A and B"."""
    units = m.sentence.units
    near = [i for i in range(m.past, min(m.right, m.past + 9)) if is_party(units[i])]
    if len(near) < 2 or m.tags.governed(near[0]) != "away":
        return [], []
    return [as_slot(units[near[0]], near[0], "between")], [as_slot(units[near[1]], near[1], "between")]


def _embargoed(m: Match) -> list[Slot]:
    """On whom the embargo lies that is breached: the party named after it, unless it bans exports from there."""
    units = m.sentence.units
    for i in range(m.past, min(len(units), m.past + 9)):
        if has(units[i], "embargo"):
            for j in range(i + 1, min(len(units), i + 8)):
                if m.tags.marker_of.get(j) == "source":
                    return []
                if is_party(units[j]):
                    return [as_slot(units[j], j, "under embargo")]
            before = units[i - 1] if i else None
            if before is not None and before.party is not None:
                return [as_slot(before, i - 1, "under embargo")]
            return []
    return []


def embargo_told(m: Match) -> bool:
    """Whether a breach is one of an arms embargo, and not of an embargo on exports from somewhere."""
    units = m.sentence.units
    for i in range(m.at, min(len(units), m.past + 9)):
        if has(units[i], "embargo"):
            after = range(i + 1, min(len(units), i + 6))
            return not any(m.tags.marker_of.get(j) == "source" for j in after)
    return False


def _goods(m: Match, out: Sides, context: Context) -> None:
    """Goods that are referred to: "it", "another 25", "the shipment"."""
    if out.goods and _definite(m) and not m.trigger.implied:
        told = [u for u in context.last_goods(m.sentence, m.goods[0]) if not _generic(u)]
        if told:
            out.goods, out.back = told, True
            if context.seizing(m.sentence, told) and m.stage in ("delivered", "shipped"):
                m.stage = "seized"
        return
    if out.goods or m.trigger.implied:
        return
    if m.goods_pronoun or m.count is not None or m.trigger.sort == "follow":
        out.goods = context.last_goods(m.sentence, m.at)
        out.back = True


def _generic(unit: Unit) -> bool:
    return unit.goods is None or all(w.category == "generic" for w in unit.goods.weapons)


def _definite(m: Match) -> bool:
    """Whether the goods are "the weapons", of which more was told before."""
    units = m.sentence.units
    if not m.goods or not all(_generic(units[i]) for i in m.goods) or units[m.goods[0]].goods.origin is not None:  # type: ignore[union-attr]
        return False
    return any(has(u, "definite") for u in units[max(0, m.goods[0] - 2) : m.goods[0]])


def _origin(goods: list[Unit]) -> Party | None:
    return next((u.goods.origin for u in goods if u.goods is not None and u.goods.origin is not None), None)


origin_of = _origin
