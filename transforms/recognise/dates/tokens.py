"""Tokens of a folded text: words, runs of digits, single marks; a newline is a token that no pattern contains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from transforms.recognise.dates.schema import common

UNSPACED = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Han characters and kana: words stand beside each other without blanks."""
_IN_UNSPACED = re.compile(f"[{UNSPACED}]")


@cache
def _token() -> re.Pattern[str]:
    """An apostrophe joins a Cyrillic word (Ukrainian spelling) and parts a Latin one (an elided article).

    Scripts that put no blanks between words have a token a character.
    """
    proclitics = "".join(map(re.escape, common().proclitics))
    return re.compile(
        rf"[\u0400-\u04ff]+(?:'[\u0400-\u04ff]+)*|(?<!\w)[{proclitics}](?=\w)|[^\W\d_{UNSPACED}]+|[{UNSPACED}]|"
        r"\d+|[^\w\s]|_|\n"
    )


@cache
def proclitics() -> frozenset[str]:
    """Tokens that are joined to what follows and yet words of their own."""
    return frozenset(common().proclitics)


def unspaced(word: str) -> bool:
    """Whether a token is of a script without blanks, where what touches it is no part of its word."""
    return "\u2e80" <= word[:1] <= "\ufaff" and _IN_UNSPACED.match(word) is not None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel sequences: the lower-cased words, their folded offsets, and whether each touches the one before."""

    text: str
    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    glued: Sequence[bool]

    def __len__(self) -> int:
        return len(self.words)

    def surface(self, index: int) -> str:
        """The token as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def word(self, index: int) -> str:
        """The lower-cased token, or an empty text outside the bounds."""
        return self.words[index] if 0 <= index < len(self.words) else ""


def split(text: str) -> list[str]:
    """The lower-cased tokens of a short text."""
    return [match[0].lower() for match in _token().finditer(text)]


@lru_cache(maxsize=2)
def tokens(text: str) -> Tokens:
    """Tokenise a folded text. Kept for the next recogniser of the same text."""
    starts: list[int] = []
    ends: list[int] = []
    for match in _token().finditer(text):
        start, end = match.span()
        starts.append(start)
        ends.append(end)
    words = [text[start:end].lower() for start, end in zip(starts, ends, strict=True)]
    glued = [False, *(a == b for a, b in zip(ends, starts[1:], strict=False))][: len(words)]
    return Tokens(text, words, starts, ends, glued)
