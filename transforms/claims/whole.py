"""What only the whole document can tell: voyages, sides told elsewhere, denials, dates of announcements."""

from __future__ import annotations

from transforms.claims import binding, stance
from transforms.claims.draft import Draft, categories_meet, key, side
from transforms.claims.match import Slot
from transforms.claims.reference import told_unknown
from transforms.claims.voyage import Voyage
from transforms.claims.work import Work

_LOOKED_AT = 20  # claims of one pair that are compared, so that a long text costs no more a claim than a short one
_SHARE = 3  # how many times the pairs of all others a text's chief side must have
_AHEAD = frozenset({"announced", "approved", "requested", "offered", "contracted"})


def finish(work: Work) -> None:
    """What only the whole document can tell: voyages, unknown sides, denials elsewhere, dates of announcements."""
    _sail(work)
    _halves(work)
    _breaches(work)
    _unproven(work)
    _complete(work)
    _dominant(work)
    _makers_text(work)
    _for_whom(work)
    _witnessed(work)
    keep: list[Draft] = []
    for draft in work.drafts:
        why = _incomplete(draft)
        if why is None:
            keep.append(draft)
        else:
            work.refused.append(f"{draft.start}: {why}")
            m = draft.match  # what it denied may have been told elsewhere with both its sides
            work.denials += [stance.Denial(m.sentence, m.at, m.past, v, v.iso3 or v.name) for v in draft.deniers]
    if any(d.pair != ("?", "?") for d in keep):
        keep = [d for d in keep if d.pair != ("?", "?")]
    work.drafts = keep
    work.refused += stance.attach(work.drafts, work.denials)
    stance.spread(work.drafts)
    published = (work.subject.document.published or "")[:10] or None
    for draft in work.drafts:
        ahead = draft.stage in ("announced", "approved", "contracted")
        own_word = work.context.source is not None and side(draft.supplier).iso3 == work.context.source
        if ahead and draft.date is None:
            draft.date = work.announced or (published if own_word else None)


def _sail(work: Work) -> None:
    """A ship's cargo without sides goes where the ship went."""
    voyage = work.voyage
    for draft in work.drafts:
        m = draft.match
        if m.trigger.sort != "carry" or not (m.vessel or work.boarded):
            continue
        if draft.recipient is None and voyage.destination is not None:
            draft.recipient = Slot(voyage.destination, None, "where the ship came in")
            draft.date = voyage.date or draft.date
            if voyage.arrived and draft.stage == "shipped":
                draft.stage = "delivered"
            if voyage.destination_place is not None:
                draft.places.append(binding.as_claim_place("delivery", voyage.destination_place))
        if draft.supplier is None and voyage.origin is not None and voyage.origin.key != key(draft.recipient):
            draft.supplier = Slot(voyage.origin, None, "where the ship left")
            if voyage.origin_place is not None:
                draft.places.append(binding.as_claim_place("origin", voyage.origin_place))
        if work.boarded and draft.stage in ("shipped", "delivered"):
            draft.stage = "seized"
        if voyage.turned is not None and draft.stage == "shipped":
            draft.stage = "refused"
            _turn(draft, voyage)


def _turn(draft: Draft, voyage: Voyage) -> None:
    """The evidence of a voyage broken off is where the ship turns."""
    s, unit = voyage.turned_sentence, voyage.turned
    if s is None or unit is None or s is draft.match.sentence:
        return
    at = next(i for i, u in enumerate(s.units) if u is unit)
    ship = next((i for i in range(at - 1, -1, -1) if "vessel" in s.units[i].classes), at)
    last = next((i for i in range(len(s.units) - 1, at, -1) if s.units[i].kind == "party"), at)
    draft.start, draft.end = s.units[ship].start, s.units[last].end
    draft.date = next((u.date.value for u in s.units if u.date), draft.date)


def _halves(work: Work) -> None:
    """A seized or carried cargo of which one sentence tells the supplier and another the recipient is one claim."""
    sorts = ("carry", "bound", "give", "origin")
    half = [d for d in work.drafts if d.match.trigger.sort in sorts and d.stage in ("seized", "shipped", "refused")]
    given = next((d for d in half if d.supplier is not None and d.recipient is None), None)
    taken = next((d for d in half if d.recipient is not None and d.supplier is None), None)
    if given is None or taken is None or any(d.supplier and d.recipient for d in work.drafts):
        return
    if taken.recipient is not None and key(given.supplier) != key(taken.recipient):
        given.recipient = Slot(taken.recipient.party, None, "where the cargo was bound")
        given.filled += 1


def _breaches(work: Work) -> None:
    """A breach of "the embargo" is one of the embargo on whomever arms went to in this text."""
    for draft in work.drafts:
        if draft.match.trigger.sort == "breach" and draft.recipient is None:
            to = next((d.recipient for d in work.drafts if d.recipient is not None and d is not draft), None)
            if to is not None and key(to) != key(draft.supplier):
                draft.recipient = Slot(to.party, None, "to whom arms went in this text")


def _complete(work: Work) -> None:
    """A side not told is the one of another claim with the same goods and the same other side, or of the pair told."""
    full = [d for d in work.drafts if d.supplier and d.recipient and d.match.trigger.sort != "breach"]
    ships = [d for d in full if d.match.trigger.sort == "carry"]
    by_side: dict[tuple[int, str], dict[tuple[str, str], list[Draft]]] = {}
    for draft in full:
        for index in (0, 1):
            by_side.setdefault((index, draft.pair[index]), {}).setdefault(draft.pair, []).append(draft)
    for draft in work.drafts:
        if draft.supplier is draft.recipient is None and draft.match.trigger.sort == "carry" and ships:
            draft.supplier, draft.recipient = ships[0].supplier, ships[0].recipient
            draft.filled = 2
        elif _half_told(draft):
            index = 0 if draft.supplier is not None else 1
            _other_side(draft, index, by_side.get((index, draft.pair[index]), {}))


def _dominant(work: Work) -> None:
    """In a text on arms to one recipient, what named or counted goods others give or pledge goes to it too."""
    full = [d for d in work.drafts if d.supplier is not None and d.recipient is not None and d.filled == 0]
    told = [d for d in full if not d.deniers and d.stage != "refused"]
    found = _chief([(key(d.recipient), key(d.supplier)) for d in told])
    lead = work.topics.lead
    open_ones = {key(d.supplier) for d in work.drafts if d.supplier is not None and d.recipient is None}
    others = sum(1 for d in told if lead is not None and key(d.recipient) != lead.key)
    if lead is not None and found in (None, lead.key) and len(open_ones - {lead.key}) > 1 and others * 2 <= len(told):
        recipient: Slot | None = Slot(lead, None, "for whom all of this text's deliveries are")
        found = lead.key
    elif found is not None:
        recipient = next(d.recipient for d in told if key(d.recipient) == found)
    else:
        return
    for draft in work.drafts:
        m = draft.match
        giver = draft.supplier.party if draft.supplier is not None and draft.supplier.at is not None else None
        gives = m.trigger.sort == "give" and giver is not None and giver.sort != "group" and not told_unknown(m)
        if gives and draft.recipient is None and draft.stage != "refused" and draft.supplier is not None:
            particular = draft.amount is not None or m.count is not None or any(w.named for w in draft.weapons)
            if particular and recipient is not None and key(draft.supplier) != found:
                draft.recipient = Slot(recipient.party, None, "to whom all others in this text give")
                draft.filled += 1


def _chief(pairs: list[tuple[str, str]]) -> str | None:
    """The one side that nearly all pairs of a text share, with two or more others on their part."""
    others: dict[str, set[str]] = {}
    for one, other in pairs:
        others.setdefault(one, set()).add(other)
    if not others:
        return None
    best = max(others, key=lambda one: len(others[one]))
    rest = sum(len(found) for one, found in others.items() if one != best)
    return best if len(others[best]) >= max(2, _SHARE * rest) else None


def _makers_text(work: Work) -> None:
    """In a text on what one state supplies, its own named systems that somebody received came from it."""
    told = [d for d in work.drafts if d.supplier is not None and d.recipient is not None]
    found = _chief([(key(d.supplier), key(d.recipient)) for d in told])
    if found is None:
        return
    supplier = next(d.supplier for d in told if key(d.supplier) == found)
    for draft in work.drafts:
        makers = {origin for w in draft.weapons if w.named for origin in w.origins}
        moved = draft.match.trigger.sort in ("give", "take", "reach") and draft.recipient is not None
        open_side = draft.supplier is None and moved and supplier is not None and key(draft.recipient) != found
        if open_side and makers == {found} and supplier is not None:
            draft.supplier = Slot(supplier.party, None, "whose deliveries this text is about")
            draft.filled += 1


def _half_told(draft: Draft) -> bool:
    """Whether one side is missing of something particular: named kinds, a number, or a cargo."""
    if (draft.supplier is None) == (draft.recipient is None) or draft.match.trigger.sort == "use":
        return False
    if draft.recipient is None and told_unknown(draft.match):
        return False
    if draft.stage == "refused" and draft.match.trigger.voice == "noun":
        return False
    counted = draft.amount is not None or draft.match.count is not None
    return bool(draft.categories) or counted or draft.match.trigger.sort == "carry"


def _other_side(draft: Draft, index: int, pairs: dict[tuple[str, str], list[Draft]]) -> None:
    """Take the missing side from the one pair that fits."""
    late = draft.stage in ("delivered", "shipped") and draft.match.count is None
    fits = [
        next((d for d in told[:_LOOKED_AT] if not (late and d.stage in _AHEAD) and categories_meet(draft, d)), None)
        for told in pairs.values()
    ]
    found = [d for d in fits if d is not None]
    other = (found[0].recipient if index == 0 else found[0].supplier) if len(found) == 1 else None
    if other is None:
        return
    slot = Slot(other.party, None, "as elsewhere in the text")
    if index == 0:
        draft.recipient = slot
    else:
        draft.supplier = slot
    draft.filled += 1


def _unproven(work: Work) -> None:
    """Where a text says that supply is not proven, the place that arms left from is no supplier."""
    if not any("unproven" in why for why in work.refused):
        return
    for draft in work.drafts:
        left = draft.supplier is not None and draft.supplier.how == "source" and draft.stage not in _AHEAD
        if left and draft.match.passive is False:
            draft.supplier = None


def _for_whom(work: Work) -> None:
    """An official who obtains what the text says goes to a group obtains it for the group."""
    for draft in work.drafts:
        agent = draft.recipient is not None and draft.recipient.party.sort in ("leader", "institution")
        if not agent or draft.match.trigger.sort != "take":
            continue
        for other in work.drafts:
            group = other.recipient is not None and other.recipient.party.sort == "group"
            if group and other.pair[0] == draft.pair[0] != "?" and categories_meet(other, draft):
                draft.recipient = Slot(other.recipient.party, None, "for whom the goods are")  # type: ignore[union-attr]
                break


def _witnessed(work: Work) -> None:
    """Who tells of the same maker's goods without a transfer ("the missile was made in") bears out their use."""
    for goods, said in work.seen[:_LOOKED_AT]:
        makers = {u.goods.origin.key for u in goods if u.goods and u.goods.origin}
        kinds = {str(w.category) for u in goods for w in (u.goods.weapons if u.goods else ())} - {"generic"}
        for draft in work.drafts[:_LOOKED_AT]:
            same = draft.stage == "in_use" and key(draft.supplier) in makers and draft.recipient is not None
            if not same or draft.only_denied or not kinds & (draft.categories | {"missile"}):
                continue
            draft.goods = [*draft.goods, *[u for u in goods if u not in draft.goods and kinds & draft.categories]]
            draft.asserters += [v for v in said if v.name not in {a.name for a in draft.asserters}]


def _incomplete(draft: Draft) -> str | None:
    """Why a draft is no claim: a side is missing, and the frame does not stand without it."""
    sort, stage = draft.match.trigger.sort, draft.stage
    if draft.bare and not draft.weapons:
        return "a sum without goods"
    if draft.match.negated and not draft.deniers:
        return "negated by the narration"
    if draft.supplier is not None and draft.recipient is not None:
        if key(draft.supplier) == key(draft.recipient):
            return f"both sides are {key(draft.supplier)}"
        return None
    if draft.match.trigger.foreign and draft.recipient is not None and draft.goods:
        return None
    group = draft.recipient is not None and draft.recipient.party.sort == "group" and draft.recipient.at is not None
    if (
        group
        and sort in ("give", "carry", "bound", "reach")
        and draft.goods
        and stage in ("delivered", "shipped", "seized")
    ):
        return None
    if sort == "bound" and stage in ("refused", "seized") and draft.goods:
        return None
    if sort == "carry" and draft.match.vessel and stage in ("shipped", "refused", "seized") and draft.goods:
        return None
    if (
        stage == "seized"
        and draft.supplier is not None
        and draft.goods
        and sort in ("give", "carry", "bound", "origin")
    ):
        return None
    missing = "supplier" if draft.supplier is None else "recipient"
    return f"{sort} {' '.join(draft.match.sentence.lows[draft.match.at : draft.match.past])!r}: no {missing}"
