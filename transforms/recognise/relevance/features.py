"""What is counted in a document to tell arms-transfer reporting from other talk of arms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args

from transforms.recognise.context import Subject
from transforms.recognise.relevance.terms import Group, terms
from transforms.recognise.weapons.matchtext import match_text
from transforms.records import Mention, StateMention, WeaponMention

Span = TypeVar("Span", tuple[int, int], tuple[int, int, str])

REACH = 90  # characters between the goods and the word of transfer: about fifteen words
# Weapons of mass destruction have regimes and reports of their own.
_OTHER_REGIMES = frozenset(["nuclear weapon", "chemical weapon", "biological weapon", "weapon of mass destruction"])
SHORT = 1200  # characters: about ten sentences
LEAD = 700  # characters: headline and first paragraphs


@dataclass(frozen=True, slots=True)
class Features:
    """Counts over sentences that tell of goods near a word of transfer.

    between: with two or more states in the sentence or its neighbours; one: with one; none: with no state.
    weak: with a weak word only, and two states. short: of the last, those with an everyday word for a change of hands,
    in a text that has not much more than that. lead: of the first three, those within the lead. aid: words that are
    goods and transfer in one, beside a state. carried: sentences in which a ship, aircraft or lorry bears goods.
    directed: sentences with a state right after a word of direction ("to", "from", "by"). against: sentences told
    against. sentences: of the document.
    """

    between: int = 0
    one: int = 0
    none: int = 0
    weak: int = 0
    short: int = 0
    lead: int = 0
    aid: int = 0
    carried: int = 0
    directed: int = 0
    against: int = 0
    sentences: int = 0


def features(subject: Subject, mentions: Sequence[Mention]) -> Features:
    """The counts for a document with its mentions (weapons and states are used)."""
    view = subject.view
    matched = match_text(subject.text)
    goods = sorted(
        _folded(subject, m) for m in mentions if isinstance(m, WeaponMention) and m.value not in _OTHER_REGIMES
    )
    states = sorted((*_folded(subject, m), m.value) for m in mentions if isinstance(m, StateMention))
    found: dict[str, list[tuple[int, int]]] = {group: [] for group in get_args(Group)}
    for start, end, group in terms().find(matched.text, (subject.language or "")[:2].lower()):
        found[group].append((matched.folded(start), matched.folded(end - 1) + 1))
    for spans in found.values():
        spans.sort()
    counts = dict.fromkeys(
        ("between", "one", "none", "weak", "short", "lead", "aid", "carried", "directed", "against"), 0
    )
    sentences = view.sentences
    for index, sentence in enumerate(sentences):
        low, high = sentence.start, sentence.end
        aid = _within(found["aid"], low, high)
        inside = _within(goods, low, high)
        if not aid and not inside:
            continue
        before = sentences[max(0, index - 1)].start
        here = {s[2] for s in _within(states, low, high)}
        around = {s[2] for s in _within(states, before, high)}
        parties = min(2, len(here)) if len(here) else min(1, len(around))
        if len(here) == 1 and len(around) > 1:
            parties = 2
        strong = bool(aid) or _close(inside, _within(found["strong"], low, high))
        carried = not strong and bool(
            inside and _within(found["carry"], low, high) and _within(found["carrier"], before, high)
        )
        weak = (
            not strong
            and not carried
            and any(_close(inside, _within(found[group], low, high)) for group in ("weak", "hands", "dispatch"))
        )
        if strong:
            counts[("none", "one", "between")[parties]] += 1
        elif weak and parties == 2:
            counts["weak"] += 1
            if len(view.text) < SHORT and _close(inside, _within(found["hands"], low, high)):
                counts["short"] += 1
        if carried and (parties or low < LEAD):
            counts["carried"] += 1
        told = _within(states, low, high)
        ends = {t[1] for t in _within(found["towards"], low, high)}
        if (strong or carried) and any(s[0] - gap in ends for s in told for gap in (0, 1, 5)):
            counts["directed"] += 1
        if strong and parties and low < LEAD:
            counts["lead"] += 1
        if aid and parties:
            counts["aid"] += 1
        if not strong and _within(found["against"], low, high):
            counts["against"] += 1
    return Features(**counts, sentences=len(sentences))


def _folded(subject: Subject, mention: Mention) -> tuple[int, int]:
    return subject.view.folded.locate(mention.start, mention.end)


def _within(spans: Sequence[Span], low: int, high: int) -> Sequence[Span]:
    """The spans (sorted) that begin inside a stretch."""
    return spans[bisect_left(spans, low, key=_start) : bisect_left(spans, high, key=_start)]


def _start(span: tuple[int, int] | tuple[int, int, str]) -> int:
    return span[0]


def _close(goods: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]]) -> bool:
    """Whether any of the goods and of the words (both in order) are within reach of each other."""
    index = 0
    for start, end in goods:
        while index < len(words) and start - words[index][1] > REACH:
            index += 1
        if index < len(words) and words[index][0] - end <= REACH:
            return True
    return False
