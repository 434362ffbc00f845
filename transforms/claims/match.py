"""Frames over one sentence: each trigger with what stands in its argument places. Other sentences come in later."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.frames import Modifier, Trigger
from transforms.claims.tags import Tags, has
from transforms.claims.units import Party, Sentence, Unit
from transforms.records import Stage

_STALE = 5  # words after which a preposition no longer governs what follows
_NEAR = 4  # units within which a noun's possessor or compound stands


@dataclass(slots=True)
class Slot:
    """A party in an argument place. at: its unit in the sentence; None where it was carried over. how: for reasons."""

    party: Party
    at: int | None
    how: str


@dataclass(slots=True)
class Deal:
    """Goods with their recipients, where one trigger tells of several ("36 jets to A and 24 to B")."""

    goods: list[int] = field(default_factory=list)
    recipients: list[Slot] = field(default_factory=list)


@dataclass(slots=True)
class Match:
    """One trigger of one sentence with its arguments, before reference and context complete them.

    at, past: the trigger's units. left, right: the clause's. lo, hi: the units that carry the evidence.
    pronoun: the class of a subject that refers back. goods_pronoun: the goods refer back. count: a bare number of goods.
    """

    sentence: Sentence
    tags: Tags
    trigger: Trigger
    at: int
    past: int
    left: int
    right: int
    lo: int
    hi: int
    stage: Stage
    suppliers: list[Slot] = field(default_factory=list)
    recipients: list[Slot] = field(default_factory=list)
    via: list[Slot] = field(default_factory=list)
    partners: list[Slot] = field(default_factory=list)
    agents: list[Slot] = field(default_factory=list)
    by: list[Slot] = field(default_factory=list)
    goods: list[int] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    pronoun: str | None = None
    object_pronoun: str | None = None
    owner: Slot | None = None
    siblings: list[Match] = field(default_factory=list)
    goods_pronoun: bool = False
    count: int | None = None
    vessel: bool = False
    passive: bool = False
    negated: bool = False
    hedged: bool = False
    official: bool = False
    modifier: Modifier | None = None
    notes: list[str] = field(default_factory=list)

    def touch(self, *places: int | None) -> None:
        """Stretch the evidence over units."""
        for i in places:
            if i is not None:
                self.lo, self.hi = min(self.lo, i), max(self.hi, i + 1)


def matches(sentence: Sentence, tags: Tags) -> list[Match]:
    """All triggers of a sentence with their arguments, in order."""
    found: list[Match] = []
    for a, b, trigger in tags.triggers:
        left, right = _clause(sentence, tags, a, b)
        match = Match(sentence, tags, trigger, a, b, left, right, a, b, trigger.stage)
        if trigger.voice == "noun":
            _noun(match)
        else:
            _verb(match)
        found.append(match)
    for match in found:
        match.siblings = [m for m in found if m is not match]
    return found


def _clause(s: Sentence, tags: Tags, a: int, b: int) -> tuple[int, int]:
    """The units around a trigger that may hold its arguments: up to a breaker on either side."""
    left, right = a, b
    while left > 0 and not tags.wall(left - 1):
        left -= 1
    while right < len(s.units) and not tags.wall(right):
        right += 1
    return left, right


def is_party(unit: Unit) -> bool:
    """Whether a unit can be a side of a transfer: a party that is no mere attribute, and no medium or UN body."""
    party = unit.party
    if party is None or not party.can_supply:
        return False
    return party.head in ("self", "organ") and not (party.possessive and party.head == "self")


def as_slot(unit: Unit, at: int, how: str) -> Slot:
    """The slot of a party unit."""
    assert unit.party is not None
    return Slot(unit.party, at, how)


def _chain(m: Match, i: int, how: str) -> list[Slot]:
    """A party and those coordinated before it: "Russia and Belarus"."""
    units, out, j = m.sentence.units, [as_slot(m.sentence.units[i], i, how)], i
    while j - 2 >= m.left and has(units[j - 1], "conjunction"):
        k = j - 2
        while k > m.left and has(units[k], "conjunction"):
            k -= 1
        if not is_party(units[k]) or m.tags.governed(k) is not None:
            break
        out.append(as_slot(units[k], k, how))
        j = k
    return out


# --- verbs ---------------------------------------------------------------------------------------------------------


def _verb(m: Match) -> None:
    """Fill a verb's places: subject on the left, the rest by preposition and order on the right."""
    for i in range(m.at, m.past):
        if is_party(m.sentence.units[i]):
            m.suppliers.append(as_slot(m.sentence.units[i], i, "asked"))
    if _attributive(m):
        return
    final = m.tags.language.grammar.final
    before = [] if final or _gerund_alone(m) else _left_of_verb(m)
    if final:
        m.vessel = any(has(u, "vessel") for u in m.sentence.units[m.left : m.right])
    start = m.left if final else m.past
    if final:
        m.passive = any(has(u, "passive") for u in m.sentence.units[m.left : m.right])
    else:
        m.passive = m.trigger.voice == "passive" or (m.trigger.voice == "participle" and _is_passive(m, bool(before)))
    _collect(m, start, m.right, "object")
    own = m.passive or m.trigger.sort in ("reach", "bound") or m.notes[-1:] == ["relative"]
    if before and own and (not m.goods or m.passive or m.trigger.sort in ("reach", "bound")):
        m.goods, m.deals = before, []
        m.touch(*before)


def _gerund_alone(m: Match) -> bool:
    """ "… that selling arms to X means …": a gerund that begins its clause has no subject."""
    if m.trigger.voice != "progressive":
        return False
    before = m.sentence.units[m.at - 1] if m.at else None
    return before is None or has(before, "relative") or before.low == '"' or m.tags.wall(m.at - 1)


def _attributive(m: Match) -> bool:
    """ "US-supplied weapons": the party before the hyphen gives the goods after it."""
    units = m.sentence.units
    if not (m.at >= 2 and units[m.at - 1].low == "-" and units[m.at - 2].party is not None):
        return False
    m.passive = True
    m.by = [as_slot(units[m.at - 2], m.at - 2, "by")]
    m.goods = [i for i in range(m.past, min(m.past + 4, m.right)) if units[i].kind == "goods"][:1]
    m.deals = [Deal(list(m.goods))]
    m.notes.append("attributive")
    m.touch(m.at - 2, *m.goods)
    return True


def _left_of_verb(m: Match) -> list[int]:
    """Find the subject (into ``agents`` or ``pronoun``); return the goods that stand before the verb."""
    units, goods = m.sentence.units, list[int]()
    floor = m.left
    i = m.at - 1
    while i >= floor:
        unit = units[i]
        heard = m.tags.speech_of.get(i) == "said" or (m.tags.speech_of.get(i) == "according" and m.tags.wall(i))
        if heard and not goods and not m.agents:
            told = i > 0 and has(units[i - 1], "passive")
            if unit.kind == "word" and not has(unit, "organ") and not told:
                break
        if unit.kind == "goods":
            free = m.tags.governed(i) in (None, "of", "goods") or i == m.at - 1
            if free and not _noun_after(m, i):
                goods.append(i)
        elif is_party(unit) and m.tags.governed(i) == "source" and not goods:
            m.suppliers.append(as_slot(unit, i, "source"))
        elif is_party(unit) and (m.tags.governed(i) is None or _accused(m, i) or _attempt(m, i)):
            m.agents = _chain(m, i, "subject")
            if not goods:
                goods = _goods_before_subject(m, min(s.at for s in m.agents if s.at is not None))
                if goods:
                    m.notes.append("relative")
            break
        elif has(unit, "vessel"):
            m.vessel = True
            if m.trigger.sort in ("give", "carry") and not m.passive and i > floor:
                before = units[i - 1]
                if before.party is not None and before.party.head == "vessel":
                    m.owner = as_slot(before, i - 1, "of the ship")
                break
        elif unit.party is not None and unit.party.head == "vessel" and m.owner is None:
            m.owner = as_slot(unit, i, "of the ship")
        elif unit.kind == "count" and m.count is None and (m.trigger.sort == "follow" or m.trigger.voice != "active"):
            m.count = i
            m.touch(i)
        elif unit.kind == "word" and (pronoun := _pronoun(m, i)):
            m.pronoun = pronoun
            m.touch(i)
            break
        i -= 1
    return sorted(goods)


def _noun_after(m: Match, i: int) -> bool:
    """Whether goods are only the first half of a noun of the act ("arms sales were diverted")."""
    nested = m.tags.trigger_at.get(i + 1)
    return nested is not None and nested[1].voice == "noun" and i + 1 != m.at


def _attempt(m: Match, i: int) -> bool:
    """ "an attempt by Iran to smuggle": whoever attempts is the subject."""
    return m.tags.governed(i) == "by" and i + 2 == m.at and m.sentence.units[i + 1].low == "to"


def _accused(m: Match, i: int) -> bool:
    """Whether the party at ``i`` is the object of a verb of accusing, and so the subject of what follows."""
    return any(m.tags.speech_of.get(j) == "accuse" for j in range(max(0, i - 4), i))


def _pronoun(m: Match, i: int) -> str | None:
    unit = m.sentence.units[i]
    if m.tags.governed(i) is not None or m.at - i > 8:
        return None
    if has(unit, "relative"):
        return None
    return next((tag for tag in ("we", "person", "both", "country", "group", "it") if has(unit, tag)), None)


def _goods_before_subject(m: Match, subject: int) -> list[int]:
    """ "missiles Russia bought", "systems that the US has provided": goods right before a relative clause's subject."""
    units, i, skipped, found = m.sentence.units, subject - 1, 0, list[int]()
    while i >= 0 and skipped <= 3:
        unit = units[i]
        if unit.kind == "goods":
            found.append(i)
            skipped = 2
        elif unit.kind != "word" or has(unit, "breaker") or i in m.tags.trigger_at or i in m.tags.speech_of:
            break
        elif has(unit, "conjunction") and found:
            skipped = 1
        elif not has(unit, "conjunction"):
            skipped += 1
        i -= 1
    close = found and subject - found[0] <= 4
    return found if close else []


def _is_passive(m: Match, goods_before: bool) -> bool:
    """A participle is passive after a passive auxiliary, or right after its noun without any auxiliary."""
    for i in range(m.at - 1, max(m.left - 1, m.at - 6), -1):
        unit = m.sentence.units[i]
        if has(unit, "perfect"):
            return False
        if has(unit, "passive"):
            return True
        if unit.kind in ("party", "goods", "count"):
            break
    after = m.sentence.units[m.past] if m.past < len(m.sentence.units) else None
    closest = m.sentence.units[m.at - 1] if m.at else None
    agent = after is not None and m.tags.marker_of.get(m.past) in ("by", "to", "source")
    if closest is not None and closest.kind in ("goods", "count") and not (after and after.kind in ("goods", "count")):
        return True
    return bool(goods_before and not m.agents and agent)


# --- nouns ---------------------------------------------------------------------------------------------------------


def _noun(m: Match) -> None:
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
            if (unit.party.can_supply and (m.tags.marker_of.get(i - 1) is None or compound)) or (unit.party.can_supply and (unit.party.adjective or unit.party.possessive)):
                holder = i
            break
        elif unit.low in ("'s", "'"):
            pass
        elif has(unit, "conjunction"):
            if not m.goods or units[i - 1].kind != "goods":
                break
        elif i in m.tags.marker_of or i in m.tags.governing or i in m.tags.trigger_at or not unit.low[0].isalnum() or unit.classes & {"breaker", "relative", "passive", "perfect"}:
            break
        else:
            if unit.classes & {"ours"}:
                m.pronoun = "we"
            fillers += 1
        i -= 1
    m.touch(*m.goods)
    m.vessel = m.trigger.sort == "carry"
    _collect(m, m.past, m.right, "of_object")
    if holder is not None:
        _place_holder(m, holder)
    bare = [s for s in m.recipients if s.how == "of_object"]
    if bare and len(bare) < len(m.recipients) and not m.suppliers:
        m.suppliers = bare
        m.recipients = [s for s in m.recipients if s.how != "of_object"]


def _place_holder(m: Match, holder: int) -> None:
    """Whose "arms sales" they are: a possessor or adjective gives (or takes, for nouns of taking); a bare name takes."""
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


# --- arguments on the right ----------------------------------------------------------------------------------------


def _collect(m: Match, start: int, end: int, role: str) -> None:
    """Walk the units and put parties and goods where their preposition or order says."""
    units, tags = m.sentence.units, m.tags
    stale, i, last_party, since_and, spent = 0, start, -9, 9, False
    joined = False
    current = Deal()
    m.deals = [current]
    if tags.speech_of.get(start - 1) == "according":
        role = "away"
    while i < end:
        unit = units[i]
        if m.at <= i < m.past:
            i, role = m.past, "object" if role == "away" else role
            continue
        if i in tags.marker_at:
            past, opened = tags.marker_at[i]
            told = any(s.how == "to" for s in m.recipients) or m.object_pronoun in ("group:to", "country:to")
            if opened == "to" and told and since_and > 1 and not _fresh_goods(m):
                opened = _second_to(m, units[i].low, stale)
            role, stale, i, spent = opened, 0, past, False
            continue
        nested = tags.trigger_at.get(i)
        if nested is not None and nested[1].sort == "carry" and nested[1].voice == "passive" and not m.goods:
            i, role, stale, spent = nested[0], "goods", 0, False
            continue
        beside = nested is not None and nested[1].voice == "noun" and since_and <= 2 and m.trigger.voice == "noun"
        if nested is not None and (beside or _stops(m, role, nested[1])):
            if (
                i - last_party <= 3
                and last_party >= start
                and nested[1].voice != "noun"
                and (joined or role == "object")
            ):
                _unassign(m, last_party)
            break
        if any(first == i for first, _, _ in tags.after) and m.trigger.voice != "noun" and i > m.past:
            break
        if unit.kind == "party" and unit.party is not None:
            if (
                is_party(unit)
                and not (unit.party.adjective and _before_goods(m, i))
                and (not spent or (joined := _joined(m, i)))
            ):
                subjects = len(m.agents)
                current = _assign(m, role, i, current)
                last_party, stale, since_and = i, 0, 9
                spent = len(m.agents) == subjects and (role != "object" or not tags.language.grammar.instrumental)
        elif unit.kind == "goods":
            if _takes_goods(m, role, since_and, spent, stale):
                if current.recipients and current.goods and (role == "to" or not m.passive):
                    current = Deal()
                    m.deals.append(current)
                current.goods.append(i)
                m.goods.append(i)
                m.touch(i)
                stale = 0
                if role == "to":
                    role = "of"
        elif unit.kind == "count":
            if m.count is None and role in ("object", "of_object", "of", "goods"):
                m.count = i
                m.touch(i)
            stale = 0
        elif unit.kind == "word":
            if (
                role in ("object", "of")
                and stale <= 2
                and not m.goods
                and has(unit, "goods")
                and m.trigger.voice != "noun"
            ):
                m.goods_pronoun = m.trigger.sort != "arm"
                m.touch(i)
            if has(unit, "group") or has(unit, "country"):
                m.object_pronoun = m.object_pronoun or ("group" if has(unit, "group") else "country") + ":" + role
                m.touch(i)
            if has(unit, "relative") and m.trigger.voice != "passive" and stale and unit.low != "what":
                break
            since_and = 0 if has(unit, "conjunction") else since_and + 1
            if not has(unit, "conjunction") and unit.low != "-":
                stale += 1
            elif role not in ("to", "source", "by", "via", "partner"):
                role = "of_object" if m.trigger.voice == "noun" else "object"
            if stale > _STALE and role not in ("object", "of_object", "of", "goods"):
                role = "away"
        i += 1


def _fresh_goods(m: Match) -> bool:
    """Whether goods came after the last recipient, so that another may follow."""
    last = max((s.at for s in m.recipients if s.at is not None), default=-1)
    return any(g > last for g in m.goods) and last > m.at


def _second_to(m: Match, word: str, stale: int) -> str:
    """ "shipped into Jordan for the rebels": what came first was the way; any later "to" is about something else."""
    if word == "for" and stale == 0 and m.recipients and m.object_pronoun is None:
        m.via += [s for s in m.recipients if s.at is not None]
        m.recipients.clear()
        for deal in m.deals:
            deal.recipients.clear()
        return "to"
    return "away"


def _joined(m: Match, i: int) -> bool:
    """Whether the party at ``i`` is coordinated with one before it ("to Azerbaijan and Morocco")."""
    units, j = m.sentence.units, i - 1
    while j > m.left and i - j <= 4 and units[j].kind == "word" and not has(units[j], "conjunction"):
        j -= 1
    if j <= m.left or not has(units[j], "conjunction"):
        return False
    if units[j].low != ",":
        return True
    return i + 1 < len(units) and has(units[i + 1], "conjunction")


def _before_goods(m: Match, i: int) -> bool:
    return m.sentence.units[i].party is not None and m.sentence.units[i].party.head == "goods"  # type: ignore[union-attr]


def _stops(m: Match, role: str, nested: Trigger) -> bool:
    """Whether another trigger ends this one's arguments: a verb does, a noun only where this one has its own."""
    if nested.voice == "noun":
        return (
            m.trigger.sort != "deal"
            and nested.sort in ("give", "take")
            and (role == "away" or bool(m.recipients and (m.goods or m.suppliers)))
        )
    if nested.sort == "bound":
        return False
    if nested.voice in ("participle", "passive") and m.trigger.voice == "noun":
        return False
    return True


def _dative(m: Match, i: int) -> bool:
    """Whether a bare party is the one given to: right after the verb ("sent Ukraine tanks"), or in its series."""
    if _joined(m, i) and m.recipients:
        return True
    between = m.sentence.units[m.past : i]
    return len(between) <= 4 and all(u.kind == "word" and not has(u, "conjunction") for u in between)


def _unassign(m: Match, at: int) -> None:
    """Take back a party that turned out to be the next verb's subject."""
    for slots in (m.recipients, m.suppliers, m.by, *(d.recipients for d in m.deals)):
        slots[:] = [slot for slot in slots if slot.at != at or slot.how == "subject"]


def _takes_goods(m: Match, role: str, since_and: int, spent: bool, stale: int) -> bool:
    if role in ("object", "of_object", "of", "goods"):
        return True
    if m.trigger.voice != "noun" and stale <= 2 and stale < since_and:
        if role in ("to", "source", "via") and spent:
            return True
        if role == "away" and stale >= 1 and not m.goods:
            return True
    if role == "by" and m.trigger.voice == "noun":
        return m.tags.language.grammar.final
    if role == "to" and m.goods:
        return since_and <= 4
    if role == "to":
        return m.trigger.voice == "noun" or m.trigger.sort in ("take", "deal")
    return False


def _assign(m: Match, role: str, i: int, current: Deal) -> Deal:
    """Put the party at ``i`` into its place; return the deal that further goods belong to."""
    unit = m.sentence.units[i]
    grammar = m.tags.language.grammar
    sort, noun = m.trigger.sort, m.trigger.voice == "noun"
    if role == "object" and grammar.instrumental and m.passive and unit.low.endswith(grammar.instrumental):
        role = "by"
    if role in ("object", "of_object") and grammar.inversion and not m.agents and not noun and m.pronoun is None and (
        i == m.past or grammar.final
    ) and not m.passive:  # fmt: skip
        m.agents = [as_slot(unit, i, "subject")]
        m.touch(i)
        return current
    if m.trigger.agent and role in ("of", "of_object"):
        role = "to"
    if role == "of" and noun and grammar.of_supplies and sort != "take":
        role = "by"
    if sort == "take" and not noun and not m.passive and (
        role == "by" or (grammar.of_supplies and role in ("of", "to") and not m.suppliers)
    ):  # fmt: skip
        role = "source"
    if sort == "origin":
        role = "source"
    slot = as_slot(unit, i, role)
    inflected = bool(grammar.instrumental) or grammar.final
    if role == "of_object" and not inflected:
        return current
    if role == "object" and sort in ("give", "arm") and not inflected and not _dative(m, i):
        return current
    if role == "object" and sort in ("give", "arm") and current.goods and current.recipients:
        current = Deal()
        m.deals.append(current)
    if (
        role == "to"
        or (role == "object" and sort in ("give", "arm", "reach", "carry", "bound"))
        or (role == "object" and sort == "use" and m.past - m.at > 1)
    ):
        if sort == "breach":
            return current
        m.recipients.append(slot)
        current.recipients.append(slot)
    elif role == "of_object" and noun:
        m.recipients.append(slot)
        current.recipients.append(slot)
    elif role == "source":
        m.suppliers.append(slot)
    elif role == "by":
        if m.passive or noun:
            m.by.append(slot)
    elif role == "via":
        m.via.append(slot)
    elif role == "partner" or (role == "goods" and (noun or bool(m.goods))):
        m.partners.append(slot)
    elif role == "goods" and sort == "use":
        m.recipients.append(slot)
    else:
        return current
    m.touch(i)
    return current
