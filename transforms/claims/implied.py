"""Sides that a sentence implies: whoever acts in it, the goods' maker where they are bought, whoever the text is about."""

from __future__ import annotations

from transforms.claims.match import Match, Slot, as_slot
from transforms.claims.units import Party, Unit

_FORMER = frozenset({"SUN", "YUG", "DDR", "CSK"})  # what these made is sold on by others
_AHEAD = frozenset({"contracted", "announced", "requested", "offered", "approved"})


def implied_sides(m: Match, suppliers: list[Slot], recipients: list[Slot], goods: list[Unit]) -> None:
    """Complete a side in place, where the sentence leaves only one reading."""
    if m.negated or m.trigger.sort not in ("give", "take"):
        return
    if not suppliers and recipients:
        found = _maker(m, goods) or _actor(m, recipients)
        if found is not None and found.party.key not in {s.party.key for s in recipients}:
            suppliers.append(found)
    elif suppliers and not recipients and "attributive" in m.notes:
        found = _user(m, suppliers)
        if found is not None:
            recipients.append(found)


def _maker(m: Match, goods: list[Unit]) -> Slot | None:
    """Named goods that are bought, ordered or exported come from the one state that makes them."""
    buying = m.trigger.sort == "take" and (m.stage in _AHEAD)
    giving = m.trigger.sort == "give" and m.stage in _AHEAD
    if not buying and not (giving and (m.trigger.voice != "noun" or m.stage == "contracted")):
        return None
    weapons = [w for unit in goods for w in (unit.goods.weapons if unit.goods else ()) if w.named]
    makers = {origin for w in weapons for origin in w.origins}
    if len(makers) != 1 or makers & _FORMER:
        return None
    iso3 = makers.pop()
    return Slot(Party("state", iso3, None, iso3, iso3), None, "makes the goods")


def _actor(m: Match, recipients: list[Slot]) -> Slot | None:
    """"Reagan was asked about the sale of arms to Iran": the leader, organ or company that the sentence is about."""
    if m.trigger.voice not in ("noun", "active", "progressive") or m.trigger.sort != "give" or m.trigger.implied:
        return None
    if any(tag in ("accuse", "accused") for _, _, tag in m.tags.speech) or m.stage == "refused":
        return None
    taken = {s.party.key for s in recipients}
    found: list[Slot] = []
    for i, unit in enumerate(m.sentence.units[: m.at]):
        party = unit.party
        if party is None or party.key in taken:
            continue
        agent = party.sort in ("leader", "institution", "company")
        owner = party.adjective and party.sort == "state" and party.head in ("organ", "other", "self")
        if agent or (owner and m.trigger.voice == "noun"):
            found.append(as_slot(unit, i, "whom the sentence is about"))
    hosts = {s.party.host or s.party.iso3 for s in found}
    return found[0] if len(hosts) == 1 else None


def _user(m: Match, suppliers: list[Slot]) -> Slot | None:
    """"killed with US-supplied weapons": the one other state that the sentence names."""
    taken = {s.party.key for s in suppliers}
    others = {
        unit.party.key: as_slot(unit, i, "the other state of the sentence")
        for i, unit in enumerate(m.sentence.units)
        if unit.party is not None and unit.party.sort == "state" and unit.party.key not in taken and not unit.party.adjective
    }
    return next(iter(others.values())) if len(others) == 1 else None
