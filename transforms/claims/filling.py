"""Sides that the clause leaves out: the goods' origin, a denier, the claim told before, what the sentence implies."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.claims import stance
from transforms.claims.draft import Draft, key
from transforms.claims.match import Match, Slot, as_slot, is_party
from transforms.claims.model import Party, Unit
from transforms.claims.reference import told_unknown
from transforms.claims.roles import Sides, origin_of
from transforms.claims.tags import has
from transforms.claims.work import Work

_FORMER = frozenset({"SUN", "YUG", "DDR", "CSK"})  # what these made is sold on by others
_AHEAD = frozenset({"contracted", "announced", "requested", "offered", "approved"})
_BEFORE = 4  # claims back among which what is passed on was received
_BY_ORIGIN = frozenset({"use", "reach", "bound", "carry", "give", "take", "arm"})


def fill(work: Work, m: Match, sides: Sides, denial: stance.Denial | None, told: Sequence[Draft]) -> None:
    """Complete missing sides in place. told: the drafts of this sentence so far."""
    suppliers, recipients, goods = sides.suppliers, sides.recipients, sides.goods
    sort = m.trigger.sort
    taken = {s.party.key for s in recipients}
    origin = origin_of(goods)
    plain = not m.trigger.sourced
    if (
        plain
        and not suppliers
        and origin is not None
        and origin.key not in taken
        and sort in _BY_ORIGIN
        and not _owned(m)
    ):
        suppliers.append(Slot(origin, None, "origin of the goods"))
    if denial is not None and sort != "use":
        if denial.untold:
            _only_other(work, m, suppliers, taken)
        else:
            _denied(m, suppliers, recipients, denial)
    if not suppliers and recipients and sort in ("give", "carry", "reach"):
        port = _from_place(m, taken)
        suppliers += [port] if port is not None else []
    source = work.context.source or work.home
    if not suppliers and recipients and source is not None and source not in taken and sort in ("give", "arm"):
        suppliers.append(Slot(Party("state", source, None, source, source), None, "the state whose own text this is"))
    _from_before(work, m, sides, told)
    _implied(work, m, suppliers, recipients, goods)
    if not recipients and (suppliers or sort == "bound") and sort in ("carry", "bound", "reach"):
        port = _to_place(m, {s.party.key for s in suppliers})
        recipients += [port] if port is not None else []
    if not suppliers and recipients and m.trigger.onward:
        holder = _holder(work, m, goods, {s.party.key for s in recipients})
        suppliers += [holder] if holder is not None else []
    if not suppliers and recipients and _owned(m) and sort == "give" and m.trigger.voice != "noun":
        owner = work.context.refer("it", m.sentence, m.at, m.tags, {s.party.key for s in recipients})
        suppliers += [owner] if owner is not None else []
    if not suppliers and recipients and all(s.at is not None for s in recipients) and _about(m, recipients, goods):
        label = work.topics.heading(m.sentence, {s.party.key for s in recipients})
        suppliers += [Slot(label, None, "whom the list is about")] if label is not None else []
    if not recipients and _about(m, suppliers, goods) and not told_unknown(m):
        topic = work.topics.recipient(m.sentence, {s.party.key for s in suppliers})
        if topic is not None:
            recipients.append(Slot(topic, None, "whom the text is about here"))


def _holder(work: Work, m: Match, goods: list[Unit], taken: set[str]) -> Slot | None:
    """ "The sensors were sent on to": whoever had received such goods before is who passes them on."""
    for draft in reversed(work.drafts[-_BEFORE:]):
        to = draft.recipient
        same = any(u in draft.goods for u in goods) or m.sentence.index - draft.sentence <= 2
        if to is not None and to.party.sort in ("state", "institution", "group") and key(to) not in taken and same:
            return Slot(to.party, None, "who had received them")
    return None


def _about(m: Match, suppliers: list[Slot], goods: list[Unit]) -> bool:
    """Whether a clause tells who supplied which particular goods, and leaves open to whom."""
    if m.trigger.sort not in ("give", "take", "reach") or m.stage == "refused" or m.negated or m.trigger.sourced:
        return False
    told = bool(suppliers) and all(s.at is not None and s.party.sort in ("state", "company") for s in suppliers)
    lots = [u.goods for u in goods if u.goods is not None]
    particular = m.count is not None or any(g.quantity or any(w.named for w in g.weapons) for g in lots)
    return told and particular


def _owned(m: Match) -> bool:
    """ "its Russian-made batteries": who made them is not who gives them."""
    units = m.sentence.units
    return any(has(u, "own") for i in m.goods for u in units[max(0, i - 4) : i])


def _from_place(m: Match, taken: set[str]) -> Slot | None:
    """ "weapons sent from Miami to Venezuela": the state of the place they left."""
    for i in range(m.left, m.right):
        place = m.sentence.units[i].place
        if place is None or place.country is None or m.tags.governed(i) != "source" or place.country in taken:
            continue
        return Slot(Party("state", place.country, None, place.text, place.country), i, "the place they left")
    return None


def _to_place(m: Match, taken: set[str]) -> Slot | None:
    """ "on their way to Benghazi": the state of the place they go to."""
    for i in range(m.past, m.right):
        place = m.sentence.units[i].place
        role = m.tags.governed(i)
        near = m.trigger.sort == "reach" and role in ("away", "of") and i - m.past <= 3
        there = role == "to" or near or (m.trigger.sort == "reach" and i == m.past)
        if place is None or place.country is None or not there or place.country in taken:
            continue
        return Slot(Party("state", place.country, None, place.text, place.country), i, "the place they go to")
    return None


def _only_other(work: Work, m: Match, suppliers: list[Slot], taken: set[str]) -> None:
    """ "The ministry denied selling": the one state of the text that is not given to, where there is just one."""
    others = work.named - taken
    if not suppliers and taken and len(others) == 1 and m.trigger.sort in ("give", "arm", "carry"):
        iso3 = next(iter(others))
        suppliers.append(Slot(Party("state", iso3, None, iso3, iso3), None, "the text's only other state"))


def _denied(m: Match, suppliers: list[Slot], recipients: list[Slot], denial: stance.Denial) -> None:
    """Who denies a transfer without naming itself in it is the side that is missing."""
    voice = denial.voice
    slot = Slot(Party("state", voice.iso3, None if voice.iso3 else denial.key, voice.name), None, "the denier")
    given = {s.party.key for s in recipients}
    gives = m.trigger.sort in ("give", "arm", "carry", "bound", "reach") or m.trigger.voice == "noun"
    if not suppliers and gives and denial.key not in given:
        suppliers.append(slot)
    elif (not recipients and denial.key not in {s.party.key for s in suppliers} and m.trigger.voice != "active") or (
        not recipients and m.trigger.sort == "take"
    ):
        recipients.append(slot)


def _from_before(work: Work, m: Match, sides: Sides, told: Sequence[Draft]) -> None:
    """Complete a side from the last claim told in this paragraph, where the wording refers back to it."""
    suppliers, recipients, goods = sides.suppliers, sides.recipients, sides.goods
    half = work.drafts[-1] if work.drafts else None
    if half is not None and half.supplier is not None and half.recipient is None and _completes(m, sides, half):
        suppliers[:] = [_again(half.supplier)]
        return
    last = told[-1] if told else work.drafts[-1] if work.drafts else None
    if (
        last is None
        or last.match.sentence.paragraph != m.sentence.paragraph
        or last.supplier is None
        or last.recipient is None
    ):
        return
    bare = m.count is not None or m.goods_pronoun or m.trigger.sort == "follow"
    if m.trigger.sort == "follow":
        suppliers[:] = suppliers or [_again(last.supplier)]
        recipients[:] = recipients or [_again(last.recipient)]
        if not goods:
            goods[:] = last.goods
    elif _goes_on(m, suppliers, recipients, {last.supplier.party.key, last.recipient.party.key}, bare):
        suppliers[:], recipients[:] = [_again(last.supplier)], [_again(last.recipient)]
    elif _stopped(m, suppliers, recipients, last):
        recipients[:] = [_again(last.recipient)]
        goods[:] = goods or last.goods
    elif _also(m, suppliers, recipients, goods, last):
        recipients[:] = [_again(last.recipient)]
    elif recipients and not suppliers and bare and any(r.party.key == last.recipient.party.key for r in recipients):
        suppliers[:] = [_again(last.supplier)]


def _promises(m: Match) -> bool:
    """ "promised to destroy them": words of promising, whose object is a pronoun, promise anything."""
    return m.goods_pronoun and m.count is None and m.trigger.stage == "announced"


def _goes_on(m: Match, suppliers: list[Slot], recipients: list[Slot], told: set[str], bare: bool) -> bool:
    """Whether a match without its sides, or with one by reference, goes on about the claim told before."""
    if recipients or _promises(m):
        return False
    if not suppliers:
        return m.count is not None and m.passive
    return (bare or m.pronoun is not None) and bool({s.party.key for s in suppliers} & told)


def _completes(m: Match, sides: Sides, half: Draft) -> bool:
    """ "Sweden will deliver 50 vehicles. The vehicles will be handed to Ukraine": whose they are was told before."""
    near = m.sentence.index - half.match.sentence.index <= 2 and m.sentence.paragraph == half.match.sentence.paragraph
    apart = all(s.party.key != key(half.supplier) for s in sides.recipients)
    return near and apart and m.goods_pronoun and m.passive and bool(sides.recipients) and not sides.suppliers


def _stopped(m: Match, suppliers: list[Slot], recipients: list[Slot], last: Draft) -> bool:
    """ "…, but Ankara halted deliveries": of what was told before."""
    noun = m.trigger.sort == "give" and m.trigger.voice == "noun" and not m.trigger.implied
    own = bool(suppliers) and all(s.party.key == key(last.supplier) for s in suppliers)
    return noun and own and m.stage == "refused" and not recipients and last.stage != "refused"


def _also(m: Match, suppliers: list[Slot], recipients: list[Slot], goods: list[Unit], last: Draft) -> bool:
    """ "Denmark and Sweden have sent nine tanks", after a sentence on whom others send them: the same recipient's."""
    if recipients or m.trigger.sort != "give" or m.trigger.voice == "noun" or m.via or m.negated or m.object_pronoun:
        return False
    if (
        last.stage == "refused"
        or last.only_denied
        or m.stage in ("refused", "requested")
        or m.sentence.index - last.match.sentence.index > 2
    ):
        return False
    told = [u for u in goods if u.goods is not None and any(w.category != "generic" for w in u.goods.weapons)]
    counted = m.count is not None or any(
        u.goods and (u.goods.quantity or any(w.named for w in u.goods.weapons)) for u in told
    )
    states = bool(suppliers) and all(s.party.sort in ("state", "institution") and s.at is not None for s in suppliers)
    return states and bool(told) and counted and all(s.party.key != key(last.recipient) for s in suppliers)


def _again(slot: Slot) -> Slot:
    return Slot(slot.party, None, "as told before")


def _implied(work: Work, m: Match, suppliers: list[Slot], recipients: list[Slot], goods: list[Unit]) -> None:
    """Complete a side in place, where the sentence leaves only one reading."""
    if m.negated or m.trigger.sort not in ("give", "take"):
        return
    if not suppliers and recipients:
        found = _maker(work, m, goods) or _actor(m, recipients)
        if found is not None and found.party.key not in {s.party.key for s in recipients}:
            suppliers.append(found)
    elif not recipients and m.trigger.sort == "take" and m.trigger.voice == "noun":
        buyer = _buyer(m, suppliers)
        if buyer is not None:
            recipients.append(buyer)
            if not suppliers and (made := _maker(work, m, goods)) is not None and made.party.key != buyer.party.key:
                suppliers.append(made)
    elif suppliers and not recipients and "attributive" in m.notes:
        found = _user(m, suppliers)
        if found is not None:
            recipients.append(found)


def _buyer(m: Match, suppliers: list[Slot]) -> Slot | None:
    """Who announces, approves or signs a purchase makes it."""
    if m.modifier is None or m.modifier.stage not in ("announced", "approved", "contracted", "requested", "refused"):
        return None
    taken = {s.party.key for s in suppliers}
    for i in range(m.at):
        unit = m.sentence.units[i]
        if is_party(unit) and m.tags.governed(i) is None and unit.party is not None and unit.party.key not in taken:
            return as_slot(unit, i, "who makes the purchase")
    return None


def _maker(work: Work, m: Match, goods: list[Unit]) -> Slot | None:
    """Named goods that are bought, ordered or exported come from the one state that makes them, or of several from the
    one that the text names."""
    called_off = m.stage == "refused" and m.trigger.stage in _AHEAD
    buying = m.trigger.sort == "take" and (m.stage in _AHEAD or called_off)
    giving = m.trigger.sort == "give" and m.stage in _AHEAD
    if not buying and not (giving and (m.trigger.voice != "noun" or m.stage == "contracted")):
        return None
    weapons = [w for unit in goods for w in (unit.goods.weapons if unit.goods else ()) if w.named]
    makers = {origin for w in weapons for origin in w.origins}
    if len(makers) > 1 and buying:
        makers &= work.named
    if len(makers) != 1 or makers & _FORMER:
        return None
    iso3 = makers.pop()
    return Slot(Party("state", iso3, None, iso3, iso3), None, "makes the goods")


def _actor(m: Match, recipients: list[Slot]) -> Slot | None:
    """ "Reagan was asked about the sale of arms to Iran": the leader, organ or company that the sentence is about."""
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
    """ "killed with US-supplied weapons": the one other state that the sentence names."""
    taken = {s.party.key for s in suppliers}
    others = {
        unit.party.key: as_slot(unit, i, "the other state of the sentence")
        for i, unit in enumerate(m.sentence.units)
        if unit.party is not None
        and unit.party.sort == "state"
        and unit.party.key not in taken
        and not unit.party.adjective
    }
    return next(iter(others.values())) if len(others) == 1 else None
