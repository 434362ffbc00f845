"""Who says it: the subjects of verbs of saying, sources after "according to", speakers of UN meetings, quotations."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.context import Context
from transforms.claims.model import Sentence, Unit
from transforms.claims.stance import before_aside, seat_of
from transforms.claims.tags import Tags, has
from transforms.records import Voice

_NAME = 5  # words of a name at most
_PAUSES = frozenset({",", '"', "»", "”", "–", "—", "，", "،"})
_OFFICES = frozenset({"official", "official_part", "organ", "organ_part"})
_LINE = 12  # units within which the dash of a dateline stands
_NEAR = 9  # units from a verb of saying to its subject


@dataclass
class Speakers:
    """Persons of the document by their last name, as first introduced with a state's office."""

    states: dict[str, str] = field(default_factory=dict)

    def learn(self, sentence: Sentence) -> None:
        """Remember "Russian Ambassador … Vassily Nebenzia" and "David Lo, Taiwan's spokesman"."""
        units = sentence.units
        for i, unit in enumerate(units):
            party = unit.party
            if party is not None and party.sort == "leader" and party.iso3:
                self.states.setdefault(unit.low.split()[-1], party.iso3)
            titled = party is not None and party.sort == "institution" and i + 1 < len(units) and _office(units[i + 1])
            if party is None or party.iso3 is None or not (_office(unit) or titled):
                continue
            comma = next((j for j in range(i - 1, max(-1, i - 4), -1) if units[j].low == ","), None)
            if comma and units[comma - 1].kind == "word" and units[comma - 1].capital:
                self.states.setdefault(units[comma - 1].low, party.iso3)
            found = _capitals(units, i + 1)
            for name in found[-1:] if len(found) <= 4 else found[:3]:
                self.states.setdefault(name, party.iso3)

    def state(self, name: str) -> str | None:
        """The state a name's bearer speaks for, where the document told."""
        words = name.lower().split()
        return self.states.get(words[-1]) if words else None


def _names(unit: Unit) -> bool:
    """Whether a capitalised word may be part of a name: it is of no class of words that begin sentences."""
    return unit.low.isalpha() and not unit.classes & {"relative", "it", "person", "we", "article", "negation"}


def _office(unit: Unit) -> bool:
    return bool({"official", "vague"} & unit.classes)


def _capitals(units: list[Unit], start: int) -> list[str]:
    """The capitalised words right after an office, over a small gap ("to the UN")."""
    names: list[str] = []
    gap = 0
    for unit in units[start : start + 9]:
        if unit.kind == "word" and unit.capital and unit.low.isalpha():
            names.append(unit.low)
        elif names or (unit.kind == "word" and not unit.low[0].isalnum()):
            break
        else:
            gap += 1
            if gap > 3:
                break
    return names


def dateline(s: Sentence) -> str | None:
    """The state of the place that a report is written from, where a sentence begins with one ("OSLO (Agency) - …")."""
    head = s.units[:_LINE]
    dash = next((i for i, u in enumerate(head) if u.low in ("-", "–", "—") and i), None)
    first = s.units[0] if s.units else None
    if dash is None or first is None:
        return None
    if first.place is not None:
        return first.place.country
    return first.party.iso3 if first.party is not None and first.party.sort == "state" else None


def heard(said: list[tuple[int, Voice]], tags: Tags, at: int) -> list[Voice]:
    """Of a sentence's voices those that speak of the unit at ``at``: not those of another clause, where one has its
    own."""
    near = [
        voice
        for a, voice in said
        if a < 0 or not any(tags.wall(i) for i in range(min(a, at) + 1, max(a, at)) if not _cited(tags, i))
    ]
    return near or [voice for _, voice in said]


def _cited(tags: Tags, i: int) -> bool:
    return tags.speech_of.get(i) is not None


def voiced(s: Sentence, tags: Tags, context: Context, speakers: Speakers, text: str) -> list[tuple[int, Voice]]:
    """Those who assert what a sentence tells, each with the unit of its verb (-1: of all of it); none for narration."""
    out: list[Voice] = []
    spots: list[int] = []
    for a, b, tag in tags.speech:
        if tag == "said":
            inverted = a > 0 and s.units[a - 1].low in _PAUSES
            voice = _after(s, b, context, speakers, text) if inverted else None
            voice = voice or _follows(s, tags, b, speakers, text)
            if voice is None and not (inverted and tags.language.grammar.inversion and _closes(s, b)):
                voice = _subject(s, tags, a, context, speakers, text) or _after(s, b, context, speakers, text)
        elif tag == "accuse":
            voice = _accuser(s, tags, b, speakers, text) or _follows(s, tags, b, speakers, text)
            voice = voice or _subject(s, tags, a, context, speakers, text)
        elif tag == "accused":
            voice = _accuser(s, tags, b, speakers, text)
        elif tag == "according" and any(t == "said" and y <= a <= y + 1 for _, y, t in tags.speech):
            continue  # "he said, citing a general": the word is his
        elif tag == "according":
            voice = _source(s, b, context, speakers, text)
            if voice is None and b < len(s.units) and s.units[b].low == ",":
                voice = _before_told(s, a, tags, context)
        else:
            continue
        if voice is not None and voice not in out:
            out.append(voice)
            spots.append(a)
    if s.speaker is not None and not _another(s.speaker, out):
        speaker = Voice(name=s.speaker[0], iso3=s.speaker[1])
        kept = [(a, v) for a, v in zip(spots, out, strict=True) if not _same(speaker, v)]
        out, spots = [speaker, *[v for _, v in kept]], [-1, *[a for a, _ in kept]]
    name = _name_first(s, text)
    if name is not None:
        context.person, context.person_at = (name, speakers.state(name)), s.index
    if out:
        context.speaker, context.speaker_at = (out[0].name, out[0].iso3), s.index
    elif s.quoted and context.speaker is not None:
        out, spots = [Voice(name=context.speaker[0], iso3=context.speaker[1])], [-1]
    return list(zip(spots, out, strict=True))


def _another(speaker: tuple[str, str | None], voices: list[Voice]) -> bool:
    """Whether a sentence within one speaker's passage is another state's word ("…, the delegate of Malta said")."""
    told = {v.iso3 for v in voices if v.iso3 is not None}
    return bool(told) and speaker[1] not in told


def _same(speaker: Voice, voice: Voice) -> bool:
    """Whether a voice of the sentence is the passage's speaker under a shorter name."""
    shorter, longer = sorted((speaker.name.lower(), voice.name.lower()), key=len)
    return speaker.iso3 == voice.iso3 and shorter in longer


def _before_told(s: Sentence, at: int, tags: Tags, context: Context) -> Voice | None:
    """ "По его словам, …": the person of whom the sentence before told."""
    if context.speaker is not None and s.index - context.speaker_at <= 1:
        return Voice(name=context.speaker[0], iso3=context.speaker[1])
    slot = context.refer("person", s, at, tags, set())
    return Voice(name=slot.party.name, iso3=slot.party.iso3) if slot is not None else None


def _closes(s: Sentence, past: int) -> bool:
    """Whether a verb of saying ends the sentence, so that what it reports stands before it."""
    rest = s.units[past:]
    return len(rest) <= 16 and not any(has(u, "relative") or u.low == ":" for u in rest)


def _accuser(s: Sentence, tags: Tags, past: int, speakers: Speakers, text: str) -> Voice | None:
    """ "was accused by Washington of": who accuses."""
    for i in range(max(0, past - 2), min(len(s.units), past + 5)):
        if s.units[i].party is not None and tags.governed(i) == "by":
            return _voice(s, i, speakers, text)
    return None


def _follows(s: Sentence, tags: Tags, past: int, speakers: Speakers, text: str) -> Voice | None:
    """The party right after a verb of saying, where a language's verbs stand before their subjects."""
    if not tags.language.grammar.first:
        return None
    for i in range(past, min(len(s.units), past + 5)):
        party = s.units[i].party
        if party is not None:
            return _voice(s, i, speakers, text)
        if has(s.units[i], "relative") or tags.wall(i):
            return None
    return None


def _subject(s: Sentence, tags: Tags, at: int, context: Context, speakers: Speakers, text: str) -> Voice | None:
    """The subject on the left of a verb of saying."""
    i, office, vague = before_aside(s, at), "", False
    at = i + 1
    while i >= 0 and at - i <= _NEAR + 6:
        unit = s.units[i]
        if unit.kind == "word" and has(unit, "writing") and at - i <= 4:
            return Voice(name=unit.low, iso3=None)
        if unit.kind == "word" and _office(unit):
            office, vague = unit.low, has(unit, "vague")
            seat = seat_of(s, tags, i, at)
            if seat is not None:
                return Voice(name=text[unit.start : s.units[seat[0]].end], iso3=seat[1])  # "an official in Cairo"
        elif office and (unit.low in (",", '"') or has(unit, "relative") or has(unit, "breaker")):
            return _of_office(office, vague, context)
        if unit.low == "," and at - i > 1:
            return _of_office(office, vague, context) if office else None  # another subject, of no known state
        if unit.party is not None:
            party = unit.party
            free = tags.governed(i) is None or (party.sort == "leader" and tags.governed(i) == "of")
            if party.head in ("self", "organ") and free and not (party.possessive and party.head == "self"):
                return _voice(s, i, speakers, text)
            if party.sort in ("medium", "research"):
                return _voice(s, i, speakers, text)
        elif (
            unit.kind == "word"
            and (has(unit, "person") or has(unit, "it"))
            and at - i <= 4
            and not has(unit, "relative")
        ):
            introduced = (
                has(unit, "person") and context.speaker_at <= context.person_at < s.index <= context.person_at + 2
            )
            if introduced and context.person is not None:
                return Voice(name=context.person[0], iso3=context.person[1])
            if context.speaker is not None:
                return Voice(name=context.speaker[0], iso3=context.speaker[1])
            slot = context.refer("it", s, i, tags, set())
            return Voice(name=slot.party.name, iso3=slot.party.iso3) if slot is not None else None
        elif unit.kind == "word" and has(unit, "we") and at - i <= 3:
            return Voice(name="narration", iso3=context.source) if context.source else None
        elif office and unit.capital and unit.kind == "word" and (_office(unit) or _office(s.units[i + 1])):
            pass  # "the Defence Ministry"
        elif unit.kind == "word" and unit.capital and _names(unit) and at - i <= _NEAR:
            name = _name_ending(s.units, i, text)
            if name is not None and (i > 0 or speakers.state(name)):
                first = i - len(name.split())
                office_at = next((k for k in range(max(0, first), i) if _office(s.units[k])), None)
                if office_at is not None and speakers.state(name) is None and s.units[office_at].party is None:
                    context.offices.setdefault(name, has(s.units[office_at], "vague"))
                return Voice(name=name, iso3=speakers.state(name))
        elif i in tags.speech_of or (tags.wall(i) and at - i > 1):
            return None
        i -= 1
    return _of_office(office, vague, context) if office and i < 0 else None


def _name_first(s: Sentence, text: str) -> str | None:
    """The name of two to four words that a sentence begins with ("Jane Roe, head of …, presented")."""
    last = 0
    while last < len(s.units) and s.units[last].kind == "word" and s.units[last].capital and _names(s.units[last]):
        last += 1
    named = 2 <= last <= 4 and last < len(s.units) and not s.units[last].capital
    return text[s.units[0].start : s.units[last - 1].end] if named else None


def _of_office(office: str, vague: bool, context: Context) -> Voice:
    """ "the ministry", "two officials": those of the last speaker where it is the same office, else of a state to be
    found."""
    if context.speaker is not None and context.speaker[1] is not None and office in context.speaker[0].lower():
        return Voice(name=context.speaker[0], iso3=context.speaker[1])
    context.offices.setdefault(office, vague)
    return Voice(name=office, iso3=None)


def _name_ending(units: list[Unit], last: int, text: str) -> str | None:
    first = last
    while first > 0 and units[first - 1].kind == "word" and units[first - 1].capital and last - first < _NAME:
        first -= 1
    name = text[units[first].start : units[last].end]
    return name if len(name) > 2 else None


def _after(s: Sentence, past: int, context: Context, speakers: Speakers, text: str) -> Voice | None:
    """'"…," said the minister', "…, they say in Seoul": the subject right after the verb."""
    near = s.units[max(0, past - 4) : past]
    quoted = any(u.low in _PAUSES for u in near)
    for i in range(past, min(len(s.units), past + 7)):
        unit = s.units[i]
        if unit.kind == "date" or unit.low in ("'", "’"):
            continue
        if unit.kind == "word" and has(unit, "writing") and quoted:
            return Voice(name=unit.low, iso3=None)
        if unit.party is not None and unit.party.head in ("self", "organ"):
            return _voice(s, i, speakers, text) if past >= 2 and any(u.low in _PAUSES for u in near[:-1]) else None
        if unit.place is not None and unit.place.country and quoted and i == past + 1:
            return Voice(name=text[unit.start : unit.end], iso3=unit.place.country)
        if unit.kind != "word" or not unit.low[0].isalnum() or has(unit, "relative"):
            return None
        if quoted and unit.classes & _OFFICES:
            return _officer(s, i, context, speakers, text)
        if unit.capital and unit.low.isalpha() and past >= 2 and s.units[past - 2].low in _PAUSES:
            name = _name_from(s, i, text)
            return Voice(name=name, iso3=speakers.state(name))
    return None


def _officer(s: Sentence, at: int, context: Context, speakers: Speakers, text: str) -> Voice:
    """An office and its bearer's name, if told ("министр обороны Писториус", "la ministra de Defensa")."""
    last = at
    while last + 1 < len(s.units) and s.units[last + 1].kind == "word" and s.units[last + 1].classes & _OFFICES:
        last += 1
    vague = has(s.units[last], "vague") or has(s.units[at], "vague")
    for i in range(last + 1, min(len(s.units), last + 4)):
        party = s.units[i].party
        if party is not None and party.sort == "state":
            return Voice(name=text[s.units[at].start : s.units[i].end], iso3=party.iso3)
        if s.units[i].kind != "word" or s.units[i].capital or not s.units[i].low[0].isalnum():
            break
    following = s.units[last + 1] if last + 1 < len(s.units) else None
    if following is not None and following.kind == "word" and following.capital and following.low.isalpha():
        name = _name_from(s, last + 1, text)
        state = speakers.state(name)
        if state is None:
            context.offices.setdefault(name, vague)
        return Voice(name=name, iso3=state)
    return _of_office(" ".join(u.low for u in s.units[at : last + 1]), vague, context)


def _name_from(s: Sentence, first: int, text: str) -> str:
    """The capitalised words from ``first`` on."""
    last = first
    while last + 1 < len(s.units) and s.units[last + 1].kind == "word" and s.units[last + 1].capital:
        last += 1
    return text[s.units[first].start : s.units[last].end]


def _source(s: Sentence, past: int, context: Context, speakers: Speakers, text: str) -> Voice | None:
    for i in range(past, min(len(s.units), past + 7)):
        unit = s.units[i]
        if unit.party is not None:
            return _voice(s, i, speakers, text)
        if unit.kind == "word" and unit.capital and unit.low.isalpha():
            last = i
            while last + 1 < len(s.units) and s.units[last + 1].capital and s.units[last + 1].kind == "word":
                last += 1
            name = text[unit.start : s.units[last].end]
            return Voice(name=name, iso3=speakers.state(name))
        if _office(unit) and context.speaker is not None:
            return Voice(name=context.speaker[0], iso3=context.speaker[1])
        if not unit.low[0].isalnum():
            return None
    return None


def _voice(s: Sentence, i: int, speakers: Speakers, text: str) -> Voice:
    """The voice of a party unit: with the person's name after an office."""
    unit = s.units[i]
    assert unit.party is not None
    party = unit.party
    last = i
    if party.head == "organ" or party.sort in ("leader", "institution"):
        j = i + 1
        while (
            j < len(s.units)
            and j - i <= _NAME
            and (
                (s.units[j].kind == "word" and s.units[j].capital and s.units[j].low.isalpha())
                or (s.units[j].party is not None and s.units[j].party.sort == "leader")  # type: ignore[union-attr]
            )
        ):
            last = j
            j += 1
    silent = party.sort in ("medium", "research", "un", "body", "alliance", "company", "group", "broker")
    name = text[unit.start : s.units[last].end] if not silent else party.name
    return Voice(name=name, iso3=None if silent else party.iso3)
