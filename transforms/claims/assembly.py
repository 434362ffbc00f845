"""AssembleClaims: who supplied what to whom, who says so, who denies it. The order of the work reads from here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.claims import binding, stance
from transforms.claims.actors import government
from transforms.claims.attribution import dateline, heard, voiced
from transforms.claims.carriers import carriers, markings
from transforms.claims.confidence import confidence
from transforms.claims.context import Context
from transforms.claims.draft import Draft, side
from transforms.claims.drafting import drafts, include, nested, share
from transforms.claims.frames import language
from transforms.claims.match import Match
from transforms.claims.matching import matches
from transforms.claims.merge import merge
from transforms.claims.model import Sentence
from transforms.claims.naming import as_reported
from transforms.claims.ongoing import ongoing
from transforms.claims.reading import sentences
from transforms.claims.stage import judge
from transforms.claims.tags import Tags
from transforms.claims.whole import finish
from transforms.claims.work import Work
from transforms.recognise.context import Subject
from transforms.records import Claim, Goods, Mention, Passage, Voice

_DEFAULT = "en"
_HEAD = 1500  # characters of a document in which an act of state shows its formula
_DISMISSED = 6  # claims of one sentence that the next one may deny
_OPENING = 4  # sentences of a document among which its dateline stands
_DECIDED = frozenset({"announced", "approved", "refused", "offered", "contracted", "requested"})


@dataclass(frozen=True)
class Assembly:
    """The claims of a document, and what was refused and why (offsets are into the folded text)."""

    claims: list[Claim]
    refused: list[str]


def assemble(subject: Subject, mentions: Sequence[Mention], passages: Sequence[Passage] = ()) -> list[Claim]:
    """The claims of a document. Never raises for any text; claims never come from furniture."""
    return explain(subject, mentions, passages).claims


def explain(subject: Subject, mentions: Sequence[Mention], passages: Sequence[Passage] = ()) -> Assembly:
    """As :func:`assemble`, with the reasons for what was refused."""
    known = language(subject.language or _DEFAULT) or language(_DEFAULT)
    assert known is not None
    document = subject.document
    source = government(document.url, document.source, document.title, document.text[:_HEAD])
    work = Work(subject, known, Context(source))
    read = sentences(work, mentions, passages)
    for s, _ in read:
        work.speakers.learn(s)
        work.named |= {unit.party.iso3 for unit in s.units if unit.party is not None and unit.party.iso3}
        if any("home" in unit.classes for unit in s.units):
            work.home = known.grammar.home
    work.dateline = next((place for s, _ in read[:_OPENING] if (place := dateline(s)) is not None), None)
    for s, tags in read:
        _read(work, s, tags)
    finish(work)
    kept, dropped = merge(work.drafts)
    work.routes.give(kept)
    claims = as_reported([_claim(work, draft) for draft in kept], subject.text)
    return Assembly(claims, work.refused + dropped)


def _read(work: Work, s: Sentence, tags: Tags) -> None:
    """One sentence: its matches become drafts; its denials and what it leaves for later are kept."""
    text = work.subject.text
    told = voiced(s, tags, work.context, work.speakers, text)
    said = [voice for _, voice in told]
    denials = stance.denials(s, tags, work.context, text)
    work.voyage.take(s, tags)
    work.boarded = work.boarded or _boards(s, tags)
    work.routes.take(s, tags)
    found = matches(s, tags)
    alive: list[Match] = []
    found = nested(found)
    for m in found:
        why = judge(m)
        if why is None:
            alive.append(m)
        else:
            work.refused.append(f"{s.units[m.at].start}: {m.trigger.sort} {s.units[m.at].low!r}: {why}")
    fresh: list[Draft] = []
    answering: set[int] = set()
    untrue = stance.unfounded(s, tags)
    for m in alive:
        content = next((d for d in denials if not d.flat and stance.covers(d, m)), None)
        m.negated = m.negated or (content is None and any(a <= m.at < b for a, b in untrue))
        if content is None and m.negated:
            content = next((stance.Denial(s, m.at, m.past, v, v.iso3, flat=False) for v in said if v.iso3), None)
        made = drafts(work, m, content, fresh)
        for draft in made:
            _stand(work, draft, heard(told, tags, m.at), content)
        if content is not None and made:
            content.flat = False
            answering.add(id(content))
        fresh += made
    fresh = share(fresh)
    titled = s.index == 0 and _is_title(work, s)
    telling = [m for m in alive if any(d.match is m for d in fresh)]
    for draft in fresh:
        _bind(work, draft, telling, alive)
        draft.headline = titled
    answered = answering | {id(d) for d in denials for f in fresh if d.voice in f.deniers}
    for denial in denials:
        if id(denial) not in answered:
            denial.flat = True
            same = [f for f in fresh if (denial.untold or denial.key in f.pair) and denial.at > f.match.at]
            for draft in same:
                stance.deny(draft, _denier(work, draft, denial))
            if not same and denial.answers:
                _dismiss(work, denial)
            if not same:
                work.denials.append(denial)
    work.drafts += fresh
    of_maker = [u for u in s.units if u.goods is not None and u.goods.origin is not None]
    if of_maker and said and not alive:
        work.seen.append((of_maker, said))
    include(work, s, tags, fresh)
    work.context.take(s, tags)
    work.topics.take(s, tags)


def _dismiss(work: Work, denial: stance.Denial) -> None:
    """ "… . The ministry denied the report": what the sentence before told is denied."""
    for draft in work.drafts[-_DISMISSED:]:
        if draft.sentence == denial.sentence.index - 1 and not draft.official:
            stance.deny(draft, _denier(work, draft, denial))


def _is_title(work: Work, s: Sentence) -> bool:
    """Whether the first sentence repeats the title."""
    title, line = work.subject.document.title, work.subject.text[s.start : s.end]
    bare = [" ".join("".join(c if c.isalnum() else " " for c in t.lower()).split()) for t in (title or "", line)]
    return bool(bare[0]) and bare[0] in bare[1]


def _boards(s: Sentence, tags: Tags) -> bool:
    """Whether a sentence tells that a ship was seized."""
    acts = [mod.stage for _, _, mod in (*tags.before, *tags.after)] + [t.sort for _, _, t in tags.triggers]
    return any("vessel" in unit.classes for unit in s.units) and ("seized" in acts or "seize" in acts)


def _bind(work: Work, draft: Draft, rivals: Sequence[Match], alive: Sequence[Match]) -> None:
    """Quantity, sum, date and places of a draft. rivals may claim a sum as their own, alive a date."""
    m = draft.match
    counted = next(
        (u.goods.quantity for u in draft.goods if u.goods and u.goods.quantity and u in m.sentence.units), None
    )
    if m.count is not None:
        counted = m.sentence.units[m.count].quantity
    draft.amount = binding.amount(counted)
    sums = binding.own(m.sentence.units, "money", m, rivals)
    for i in sums:
        quantity = m.sentence.units[i].quantity
        draft.money = binding.money(quantity) if quantity is not None else None
        if draft.money is not None:
            break
    draft.date = ongoing(binding.date(m, alive), m.sentence, work.subject)
    draft.places = [
        binding.as_claim_place(role, unit) for role, unit in binding.places(m, m.sentence)
    ]  # fmt: skip
    if m.official and draft.date and work.announced is None:
        work.announced = draft.date


def _stand(work: Work, draft: Draft, said: list[Voice], denial: stance.Denial | None) -> None:
    """Who asserts and who denies a draft by its own sentence."""
    m = draft.match
    draft.hedged = m.hedged
    draft.accused = any(tag == "accused" for _, _, tag in m.tags.speech)
    source = work.context.source
    if denial is not None:
        voice = _denier(work, draft, denial)
        draft.deniers = [voice]
        others = [*said, *stance.accusers(denial, m, work.subject.text)]
        draft.asserters = [
            v for v in others if v.iso3 != voice.iso3 or (v.iso3 is None and v.name != denial.voice.name)
        ]
        if denial.untold:  # "the minister called it a lie": whoever speaks without a state is the denier
            draft.asserters = [v for v in draft.asserters if v.iso3 is not None or v not in said]
        draft.only_denied = not draft.asserters
        draft.hedged = False
    elif m.negated:
        draft.deniers = [_placed(work, draft, voice) for voice in said] or (
            [Voice(name="narration", iso3=source)] if source else []
        )
        draft.only_denied = True
    else:
        draft.asserters = [_placed(work, draft, voice) for voice in said] or [_teller(draft, source)]


def _denier(work: Work, draft: Draft, denial: stance.Denial) -> Voice:
    """Who denies a draft: an office whose state is not told is that of the state that acts in what it denies."""
    if not denial.untold or denial.vague:
        return denial.voice
    sides = [s for s in (draft.supplier, draft.recipient) if s is not None]
    own = {side(s).iso3 for s in sides}
    acts = [s for s in sides if s.how.startswith(("subject", "by"))] or sides[:1]
    spoke = work.context.speaker[1] if work.context.speaker is not None else None
    told = next((iso3 for iso3 in (spoke, work.dateline) if iso3 is not None and iso3 in own), None)
    return Voice(name=denial.voice.name, iso3=told or (side(acts[0]).iso3 if acts else None))


def _negator(work: Work, draft: Draft, voice: Voice) -> Voice:
    """As :func:`_denier`, of who says that a draft did not take place."""
    vague = work.context.offices.get(voice.name)
    m, untold = draft.match, voice.iso3 is None and vague is not None
    return _denier(work, draft, stance.Denial(m.sentence, m.at, m.past, voice, "?", untold=untold, vague=bool(vague)))


def _placed(work: Work, draft: Draft, voice: Voice) -> Voice:
    """An office whose state is not told is that of the state that acts in the sentence; a vague one ("officials") only
    where it tells of that state's own decision."""
    vague = work.context.offices.get(voice.name)
    if voice.iso3 is not None or vague is None or (vague and draft.stage not in _DECIDED):
        return voice
    actors = [s for s in (draft.supplier, draft.recipient) if s is not None and s.how.startswith(("subject", "by"))]
    if not actors and not vague and draft.supplier is not None and draft.supplier.at is None:
        actors = (
            [draft.recipient] if draft.recipient is not None else []
        )  # "Turkish drones arrived in X, the junta said"
    iso3 = side(actors[0]).iso3 if actors else None
    sides = {side(s).iso3 for s in (draft.supplier, draft.recipient) if s is not None}
    if iso3 is None and not vague and work.dateline in sides:
        iso3 = work.dateline  # "BRATISLAVA - …, the defence minister said"
    return Voice(name=voice.name, iso3=iso3)


def _teller(draft: Draft, source: str | None) -> Voice:
    """Who tells what nobody is said to say: the state whose public act it is, else the narration."""
    actor = draft.supplier
    if source is None and draft.official and actor is not None and side(actor).iso3 is not None:
        return Voice(name=actor.party.name, iso3=side(actor).iso3)
    return Voice(name="narration", iso3=source)


def _claim(work: Work, draft: Draft) -> Claim:
    quote, start, end = work.subject.original(draft.start, draft.end)
    supplier, recipient = side(draft.supplier), side(draft.recipient)
    weapons = [w for w in draft.weapons if w.category != "generic"] or draft.weapons
    goods = tuple(Goods(value=w.value, category=w.category, family=w.family, named=w.named) for w in weapons)
    standing = stance.standing(draft)
    identity = "|".join(
        [
            work.subject.document.id,
            str(start),
            str(end),
            supplier.key,
            recipient.key,
            *[g.value for g in goods],
            draft.stage,
        ]
    )
    return Claim(
        id=hashlib.sha256(identity.encode()).hexdigest()[:24],
        document=work.subject.document.id,
        supplier=supplier,
        recipient=recipient,
        transit=tuple(side(slot) for slot in draft.transit),
        goods=goods,
        quantity=draft.amount,
        value=draft.money,
        stage=draft.stage,
        standing=standing,
        asserted_by=tuple(draft.asserters),
        denied_by=tuple(draft.deniers),
        date=draft.date,
        carriers=carriers(draft.match.sentence, work.subject.text),
        markings=markings(draft.match.sentence, work.subject.text),
        places=tuple(draft.places),
        start=start,
        end=end,
        quote=quote,
        confidence=confidence(draft.match.trigger.voice == "noun", draft.filled, draft.hedged),
        frame=f"{draft.match.trigger.sort}-{draft.match.trigger.voice}",
        reasons=(*draft.reasons, f"sides from context: {draft.filled}"),
    )
