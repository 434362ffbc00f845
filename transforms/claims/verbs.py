"""Verbs: the subject before them, voice, goods that a relative clause or passive puts first."""

from __future__ import annotations

from transforms.claims.collect import collect
from transforms.claims.match import Deal, Match, Slot, as_slot, is_party, money_from
from transforms.claims.reference import fronted, goods_subject, inside_relative, stands_for_goods, those_that
from transforms.claims.tags import has

_ACTS = frozenset({"give", "take", "arm"})


def read_verb(m: Match) -> None:
    """Fill a verb's places: subject on the left, the rest by preposition and order on the right."""
    inner = next((i for i in range(m.at, m.past) if is_party(m.sentence.units[i])), None)
    asker = inner is not None and m.tags.marker_of.get(inner - 1) == "by"
    if inner is not None and m.trigger.sort == "take" and not asker:
        m.suppliers.append(as_slot(m.sentence.units[inner], inner, "asked"))
    elif inner is not None and m.trigger.sort in ("reach", "bound"):
        m.recipients.append(as_slot(m.sentence.units[inner], inner, "in whose hands"))
    elif inner is not None and m.trigger.sort == "give":
        m.recipients.append(as_slot(m.sentence.units[inner], inner, "to whom it is offered"))
    if _attributive(m):
        return
    final = m.tags.language.grammar.final
    before = [] if final or _gerund_alone(m) else _left_of_verb(m)
    if final:
        m.vessel = any(has(u, "vessel") for u in m.sentence.units[m.left : m.right])
    start = _after_speech(m) if final else m.past
    if final:
        m.passive = m.trigger.voice != "active" and any(has(u, "passive") for u in m.sentence.units[m.left : m.right])
    else:
        m.passive = (
            m.passive
            or m.trigger.voice == "passive"
            or (m.trigger.voice == "participle" and _is_passive(m, bool(before)))
        )
    after = m.sentence.units[m.past] if final and m.past < m.right else None
    given = after is not None and after.kind in ("goods", "count") and m.trigger.voice == "participle"
    if given and any(m.tags.governed(i) == "by" for i in range(max(m.left, m.at - 4), m.at)):
        m.passive = True  # "die von Norwegen gelieferten Panzer"
    if final:
        m.pronoun = _leading_pronoun(m, start)
    collect(m, start, m.right, "object")
    if m.pronoun == "country" and m.object_pronoun == "country:object":
        m.object_pronoun = None
    _fronted_recipient(m)
    if inner is not None and asker:
        m.suppliers, m.agents = m.agents, [as_slot(m.sentence.units[inner], inner, "subject")]
        m.passive = False  # "had been asked by Kyiv for"
    if m.trigger.sort == "reach" and not m.tags.language.grammar.inversion:
        m.goods = [i for i in m.goods if i < m.at]  # what came stands before it
    _dative_before(m)
    fronted(m)
    stands_for_goods(m, before)
    apart = m.trigger.voice == "participle" and m.trigger.sort in ("give", "take")
    if before and not m.goods and apart and m.sentence.units[m.at - 1].low == ",":
        m.goods, m.deals = before, []  # "has 19 helicopters, bought from Russia"
        m.touch(*before)
    own = m.passive or m.trigger.sort in ("reach", "bound") or m.notes[-1:] == ["relative"]
    if before and own and (not m.goods or m.passive or m.trigger.sort in ("reach", "bound")):
        m.goods, m.deals = before, []
        m.touch(*before)


def _after_speech(m: Match) -> int:
    """Where the clause of a verb that ends it begins: after "X said," where whoever acts is named after it."""
    units = m.sentence.units
    spoken = [a for a, _, _ in (*m.tags.speech, *m.tags.denial) if m.left <= a < m.at]
    for i in range(m.at - 1, min(spoken, default=m.at), -1):
        clause = range(i + 1, m.at)
        if units[i - 1].low == "," and has(units[i], "relative") and any(is_party(units[j]) for j in clause):
            return i + 1  # "bestritt, dass Polen …"
    for first, past, tag in reversed(m.tags.speech):
        if tag != "said" or not m.left <= first < m.at:
            continue
        pause = past < m.at and m.sentence.units[past].low in (",", "，", ":", "：")
        acts = any(is_party(m.sentence.units[i]) and m.tags.governed(i) is None for i in range(past, m.at))
        return past if pause and acts else m.left
    return m.left


def _leading_pronoun(m: Match, start: int) -> str | None:
    """ "… sein Land habe Russland Drohnen geliefert": a subject that refers back, before any party of its clause."""
    for i in range(start, m.at):
        unit = m.sentence.units[i]
        if unit.party is not None or unit.goods is not None or i in m.tags.marker_of or has(unit, "relative"):
            return None
        if has(unit, "country"):
            m.touch(i)
            return "country"
    return None


def _dative_form(m: Match, i: int) -> bool:
    """ "Украине Германия поставила": a bare name before an active verb that by its ending is given to."""
    endings = m.tags.language.grammar.dative
    gives = m.trigger.sort in ("give", "arm") and m.trigger.voice == "active"
    unit, before = m.sentence.units[i], m.sentence.units[i - 1] if i else None
    if before is not None and before.kind == "word" and before.low[:1].isalpha():
        return False  # "предприятия Сербии": of whom
    free = unit.party is not None and unit.party.head == "self" and m.tags.governed(i) is None
    return bool(endings) and gives and free and unit.low.endswith(endings)


def _fronted_recipient(m: Match) -> None:
    """ "To Ukraine Sweden gave tanks": who is given to stands before the subject."""
    units = m.sentence.units
    first = min((slot.at for slot in m.agents if slot.at is not None), default=None)
    if first is None or first >= m.at or m.recipients or m.passive or m.trigger.sort not in ("give", "arm"):
        return
    for i in range(first - 1, max(m.left, first - 5) - 1, -1):
        unit = units[i]
        if is_party(unit):
            role = m.tags.governed(i)
            if role == "to" or _dative_form(m, i):
                m.recipients.append(as_slot(unit, i, "before the subject"))
                m.touch(i)
            return
        if unit.kind != "word" or unit.low == "," or has(unit, "relative") or i in m.tags.trigger_at:
            return


def _dative_before(m: Match) -> None:
    """ "leur ont été livrés", "le vendió", "передала им": a pronoun of the clause that by its form is given to."""
    if m.object_pronoun is not None or m.trigger.sort not in ("give", "arm", "reach"):
        return
    near = range(max(m.left, m.at - 5), min(m.right, m.past + 4))
    at = next((i for i in near if has(m.sentence.units[i], "dative")), None)
    if at is not None:
        m.object_pronoun = "it:to"
        m.touch(at)


def _gerund_alone(m: Match) -> bool:
    """ "… that selling arms to X means …": a gerund that begins its clause has no subject."""
    if m.trigger.voice != "progressive":
        return False
    before = m.sentence.units[m.at - 1] if m.at else None
    return before is None or has(before, "relative") or before.low == '"' or m.tags.wall(m.at - 1)


def _nothing_follows(m: Match) -> bool:
    """Whether no object follows a participle: a preposition, a pause or the end does, at most after an adverb."""
    units = m.sentence.units
    for i in range(m.past, min(m.past + 2, len(units))):
        unit = units[i]
        if i in m.tags.marker_of or not unit.low[:1].isalnum() or unit.kind == "date" or has(unit, "conjunction"):
            return True
        if unit.kind != "word":
            return False
    return m.past >= len(units)


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
    floor, referred = m.left, False
    i = _shared(m)
    while i >= floor:
        unit = units[i]
        if has(unit, "relative") and not goods and m.trigger.voice != "active" and _plain_antecedent(m, i):
            break
        heard = m.tags.speech_of.get(i) == "said" or (m.tags.speech_of.get(i) == "according" and m.tags.wall(i))
        if heard and not goods and not m.agents:
            told = i > 0 and has(units[i - 1], "passive")
            if unit.kind == "word" and not has(unit, "organ") and not told:
                break
        if unit.kind == "goods":
            made = unit.goods is not None and unit.goods.origin is not None and m.trigger.sort == "use"
            put = has(units[m.at - 1], "passive") and m.at - i <= 3  # "for 24 jets to be sent"
            free = m.tags.governed(i) in (None, "of", "goods") or i == m.at - 1 or made or put
            if free and not _noun_after(m, i):
                goods.append(i)
        elif is_party(unit) and (relative := inside_relative(m, i)) is not None:
            i = relative
        elif _planner(m, i) or (is_party(unit) and _begins(m, i)):
            m.agents = [as_slot(unit, i, "subject")]
            break
        elif is_party(unit) and m.tags.governed(i) == "source" and not goods:
            if any(m.left <= a < i and t.voice != "noun" and t.sort in _ACTS for a, _, t in m.tags.triggers):
                i -= 1
                continue  # another verb's source
            m.suppliers.append(as_slot(unit, i, "source"))
        elif _asks(m, i):
            pass
        elif unit.party is not None and unit.party.adjective and i + 1 < len(units) and units[i + 1].low == "-":
            pass  # "Chinese-supplied howitzers were seen"
        elif is_party(unit) and _seated(m, i):
            m.agents = [as_slot(unit, i, "subject")]
            break
        elif is_party(unit) and _dative_form(m, i):
            m.recipients.append(as_slot(unit, i, "by its case"))
            m.touch(i)
        elif is_party(unit) and (m.tags.governed(i) is None or _accused(m, i) or _attempt(m, i)):
            m.agents = _chain(m, i, "subject")
            if not goods:
                goods = _goods_before_subject(m, min(s.at for s in m.agents if s.at is not None))
                if goods:
                    m.notes.append("relative")
                elif those_that(m, min(s.at for s in m.agents if s.at is not None)):
                    referred = True
            break
        elif has(unit, "vessel"):
            m.vessel = True
            if m.trigger.sort in ("give", "carry", "take") and not m.passive and i > floor:
                before = units[i - 1]
                owned = before.party is not None and before.party.head == "vessel"
                if owned:
                    m.owner = as_slot(before, i - 1, "of the ship")
                if owned or m.trigger.sort != "take":
                    break
        elif unit.party is not None and unit.party.head == "vessel" and m.owner is None:
            m.owner = as_slot(unit, i, "of the ship")
        elif (
            unit.kind == "count"
            and m.count is None
            and (m.trigger.sort in ("follow", "reach") or m.trigger.voice != "active")
        ):
            m.count = i
            m.touch(i)
        elif (
            has(unit, "goods")
            and not has(unit, "it")
            and unit.kind == "word"
            and (m.trigger.voice in ("participle", "passive") or m.trigger.sort == "reach")
            and not goods
        ):
            m.goods_pronoun = m.goods_pronoun or (m.tags.governed(i) is None and goods_subject(m))
            if m.goods_pronoun:
                m.passive = True
                m.touch(i)
                break
        elif unit.kind == "word" and (pronoun := _pronoun(m, i)):
            m.pronoun = pronoun
            m.touch(i)
            if not goods and has(unit, "it"):
                goods = _goods_before_subject(m, i)
                referred = referred or (not goods and those_that(m, i))
                if goods:
                    m.notes.append("relative")
            break
        i -= 1
    m.goods_pronoun = m.goods_pronoun or referred
    return [] if _proceeds(m, goods) else sorted(goods)


def _shared(m: Match) -> int:
    """Where the search for a subject begins: "X gave Y tanks and received jets" has the first verb's."""
    units = m.sentence.units
    if m.at < 2 or not has(units[m.at - 1], "conjunction") or units[m.at - 1].low == ",":
        return m.at - 1
    for a, b, trigger in reversed(m.tags.triggers):
        if m.left <= a and b <= m.at - 1 and trigger.voice in ("active", "participle") and trigger.sort in _ACTS:
            objects = any(is_party(u) or u.kind in ("goods", "count") for u in units[b : m.at - 1])
            return a - 1 if objects and not any(has(u, "relative") for u in units[b : m.at]) else m.at - 1
    return m.at - 1


def _plain_antecedent(m: Match, i: int) -> bool:
    """Whether a relative follows a plain noun ("funds that were donated"): what was given is no goods and no party."""
    j = i - 1
    while j >= 0 and not m.sentence.units[j].low[:1].isalnum():
        j -= 1
    if j < 0 or j < i - 2:
        return False
    unit = m.sentence.units[j]
    plain = unit.kind == "word" and not unit.classes and j not in m.tags.trigger_at and j not in m.tags.speech_of
    return plain and i + 4 >= m.at and j not in m.tags.marker_of


def _noun_after(m: Match, i: int) -> bool:
    """Whether goods are only the first half of a noun of the act ("arms sales were diverted")."""
    nested = m.tags.trigger_at.get(i + 1)
    return nested is not None and nested[1].voice == "noun" and i + 1 != m.at


def _asks(m: Match, i: int) -> bool:
    """ "is considering a US request to pass": who asks for it is not who would do it."""
    if m.tags.language.grammar.after:
        return False  # where adjectives follow their noun, a party before one is a subject ("la Pologne veut")
    before = m.sentence.units[i - 1] if i else None
    asked = any(first == i + 1 and mod.stage == "requested" for first, _, mod in m.tags.before)
    return asked and before is not None and has(before, "article")


def _begins(m: Match, i: int) -> bool:
    """ "… from Russia, and Tanzania ordered drones": a party right before its verb begins a clause, not a series."""
    units = m.sentence.units
    if not (i >= 2 and i == m.at - 1 and has(units[i - 1], "conjunction") and m.past < len(units)):
        return False
    after = units[m.past]
    if m.trigger.sort not in ("give", "take", "arm") or m.tags.governed(i) is None:
        return False
    return m.trigger.voice == "active" or (m.trigger.voice == "participle" and after.kind in ("goods", "count"))


def _planner(m: Match, i: int) -> bool:
    """ "Germany's decision to send", "Iran's attempt to smuggle": whose plan it is."""
    party = m.sentence.units[i].party
    if (
        party is None
        or not party.possessive
        or not party.can_supply
        or party.head not in ("other", "goods")
        or not 3 <= m.at - i <= 6
    ):
        return False
    between = m.sentence.units[i + 1 : m.at - 1]
    return m.sentence.units[m.at - 1].low == "to" and all(u.kind == "word" for u in between)


def _attempt(m: Match, i: int) -> bool:
    """ "an attempt by Iran to smuggle": whoever attempts is the subject."""
    return m.tags.governed(i) == "by" and i + 2 == m.at and m.sentence.units[i + 1].low == "to"


def _proceeds(m: Match, goods: list[int]) -> bool:
    """ "profits from arms sales were diverted", "the arms profits": the money was given, and not what was sold."""
    sales = [a for a, _, t in m.tags.triggers if m.left <= a < m.at and t.voice == "noun"]
    priced = any(has(m.sentence.units[i + 1], "sum") for i in goods)
    return bool(goods) and (priced or any(money_from(m, at) for at in (min(goods), *sales)))


def _seated(m: Match, i: int) -> bool:
    """ "a factory in Italy", "traders based in the Emirates": whose they are."""
    units = m.sentence.units
    return i > 0 and has(units[i - 2 if i > 1 and has(units[i - 1], "article") else i - 1], "seat")


def _accused(m: Match, i: int) -> bool:
    """Whether the party at ``i`` is the object of a verb of accusing, and so the subject of what follows."""
    return any(m.tags.speech_of.get(j) == "accuse" for j in range(max(0, i - 4), i))


def _pronoun(m: Match, i: int) -> str | None:
    unit = m.sentence.units[i]
    if m.tags.governed(i) is not None or m.at - i > 8:
        return None
    if has(unit, "relative"):
        return None
    if has(unit, "organ") and any(has(u, "own") for u in m.sentence.units[max(0, i - 2) : i]):
        return "it"  # "his army", "its armed forces"
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
    if closest is not None and closest.kind in ("goods", "count") and _nothing_follows(m):
        return True
    return bool(goods_before and not m.agents and agent)


def _chain(m: Match, i: int, how: str) -> list[Slot]:
    """A party and those coordinated before it: "Russia and Belarus"."""
    units, out, j = m.sentence.units, [as_slot(m.sentence.units[i], i, how)], i
    while j - 2 >= m.left:
        while j - 3 >= m.left and (has(units[j - 1], "article") or units[j - 1].low in ("'", "’")):
            j -= 1
        if not has(units[j - 1], "conjunction"):
            break
        k = j - 2
        while k > m.left and has(units[k], "conjunction"):
            k -= 1
        if not is_party(units[k]) or m.tags.governed(k) is not None:
            break
        out.append(as_slot(units[k], k, how))
        j = k
    return out
