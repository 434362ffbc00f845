"""Sentences as units: words, parties, goods, dates, places and sums, so that frames match over a few dozen items.

Offsets of units are into the folded text. A unit keeps the mention it was made of.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from transforms.claims.actors import Found, Sort, names
from transforms.claims.frames import Language
from transforms.recognise.context import Subject
from transforms.records import (
    DateMention,
    Mention,
    PlaceMention,
    QuantityMention,
    StateMention,
    WeaponMention,
)
from transforms.text import Segment

Kind = Literal["word", "party", "goods", "date", "place", "money", "count"]
Head = Literal["self", "goods", "organ", "vessel", "port", "people", "other"]
_TOKEN = re.compile(r"'s\b|n't\b|\w+(?:[.](?=\w)\w+)*|[^\w\s]")
_FILLER = 3  # words that may stand between an adjective and its noun


@dataclass(slots=True)
class Party:
    """Who a unit stands for. head: what an adjective or possessive belongs to; ``self`` for the party itself.

    sort tells how it is known; ``name`` is the canonical name of an actor, else what the text has.
    """

    sort: Sort
    iso3: str | None
    actor: str | None
    name: str
    host: str | None = None
    adjective: bool = False
    possessive: bool = False
    head: Head = "self"

    @property
    def key(self) -> str:
        return self.iso3 or self.actor or self.name.lower()

    @property
    def can_supply(self) -> bool:
        """Whether it can be a side of a transfer: media, researchers and UN bodies cannot."""
        return self.sort not in ("medium", "research", "un", "body")


@dataclass(slots=True)
class Goods:
    """Goods of one unit. origin: the state of an adjective before or after it ("Iranian drones")."""

    weapons: list[WeaponMention]
    quantity: QuantityMention | None = None
    origin: Party | None = None


@dataclass(slots=True)
class Unit:
    """One item of a sentence; ``low`` is its text in lower case."""

    kind: Kind
    low: str
    start: int
    end: int
    party: Party | None = None
    goods: Goods | None = None
    date: DateMention | None = None
    place: PlaceMention | None = None
    quantity: QuantityMention | None = None
    classes: frozenset[str] = frozenset()
    capital: bool = False


@dataclass(slots=True)
class Sentence:
    """A sentence's units. voice_state: whom a UN speaker's passage speaks for (name, state)."""

    index: int
    paragraph: int
    start: int
    end: int
    units: list[Unit]
    lows: list[str]
    speaker: tuple[str, str | None] | None = None
    question: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    rank: int
    mention: Mention | Found


def spans(subject: Subject, mentions: Sequence[Mention]) -> list[Span]:
    """All mentions and actors by folded offsets, without overlap: the longest wins, then goods before states."""
    folded = subject.view.folded
    ranks = {"weapon": 0, "state": 1, "quantity": 2, "date": 3, "place": 4}
    found: list[Span] = []
    for mention in mentions:
        start, end = folded.locate(mention.start, mention.end)
        if start < end:
            found.append(Span(start, end, ranks[mention.kind], mention))
    found += [
        Span(hit.start, hit.end, 1 if hit.entry.sort != "leader" else 3, hit) for hit in names().find(subject.text)
    ]
    quantities = [s for s in found if isinstance(s.mention, QuantityMention)]
    others = [s for s in found if not isinstance(s.mention, QuantityMention)]
    others.sort(key=lambda s: (-(s.end - s.start), s.rank, s.start))
    kept = _disjoint(others)
    return sorted(kept + quantities, key=lambda s: (s.start, s.end))


def _disjoint(ranked: list[Span]) -> list[Span]:
    kept: list[Span] = []
    starts: list[int] = []
    for span in ranked:
        at = bisect_left(starts, span.start)
        before = kept[at - 1] if at else None
        after = kept[at] if at < len(kept) else None
        if (before is None or before.end <= span.start) and (after is None or span.end <= after.start):
            kept.insert(at, span)
            starts.insert(at, span.start)
    return kept


def sentence(
    subject: Subject, language: Language, segment: Segment, inside: Sequence[Span], index: int, paragraph: int
) -> Sentence:
    """The units of one sentence."""
    text = subject.text
    items = [s for s in inside if not isinstance(s.mention, QuantityMention)]
    amounts = [s for s in inside if isinstance(s.mention, QuantityMention)]
    units: list[Unit] = []
    position = segment.start
    items, free = _counted(items, amounts, text)
    for item in sorted(items + _outside(free, items), key=lambda s: s.start):
        if item.start < position:
            continue
        units += _words(text, position, item.start)
        units.append(_unit(text, item))
        position = item.end
    units += _words(text, position, segment.end)
    _attach_amounts(units, amounts, subject)
    units = _split_goods(units, language)
    _classify(units, language)
    units = _materiel(units, subject)
    _denials_of_goods(units)
    _homes(units, language)
    units = _heads(units, language)
    _made_after(units, language)
    lows = [unit.low for unit in units]
    return Sentence(
        index,
        paragraph,
        segment.start,
        segment.end,
        units,
        lows,
        question=text[segment.start : segment.end].rstrip().endswith("?"),
    )


def _counted(items: list[Span], amounts: list[Span], text: str) -> tuple[list[Span], list[Span]]:
    """Goods stretched over the amount that counts them ("up to 5 million rounds" is one item); and the other amounts."""
    out, used = [], set[int]()
    for item in items:
        weapon = item.mention
        if isinstance(weapon, WeaponMention):
            for n, amount in enumerate(amounts):
                assert isinstance(amount.mention, QuantityMention)
                counts = amount.mention.quantity_class == "goods" and amount.mention.target == weapon.start
                if not _touches(amount, item) and not counts:
                    continue
                used.add(n)
                between = [s for s in items if s is not item and amount.start <= s.start < item.start]
                if amount.start < item.start and not between:
                    item = replace(item, start=amount.start)
        out.append(item)
    return out, [amount for n, amount in enumerate(amounts) if n not in used]


def _touches(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _outside(amounts: list[Span], items: list[Span]) -> list[Span]:
    """Amounts that overlap no item, or the part of them before the first item they overlap."""
    out = []
    for amount in amounts:
        overlapped = [s for s in items if _touches(amount, s)]
        if not overlapped:
            out.append(amount)
        elif overlapped[0].start > amount.start:
            out.append(replace(amount, end=overlapped[0].start))
    return out


def _words(text: str, start: int, end: int) -> list[Unit]:
    return [
        Unit("word", match[0].lower(), match.start(), match.end(), capital=match[0][0].isupper())
        for match in _TOKEN.finditer(text, start, end)
    ]


def _unit(text: str, span: Span) -> Unit:
    low = text[span.start : span.end].lower().strip()
    match span.mention:
        case StateMention() as state:
            party = Party("state", state.value, None, state.text, state.value, adjective=state.adjective)
            return Unit("party", low, span.start, span.end, party=party)
        case Found(entry=entry):
            who = Party(entry.sort, entry.iso3, entry.id, entry.name, entry.host)
            return Unit("party", low, span.start, span.end, party=who)
        case WeaponMention() as weapon:
            return Unit("goods", low, span.start, span.end, goods=Goods([weapon]))
        case DateMention() as date:
            return Unit("date", low, span.start, span.end, date=date)
        case PlaceMention() as place:
            return Unit("place", low, span.start, span.end, place=place)
        case QuantityMention() as amount:
            kind: Kind = {"money": "money", "goods": "count", "other": "word"}[amount.quantity_class]  # type: ignore[assignment]
            return Unit(kind, low, span.start, span.end, quantity=amount)
    raise AssertionError(span.mention)


def _attach_amounts(units: list[Unit], amounts: list[Span], subject: Subject) -> None:
    """Give each goods unit the amount that counts it, by overlap or by the amount's own target."""
    for span in amounts:
        amount = span.mention
        assert isinstance(amount, QuantityMention)
        if amount.quantity_class != "goods":
            continue
        for unit in units:
            if unit.goods is None or unit.goods.quantity is not None:
                continue
            starts = {weapon.start for weapon in unit.goods.weapons}
            if (unit.start < span.end and span.start < unit.end) or (amount.target in starts):
                unit.goods.quantity = amount
                break


def _split_goods(units: list[Unit], language: Language) -> list[Unit]:
    """ "arms supplies" as one mention hides the noun of the act: give that noun back to the sentence."""
    out: list[Unit] = []
    for unit in units:
        words = unit.low.split()
        if unit.kind == "goods" and len(words) > 1:
            hit = language.triggers.at(words, len(words) - 1)
            if hit is not None and any(
                t.voice == "noun" and not t.implied and t.sort in ("give", "take") for t in hit[1]
            ):
                cut = unit.end - len(words[-1])
                tail = Unit("word", words[-1], cut, unit.end)
                unit = replace(unit, end=cut - 1, low=unit.low[: -len(words[-1]) - 1])
                out += [unit, tail]
                continue
        out.append(unit)
    return out


def _classify(units: list[Unit], language: Language) -> None:
    """Set the word classes of phrases ("air force" is an organ): on the phrase's last word, and on its others ``part``."""
    lows = [unit.low for unit in units]
    for first, past, tags in language.classes.find(lows, 0, len(lows)):
        for i in range(first, past):
            units[i].classes |= tags if i == past - 1 else {f"{tag}_part" for tag in tags}


def _materiel(units: list[Unit], subject: Subject) -> list[Unit]:
    """Words for arms in general ("matériel militaire") that no weapon was marked in are goods of no known kind."""
    out: list[Unit] = []
    for unit in units:
        if unit.kind == "word" and "materiel" in unit.classes:
            first = len(out)
            while first and "materiel_part" in out[first - 1].classes and out[first - 1].kind == "word":
                first -= 1
            start = out[first].start if first < len(out) else unit.start
            text, a, b = subject.original(start, unit.end)
            low = " ".join([*(u.low for u in out[first:]), unit.low])
            del out[first:]
            weapon = WeaponMention(text=text, start=a, end=b, value="military equipment", category="generic")
            unit = Unit("goods", low, start, unit.end, goods=Goods([weapon]))
        out.append(unit)
    return out


def _denials_of_goods(units: list[Unit]) -> None:
    """ "non-weapons sales": goods that a prefix takes back are none."""
    for i, unit in enumerate(units):
        if unit.kind == "goods" and i and "nongoods" in units[i - 1].classes:
            unit.kind, unit.goods = "word", None


def _homes(units: list[Unit], language: Language) -> None:
    """Organs that a language's home state has without naming it ("regeringen") are parties."""
    home = language.grammar.home
    for unit in units:
        if home is not None and unit.kind == "word" and "home" in unit.classes:
            unit.kind, unit.party = "party", Party("institution", home, None, unit.low, home, head="organ")


def _heads(units: list[Unit], language: Language) -> list[Unit]:
    """Decide what adjectives and possessives belong to, and draw an organ's name into its party's unit."""
    attributive = set(language.words.attributive)
    i = 0
    while i < len(units):
        party = units[i].party
        if party is None or party.sort in ("leader",):
            i += 1
            continue
        if units[i].low in attributive:
            party.adjective = True
        nxt = units[i + 1] if i + 1 < len(units) else None
        if nxt is not None and (
            nxt.low == "'s" or (nxt.low == "'" and units[i].low.endswith("s") and nxt.start == units[i].end)
        ):
            party.possessive = True
        if language.grammar.after and _head_before(units, i, party):
            i += 1
            continue
        if party.sort == "state" and not party.adjective and not party.possessive and _organ_of(units, i, language):
            party.head = "organ"
            i += 1
            continue
        _head_after(units, i, party, language)
        i += 1
    return [unit for unit in units if unit.end > unit.start and unit.low != "\0"]


def _organ_of(units: list[Unit], i: int, language: Language) -> bool:
    """Draw "the government of" into the state's unit."""
    j, linked = i - 1, False
    while j >= 0 and i - j <= 3 and units[j].kind == "word" and "organ" not in units[j].classes:
        hit = language.markers.at([units[j].low], 0)
        linked = linked or (hit is not None and hit[1] == "of")
        if (hit is not None and hit[1] != "of") or len(units[j].low) > 3:
            return False
        j -= 1
    if not linked or j < 0 or "organ" not in units[j].classes or units[j].kind != "word":
        return False
    units[i].start = units[j].start
    units[i].classes |= units[j].classes
    for drawn in units[j:i]:
        drawn.low, drawn.classes = "\0", frozenset()
    return True


def _head_after(units: list[Unit], i: int, party: Party, language: Language) -> None:
    """English order: "Iranian drones", "the Ukrainian military", "Russian cargo vessels", "Iran's envoy"."""
    if not (party.adjective or party.possessive or party.sort == "state"):
        return
    j, filler = i + 1 + (1 if party.possessive else 0), 0
    short = units[i].low in language.words.attributive
    limit = _FILLER if (party.adjective or party.possessive) else 0
    while j < len(units):
        unit = units[j]
        if unit.kind == "goods" and unit.goods is not None:
            if party.adjective:
                party.head = "goods"
                unit.goods.origin = unit.goods.origin or party
            elif party.possessive:
                party.head = "goods"
            return
        if unit.low == "-" and not unit.classes and unit.start == units[i].end and j == i + 1:
            verb = j + 1 < len(units) and language.triggers.at([units[j + 1].low], 0) is not None
            party.head = "self" if verb else "other"
            return
        if unit.party is not None and unit.party.sort in ("group", "company", "broker") and party.adjective:
            party.head = "other"
            return
        if unit.classes & {"made", "made_part"}:
            party.adjective, party.head = True, "goods"
            if "made" in unit.classes and unit.low != "-":
                _last_goods(units, i, party)
            j += 1
            continue
        if unit.kind == "party" and unit.party is not None and unit.party.sort in ("leader", "institution", "company"):
            party.head = "organ" if unit.party.iso3 == party.iso3 else "other"
            return
        if unit.kind != "word" or unit.classes & {"conjunction", "breaker"} or not unit.low[0].isalnum():
            break
        for tag, head in (("organ", "organ"), ("vessel", "vessel"), ("port", "port"), ("people", "people")):
            if tag in unit.classes:
                party.head = head  # type: ignore[assignment]
                if head == "organ":
                    _absorb(units, i, j)
                return
        if any(tag.endswith("_part") for tag in unit.classes):
            j += 1
            continue
        if unit.classes & {"passive", "perfect", "negation", "relative"}:
            filler += not (filler or short)
            break
        if filler == 0 and not party.possessive and language.markers.at([unit.low], 0) is not None:
            break
        filler += 1
        if filler > limit:
            break
        j += 1
    if party.possessive or (party.adjective and filler and not short):
        party.head = "other"


def _made_after(units: list[Unit], language: Language) -> None:
    """ "missiles manufactured in Iran": the state after such words is the origin of the goods before them."""
    for i, unit in enumerate(units):
        if "made" not in unit.classes:
            continue
        maker = next((u.party for u in units[i + 1 : i + 3] if u.party is not None), None)
        goods = next((u.goods for u in reversed(units[max(0, i - 6) : i]) if u.goods is not None), None)
        if maker is not None and goods is not None and maker.iso3 and unit.low not in ("-",):
            goods.origin = goods.origin or maker
            maker.head = "goods"


def _last_goods(units: list[Unit], i: int, party: Party) -> None:
    """The goods before "of Chinese make" are of that origin."""
    for unit in reversed(units[max(0, i - 4) : i]):
        if unit.goods is not None:
            unit.goods.origin = unit.goods.origin or party
            return


def _absorb(units: list[Unit], i: int, j: int) -> None:
    """Make units ``i..j`` one party unit; what is drawn in is emptied and dropped by the caller."""
    units[i].end = units[j].end
    units[i].classes |= units[j].classes
    units[i].low = " ".join(unit.low for unit in units[i : j + 1])
    for unit in units[i + 1 : j + 1]:
        unit.low, unit.kind = "\0", "word"
        unit.classes = frozenset()


def _head_before(units: list[Unit], i: int, party: Party) -> bool:
    """Romance order: "l'armée arménienne", "missiles iraniens", "port turc"."""
    if not party.adjective:
        return False
    for j in range(i - 1, max(-1, i - 3), -1):
        unit = units[j]
        if unit.kind == "goods" and unit.goods is not None:
            party.head = "goods"
            unit.goods.origin = unit.goods.origin or party
            return True
        if unit.kind != "word" or unit.classes & {"conjunction", "breaker"}:
            return False
        for tag in ("organ", "vessel", "port", "people"):
            if tag in unit.classes:
                party.head = tag
                if tag == "organ":
                    while j and "organ_part" in units[j - 1].classes:
                        j -= 1
                    units[i].start = units[j].start
                    units[i].classes |= unit.classes
                    for drawn in units[j:i]:
                        drawn.low, drawn.classes = "\0", frozenset()
                return True
    return False
