"""From a match and its sides to drafts: one for each supplier, recipient and lot of goods."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from transforms.claims import stance
from transforms.claims.draft import Draft, key
from transforms.claims.filling import fill
from transforms.claims.match import Deal, Match, Slot
from transforms.claims.model import Party, Sentence, Unit
from transforms.claims.roles import embargo_told, sides
from transforms.claims.tags import Tags
from transforms.claims.work import Work

_ITEM = 12  # units of a line that is no item of a list
_AHEAD = frozenset({"announced", "approved", "requested", "offered", "contracted"})


def nested(found: list[Match]) -> list[Match]:
    """A noun of the act under a verb of the act is one telling: the verb takes the noun's goods, or gives way to it."""
    out = list(found)
    for verb in found:
        if verb.trigger.voice == "noun" or verb.trigger.sort not in ("give", "take"):
            continue
        for noun in found:
            inside = verb.past <= noun.at < verb.right and noun.at - verb.past <= 8
            if noun.trigger.voice != "noun" or not inside or (verb.goods and verb.goods[0] < noun.at):
                continue
            if noun.trigger.sort == "take" and verb.trigger.sort == "take" and noun.trigger.stage != "delivered":
                out = [m for m in out if m is not verb]
            elif noun.trigger.implied:
                verb.trigger = replace(verb.trigger, implied=True, money=noun.trigger.money)
                if verb.trigger.sort == "take" and not verb.suppliers:
                    verb.suppliers = noun.suppliers
                out = [m for m in out if m is not noun]
    return out


def drafts(work: Work, m: Match, denial: stance.Denial | None, told: Sequence[Draft]) -> list[Draft]:
    """Pair the sides of a match: one draft for each supplier, recipient and lot."""
    found = sides(m, work.context)
    fill(work, m, found, denial, told)
    where = f"{m.sentence.units[m.at].start}: {m.trigger.sort} {m.sentence.units[m.at].low!r}"
    armed = bool(found.goods) or m.trigger.implied or m.trigger.sort == "arm"
    bare = not armed and m.trigger.money and bool(found.suppliers and found.recipients) and _sum_near(m)
    if m.trigger.sort == "breach":
        armed = embargo_told(m)
    if not armed and not bare:
        work.refused.append(f"{where}: no goods")
        return []
    lots = [d for d in m.deals if d.goods and d.recipients] if len(m.deals) > 1 else []
    out = []
    sources = [d for d in m.deals if d.goods and d.suppliers]
    if len(sources) > 1 and {key(s) for s in found.suppliers} == {key(s) for d in sources for s in d.suppliers}:
        for n, lot in enumerate(sources):
            units = [m.sentence.units[i] for i in lot.goods]
            for source, to in itertools.product(lot.suppliers, _or_none(found.recipients)):
                out.append(_draft(work, m, source, to, units, where, lot=lot if n else None))
        return [draft for draft in out if draft is not None]
    for supplier in _or_none(found.suppliers):
        if len(lots) > 1:
            for n, lot in enumerate(lots):
                units = [m.sentence.units[i] for i in lot.goods]
                where_told = lot if n else None
                out += [_draft(work, m, supplier, r, units, where, lot=where_told) for r in lot.recipients]
            continue
        for recipient in _or_none(found.recipients):
            out.append(_draft(work, m, supplier, recipient, found.goods, where))
    for draft in out:
        if draft is not None:
            draft.bare = bare
    if m.goods_pronoun and m.trigger.voice == "noun":
        out = [draft for draft in out if draft is not None and draft.filled < 2]  # "the deliveries": nothing of its own
    return [draft for draft in out if draft is not None]


def _sum_near(m: Match) -> bool:
    return any(u.kind == "money" for u in m.sentence.units[max(0, m.at - 6) : m.past + 10])


def _or_none(slots: list[Slot]) -> Sequence[Slot | None]:
    return slots or [None]


def _draft(
    work: Work,
    m: Match,
    supplier: Slot | None,
    recipient: Slot | None,
    goods: list[Unit],
    where: str,
    lot: Deal | None = None,
) -> Draft | None:
    if supplier is None and recipient is None and not (m.vessel and goods):
        work.refused.append(f"{where}: neither side told")
        return None
    if supplier is not None and recipient is not None and key(supplier) == key(recipient):
        work.refused.append(f"{where}: both sides are {key(supplier)}")
        return None
    if supplier is not None and recipient is not None and _at_home(supplier.party, recipient.party):
        work.refused.append(f"{where}: {supplier.party.name} and {recipient.party.name} are in one country")
        return None
    places = [slot.at for slot in (supplier, recipient) if slot is not None]
    m.touch(*places)
    units = m.sentence.units
    inside = [i for i, u in enumerate(units) if any(u is g for g in goods)]
    spots = [m.at, m.past - 1, *[p for p in places if p is not None], *inside]
    if lot is not None and inside:
        spots = [*[s.at for s in (*lot.recipients, *lot.suppliers) if s.at is not None], *inside]
    if m.trigger.money:
        spots += [i for i in range(max(0, m.at - 6), m.past + 10) if i < len(units) and units[i].kind == "money"][:1]
    first, last = min(spots), max(spots)
    draft = Draft(m, supplier, recipient, goods, m.stage, units[first].start, units[last].end)
    draft.filled = sum(1 for slot in (supplier, recipient) if slot is None or slot.at is None)
    draft.transit = list(m.via)
    draft.official = (
        m.official
        and supplier is not None
        and supplier.how.startswith("subject of" if m.trigger.sort != "deal" else "subject")
    )
    draft.reasons = [f"{m.trigger.sort} ({m.trigger.voice}): {' '.join(m.sentence.lows[m.at : m.past])}"]
    for role, slot in (("supplier", supplier), ("recipient", recipient)):
        draft.reasons.append(f"{role}: {slot.party.name} ({slot.how})" if slot else f"{role}: not told")
    draft.reasons += [note for note in m.notes if note]
    return draft


def _at_home(one: Party, other: Party) -> bool:
    """A group moving arms about in the country where it operates."""
    return one.sort == "group" and one.host == other.iso3


def share(drafts: list[Draft]) -> list[Draft]:
    """Recipients that another verb of the sentence tells.

    "Spain sent tanks and Portugal sent helicopters to Ukraine": the later one's; "howitzers donated by Denmark reached
    Ukraine": where the same goods came; "Syria used Russian-supplied helicopters": who uses them.
    """
    for whole in drafts:
        if whole.recipient is None and whole.match.trigger.sort == "give":
            whole.recipient = _elsewhere(whole, drafts)
    drafts = _met(_promised(_ordered(drafts)))
    came = [d for d in drafts if d.match.trigger.sort == "reach" and d.supplier and d.recipient]
    drafts = [
        d for d in drafts
        if not (d.match.passive and d.match.trigger.sort in ("take", "give"))
        or not any(c is not d and c.pair == d.pair and any(u in c.goods for u in d.goods) for c in came)
    ]  # fmt: skip
    for draft, following in itertools.pairwise(drafts):
        refused = (draft.stage, following.stage) == ("refused", "refused") and _gives(draft) and _gives(following)
        alike = refused or draft.match.trigger == following.match.trigger
        same = alike and key(draft.supplier) != key(following.recipient)
        if draft.recipient is None and following.recipient is not None and same:
            draft.recipient = Slot(following.recipient.party, None, "shared with the next verb")
    return drafts


def _gives(draft: Draft) -> bool:
    return draft.match.trigger.sort == "give" and draft.match.trigger.voice != "noun"


def _ordered(drafts: list[Draft]) -> list[Draft]:
    """ "delivered two of the 12 jets ordered by Peru": the order only tells whose the delivered goods are."""
    out = list(drafts)
    for given in drafts:
        if given.match.trigger.sort != "give" or given.match.trigger.voice == "noun":
            continue
        for order in drafts:
            same = order.match.trigger.sort == "take" and order.match.passive and order.recipient is not None
            if same and any(unit in given.goods for unit in order.goods) and order in out:
                if given.recipient is None and key(order.recipient) != key(given.supplier):
                    given.recipient = order.recipient
                if given.pair == order.pair:
                    out.remove(order)
    return out


def _promised(drafts: list[Draft]) -> list[Draft]:
    """ "took delivery of four helicopters that Russia had promised": one verb tells each side of the same goods."""
    out = list(drafts)
    for taken in drafts:
        if taken.match.trigger.sort != "take" or taken.supplier is not None or taken.recipient is None:
            continue
        for given in drafts:
            same = given.match.trigger.sort == "give" and given.recipient is None and given.supplier is not None
            apart = key(given.supplier) != key(taken.recipient)
            if same and apart and given in out and any(unit in taken.goods for unit in given.goods):
                taken.supplier = given.supplier
                out.remove(given)
                break
    return out


def _met(drafts: list[Draft]) -> list[Draft]:
    """ "left X with rifles for Y on board": verbs of one sentence that tell one side each of the same goods."""
    out = list(drafts)
    for given in drafts:
        if given.supplier is None or given.recipient is not None or given not in out:
            continue
        for taken in drafts:
            half = taken.recipient is not None and taken.supplier is None and taken in out
            same = any(unit in taken.goods for unit in given.goods) and key(given.supplier) != key(taken.recipient)
            if half and same and not {given.stage, taken.stage} & {"refused", "requested"}:
                given.recipient = taken.recipient
                given.filled = max(given.filled - 1, 0)
                out.remove(taken)
                break
    return out


def _elsewhere(whole: Draft, drafts: list[Draft]) -> Slot | None:
    for part in drafts:
        to = part.recipient
        if to is None or part is whole or not any(unit in whole.goods for unit in part.goods):
            continue
        if part.match.trigger.sort == "reach" and key(to) != key(whole.supplier):
            if whole.stage in _AHEAD and part.stage == "delivered":
                whole.stage = part.stage  # "the jets promised by Slovakia are now in Ukrainian hands"
            return Slot(to.party, to.at, "where the goods came")
        if part.match.trigger.sort == "use" and "attributive" in whole.match.notes:
            return to
    return None


def include(work: Work, s: Sentence, tags: Tags, fresh: list[Draft]) -> None:
    """ "…, which includes X and Y", "It also includes:" with a list: what a package holds goes to the package told."""
    listed = [u for u in s.units if u.kind == "goods"]
    if work.listing is not None and not fresh and not any(t.voice != "noun" for _, _, t in tags.triggers):
        if listed:
            work.listing.goods = [*work.listing.goods, *listed]
        elif len(s.units) > _ITEM:
            work.listing = None
    else:
        work.listing = None
    at = next((i for i, u in enumerate(s.units) if "includes" in u.classes), None)
    if at is None:
        return
    same = [d for d in fresh if _package(d) and d.match.at < at]
    package = same[-1] if same else None
    if package is None and not fresh and at <= 6:
        package = next((d for d in reversed(work.drafts[-6:]) if _package(d) and d.stage in _AHEAD), None)
    if package is None:
        return
    stop = next((i for i in range(at, len(s.units)) if s.units[i].low == "."), len(s.units))
    package.goods = [*package.goods, *[u for u in s.units[at:stop] if u.kind == "goods" and u not in package.goods]]
    if any(u.low == ":" for u in s.units[at:]):
        work.listing = package


def _package(draft: Draft) -> bool:
    """Whether a claim's goods may be told after it: it has a sum, or nothing but bare "weapons"."""
    return draft.money is not None or draft.bare or (not draft.categories and draft.match.trigger.voice == "noun")
