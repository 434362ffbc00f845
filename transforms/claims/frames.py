"""The knowledge of frames by language: what verbs and nouns tell of a transfer, and how their arguments are marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from transforms.claims.phrases import Phrases
from transforms.knowledge import load
from transforms.records import Stage

FOLDER = Path(__file__).with_name("frames")
Sort = Literal[
    "give",
    "take",
    "carry",
    "bound",
    "reach",
    "use",
    "made",
    "arm",
    "breach",
    "deal",
    "seize",
    "follow",
    "origin",
    "none",
]
Agent = Literal["supplier", "recipient", "asker", "none"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Verb(_Strict):
    """A verb's forms. foreign: it says by itself that the goods come from abroad. sourced: it tells of a transfer only
    where its goods follow at once and their source is told ("has five jets from France"). governs: it tells of one by
    itself only where goods and then a recipient follow it ("approved missiles worth $619 million for Taiwan"). onward:
    whoever had received the goods gives them ("passed on").

    stage: of its finite and past forms; going: of its progressive form, where that differs.

    active, passive, participle, going_forms: surface forms (lower case) by what they can be. A participle may be
    either voice: the auxiliary before it and what stands around it decide.
    """

    active: tuple[str, ...] = ()
    passive: tuple[str, ...] = ()
    participle: tuple[str, ...] = ()
    progressive: tuple[str, ...] = ()
    stage: Stage | None = None
    going: Stage | None = None
    foreign: bool = False
    sourced: bool = False
    governs: bool = False
    onward: bool = False


class Noun(_Strict):
    """Nouns of one kind. implied: the goods are military by the noun itself ("military aid").

    agent: the supplier itself ("supplier of arms"), or with taking the recipient ("recipient of")."""

    forms: tuple[str, ...]
    stage: Stage | None = None
    implied: bool = False
    money: bool = False
    agent: bool = False


class FrameGroup(_Strict):
    """What verbs and nouns of one sort share. stage: theirs, unless they or a modifier have another."""

    sort: Sort
    stage: Stage
    verbs: tuple[Verb, ...] = ()
    nouns: tuple[Noun, ...] = ()


class Modifier(_Strict):
    """Words before or after a trigger that change its stage, and whose subject its agent is.

    cargo: they do so only for what is on a ship or bound somewhere ("found rifles aboard")."""

    stage: Stage
    agent: Agent = "none"
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    official: bool = False
    strong: bool = False
    cargo: bool = False


class Hedges(_Strict):
    clause: tuple[str, ...] = ()
    sentence: tuple[str, ...] = ()


class Speech(_Strict):
    """said: verbs of saying. accuse: they take the accused as object. according: before a source.

    officials: who speaks for a state; vague: those of them whose state the sentence may leave open ("sources").
    writings: what is no state's word ("the report says")."""

    said: tuple[str, ...]
    accuse: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    according: tuple[str, ...] = ()
    officials: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    writings: tuple[str, ...] = ()


class Denial(_Strict):
    """verbs: deny what follows. flat: dismiss accusations told elsewhere. accusations: what is dismissed.

    calls: dismiss only with a verdict ("called it a hoax"). outright: deny by themselves ("had no knowledge of")."""

    verbs: tuple[str, ...]
    flat: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    outright: tuple[str, ...] = ()
    accusations: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


class Voyage(_Strict):
    depart: tuple[str, ...] = ()
    arrive: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    toward: tuple[str, ...] = ()


class Pronouns(_Strict):
    """References by what they can mean. dative: to whom something is given, by its form ("leur", "ей")."""

    it: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    we: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    dative: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()


class Words(_Strict):
    """numerals: numbers in words from two on, which may stand for goods told before ("four have arrived"). counted:
    what may stand before such a number ("the first", "a further"). sums: money in words ("profits"). works: plants and
    firms without a name, which are of the state that a word of seated puts them in ("a factory in", "traders based
    in"). firms: what a firm's name ends in ("Ltd")."""

    conjunctions: tuple[str, ...]
    organs: tuple[str, ...]
    peoples: tuple[str, ...] = ()
    vessels: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    attributive: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    passive: tuple[str, ...] = ()
    perfect: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    breakers: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    embargo: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    conditionals: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    nongoods: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    materiel: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    strikes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    rulers: tuple[str, ...] = ()
    possessives: tuple[str, ...] = ()
    definites: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    datives: tuple[str, ...] = ()
    nominatives: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    seated: tuple[str, ...] = ()
    numerals: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()


class Markers(_Strict):
    """Prepositions by what they mark. along: they coordinate ("together with"), though a part of them marks.

    inside: where something is; whither for verbs of coming ("in der"). at: a place, the seller's for what is bought,
    the receiver's for what is given.
    """

    to: tuple[str, ...]
    source: tuple[str, ...] = Field(alias="from")
    by: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


class Grammar(_Strict):
    """after: adjectives follow their noun. final: verbs end their clause. inversion: a subject may follow its verb.
    instrumental: endings of bare agents. dative: endings of names that are given to, and no subject's.
    of_supplies: the "of" marker also names a supplier.
    bare: whoever stands without a preposition after a subject, or after a noun of the act, is given to.
    first: verbs stand before their subjects, also those of saying and denying.
    home: the state whose organs are named without it (words.home)."""

    after: bool = False
    final: bool = False
    inversion: bool = False
    instrumental: tuple[str, ...] = ()
    dative: tuple[str, ...] = ()
    of_supplies: bool = False
    bare: bool = False
    first: bool = False
    home: str | None = None


class LanguageFile(_Strict):
    language: str
    grammar: Grammar = Grammar()
    words: Words
    markers: Markers
    pronouns: Pronouns = Pronouns()
    frames: tuple[FrameGroup, ...]
    modifiers: tuple[Modifier, ...] = ()
    hedges: Hedges = Hedges()
    speech: Speech
    denial: Denial
    voyage: Voyage = Voyage()


Voice = Literal["active", "passive", "participle", "progressive", "noun"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a trigger phrase stands for. base: a progressive form's stage when not under way ("denied sending")."""

    sort: Sort
    stage: Stage
    voice: Voice
    implied: bool = False
    money: bool = False
    foreign: bool = False
    agent: bool = False
    sourced: bool = False
    governs: bool = False
    onward: bool = False
    base: Stage = "unspecified"


@dataclass(frozen=True, slots=True)
class Language:
    """A language's knowledge, made ready for matching."""

    code: str
    grammar: Grammar
    words: Words
    pronouns: Pronouns
    triggers: Phrases[tuple[Trigger, ...]]
    markers: Phrases[str]
    before: Phrases[Modifier]
    after: Phrases[Modifier]
    hedges: Phrases[str]
    speech: Phrases[str]
    denial: Phrases[str]
    voyage: Phrases[str]
    classes: Phrases[frozenset[str]]


def _triggers(file: LanguageFile) -> list[tuple[str, tuple[Trigger, ...]]]:
    """Forms with all that they can be: "supplies" is verb and noun."""
    out: list[tuple[str, Trigger]] = []
    for group in file.frames:
        for verb in group.verbs:
            stage = verb.stage or group.stage
            going = Trigger(
                group.sort, verb.going or stage, "progressive", foreign=verb.foreign, sourced=verb.sourced,
                governs=verb.governs, onward=verb.onward, base=stage,
            )  # fmt: skip
            voices: list[tuple[tuple[str, ...], Voice]] = [
                (verb.active, "active"), (verb.passive, "passive"), (verb.participle, "participle"),
            ]  # fmt: skip
            for forms_of, voice in voices:
                act = Trigger(
                    group.sort, stage, voice, foreign=verb.foreign, sourced=verb.sourced, governs=verb.governs,
                    onward=verb.onward,
                )  # fmt: skip
                out += [(form, act) for form in forms_of]
            out += [(form, going) for form in verb.progressive]
        for noun in group.nouns:
            stage = noun.stage or group.stage
            act = Trigger(group.sort, stage, "noun", noun.implied, noun.money, agent=noun.agent)
            out += [(form, act) for form in noun.forms]
    forms: dict[str, list[Trigger]] = {}
    for form, trigger in out:
        forms.setdefault(form, []).append(trigger)
    return [(form, tuple(triggers)) for form, triggers in forms.items()]


def _tagged(**groups: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(phrase, tag) for tag, phrases in groups.items() for phrase in phrases]


def _all_tags(**groups: tuple[str, ...]) -> list[tuple[str, frozenset[str]]]:
    """As :func:`_tagged`, where a phrase may be of several classes (an organ that is also the home state's)."""
    tags: dict[str, set[str]] = {}
    for phrase, tag in _tagged(**groups):
        tags.setdefault(phrase, set()).add(tag)
    return [(phrase, frozenset(found)) for phrase, found in tags.items()]


@cache
def language(code: str) -> Language | None:
    """A language's frames; None where there are none. Raises :class:`transforms.knowledge.KnowledgeError`."""
    path = FOLDER / f"{code}.yaml"
    if not path.is_file():
        return None
    file = load(path, TypeAdapter(LanguageFile))
    words, markers, speech, denial = file.words, file.markers, file.speech, file.denial
    return Language(
        code=file.language,
        grammar=file.grammar,
        words=words,
        pronouns=file.pronouns,
        triggers=Phrases(_triggers(file)),
        markers=Phrases(
            _tagged(
                inside=markers.inside,
                to=markers.to, source=markers.source, by=markers.by, goods=markers.goods, of=markers.of,
                via=markers.via, away=markers.away, partner=markers.partner, at=markers.at,
                along=markers.along,
            )
        ),
        before=Phrases([(p, m) for m in file.modifiers for p in m.before]),
        after=Phrases([(p, m) for m in file.modifiers for p in m.after]),
        hedges=Phrases(_tagged(clause=file.hedges.clause, sentence=file.hedges.sentence)),
        speech=Phrases(
            _tagged(said=speech.said, accuse=speech.accuse, accused=speech.accused, according=speech.according)
        ),
        denial=Phrases(
            _tagged(
                deny=denial.verbs, flat=denial.flat, calls=denial.calls, outright=denial.outright,
                accusation=denial.accusations, verdict=denial.verdicts,
            )
        ),
        voyage=Phrases(
            _tagged(
                depart=file.voyage.depart, arrive=file.voyage.arrive, turn=file.voyage.turn, toward=file.voyage.toward,
            )
        ),
        classes=Phrases(
            _all_tags(
                conjunction=words.conjunctions, organ=words.organs, people=words.peoples, vessel=words.vessels,
                port=words.ports, made=words.made, passive=words.passive, perfect=words.perfect,
                negation=words.negations, breaker=words.breakers, relative=words.relatives, embargo=words.embargo,
                other=words.others, unproven=words.unproven, conditional=words.conditionals, former=words.former,
                nongoods=words.nongoods, includes=words.includes, materiel=words.materiel,
                flagged=words.flagged, mark=words.marks, strike=words.strikes, home=words.home,
                band=words.groups,
                ruler=words.rulers, vague=speech.vague, writing=speech.writings,
                own=words.possessives, definite=words.definites, article=words.articles,
                dative_article=words.datives, nominative=words.nominatives,
                official=speech.officials, it=file.pronouns.it, person=file.pronouns.person, we=file.pronouns.we,
                country=file.pronouns.country, group=file.pronouns.group, goods=file.pronouns.goods,
                both=file.pronouns.both, ours=file.pronouns.ours, dative=file.pronouns.dative, sum=words.sums,
                numeral=words.numerals, counted=words.counted, firm=words.firms, seated=words.seated,
                seat=tuple(f"{work} {seated}" for work in words.works for seated in words.seated),
            )
        ),
    )  # fmt: skip


def languages() -> list[str]:
    """Codes of the languages that have frames."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
