"""The walk over the units after a trigger: parties and goods go where their preposition or order says."""

from __future__ import annotations

from transforms.claims.frames import Trigger
from transforms.claims.match import Deal, Match, as_slot, is_party
from transforms.claims.tags import has

_STALE = 5  # words after which a preposition no longer governs what follows
_FIRMS = 8  # units from "by" to where the firms it governs are ("by a number of small traders based in")


def collect(m: Match, start: int, end: int, role: str) -> None:
    """Walk the units and put parties and goods where their preposition or order says."""
    units, tags = m.sentence.units, m.tags
    stale, i, last_party, since_and, spent = 0, start, -9, 9, False
    joined = cited = False
    maker: tuple[int, str] | None = None
    current = Deal()
    m.deals, tried = [current], list[Deal]()
    relative = m.trigger.voice != "noun" and any(has(u, "relative") for u in units[max(m.left, m.at - 4) : m.at])
    if tags.speech_of.get(start - 1) == "according":
        role = "away"
    while i < end:
        unit = units[i]
        if m.at <= i < m.past:
            if tags.language.grammar.final:
                role, stale = "object", 0
            i, role = m.past, "object" if role == "away" else role
            continue
        if i in tags.marker_at:
            past, opened = tags.marker_at[i]
            opened = _at(m, past) if opened == "at" else opened
            if opened == "inside":
                opened = "to" if m.trigger.sort == "reach" else "away"
            if opened == "source" and past < end and units[past].kind == "count":
                opened = "of"  # "30 of the 36"
            cited = tags.speech_of.get(i) == "according"
            told = any(s.how == "to" for s in m.recipients) or m.object_pronoun in ("group:to", "country:to")
            if opened == "to" and told and since_and > 1 and not _fresh_goods(m):
                party_next = any(is_party(u) for u in units[past : past + 4]) and past not in tags.trigger_at
                opened = _second_to(m, units[i].low, stale) if party_next else "away"
            if any(has(u, "seat") for u in units[i:past]) and maker is not None and i - maker[0] <= _FIRMS:
                opened = maker[1]  # "by a number of traders based in"
            elif opened != "of":
                maker = (i, opened) if opened in ("by", "source") else None
            if opened == "by" and m.trigger.voice == "noun" and _stopped(m, i):
                opened = "away"  # "the purchase … was blocked by Berlin"
            role, stale, i, spent = opened, 0, past, False
            continue
        nested = tags.trigger_at.get(i)
        if nested is not None and nested[1].sort == "carry" and nested[1].voice == "passive" and not m.goods:
            i, role, stale, spent = nested[0], "goods", 0, False
            continue
        if i > m.past and _spoken(m, i):
            break
        beside = nested is not None and nested[1].voice == "noun" and since_and <= 2 and m.trigger.voice == "noun"
        if nested is not None and (beside or _stops(m, role, nested[1], i)):
            if (
                i - last_party <= 3
                and last_party >= start
                and not any(u.kind in ("goods", "count") for u in units[last_party:i])
                and nested[1].voice != "noun"
                and (joined or role == "object" or units[last_party - 1].low == ",")
            ):
                _unassign(m, last_party)
            break
        if any(first == i for first, _, _ in tags.after) and m.trigger.voice != "noun" and i > m.past:
            break
        if unit.low == "," and i > m.past and relative and _resumes(m, i):
            break
        if unit.kind == "party" and unit.party is not None:
            if i > m.past and not tags.language.grammar.final and _acts_next(m, i):
                break
            port = role == "source" and unit.party.head == "port"
            free = tags.language.grammar.final and i < m.at and not m.passive
            if (
                (is_party(unit) or port)
                and not (unit.party.adjective and _before_goods(m, i))
                and (not spent or _joined(m, i) or (free and role == "object" and not m.agents))
            ):
                subjects, agents, joined = len(m.agents), len(m.by), spent
                current = _assign(m, role, i, current)
                last_party, stale, since_and = i, 0, 9
                inflected = bool(tags.language.grammar.instrumental)
                agent = role == "of_object" and len(m.by) > agents  # "поставки Ираном ракет России"
                bare = inflected and (role == "object" or agent)
                spent = len(m.agents) == subjects and role != "away" and not bare
                if cited and tags.language.grammar.final:
                    role, cited = "object", False
        elif unit.kind == "goods":
            if _next_lot(m, current, role, since_and):
                current = Deal([i])
                tried.append(current)
                m.deals.append(current)
                m.goods.append(i)
                stale = 0
            elif _takes_goods(m, role, since_and, spent, stale):
                if current.recipients and current.goods and (role == "to" or not m.passive):
                    current = Deal()
                    m.deals.append(current)
                current.goods.append(i)
                m.goods.append(i)
                m.touch(i)
                stale = 0
                if role == "to":
                    role = "of"
        elif unit.kind == "place":
            spent = spent or (stale <= 2 and role in ("to", "source", "via"))
        elif unit.kind == "count":
            if m.count is None and role in ("object", "of_object", "of", "goods"):
                m.count = i
                m.touch(i)
            stale = 0
        elif unit.low == "," and m.trigger.voice == "noun" and not m.goods and not m.recipients and not m.suppliers:
            break
        elif has(unit, "sum") and m.trigger.voice == "noun" and not (m.trigger.implied or m.trigger.money):
            break  # "the arms sales made money for …"
        elif unit.kind == "word":
            noun = m.trigger.voice == "noun"
            if (
                role in (("of_object", "of") if noun else ("object", "of"))
                and stale <= 2
                and not m.goods
                and has(unit, "goods")
                and (not noun or m.trigger.sort == "give")
                and ((i == m.past and not noun) or not has(unit, "it"))
            ):
                m.goods_pronoun = m.trigger.sort != "arm"
                m.touch(i)
            if m.object_pronoun is None and _to_it(m, i, role, stale):
                m.object_pronoun = "it:to"
                m.touch(i)
            if has(unit, "group") or has(unit, "country"):
                m.object_pronoun = m.object_pronoun or ("group" if has(unit, "group") else "country") + ":" + role
                m.touch(i)
            if role == "away" and tags.language.grammar.final and (has(unit, "perfect") or has(unit, "passive")):
                role = "object"  # the clause's own order begins at its auxiliary
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
    if tried and not tried[-1].suppliers:  # "tanks from A and drones …": of no other source after all
        m.goods = [g for g in m.goods if g not in tried[-1].goods]
        m.deals = [deal for deal in m.deals if deal is not tried[-1]]
    m.touch(*m.goods)


def _acts_next(m: Match, i: int) -> bool:
    """ "… to Ukraine, and Poland will replace it": a party after a conjunction and before an auxiliary is a subject."""
    units = m.sentence.units
    j = i - 1 if not has(units[i - 1], "article") else i - 2
    if not has(units[j], "conjunction") or i + 1 >= len(units) or not is_party(units[i]):
        return False
    governs = any(first == i + 1 and mod.agent == "supplier" for first, _, mod in m.tags.before)
    return governs or bool(units[i + 1].classes & {"perfect", "passive"})


def _resumes(m: Match, comma: int) -> bool:
    """Whether a comma ends a relative clause: what follows it is no item of a series."""
    units = m.sentence.units
    after = units[comma + 1] if comma + 1 < len(units) else None
    if after is None or not (m.goods or m.recipients or m.suppliers):
        return False
    verbal = comma + 1 in m.tags.trigger_at and m.tags.trigger_at[comma + 1][1].voice != "noun"
    who = has(units[m.at - 1], "relative") and has(units[m.at - 1], "it")  # "which went to Ukraine, for …"
    return verbal or (who and comma + 1 in m.tags.marker_at) or bool(after.classes & {"perfect", "passive"})


def _stopped(m: Match, at: int) -> bool:
    """Whether what was told of a noun's goods before ``at`` is that somebody stopped or seized them."""
    acts = [mod.stage for first, _, mod in m.tags.after if m.past <= first < at]
    seized = any(t.sort == "seize" for a, _, t in m.tags.triggers if m.past <= a < at)
    return seized or (bool(acts) and (m.trigger.sort == "take" or bool({"seized", "refused"} & set(acts))))


def _next_lot(m: Match, current: Deal, role: str, since_and: int) -> bool:
    """ "tanks from A and drones …": goods after a source may be another's."""
    return role == "source" and since_and == 0 and bool(current.suppliers and current.goods) and not m.passive


def _to_it(m: Match, i: int, role: str, stale: int) -> bool:
    """ "supplied it with drones", "sold them jets", "came to it": a reference that is given to."""
    units = m.sentence.units
    unit = units[i]
    if m.trigger.voice == "noun" or not has(unit, "it") or has(unit, "relative"):
        return False
    if role == "to":
        return stale == 0
    if role != "object" or i != m.past:
        return False
    if m.tags.marker_of.get(i + 1) == "goods":
        return True
    after = units[i + 1 : i + 4]
    goods = next((n for n, u in enumerate(after) if u.kind in ("goods", "count")), None)
    return goods is not None and all(
        u.kind == "word" and i + 1 + n not in m.tags.marker_of and not has(u, "conjunction")
        for n, u in enumerate(after[:goods])
    )


def _spoken(m: Match, i: int) -> bool:
    """Whether what follows is another's word: "… to Iran and accused Washington", "…, заявило министерство"."""
    tag = m.tags.speech_of.get(i)
    if tag == "accuse":
        return True
    before = m.sentence.units[i - 1]
    return tag == "said" and before.low in (",", '"', "»") and m.sentence.units[i].kind == "word"


def _at(m: Match, past: int) -> str:
    """ "in", "у", "en": the seller's place for what is bought, the receiver's for what is given, else where it was."""
    if past < len(m.sentence.units) and m.sentence.units[past].kind in ("goods", "count"):
        return "goods"
    if m.trigger.sort == "take":
        return "source"
    return "to" if m.trigger.sort in ("give", "arm", "carry", "reach", "bound") else "away"


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


def _with_subject(m: Match, i: int) -> bool:
    """Whether a party before a verb at its clause's end is coordinated with the subject ("A und die B haben C …")."""
    last = max((slot.at for slot in m.agents if slot.at is not None), default=None)
    if last is None or m.recipients or not last < i <= last + 4:
        return False
    units = m.sentence.units
    between = units[last + 1 : i]
    joints = [u.low for u in between if has(u, "conjunction")]
    if not joints or not all(u.classes & {"conjunction", "article"} for u in between):
        return False
    follows = i + 1 < len(units) and has(units[i + 1], "conjunction")
    return joints != [","] or follows


def _dative_article(m: Match, i: int) -> bool:
    """ "Der Ukraine hat Polen … geliefert": to whom something is given, by the article's case; a noun before it makes
    that a genitive ("die Regierung der Ukraine")."""
    units = m.sentence.units
    party = units[i].party
    if i == 0 or not has(units[i - 1], "dative_article") or has(units[i], "nominative"):
        return False
    if party is None or party.sort != "state" or party.head != "self":
        return False  # "der Bundesrat"
    return i < 2 or units[i - 2].kind != "word" or not units[i - 2].capital


def _alongside(m: Match, i: int) -> bool:
    """Whether a party is told as a companion ("together with"), and not as one more of those before it."""
    return any(has(u, "along") for u in m.sentence.units[max(0, i - 2) : i])


def _before_goods(m: Match, i: int) -> bool:
    return m.sentence.units[i].party is not None and m.sentence.units[i].party.head == "goods"  # type: ignore[union-attr]


def _stops(m: Match, role: str, nested: Trigger, at: int) -> bool:
    """Whether another trigger ends this one's arguments: a verb does, a noun only where this one has its own."""
    if nested.voice == "noun":
        return (
            m.trigger.sort != "deal"
            and nested.sort in ("give", "take")
            and (role == "away" or bool(m.recipients and (m.goods or m.suppliers)))
        )
    if nested.sort == "bound":
        return False
    units = m.sentence.units
    attribute = nested.voice == "participle" and at + 1 < len(units) and units[at + 1].kind in ("goods", "count")
    if attribute and m.tags.language.grammar.final:
        return False  # "die von Norwegen gelieferten Panzer"
    if is_party(units[at - 1]) and m.tags.governed(at - 1) is None:
        return True  # "… that Pakistan received"
    return not (nested.voice in ("participle", "passive") and m.trigger.voice == "noun")


def _dative(m: Match, i: int) -> bool:
    """Whether a bare party is the one given to: right after the verb ("sent Ukraine tanks"), or in its series."""
    if _joined(m, i) and m.recipients:
        return True
    between = m.sentence.units[m.past : i]
    return len(between) <= 4 and all(
        (u.kind == "word" and not has(u, "conjunction")) or (u.party is not None and u.party.possessive)
        for u in between
    )


def _unassign(m: Match, at: int) -> None:
    """Take back a party that turned out to be the next verb's subject."""
    for slots in (m.recipients, m.suppliers, m.by, *(d.recipients for d in m.deals)):
        slots[:] = [slot for slot in slots if slot.at != at or slot.how == "subject"]


def _takes_goods(m: Match, role: str, since_and: int, spent: bool, stale: int) -> bool:
    if role in ("object", "of_object", "of", "goods"):
        return True
    if m.trigger.voice != "noun" and stale <= 2 and stale < since_and:
        if role in ("to", "source", "via", "by") and spent:
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
    if (
        role in ("object", "of_object")
        and grammar.instrumental
        and (m.passive or noun)
        and unit.low.endswith(grammar.instrumental)
    ):
        role = "by"
    if role == "object" and grammar.final and not m.passive and _dative_article(m, i):
        role = "to"
    given = bool(grammar.dative) and unit.low.endswith(grammar.dative)
    acts = not (given or m.agents or noun or m.passive) and m.pronoun is None
    if role in ("object", "of_object") and grammar.inversion and acts and (
        i == m.past or grammar.final
    ) and (grammar.final or sort not in ("reach", "bound", "origin", "carry")):  # fmt: skip
        m.agents = [as_slot(unit, i, "subject")]
        m.touch(i)
        return current
    if role == "object" and grammar.final and not noun and not m.passive and _with_subject(m, i):
        m.agents.append(as_slot(unit, i, "subject"))
        m.touch(i)
        return current
    if role in ("to", "source") and m.agents and _alongside(m, i):
        m.agents.append(as_slot(unit, i, "subject"))  # "for Ukraine together with Denmark"
        m.touch(i)
        return current
    if m.trigger.agent and role in ("of", "of_object"):
        role = "to"
    if role == "of" and noun and grammar.of_supplies and sort != "take":
        role = "by"
    if sort == "take" and noun and grammar.of_supplies and role == "to" and m.goods and not m.suppliers:
        role = "source"  # "la compra de cazas a Suecia"
    if sort == "take" and not noun and not m.passive and (
        role == "by" or (grammar.of_supplies and role in ("of", "to") and not m.suppliers)
    ):  # fmt: skip
        role = "source"
    if sort == "origin":
        role = "source"
    slot = as_slot(unit, i, role)
    if any(s.party.sort == "group" and s.party.host == slot.party.key for s in m.recipients):
        return current  # "to the Houthis in Yemen": where they are
    inflected = bool(grammar.instrumental) or grammar.final or grammar.bare
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
        if current.suppliers and current.goods and current.goods[-1] > (current.suppliers[-1].at or 0):
            current = Deal()
            m.deals.append(current)
        m.suppliers.append(slot)
        current.suppliers.append(slot)
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
