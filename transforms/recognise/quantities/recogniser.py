"""The recogniser of quantities: numbers read, bounded, and attached to the weapon, unit or currency they count."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.recognise.context import Subject
from transforms.recognise.dates.guards import addresses, inside
from transforms.recognise.dates.tokens import Tokens, tokens
from transforms.recognise.quantities.counted import Counted, Counter, Target
from transforms.recognise.quantities.numerals import Number
from transforms.recognise.quantities.reader import Reader, Reading, reader
from transforms.recognise.quantities.schema import languages
from transforms.records import Mention, QuantityMention, WeaponMention

MAIN = "en"
_REACH = 2
"""Sentences back in which the goods are looked for that "26 others" stands for."""
_PART = 3
"""Tokens between the numbers of "six of the eighteen"."""
_CLOSING = frozenset({"", ".", ",", ";", ")", "!", "?", "\n"})


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Reading
    counted: Counted


class QuantityRecogniser:
    """Finds quantities. See :class:`transforms.recognise.context.Recogniser`; weapons are expected in ``before``."""

    def __init__(self) -> None:
        self._readers = {code: reader(code) for code in languages()}

    def find(self, subject: Subject, before: Sequence[Mention] = ()) -> list[QuantityMention]:
        """The quantities in the subject, ordered, without overlap."""
        seen = tokens(subject.text)
        read = self._readers.get(subject.language or MAIN) or self._readers[MAIN]
        locate = subject.view.folded.locate
        targets = [Target(*locate(m.start, m.end), m) for m in before if isinstance(m, WeaponMention)]
        targets = sorted((t for t in targets if t.start < t.end), key=lambda t: t.start)
        counter = Counter(read, seen, targets)
        found = list(self._found(subject, seen, read, counter))
        found = self._elliptic(subject, seen, counter, found)
        found = _same_sum(_further_sum(subject, seen, found))
        return [m for m in (_mention(subject, seen, one) for one in found) if m]

    def _found(self, subject: Subject, seen: Tokens, read: Reader, counter: Counter) -> Iterator[_Found]:
        away = addresses(subject.text)
        at, size = 0, len(seen)
        while at < size:
            word = seen.words[at]
            if not read.may_begin(word) or inside(away, seen.starts[at]):
                at += 1
                continue
            skip = counter.within(seen.starts[at])
            if skip is not None:
                at = max(at + 1, bisect_left(seen.starts, skip))
                continue
            reading = read.at(seen, at)
            if reading is None:
                at += 1
                continue
            counted = counter.count(reading)
            if counted is not None:
                yield _Found(reading, counted)
                at = max(reading.end, counted.end)
            else:
                at = reading.end

    def _elliptic(self, subject: Subject, seen: Tokens, counter: Counter, found: list[_Found]) -> list[_Found]:
        """Numbers that stand for goods named just before (or right after: "the first six of the eighteen")."""
        out: list[_Found] = []
        for index, one in enumerate(found):
            if one.counted.kind != "elliptic":
                out.append(one)
                continue
            sentence = subject.view.sentence_at(seen.starts[one.reading.first])
            if one.reading.number.scaled and out and out[-1].counted.kind == "money":
                out.append(replace(one, counted=replace(one.counted, kind="sum")))
                continue
            unit = one.counted.unit  # a measure word takes up what was counted with the same one
            earlier = next(
                (f for f in reversed(out) if f.counted.kind == "goods" and unit in (None, f.counted.unit)), None
            )
            if earlier is not None:
                gap = sentence - subject.view.sentence_at(seen.starts[earlier.reading.first])
                if gap > _REACH:
                    earlier = None
            following = found[index + 1] if index + 1 < len(found) else None
            if (
                following is not None
                and following.counted.kind == "other"
                and following.reading.first - one.counted.end <= _PART
            ):
                continue  # "three of the four occupants"
            if following is not None and (
                following.counted.kind != "goods" or following.reading.first - one.counted.end > _PART
            ):
                following = None
            if one.counted.target is not None:
                out.append(replace(one, counted=replace(one.counted, kind="goods")))
                continue
            source = following or earlier
            if source is not None and unit not in (None, source.counted.unit):
                source = None
            if source is not None:
                counted = replace(one.counted, kind="goods", unit=source.counted.unit, of=source.counted.of)
                out.append(_Found(one.reading, counted))
            elif one.reading.number.scaled:
                out.append(replace(one, counted=replace(one.counted, kind="sum")))
        return out


def _further_sum(subject: Subject, seen: Tokens, found: list[_Found]) -> list[_Found]:
    """A large number that ends its clause is money where a sum in a currency stands just before it."""
    out: list[_Found] = []
    for one in found:
        last = out[-1] if out else None
        if one.counted.kind == "sum" and last is not None and last.counted.kind == "money":
            gap = subject.view.sentence_at(seen.starts[one.reading.first])
            gap -= subject.view.sentence_at(seen.starts[last.reading.first])
            if gap <= 1 and last.reading.number.scaled and seen.word(one.counted.end) in _CLOSING:
                currency = last.counted.currency
                one = replace(one, counted=replace(one.counted, kind="money", unit=currency, currency=currency))
        out.append(one)
    return out


def _same_sum(found: list[_Found]) -> list[_Found]:
    """A large number without its currency is money where the same sum has one elsewhere in the text."""
    sums = {f.reading.number.value: f.counted.currency for f in found if f.counted.kind == "money"}
    out = []
    for one in found:
        if one.counted.kind == "sum":
            currency = sums.get(one.reading.number.value)
            if currency is None or one.reading.number.least:
                continue
            one = replace(one, counted=replace(one.counted, kind="money", unit=currency, currency=currency))
        out.append(one)
    return out


def _mention(subject: Subject, seen: Tokens, found: _Found) -> QuantityMention | None:
    reading, counted = found.reading, found.counted
    text, start, end = subject.original(seen.starts[reading.start], seen.ends[counted.end - 1])
    number, least, most = reading.bounds()
    if counted.kind == "other" and number is None and least is None and most is None:
        return None
    return QuantityMention(
        text=text,
        start=start,
        end=end,
        quantity_class=counted.kind if counted.kind in ("goods", "money") else "other",
        number=number,
        min=least,
        max=most,
        unit=counted.unit,
        currency=counted.currency,
        of=counted.of,
        approx=reading.approx,
        exclusive=reading.exclusive,
        target=counted.target,
    )


__all__ = ["Number", "QuantityRecogniser"]
