"""How far a transfer is said to have come: the words that govern a trigger, its hedges, and what makes it no claim."""

from __future__ import annotations

from transforms.claims.frames import Modifier
from transforms.claims.match import Match, as_slot, is_party
from transforms.claims.tags import has

_FAR = 12  # units before or after a trigger within which its governing words stand


def judge(m: Match) -> str | None:
    """Set a match's stage and flags. Returns why it is no claim at all, else None."""
    if m.trigger.voice == "progressive" and not _under_way(m):
        m.stage = m.trigger.base
    before = _before(m)
    after = _after(m)
    chosen = before if before is not None and (before[2].strong or after is None) else after or before
    if before is not None and after is not None and after[2].strong:
        chosen = after
    if chosen is not None:
        first, past, modifier = chosen
        if not (modifier.stage == "shipped" and m.stage in ("in_use", "announced")):
            m.stage = modifier.stage
        m.modifier, m.official = modifier, modifier.official
        m.notes.append(f"{modifier.stage}: {' '.join(m.sentence.lows[first:past])}")
        _agent(m, first, past, modifier)
    if chosen is None and m.stage in ("delivered", "shipped") and _infinitive(m):
        m.stage = "announced"
        m.notes.append("announced: to come")
    stopping = chosen is not None and chosen[2].strong and chosen[2].stage == "refused"
    if chosen is not None and stopping and _appealed(m, chosen[0]):
        return "an appeal to stop it"
    if stopping and any(
        o.trigger.sort == m.trigger.sort and o.past < m.at <= o.past + 4 and _negated(o) for o in m.siblings
    ):
        m.stage, m.negated, m.modifier = m.trigger.stage, True, None  # "has not sold and will not sell"
        m.official, m.hedged = False, False
        return _void(m)
    m.official = m.official or any(
        mod.official and m.left <= first and past <= m.at and not mod.strong for first, past, mod in m.tags.before
    )
    m.hedged = _hedged(m)
    m.negated = _negated(m) and not (m.modifier is not None and m.modifier.strong)
    if m.negated and m.modifier is not None and m.modifier.stage == "approved":
        m.stage, m.negated = "refused", False  # "did not authorise the export"
    return _void(m)


def _infinitive(m: Match) -> bool:
    """ "Denmark to give Ukraine its howitzers": a headline's infinitive after its subject: what is to come."""
    if m.trigger.voice != "active" or m.at < 2 or m.tags.marker_of.get(m.at - 1) != "to":
        return False
    return any(slot.at == m.at - 2 and m.tags.governed(m.at - 2) is None for slot in m.agents)


def _under_way(m: Match) -> bool:
    """Whether a progressive form has its auxiliary ("is sending") and no perfect one ("had been sending")."""
    near = m.sentence.units[max(m.left, m.at - 5) : m.at]
    return any(has(u, "passive") for u in near) and not any(has(u, "perfect") for u in near)


def _before(m: Match) -> tuple[int, int, Modifier] | None:
    """The nearest governing words on the left: adjacent to a verb, or before a noun within its clause."""
    units, best = m.sentence.units, None
    for first, past, modifier in m.tags.before:
        if past > m.at or first < m.left - 1 or m.at - past > _FAR:
            continue
        if any(first < h_past and h_first < past for h_first, h_past, _ in m.tags.hedges):
            continue
        if _dismissal(m, first, past) or (modifier.cargo and m.trigger.sort not in ("carry", "bound")):
            continue
        between = range(past, m.at)
        if any(m.tags.wall(i) for i in between) or any(units[i].low in (";", ".") for i in between):
            continue
        nested = [m.tags.trigger_at[i][1] for i in between if i in m.tags.trigger_at]
        if any(t.voice != "noun" and not (modifier.cargo and t.sort == "carry") for t in nested):
            continue
        if m.trigger.voice != "noun":
            parties = any(units[i].kind in ("party", "goods") for i in between)
            infinitive = m.at > 0 and units[m.at - 1].low == "to" and past < m.at
            final = m.tags.language.grammar.final
            asked = infinitive and (modifier.agent == "asker" or modifier.stage == "requested")
            if parties and not final and not asked and not modifier.strong:
                continue
            own = [s.at for s in m.agents if s.at is not None and s.at >= past]
            if own and any(has(units[i], "relative") for i in range(past, own[0])):
                continue  # "declined to discuss statements that Washington had sold"
            if not parties and m.at - past > 3 and not final and not asked:
                continue
            if m.trigger.voice == "participle" and not m.passive and modifier.agent == "asker":
                continue
        if best is None or past > best[1] or (modifier.strong and not best[2].strong):
            if best is not None and best[2].strong and not modifier.strong:
                continue
            best = (first, past, modifier)
    return best


def _dismissal(m: Match, first: int, past: int) -> bool:
    """Whether the words reject an accusation, and not the transfer."""
    starts = [a for a, b, tag in m.tags.denial if tag in ("deny", "flat") and a < past and first < b]
    return bool(starts) and any(tag == "accusation" and 0 <= a - past <= 6 for a, _, tag in m.tags.denial)


def _after(m: Match) -> tuple[int, int, Modifier] | None:
    """Words after a noun or passive that tell what became of it."""
    units = m.sentence.units
    for first, past, modifier in m.tags.after:
        if not m.past <= first <= m.past + _FAR + 6:
            continue
        if any(m.tags.wall(i) or units[i].low == ";" for i in range(m.past, first)):
            continue
        verbs = [
            i for i in range(m.past, first) if i in m.tags.trigger_at and m.tags.trigger_at[i][1].voice == "active"
        ]
        if verbs:
            continue
        if m.trigger.voice in ("active",) and m.trigger.sort not in ("carry", "bound"):
            continue
        return first, past, modifier
    return None


def _agent(m: Match, first: int, past: int, modifier: Modifier) -> None:
    """The governing words' subject: the supplier of what it approves or suspends, the recipient who asks."""
    units = m.sentence.units
    if first >= m.past:
        _agent_before(m, modifier)
        return
    if modifier.agent == "asker":
        asked = next((i for i in range(past, m.at) if is_party(units[i])), None)
        if (asked is not None and not m.agents) or asked is not None:
            m.agents = [as_slot(units[asked], asked, "subject")]
    elif modifier.agent == "none" or m.trigger.voice != "noun":
        return
    left = first
    while left > 0 and not has(units[left - 1], "breaker"):
        left -= 1
    subject = next(
        (i for i in range(first - 1, left - 1, -1) if is_party(units[i]) and m.tags.governed(i) is None), None
    )
    if subject is None:
        m.notes.append("no subject")
        return
    slots = [as_slot(units[subject], subject, f"subject of {units[first].low}")]
    j = subject
    while j - 2 >= left and has(units[j - 1], "conjunction") and is_party(units[j - 2]):
        j -= 2
        slots.append(as_slot(units[j], j, f"subject of {units[first].low}"))
    if modifier.agent == "asker":
        if m.trigger.sort in ("give", "arm") and not m.recipients:
            m.recipients = slots
    elif m.trigger.sort in ("give", "arm") and not m.suppliers and not m.by:
        m.suppliers = slots
        m.notes.append("supplier by act")
    elif m.trigger.sort == "take" and not m.recipients:
        m.recipients = slots


def _appealed(m: Match, first: int) -> bool:
    """Whether the words of stopping are what somebody is called on to do ("urged X to halt")."""
    asked = any(mod.agent == "asker" and past <= first and first - past <= 8 for _, past, mod in m.tags.before)
    return asked and any(m.sentence.units[i].low == "to" for i in range(max(0, first - 3), first))


def _agent_before(m: Match, modifier: Modifier) -> None:
    """Where verbs end their clause, what governs a noun comes after it, and its subject stands before."""
    if not m.tags.language.grammar.final or modifier.agent != "supplier" or m.trigger.voice != "noun" or m.suppliers:
        return
    units = m.sentence.units
    first = [i for i in range(m.left, m.at) if is_party(units[i]) and m.tags.governed(i) is None]
    if first and m.trigger.sort in ("give", "arm") and not m.by:
        m.suppliers = [as_slot(units[first[0]], first[0], f"subject of {modifier.stage}")]


def _hedged(m: Match) -> bool:
    for first, past, tag in m.tags.hedges:
        if tag == "sentence" and first < m.at:
            return True
        if tag == "sentence" and first >= m.past and m.trigger.voice == "noun" and first - m.past <= 10:
            return True
        if (
            tag == "clause"
            and m.left <= first < m.past + 5
            and not any(has(m.sentence.units[i], "breaker") for i in range(min(past, m.at), m.at))
        ):
            if m.stage in ("announced", "requested", "offered") and m.sentence.lows[first] in ("may", "could", "might"):
                continue
            return True
    return False


def _negated(m: Match) -> bool:
    first = next((i for i in m.goods if i >= m.past), None)
    if first is not None and has(m.sentence.units[first - 1], "negation") and m.trigger.voice != "noun":
        return True
    units = m.sentence.units
    own = m.passive or m.trigger.sort in ("reach", "bound")
    if own and m.trigger.voice != "noun" and any(has(units[i - 1], "negation") for i in m.goods if m.left < i < m.at):
        return True  # "no drones were supplied"
    if m.tags.language.grammar.final and any(i > m.left and has(units[i - 1], "negation") for i in m.goods):
        return True  # "weder Munition noch Drohnen habe … geliefert"
    floor = max(m.left, m.at - 5)
    for i in range(m.at - 1, floor - 1, -1):
        unit = m.sentence.units[i]
        if any(first <= i < past for first, past, _ in m.tags.hedges):
            continue  # "neither confirmed nor denied"
        if has(unit, "negation") or has(unit, "negation_part"):
            return m.trigger.sort != "breach"
        if unit.kind in ("party", "goods") and m.trigger.voice != "noun":
            return False
        if i in m.tags.trigger_at:
            return False
    return False


def _void(m: Match) -> str | None:
    """Why a match tells of no transfer: a question, an appeal, a condition, or what is said to be unproven."""
    s = m.sentence
    if s.question:
        return "a question"
    probed = next((first for first, _, tag in m.tags.hedges if tag == "sentence"), len(s.units))
    for i in range(m.past):
        if has(s.units[i], "conditional") and not any(has(s.units[k], "breaker") for k in range(i + 1, m.at)):
            if probed <= i or i in m.tags.governing:
                continue  # "is investigating whether", "is considering whether to"
            return f"an appeal or condition: {s.units[i].low}"
        if has(s.units[i], "unproven") and i <= m.at:
            return "said to be unproven"
    return None
