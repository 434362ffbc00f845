"""What makes two articles one story: MinHash keys that find candidates, and the comparison that confirms one.

Candidates share a key: the smallest 3-word shingle under one of some permutations, of the whole text and of its
beginning (a cut copy keeps that). One shared key is little evidence, and a common phrase shares it with thousands; so
keys only nominate, the rarest first, and the texts decide (``alignment.same_story``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rensa import RMinHash

from transforms.read.corrections import calls_itself_correction
from transforms.read.lines import Line
from transforms.records import Article, Passage

SHINGLE = 3
WHOLE_KEYS = 12
LEDE_KEYS = 6
NAME_KEYS = 6
LEDE_WORDS = 45
"""Keys an article is found by. With a Jaccard of .15 (a text cut to a sixth, or a third of its words replaced) one of
12 is shared with probability .86. The beginning has its own, which a cut leaves; so has the sequence of numbers and
names, which a rewriting leaves (tuned on benchmarks/stories.py)."""
_SEED = 20240628
_MAX_WORDS = 6000
# A number is one word, with its separators; so is a compound.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’-]\w+)*")


@dataclass(frozen=True)
class Fingerprint:
    """An article for comparison. words: as written, without furniture, numbers without separators; shingles: in order
    of the text, lower case. wire: the agency that the text is credited to by somebody else, "" where it is the
    publisher's own. corrects: it calls itself a correction or an update of an earlier text."""

    words: tuple[str, ...]
    shingles: tuple[str, ...]
    wire: str = ""
    corrects: bool = False

    @cached_property
    def unique(self) -> frozenset[str]:
        """The different shingles."""
        return frozenset(self.shingles)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word occurs, in lower case."""
        return Counter(word.casefold() for word in self.words)

    @cached_property
    def sequence(self) -> Counter[str]:
        """The pairs of numbers and names that follow each other, other words left out: what a rewriting leaves."""
        specific = [word.casefold() for word in self.words if is_specific(word)]
        return Counter(f"{one} {other}" for one, other in pairwise(specific))


def is_specific(word: str) -> bool:
    """Whether a word is a number or written as a name."""
    return word[0].isdigit() or word[0].isupper()


def fingerprint(article: Article, lines: Sequence[Line]) -> Fingerprint:
    """The fingerprint of an article's clean paragraphs (furniture tells where a text was, not what it says)."""
    words: list[str] = []
    for line in prose(lines, article.passages):
        words += [w.replace(",", "").replace(".", "") if w[0].isdigit() else w for w in _WORD.findall(line)]
        if len(words) >= _MAX_WORDS:
            break
    words = words[:_MAX_WORDS]
    lower = [word.casefold() for word in words]
    shingles = tuple(" ".join(lower[i : i + SHINGLE]) for i in range(len(lower) - SHINGLE + 1))
    wire = article.origin if article.origin != article.publisher else ""
    return Fingerprint(tuple(words), shingles, wire, calls_itself_correction(article.title, lines))


def prose(lines: Sequence[Line], passages: Sequence[Passage]) -> list[str]:
    """The paragraphs that are no furniture."""
    dressing = [(p.start, p.end) for p in passages if p.kind == "furniture"]
    found, i = [], 0
    for line in lines:
        while i < len(dressing) and dressing[i][1] <= line.start:
            i += 1
        if i < len(dressing) and dressing[i][0] <= line.start and line.end <= dressing[i][1]:
            continue
        found.append(line.text)
    return found


def keys(print_: Fingerprint) -> tuple[str, ...]:
    """The bucket keys of an article, sorted; none for a text without a shingle."""
    if not print_.shingles:
        return ()
    found = [f"w{i}.{value:x}" for i, value in enumerate(_minhash(print_.shingles, WHOLE_KEYS))]
    lede = print_.shingles[: LEDE_WORDS - SHINGLE + 1]
    found += [f"l{i}.{value:x}" for i, value in enumerate(_minhash(lede, LEDE_KEYS))]
    names = [word for word in print_.words if is_specific(word)]
    pairs = [f"{a} {b}" for a, b in pairwise(names)]
    found += [f"n{i}.{value:x}" for i, value in enumerate(_minhash(pairs, NAME_KEYS))] if pairs else []
    return tuple(sorted(found))


def _minhash(shingles: Sequence[str], count: int) -> list[int]:
    sketch = RMinHash(num_perm=count, seed=_SEED)
    sketch.update(list(shingles))
    return list(sketch.digest())
