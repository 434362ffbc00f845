"""Who denies, and what a claim's standing is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.claims.context import Context
from transforms.claims.draft import Draft, side
from transforms.claims.match import Match, is_party
from transforms.claims.model import Sentence
from transforms.claims.tags import Tags, has
from transforms.records import Standing, Voice

_ASIDE = 22  # units of the longest aside between a subject and its verb
_NEAR = 3  # sentences back within which a denial answers what was told, before it answers all of the text
_CONTENT = 5  # units from an accusation to what it is about ("сообщения о том, что")
_FAR = 60  # units from an accusation to the verdict on it
_WITHIN = 9  # units from "rejected" to "the accusations"


@dataclass(slots=True)
class Denial:
    """at, past: the units of the verb. flat: it dismisses what is told elsewhere.

    back: where the accusation begins that it denies afterwards ("reports that … were denied by"). untold: the state of
    who denies is not told there; vague: nor is it by the office ("officials")."""

    sentence: Sentence
    at: int
    past: int
    voice: Voice
    key: str
    flat: bool = True
    back: int | None = None
    untold: bool = False
    vague: bool = False
    answers: bool = False


def denials(s: Sentence, tags: Tags, context: Context, text: str) -> list[Denial]:
    """The denials of a sentence."""
    out = []
    for a, b, tag in tags.denial:
        if tag not in ("deny", "flat", "calls", "outright"):
            continue
        if any(x < b and a < y for x, y, _ in tags.hedges):
            continue  # "neither confirmed nor denied"
        if a and has(s.units[a - 1], "passive") and _accusation(s, tags, a) is not None:
            out.append(_of_passive(s, tags, a, b, text))
            continue
        near = {t for x, y, t in tags.denial if b <= x <= b + _WITHIN or (x < b < y)}
        told = tag in ("flat", "calls") and _accused_of(s, tags, b)  # "called reports that … a lie"
        verdict = "verdict" in near or (told and any(t == "verdict" and x > b for x, _, t in tags.denial))
        content = tag == "flat" and _that(s, b)
        if tag == "flat" and not verdict and "accusation" not in near and not content:
            continue
        if tag == "calls" and not verdict:
            continue
        back = _told_before(s, tags, a, verdict)
        if tag == "deny" and back is None and not _of_arms(s, tags, b):
            continue
        if tag in ("deny", "flat") and a and has(s.units[a - 1], "negation"):
            continue  # "does not deny"
        found = _denier(s, tags, a, context, text)
        flat = tag in ("flat", "calls") and "accusation" not in near and not content
        if found is not None:
            out.append(Denial(s, a, b, *found, flat=flat))
        elif tag != "calls" or told or back is not None:
            out.append(_by_whom(s, tags, a, b, context, text, flat))
            out[-1].answers = tag in ("deny", "flat") and bool({"accusation", "verdict"} & near)
        if back is not None and out and out[-1].at == a:
            out[-1].back, out[-1].flat = back, False
    return out


def _told_before(s: Sentence, tags: Tags, at: int, verdict: bool) -> int | None:
    """Where what a verb denies begins, if it stands before it: "dass …, bestritt der Minister", "сообщения о том, что
    …, министр назвал ложью"."""
    first = s.units[0]
    if has(first, "relative") and tags.language.grammar.inversion and any(a < at for a, _, _ in tags.triggers):
        return 1
    if not verdict or any(tag == "said" and a < at for a, _, tag in tags.speech):
        return None
    return _accusation(s, tags, at)


def _that(s: Sentence, past: int) -> bool:
    """Whether what a verb is about follows it as a clause, over a comma at most."""
    i = past + 1 if past < len(s.units) and s.units[past].low == "," else past
    return i < len(s.units) and (has(s.units[i], "relative") or has(s.units[past - 1], "relative"))


def _accused_of(s: Sentence, tags: Tags, past: int) -> bool:
    """Whether an accusation with its content is the object of the verb before ``past``."""
    return any(past <= x <= past + 3 and t == "accusation" and _content(s, tags, y) for x, y, t in tags.denial)


def _content(s: Sentence, tags: Tags, past: int) -> bool:
    near = range(past, min(len(s.units), past + _CONTENT))
    if any(i in tags.trigger_at or tags.marker_of.get(i) == "of" for i in near[:3]):
        return True
    return any(has(s.units[i], "relative") for i in near)


def _accusation(s: Sentence, tags: Tags, before: int) -> int | None:
    """Where the content of an accusation that is a passive verb's subject begins ("reports that … were denied")."""
    told = [
        y
        for _, y, t in tags.denial
        if t == "accusation" and before - _FAR < y < before and _content(s, tags, y)
        and not s.units[y - 1].classes & {"it", "relative", "definite"}
    ]  # fmt: skip
    return next((y for y in told if any(i in tags.trigger_at for i in range(y, before))), None)


def _of_passive(s: Sentence, tags: Tags, a: int, b: int, text: str) -> Denial:
    """The denial of a passive verb: by whom it names after it, else by nobody told."""
    back = _accusation(s, tags, a)
    for i in range(b, min(len(s.units), b + 6)):
        unit = s.units[i]
        if unit.party is not None and tags.governed(i) == "by":
            return Denial(s, a, b, Voice(name=unit.party.name, iso3=unit.party.iso3), unit.party.key, False, back)
        if unit.kind == "word" and unit.classes & {"official", "organ"} and tags.governed(i) == "by":
            return _untold(s, a, b, i, text, back=back)
    return Denial(s, a, b, Voice(name="narration"), "?", False, back, untold=True, vague=True)


def _by_whom(s: Sentence, tags: Tags, a: int, b: int, context: Context, text: str, flat: bool) -> Denial:
    """The denial of somebody whose state the sentence leaves open: an office, a name, a firm."""
    first = range(b, min(len(s.units), b + 4)) if tags.language.grammar.first else range(0)
    for i in (*first, *range(before_aside(s, a), max(-1, a - _ASIDE), -1)):
        if s.units[i].kind == "word" and s.units[i].classes & {"official", "organ"}:
            return _untold(s, a, b, i, text, flat=flat)
    place = s.units[a - 1].place if a else None
    if place is not None and place.country is not None:  # "北京方面否认": a capital that no party was made of
        return Denial(s, a, b, Voice(name=place.text, iso3=place.country), place.country, flat)
    words = [i for i in range(max(0, a - 4), a) if s.units[i].kind == "word" and s.units[i].low.isalpha()]
    named = [i for i in words if not s.units[i].classes & {"perfect", "passive", "article", "relative", "it"}]
    if any(has(s.units[i], "person") for i in named) and context.speaker is not None:
        name, iso3 = context.speaker
        return Denial(s, a, b, Voice(name=name, iso3=iso3), iso3 or "?", flat, untold=iso3 is None, vague=True)
    name = text[s.units[named[0]].start : s.units[named[-1]].end] if named else "narration"
    return Denial(s, a, b, Voice(name=name), "?", flat, untold=True, vague=True)


def _untold(
    s: Sentence, a: int, b: int, office: int, text: str, *, flat: bool = False, back: int | None = None
) -> Denial:
    """The denial of an office whose state the sentence does not tell."""
    name = text[s.units[_first_of(s, office)].start : s.units[office].end]
    vague = has(s.units[office], "vague") or not s.units[office].classes & {"official"}
    return Denial(s, a, b, Voice(name=name), "?", flat, back, untold=True, vague=vague)


def _first_of(s: Sentence, office: int) -> int:
    """The first unit of an office of several words."""
    while office and s.units[office - 1].classes & {"official_part", "organ_part"}:
        office -= 1
    return office


def unfounded(s: Sentence, tags: Tags) -> list[tuple[int, int]]:
    """The stretches of a sentence that a verdict calls untrue: "it is false that …", "reports that … are baseless"."""
    out = []
    bare = not tags.language.words.relatives
    for a, b, tag in tags.denial:
        if tag != "verdict":
            continue
        if _that(s, b):
            far = range(b, min(len(s.units), b + _FAR))
            out.append((b, next((i for i in far if tags.wall(i)), far.stop)))
        back = _accusation(s, tags, a)
        if back is not None:
            out.append((back, a))
        if bare:  # "伊朗向俄罗斯提供导弹的报道是谎言"
            out += [(x - _ASIDE, x) for x, _, t in tags.denial if t == "accusation" and a - _FAR < x < a]
    return out


def _of_arms(s: Sentence, tags: Tags, past: int) -> bool:
    """Whether what is denied can be a transfer: an act, arms, or something told before; "denies that the men are
    mercenaries" is not."""
    for i in range(past, min(len(s.units), past + _ASIDE)):
        unit = s.units[i]
        if has(unit, "relative") and i + 2 < len(s.units):
            continue  # "denies that …", where "denies that." means what was told
        if unit.kind in ("goods", "count") or unit.classes & {"it", "goods", "group"}:
            return True
        if i in tags.trigger_at or any(a <= i < b for a, b, tag in tags.denial if tag in ("accusation", "verdict")):
            return True
        if tags.wall(i) and i > past:
            break
    return not any(u.kind == "word" and u.low[:1].isalnum() for u in s.units[past : past + 2])


def _denier(s: Sentence, tags: Tags, at: int, context: Context, text: str) -> tuple[Voice, str] | None:
    if tags.language.grammar.first:
        for i in range(at + 1, min(len(s.units), at + 6)):
            party = s.units[i].party
            if party is not None and party.can_supply:
                return Voice(name=text[s.units[i].start : s.units[i].end], iso3=party.iso3), party.key
            if has(s.units[i], "relative") or tags.wall(i) or i in tags.trigger_at:
                break
    for i in range(before_aside(s, at), max(-1, at - 24), -1):
        unit = s.units[i]
        if unit.party is not None and (is_party(unit) or unit.party.possessive) and tags.governed(i) is None:
            last = i
            while last + 1 < at and s.units[last + 1].kind == "word" and s.units[last + 1].capital:
                last += 1
            person = unit.party.head == "organ" or unit.party.sort == "leader"
            name = text[unit.start : s.units[last].end] if person else text[unit.start : unit.end]
            return Voice(name=name, iso3=unit.party.iso3), unit.party.key
        office = unit.kind == "word" and bool(unit.classes & {"official", "organ"})
        seat = seat_of(s, tags, i, at) if office else None
        if seat is not None:
            return Voice(name=text[s.units[_first_of(s, i)].start : s.units[seat[0]].end], iso3=seat[1]), seat[1]
        if office and has(unit, "official") and at - i <= 4:
            return None  # its own subject: whoever stands before it is somebody else
        if unit.kind == "word" and unit.classes & {"it", "person"} and not has(unit, "relative"):
            first = [j for j in range(i) if is_party(s.units[j]) and tags.governed(j) is None]
            if first:
                party = s.units[first[0]].party
                assert party is not None
                return Voice(name=party.name, iso3=party.iso3), party.key
            slot = context.refer("person" if has(unit, "person") else "it", s, i, tags, set())
            return (Voice(name=slot.party.name, iso3=slot.party.iso3), slot.party.key) if slot else None
        if tags.wall(i) and at - i > 2:
            return None
    return None


def seat_of(s: Sentence, tags: Tags, office: int, at: int) -> tuple[int, str] | None:
    """The state for which, or where, an office before the unit ``at`` is, with its unit: "the representative of the
    Netherlands", "the minister in Belgrade"."""
    if tags.marker_of.get(office + 1) not in ("of", "away", "at", "to"):
        return None
    i = office + 2
    while i < at and has(s.units[i], "article"):
        i += 1
    for j in range(i, min(at, i + 3)):  # "la porte-parole de la diplomatie russe"
        party = s.units[j].party
        if party is not None and party.adjective and party.iso3 is not None:
            return j, party.iso3
        if s.units[j].kind != "word" or not s.units[j].low[0].isalnum():
            break
    if i >= at:
        return None
    seat, place = s.units[i].party, s.units[i].place
    iso3 = seat.iso3 if seat is not None and seat.sort == "state" else place.country if place is not None else None
    return (i, iso3) if iso3 is not None else None


def before_aside(s: Sentence, at: int) -> int:
    """The unit before a verb, or before the aside in commas that parts it from its subject ("A, which …, denied")."""
    if at < 3 or s.units[at - 1].low != ",":
        return at - 1
    first = next((i for i in range(at - 3, max(-1, at - _ASIDE), -1) if s.units[i].low == ","), None)
    return first - 1 if first else at - 1


def covers(denial: Denial, m: Match) -> bool:
    """Whether a match is the content of a denial: it follows the verb in the same sentence."""
    if denial.sentence is not m.sentence:
        return False
    if denial.back is not None:
        return denial.back <= m.at < denial.at
    if m.at < denial.past:
        return False
    between = range(denial.past, m.at)
    nouns = {i for a, b, tag in m.tags.denial if tag == "accusation" for i in range(a, b)}
    if any(m.tags.speech_of.get(i) == "said" and i not in nouns for i in between):
        return False
    return not any(m.sentence.units[i].low in ("but", ";") for i in between)


def accusers(denial: Denial, m: Match, text: str) -> list[Voice]:
    """Whose accusation is denied: "rejected Sudan's accusations", "allegations by Amnesty International"."""
    out = []
    for i in range(denial.past, m.at):
        unit = m.sentence.units[i]
        party = unit.party
        if party is None or party.key == denial.key or any(slot.at == i for slot in (*m.suppliers, *m.agents)):
            continue  # "denied Iran's sale": whose act it is
        if (party.possessive and party.head != "self") or m.tags.governed(i) == "by":
            silent = party.sort in ("medium", "research", "un", "body", "company")
            out.append(Voice(name=party.name, iso3=None if silent else party.iso3))
    return out


def attach(drafts: Sequence[Draft], flat: Sequence[Denial]) -> list[str]:
    """Give each flat denial to the claims that it answers: those that accuse the denier. Returns what found none."""
    lost = []
    accused: dict[str, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda d: d.sentence):
        for side_key in set(draft.pair):
            accused.setdefault(side_key, []).append(draft)
    spots = {side_key: [draft.sentence for draft in found] for side_key, found in accused.items()}
    everywhere: dict[str, dict[tuple[str | None, str], tuple[int, Voice]]] = {}
    for denial in flat:
        told, at = spots.get(denial.key, []), denial.sentence.index
        near = accused[denial.key][bisect_left(told, at - _NEAR) : bisect_right(told, at)] if told else []
        near = [draft for draft in near if not _own(draft, denial.key)]
        for draft in near:
            deny(draft, denial.voice)
        if not near:
            voices = everywhere.setdefault(denial.key, {})
            voices[denial.voice.iso3, denial.voice.name] = at, denial.voice
    for key, said in everywhere.items():
        answered = [draft for draft in accused.get(key, ()) if not _own(draft, key)]
        for at, voice in said.values():
            for draft in [draft for draft in answered if draft.sentence <= at] or answered:
                deny(draft, voice)
            if not answered:
                lost.append(f"denial by {voice.name} answers no claim")
    return lost


def spread(drafts: Sequence[Draft]) -> None:
    """A denied flow is denied wherever the document tells of it as having happened."""
    deniers: dict[tuple[str, str], dict[str | None, Voice]] = {}
    for draft in drafts:
        for voice in draft.deniers:
            deniers.setdefault(draft.pair, {}).setdefault(voice.iso3, voice)
    for draft in drafts:
        if draft.deniers or draft.stage not in ("delivered", "shipped", "in_use", "unspecified"):
            continue
        for iso3, voice in deniers.get(draft.pair, {}).items():
            if not any(v.iso3 == iso3 for v in draft.asserters):
                deny(draft, voice)


def _own(draft: Draft, key: str) -> bool:
    """Whether the denier itself is the one who tells it, or it tells of stopping."""
    told = {v.iso3 for v in draft.asserters if v.iso3}
    return key in told or draft.official or draft.stage in ("refused", "requested")


def deny(draft: Draft, voice: Voice) -> None:
    """Put a denier on a draft, once."""
    if not any((v.iso3, v.name) == (voice.iso3, voice.name) for v in draft.deniers):
        draft.deniers.append(voice)


def standing(draft: Draft) -> Standing:
    """Who stands behind it (eval/README.md)."""
    parties = {side(draft.supplier).iso3, side(draft.recipient).iso3} - {None}
    if draft.deniers:
        return "denied" if draft.only_denied else "disputed"
    own = any(v.iso3 in parties for v in draft.asserters if v.iso3)
    if own and not draft.hedged:
        return "confirmed"
    if draft.hedged:
        return "alleged"
    if draft.official and all(v.name == "narration" for v in draft.asserters):
        return "confirmed"
    return "asserted"
