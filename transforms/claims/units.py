"""Sentences as units: words, parties, goods, dates, places and sums, so that frames match over a few dozen items.

Offsets of units are into the folded text. A unit keeps the mention it was made of.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.claims.actors import Found, names
from transforms.claims.firms import firms
from transforms.claims.frames import Language
from transforms.claims.heads import attach_heads
from transforms.claims.model import Goods, Kind, Party, Sentence, Unit
from transforms.claims.numbers import bare_numbers
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

_TOKEN = re.compile(
    r"'s\b|n't\b|\d{1,3}(?:,\d{3})+\b|[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+(?:[.][^\W\u4e00-\u9fff]+)*|[^\w\s]"
)


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
    amounts = [s for s in inside if isinstance(s.mention, QuantityMention) and s.mention.quantity_class != "other"]
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
    _bands(units, subject, language)
    units = firms(units, subject)
    bare_numbers(units, subject, language)
    units = attach_heads(units, language)
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
    """Goods stretched over the amount that counts them ("up to 5 million rounds"); and the other amounts."""
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
        if match[0] != "*"  # of markup
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
    """Set the word classes of phrases ("air force" is an organ): on the last word; on its others ``…_part``."""
    lows = [unit.low for unit in units]
    for first, past, tags in language.classes.find(lows, 0, len(lows)):
        for i in range(first, past):
            units[i].classes |= tags if i == past - 1 else {f"{tag}_part" for tag in tags}
            if units[i].kind == "place" and "organ" in tags:
                units[i].kind, units[i].place = "word", None  # "la Armada" is also a town


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


def _bands(units: list[Unit], subject: Subject, language: Language) -> None:
    """Armed groups that the catalogue does not know ("militants in Gaza") are parties by the name the text gives.

    "The rebels" alone refers back to a group named before.
    """
    for i, unit in enumerate(units):
        if unit.kind != "word" or "band" not in unit.classes:
            continue
        where = units[i + 2] if i + 2 < len(units) else None
        link = language.markers.at([units[i + 1].low], 0) if where is not None else None
        seated = where is not None and link is not None and link[1] == "of" and bool(where.place or where.party)
        if "group" in unit.classes and not seated:
            continue
        end = where.end if where is not None and seated else unit.end
        named = ("band_part" in u.classes or (u.party is not None and u.party.adjective) for u in units[i - 1 : i])
        start = units[i - 1].start if any(named) else unit.start
        text, _, _ = subject.original(start, end)
        unit.kind, unit.party = "party", Party("group", None, None, " ".join(text.split()))


def _homes(units: list[Unit], language: Language) -> None:
    """Organs that a language's home state has without naming it ("regeringen") are parties."""
    home = language.grammar.home
    for unit in units:
        if home is not None and unit.kind == "word" and "home" in unit.classes:
            unit.kind, unit.party = "party", Party("institution", home, None, unit.low, home, head="organ")
