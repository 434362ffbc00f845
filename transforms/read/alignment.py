"""Whether two texts are copies of one: how much of the shorter runs alongside the longer, and whether they agree there.

Counting common shingles does not tell a rewritten copy (a third of the words replaced leaves a quarter of the shingles)
from another story on the same topic (stock phrases and background paragraphs share as many). Where the matches stand
does: those of a copy run in parallel through the whole text, those of another story are scattered or end with the
paragraph that both took from the archive. And official series, the same text with another sum or another state, run in
parallel throughout but differ exactly there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.read.fingerprint import SHINGLE, Fingerprint, is_specific

_REACH = 30
"""Words between two matches of one chain: of two copies that each replaced a third of the words, a shingle in 13 is
left, so that a chain would break at a shorter reach (0.925**30 is a tenth)."""
_SLACK = 6
"""Words that may have come in or gone between two matches."""
_CHAIN = 14
"""Words of the shortest chain that counts: longer than stock phrases."""
_POSITIONS = 6
_GAP = 8
"""Words of the longest gap in which a number is compared with a number."""
_FRAME = 6
"""Words on one side of such a gap that must be equal: a series repeats its sentences, chance repeats a phrase."""
SAME, SAME_WITH_LEDE = 0.6, 0.35
"""Share of the shorter text in chains from which two articles are one story; less does where the beginning of one is in
the other, because what different stories share is their background (tuned on benchmarks/stories.py)."""
AGREEING = 0.8
"""Of the numbers and names where two texts run alongside; a copy has them all but for slips."""
SAME_IN_ALL, _IN_ALL, _ENOUGH = 0.3, 0.9, 4
"""Where even the numbers outside the chains agree (so many at least), the text was rewritten and reordered; names are
not enough, because a topic shares those."""
SAME_SEQUENCE, _PAIRS = 0.7, 10
"""Share (and least number) of the shorter text's pairs of successive numbers and names that the longer has too, where
both are rewritings; stories on one topic have .33 or less, three in a thousand more (benchmarks/stories.py, seeds
11-13)."""
SAME_APART = 0.85
"""Where the beginning of each names what the other does not: fillings of one form whose figures agree by chance."""
_CORRECTED = 0.8
_LEDE = 20
_LEDE_COVERED = 0.4
_HOPELESS = 0.05
"""Share of common shingles below which aligning is not worth its time: a copy in chains has .08 or more."""
_SUBSTANCE = 12
"""Shingles of the shortest text that can be told; below it only an equal text is a copy."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two texts run alongside.

    coverage: share of the shorter's words in chains. agreement: share of the numbers and names in those chains that the
    longer text has too; in_all: of all the shorter's numbers, which are so many. lede: share of either's first words in
    chains. apart: the beginning of each names what the other does not. conflicts: pairs of words, numbers or recurring
    names, which stand at the same place of both and differ.
    """

    coverage: float
    agreement: float = 1.0
    lede: float = 0.0
    apart: bool = False
    in_all: float = 0.0
    numbers: int = 0
    conflicts: tuple[tuple[str, str], ...] = ()


def same_story(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two articles are copies of one text. Symmetric."""
    if min(len(one.shingles), len(other.shingles)) < _SUBSTANCE:
        return bool(one.words) and [w.casefold() for w in one.words] == [w.casefold() for w in other.words]
    rewritten = _same_sequence(one, other)
    smaller, larger = sorted((one.unique, other.unique), key=len)
    if not rewritten and len(smaller & larger) < _HOPELESS * len(smaller):
        return False
    found = align(one, other)
    if found.conflicts and not _corrected(one, other, found):
        return False
    if rewritten and found.numbers and found.in_all >= _IN_ALL:
        return True
    enough = SAME_WITH_LEDE if found.lede >= _LEDE_COVERED else SAME
    if found.numbers >= _ENOUGH and found.in_all >= _IN_ALL:
        enough = min(enough, SAME_IN_ALL)
    if found.apart:
        enough = SAME_APART
    return found.coverage >= enough and found.agreement >= AGREEING


def _same_sequence(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether numbers and names follow each other as in two rewritings of one text, which share few other words."""
    fewer = min(one.sequence.total(), other.sequence.total())
    common = (one.sequence & other.sequence).total() if fewer >= _PAIRS else 0
    return common >= max(_PAIRS, SAME_SEQUENCE * fewer)


def _corrected(one: Fingerprint, other: Fingerprint, found: Alignment) -> bool:
    """Whether one text is the other with a figure put right, and not the next of a series: a single figure differs, and
    one of them says that it corrects, or both are an agency's, which publishes no forms to be filled in."""
    if len(found.conflicts) != 1 or not all(map(_is_number, found.conflicts[0])) or found.coverage < _CORRECTED:
        return False
    return one.corrects or other.corrects or one.wire == other.wire != ""


def align(one: Fingerprint, other: Fingerprint) -> Alignment:
    """Align the shorter text with the longer (ties by the words, so that the order of the arguments is no matter)."""
    short, long = sorted((one, other), key=lambda f: (len(f.shingles), f.words))
    places: dict[str, list[int]] = {}
    for j, shingle in enumerate(long.shingles):
        known = places.setdefault(shingle, [])
        if len(known) < _POSITIONS:
            known.append(j)
    covered: list[int] = []
    opposite: list[int] = []
    conflicts: list[tuple[str, str]] = []
    chain: list[tuple[int, int]] = []
    for i, shingle in enumerate(short.shingles):
        at = places.get(shingle)
        if not at:
            continue
        if chain:
            last_i, last_j = chain[-1]
            if i - last_i <= _REACH:
                nearest = min(at, key=lambda j: abs((j - last_j) - (i - last_i)))
                if nearest > last_j and abs((nearest - last_j) - (i - last_i)) <= _SLACK:
                    chain.append((i, nearest))
                    continue
            _close(chain, short, long, covered, opposite, conflicts)
        chain = [(i, at[0])]
    _close(chain, short, long, covered, opposite, conflicts)
    zone = sorted(set(covered))
    ours, theirs = _lede(short, zone, long), _lede(long, opposite, short)
    agreement = _agreement([short.words[i] for i in zone], long)
    numbers = list(dict.fromkeys(word for word in short.words if _is_number(word)))
    return Alignment(
        coverage=len(zone) / max(1, len(short.words)),
        agreement=agreement,
        in_all=_agreement(numbers, long),
        numbers=len(numbers),
        lede=max(ours or 0.0, theirs or 0.0),
        apart=ours is None and theirs is None,
        conflicts=tuple(dict.fromkeys(conflicts)),
    )


def _agreement(words: Sequence[str], other: Fingerprint) -> float:
    """The share of the numbers and names among words that another text has too."""
    specific = [word for word in words if is_specific(word)]
    return sum(word.casefold() in other.counts for word in specific) / len(specific) if specific else 1.0


def _lede(text: Fingerprint, covered: Sequence[int], other: Fingerprint) -> float | None:
    """The share of a text's first words that are in chains; None where they name what the other text does not."""
    if _agreement(text.words[:_LEDE], other) < AGREEING:
        return None
    return sum(i < _LEDE for i in set(covered)) / _LEDE


def _close(
    chain: Sequence[tuple[int, int]],
    short: Fingerprint,
    long: Fingerprint,
    covered: list[int],
    opposite: list[int],
    conflicts: list[tuple[str, str]],
) -> None:
    """Add the words that a chain covers and its conflicts; one too short to mean anything adds nothing."""
    if not chain or chain[-1][0] + SHINGLE - chain[0][0] < _CHAIN:
        return
    covered.extend(range(chain[0][0], chain[-1][0] + SHINGLE))
    opposite.extend(range(chain[0][1], chain[-1][1] + SHINGLE))
    runs = _runs(chain)
    for (i, j, length), (next_i, next_j, next_length) in pairwise(runs):
        ours, theirs = short.words[i + length : next_i], long.words[j + length : next_j]
        framed = max(length, next_length) >= _FRAME
        if framed and ours and theirs and max(len(ours), len(theirs)) <= _GAP:
            conflicts += _differing(ours, theirs, short, long)


def _runs(chain: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The stretches of a chain that are equal word for word: where each begins in either text, and its words."""
    runs: list[tuple[int, int, int]] = []
    for i, j in chain:
        if runs and i - runs[-1][0] == j - runs[-1][1] <= runs[-1][2]:
            first_i, first_j, _ = runs[-1]
            runs[-1] = (first_i, first_j, i - first_i + SHINGLE)
        else:
            runs.append((i, j, SHINGLE))
    return runs


def _differing(
    ours: Sequence[str], theirs: Sequence[str], short: Fingerprint, long: Fingerprint
) -> list[tuple[str, str]]:
    numbers = (
        [w for w in ours if _is_number(w) and w not in theirs],
        [w for w in theirs if _is_number(w) and w not in ours],
    )
    if all(numbers):
        return [(numbers[0][0], numbers[1][0])]
    names = _own_names(ours, short.counts, long.counts), _own_names(theirs, long.counts, short.counts)
    return [(names[0][0], names[1][0])] if all(names) else []


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def _own_names(words: Sequence[str], own: Counter[str], other: Counter[str]) -> list[str]:
    """Names that recur in one text and are not in the other."""
    return [w for w in words if w[0].isupper() and own[w.casefold()] >= 2 and not other[w.casefold()]]
