"""AssembleClaims: who supplied what to whom, who says so, who denies it. Pure; the order of the work reads from here."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.claims import binding, stance
from transforms.claims.actors import government
from transforms.claims.attribution import Speakers, voices
from transforms.claims.confidence import confidence
from transforms.claims.context import Context
from transforms.claims.draft import Draft, key, side
from transforms.claims.frames import Language, language
from transforms.claims.implied import implied_sides
from transforms.claims.match import Match, Slot, matches
from transforms.claims.merge import merge
from transforms.claims.roles import embargo_told, origin_of, sides
from transforms.claims.stage import judge
from transforms.claims.tags import Tags
from transforms.claims.units import Party as Ref
from transforms.claims.units import Sentence, Span, Unit, sentence, spans
from transforms.claims.voyage import Voyage
from transforms.recognise.context import Subject
from transforms.records import Claim, Goods, Mention, Passage, Voice
from transforms.text import Segment

_DEFAULT = "en"
_AHEAD = frozenset({"announced", "approved", "requested", "offered", "contracted"})


@dataclass(frozen=True)
class Assembly:
    """The claims of a document, and what was refused and why (offsets are into the folded text)."""

    claims: list[Claim]
    refused: list[str]


@dataclass
class _Work:
    """The document in hand."""

    subject: Subject
    language: Language
    context: Context
    speakers: Speakers = field(default_factory=Speakers)
    voyage: Voyage = field(default_factory=Voyage)
    drafts: list[Draft] = field(default_factory=list)
    denials: list[stance.Denial] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    announced: str | None = None
    home: str | None = None


def assemble(subject: Subject, mentions: Sequence[Mention], passages: Sequence[Passage] = ()) -> list[Claim]:
    """The claims of a document. Never raises for any text; claims never come from furniture."""
    return explain(subject, mentions, passages).claims


def explain(subject: Subject, mentions: Sequence[Mention], passages: Sequence[Passage] = ()) -> Assembly:
    """As :func:`assemble`, with the reasons for what was refused."""
    known = language(subject.language or _DEFAULT) or language(_DEFAULT)
    assert known is not None
    document = subject.document
    source = government(document.url, document.source, document.title)
    work = _Work(subject, known, Context(source))
    read = _sentences(work, mentions, passages)
    for s, tags in read:
        work.speakers.learn(s)
        if any("home" in unit.classes for unit in s.units):
            work.home = known.grammar.home
    for s, tags in read:
        _read(work, s, tags)
    _finish(work)
    kept, dropped = merge(work.drafts)
    claims = [_claim(work, draft) for draft in kept]
    return Assembly(claims, work.refused + dropped)


def _sentences(
    work: _Work, mentions: Sequence[Mention], passages: Sequence[Passage]
) -> list[tuple[Sentence, Tags]]:
    subject = work.subject
    folded = subject.view.folded
    furniture = [folded.locate(p.start, p.end) for p in passages if p.kind == "furniture"]
    speaking = [(folded.locate(p.start, p.end), (p.speaker or "speaker", p.iso3)) for p in passages if p.kind == "speaker"]
    every, at, out = spans(subject, mentions), 0, []
    quoted_paragraph, inside = -1, False
    for index, segment in enumerate(_whole(subject.view.sentences, every)):
        while at < len(every) and every[at].end <= segment.start:
            at += 1
        within, k = [], at
        while k < len(every) and every[k].start < segment.end:
            if segment.start <= every[k].start and every[k].end <= segment.end:
                within.append(every[k])
            k += 1
        if any(a <= segment.start < b for a, b in furniture):
            continue
        paragraph = subject.view.paragraph_at(segment.start)
        if paragraph != quoted_paragraph:
            quoted_paragraph, inside = paragraph, False
        s = sentence(subject, work.language, segment, within, index, paragraph)
        body = subject.text[segment.start : segment.end]
        s.quoted = inside or body.startswith(('"', "«", "“"))
        if body.count('"') % 2:
            inside = not inside
        s.speaker = next((who for (a, b), who in speaking if a <= segment.start < b), None)
        out.append((s, Tags(s, work.language)))
    return out


def _whole(segments: Sequence[Segment], every: Sequence[Span]) -> list[Segment]:
    """Sentences joined where a mention spans their border ("am 29. | Januar")."""
    out: list[Segment] = []
    starts = [span.start for span in every]
    for segment in segments:
        at = bisect_left(starts, segment.start) - 1
        if out and at >= 0 and every[at].end > segment.start and every[at].start >= out[-1].start:
            out[-1] = Segment(out[-1].start, segment.end)
        else:
            out.append(segment)
    return out


def _read(work: _Work, s: Sentence, tags: Tags) -> None:
    """One sentence: its matches become drafts; its denials and what it leaves for later are kept."""
    text = work.subject.text
    said = voices(s, tags, work.context, work.speakers, text)
    denials = stance.denials(s, tags, work.context, text)
    work.voyage.take(s, tags)
    found = matches(s, tags)
    alive: list[Match] = []
    found = _nested(found)
    for m in found:
        why = judge(m)
        if why is None:
            alive.append(m)
        else:
            work.refused.append(f"{s.units[m.at].start}: {m.trigger.sort} {s.units[m.at].low!r}: {why}")
    fresh: list[Draft] = []
    for m in alive:
        content = next((d for d in denials if not d.flat and stance.covers(d, m)), None)
        if content is None and m.negated:
            content = next((stance.Denial(s, m.at, m.past, v, v.iso3, flat=False) for v in said if v.iso3), None)
        made = _drafts(work, m, content, said)
        for draft in made:
            _bind(work, draft, alive)
            _stand(work, draft, said, content)
        if content is not None and made:
            content.flat = False
        fresh += made
    fresh = _share(fresh)
    answered = {id(d) for d in denials for f in fresh if d.voice in f.deniers}
    for denial in denials:
        if id(denial) not in answered:
            denial.flat = True
            same = [f for f in fresh if denial.key in f.pair and denial.at > f.match.at]
            for draft in same:
                draft.deniers.append(denial.voice)
            if not same:
                work.denials.append(denial)
    work.drafts += fresh
    _include(work, s, fresh)
    work.context.take(s, tags)


def _include(work: _Work, s: Sentence, fresh: list[Draft]) -> None:
    """"…, which includes X and Y", "It also includes Z": what a package holds goes to the package last told of."""
    at = next((i for i, u in enumerate(s.units) if "includes" in u.classes), None)
    if at is None:
        return
    same = [d for d in fresh if d.money is not None and d.match.at < at]
    package = same[-1] if same else None
    if package is None and not fresh and at <= 6:
        package = next((d for d in work.drafts if d.money is not None and d.stage in _AHEAD), None)
    if package is None:
        return
    stop = next((i for i in range(at, len(s.units)) if work.context and s.units[i].low in (".",)), len(s.units))
    package.goods = [*package.goods, *[u for u in s.units[at:stop] if u.kind == "goods" and u not in package.goods]]


def _nested(found: list[Match]) -> list[Match]:
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
                out = [m for m in out if m is not noun]
    return out


def _drafts(work: _Work, m: Match, denial: stance.Denial | None, said: list[Voice]) -> list[Draft]:
    """Pair the sides of a match: one draft for each supplier, recipient and lot."""
    found = sides(m, work.context)
    _fill(work, m, found.suppliers, found.recipients, found.goods, denial, said)
    where = f"{m.sentence.units[m.at].start}: {m.trigger.sort} {m.sentence.units[m.at].low!r}"
    armed = bool(found.goods) or m.trigger.implied or m.trigger.sort == "arm"
    if m.trigger.sort == "breach":
        armed = embargo_told(m)
    if not armed:
        work.refused.append(f"{where}: no goods")
        return []
    lots = [d for d in m.deals if d.goods and d.recipients] if len(m.deals) > 1 else []
    out = []
    for supplier in found.suppliers or [None]:
        if len(lots) > 1:
            for n, lot in enumerate(lots):
                units = [m.sentence.units[i] for i in lot.goods]
                out += [_draft(work, m, supplier, recipient, units, where, alone=n > 0) for recipient in lot.recipients]
            continue
        for recipient in found.recipients or [None]:
            out.append(_draft(work, m, supplier, recipient, found.goods, where))
    return [draft for draft in out if draft is not None]


def _draft(
    work: _Work, m: Match, supplier: Slot | None, recipient: Slot | None, goods: list[Unit], where: str, alone: bool = False
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
    if alone and recipient is not None and recipient.at is not None and inside:
        spots = [recipient.at, *inside]
    if m.trigger.money:
        spots += [i for i in range(max(0, m.at - 6), m.past + 10) if i < len(units) and units[i].kind == "money"][:1]
    first, last = min(spots), max(spots)
    draft = Draft(m, supplier, recipient, goods, m.stage, units[first].start, units[last].end)
    draft.filled = sum(1 for slot in (supplier, recipient) if slot is None or slot.at is None)
    draft.transit = list(m.via)
    draft.official = m.official and supplier is not None and supplier.how.startswith("subject of")
    draft.reasons = [f"{m.trigger.sort} ({m.trigger.voice}): {' '.join(m.sentence.lows[m.at : m.past])}"]
    for role, slot in (("supplier", supplier), ("recipient", recipient)):
        draft.reasons.append(f"{role}: {slot.party.name} ({slot.how})" if slot else f"{role}: not told")
    draft.reasons += [note for note in m.notes if note]
    return draft


def _at_home(one: Ref, other: Ref) -> bool:
    """A group moving arms about in the country where it operates."""
    return (one.sort == "group" and one.host == other.iso3) or False


def _fill(
    work: _Work, m: Match, suppliers: list[Slot], recipients: list[Slot], goods: list[Unit],
    denial: stance.Denial | None, said: list[Voice],
) -> None:  # fmt: skip
    """Complete missing sides: from the goods' origin, the denier, the same sentence, the state whose text this is."""
    sort = m.trigger.sort
    taken = {s.party.key for s in recipients}
    origin = origin_of(goods)
    if not suppliers and origin is not None and origin.key not in taken:
        if sort in ("use", "reach", "bound", "carry", "give", "take", "arm"):
            suppliers.append(Slot(origin, None, "origin of the goods"))
    if sort == "use":
        denial = None
    if denial is not None and m.trigger.voice != "active":
        slot = Slot(Ref("state", denial.voice.iso3, None if denial.voice.iso3 else denial.key, denial.voice.name), None, "the denier")
        if not suppliers and denial.key not in taken:
            suppliers.append(slot)
        elif not recipients and denial.key not in {s.party.key for s in suppliers}:
            recipients.append(slot)
    elif denial is not None and not suppliers and sort in ("give", "arm") and denial.key not in taken:
        slot = Slot(Ref("state", denial.voice.iso3, None if denial.voice.iso3 else denial.key, denial.voice.name), None, "the denier")
        suppliers.append(slot)
    elif denial is not None and not recipients and sort == "take":
        recipients.append(Slot(Ref("state", denial.voice.iso3, None, denial.voice.name), None, "the denier"))
    source = work.context.source or work.home
    if not suppliers and recipients and source is not None and source not in taken and sort in ("give", "arm"):
        suppliers.append(Slot(Ref("state", source, None, source, source), None, "the state whose own text this is"))
    _from_before(work, m, suppliers, recipients, goods)
    implied_sides(m, suppliers, recipients, goods)


def _from_before(work: _Work, m: Match, suppliers: list[Slot], recipients: list[Slot], goods: list[Unit]) -> None:
    """Complete a side from the last claim told in this paragraph, where the wording refers back to it."""
    last = next((d for d in reversed(work.drafts) if d.match.sentence.paragraph == m.sentence.paragraph), None)
    if last is None or last.supplier is None or last.recipient is None:
        return
    bare = m.count is not None or m.goods_pronoun or m.trigger.sort == "follow"
    if m.trigger.sort == "follow":
        suppliers[:] = suppliers or [_again(last.supplier)]
        recipients[:] = recipients or [_again(last.recipient)]
        if not goods:
            goods[:] = last.goods
    elif suppliers and not recipients and (bare or m.pronoun) and {s.party.key for s in suppliers} & {last.supplier.party.key, last.recipient.party.key}:
        suppliers[:], recipients[:] = [_again(last.supplier)], [_again(last.recipient)]
    elif recipients and not suppliers and bare and any(r.party.key == last.recipient.party.key for r in recipients):
        suppliers[:] = [_again(last.supplier)]


def _again(slot: Slot) -> Slot:
    return Slot(slot.party, None, "as told before")


def _bind(work: _Work, draft: Draft, rivals: Sequence[Match]) -> None:
    """Quantity, sum, date and places of a draft."""
    m = draft.match
    counted = next((u.goods.quantity for u in draft.goods if u.goods and u.goods.quantity and u in m.sentence.units), None)
    if m.count is not None:
        counted = m.sentence.units[m.count].quantity
    draft.amount = binding.amount(counted)
    sums = binding.own(m.sentence.units, "money", m, rivals)
    for i in sums:
        quantity = m.sentence.units[i].quantity
        draft.money = binding.money(quantity) if quantity is not None else None
        if draft.money is not None:
            break
    draft.date = binding.date(m, rivals)
    draft.places = [
        binding.as_claim_place(role, unit) for role, unit in binding.places(m, m.sentence, None)
    ]  # fmt: skip
    if m.official and draft.date and work.announced is None:
        work.announced = draft.date


def _stand(work: _Work, draft: Draft, said: list[Voice], denial: stance.Denial | None) -> None:
    """Who asserts and who denies a draft by its own sentence."""
    m = draft.match
    draft.hedged = m.hedged
    draft.accused = any(tag == "accused" for _, _, tag in m.tags.speech)
    source = work.context.source
    if denial is not None:
        draft.deniers = [denial.voice]
        others = [*said, *stance.accusers(denial, m, work.subject.text)]
        draft.asserters = [v for v in others if v.iso3 != denial.voice.iso3 or (v.iso3 is None and v.name != denial.voice.name)]
        draft.only_denied = not draft.asserters
        draft.hedged = False
    elif m.negated:
        draft.deniers = list(said) or ([Voice(name="narration", iso3=source)] if source else [])
        draft.only_denied = True
    else:
        draft.asserters = list(said) or [Voice(name="narration", iso3=source)]


def _share(drafts: list[Draft]) -> list[Draft]:
    """"Spain sent tanks and Portugal sent helicopters to Ukraine": the later recipient serves the earlier verb too."""
    for whole in drafts:
        for part in drafts:
            shared = part is not whole and any(u in whole.goods for u in part.goods)
            if shared and whole.match.trigger.sort == "give" and whole.recipient is None and part.recipient is not None:
                if part.match.trigger.sort == "reach" and key(part.recipient) != key(whole.supplier):
                    whole.recipient = Slot(part.recipient.party, part.recipient.at, "where the goods came")
            if shared and whole.recipient is None and whole.match.notes[:1] == ["attributive"]:
                if part.match.trigger.sort == "use" and part.recipient is not None:
                    whole.recipient = part.recipient
    for draft, following in zip(drafts, drafts[1:], strict=False):
        if draft.recipient is None and following.recipient is not None and draft.match.trigger == following.match.trigger:
            if key(draft.supplier) != key(following.recipient):
                draft.recipient = Slot(following.recipient.party, None, "shared with the next verb")
    return drafts


def _finish(work: _Work) -> None:
    """What only the whole document can tell: voyages, unknown sides, denials elsewhere, dates of announcements."""
    _sail(work)
    _breaches(work)
    _unproven(work)
    _complete(work)
    _for_whom(work)
    keep: list[Draft] = []
    for draft in work.drafts:
        why = _incomplete(draft)
        if why is None:
            keep.append(draft)
        else:
            work.refused.append(f"{draft.start}: {why}")
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


def _sail(work: _Work) -> None:
    """A ship's cargo without sides goes where the ship went."""
    voyage = work.voyage
    for draft in work.drafts:
        m = draft.match
        if m.trigger.sort != "carry" or not m.vessel:
            continue
        if draft.recipient is None and voyage.destination is not None:
            draft.recipient = Slot(voyage.destination, None, "where the ship came in")
            draft.stage = "delivered" if draft.stage == "shipped" else draft.stage
            draft.date = voyage.date or draft.date
            if voyage.destination_place is not None:
                draft.places.append(binding.as_claim_place("delivery", voyage.destination_place))
        if draft.supplier is None and voyage.origin is not None and voyage.origin.key != key(draft.recipient):
            draft.supplier = Slot(voyage.origin, None, "where the ship left")
            if voyage.origin_place is not None:
                draft.places.append(binding.as_claim_place("origin", voyage.origin_place))
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


def _breaches(work: _Work) -> None:
    """A breach of "the embargo" is one of the embargo on whomever arms went to in this text."""
    for draft in work.drafts:
        if draft.match.trigger.sort == "breach" and draft.recipient is None:
            to = next((d.recipient for d in work.drafts if d.recipient is not None and d is not draft), None)
            if to is not None and key(to) != key(draft.supplier):
                draft.recipient = Slot(to.party, None, "to whom arms went in this text")


def _complete(work: _Work) -> None:
    """A side not told is the one of another claim with the same goods and the same other side, or of the pair told."""
    full = [d for d in work.drafts if d.supplier and d.recipient and d.match.trigger.sort != "breach"]
    ships = [d for d in full if d.match.trigger.sort == "carry"]
    for draft in work.drafts:
        if draft.match.trigger.sort == "carry" and draft.supplier is draft.recipient is None and ships:
            draft.supplier, draft.recipient = ships[0].supplier, ships[0].recipient
            draft.filled = 2
    for draft in work.drafts:
        if draft.match.trigger.sort == "use":
            continue
        if (draft.supplier is None) == (draft.recipient is None) or (
            draft.stage == "refused" and draft.match.trigger.voice == "noun"
        ):
            continue
        known = draft.supplier or draft.recipient
        index = 0 if draft.supplier is not None else 1
        late = draft.stage in ("delivered", "shipped") and draft.match.count is None
        fits = [d for d in full if not (late and d.stage in _AHEAD) and d.pair[index] == key(known) and (not draft.categories or not d.categories or draft.categories & d.categories)]
        if len({d.pair for d in fits}) == 1:
            if draft.supplier is None:
                draft.supplier = Slot(fits[0].supplier.party, None, "as elsewhere in the text")  # type: ignore[union-attr]
            else:
                draft.recipient = Slot(fits[0].recipient.party, None, "as elsewhere in the text")  # type: ignore[union-attr]
            draft.filled += 1


def _unproven(work: _Work) -> None:
    """Where a text says that supply is not proven, the place that arms left from is no supplier."""
    if not any("unproven" in why for why in work.refused):
        return
    for draft in work.drafts:
        if draft.supplier is not None and draft.supplier.how == "source" and draft.match.passive is False:
            draft.supplier = None


def _for_whom(work: _Work) -> None:
    """An official who obtains what the text says goes to a group obtains it for the group."""
    for draft in work.drafts:
        agent = draft.recipient is not None and draft.recipient.party.sort in ("leader", "institution")
        if not agent or draft.match.trigger.sort != "take":
            continue
        for other in work.drafts:
            group = other.recipient is not None and other.recipient.party.sort == "group"
            if group and other.pair[0] == draft.pair[0] != "?" and other.categories & draft.categories:
                draft.recipient = Slot(other.recipient.party, None, "for whom the goods are")  # type: ignore[union-attr]
                break


def _incomplete(draft: Draft) -> str | None:
    """Why a draft is no claim: a side is missing, and the frame does not stand without it."""
    sort, stage = draft.match.trigger.sort, draft.stage
    if draft.match.negated and not draft.deniers:
        return "negated by the narration"
    if draft.supplier is not None and draft.recipient is not None:
        if key(draft.supplier) == key(draft.recipient):
            return f"both sides are {key(draft.supplier)}"
        return None
    if draft.match.trigger.foreign and draft.recipient is not None and draft.goods:
        return None
    group = draft.recipient is not None and draft.recipient.party.sort == "group" and draft.recipient.at is not None
    if group and sort in ("give", "carry", "bound", "reach") and draft.goods and stage in ("delivered", "shipped", "seized"):
        return None
    if sort == "bound" and stage in ("refused", "seized") and draft.goods:
        return None
    if sort == "carry" and draft.match.vessel and stage in ("shipped", "refused", "seized") and draft.goods:
        return None
    if stage == "seized" and draft.supplier is not None and draft.goods and sort in ("give", "carry", "bound", "origin"):
        return None
    missing = "supplier" if draft.supplier is None else "recipient"
    return f"{sort} {' '.join(draft.match.sentence.lows[draft.match.at : draft.match.past])!r}: no {missing}"


def _claim(work: _Work, draft: Draft) -> Claim:
    quote, start, end = work.subject.original(draft.start, draft.end)
    supplier, recipient = side(draft.supplier), side(draft.recipient)
    weapons = [w for w in draft.weapons if w.category != "generic"] or draft.weapons
    goods = tuple(Goods(value=w.value, category=w.category, family=w.family, named=w.named) for w in weapons)
    standing = stance.standing(draft)
    identity = "|".join(
        [work.subject.document.id, str(start), str(end), supplier.key, recipient.key, *[g.value for g in goods], draft.stage]
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
        places=tuple(draft.places),
        start=start,
        end=end,
        quote=quote,
        confidence=confidence(draft),
        frame=f"{draft.match.trigger.sort}-{draft.match.trigger.voice}",
        reasons=tuple(draft.reasons),
    )
