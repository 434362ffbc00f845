"""Phrases of the knowledge files, found in a sentence's units in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
_WORD = re.compile(
    r"'s\b|n't\b|\d{1,3}(?:,\d{3})+\b|[\u4e00-\u9fff]|\*?[^\W\u4e00-\u9fff]+(?:[.][^\W\u4e00-\u9fff]+)*\*?|[^\w\s]"
)  # as units.py parts a text


_REMEMBERED = 20_000
"""Distinct words whose candidates are kept for each list of phrases: a vocabulary, and a bound on memory."""
Candidates = tuple[tuple[str | None, tuple[str, ...], T], ...]


class Phrases(Generic[T]):
    """Phrases with what they stand for. In a phrase a word may end in ``*`` (any ending) or begin with it (any head,
    for compounds); ``_`` is any one word. The longest phrase that begins at a position is the one found.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._prefix: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._suffix: list[tuple[tuple[str, ...], T]] = []
        self._candidates: dict[str, Candidates[T]] = {}
        for phrase, payload in entries:
            words = tuple(_WORD.findall(phrase.lower()))
            if words[0].startswith("*"):
                self._suffix.append((words, payload))
            elif words[0].endswith("*"):
                self._prefix.setdefault(words[0][:3].rstrip("*"), []).append((words, payload))
            else:
                self._exact.setdefault(words[0], []).append((words, payload))
        for group in (*self._exact.values(), *self._prefix.values(), self._suffix):
            group.sort(key=lambda entry: (-len(entry[0]), -len(entry[0][0])))

    def at(self, words: Sequence[str], i: int) -> tuple[int, T] | None:
        """The phrase that begins at word ``i``: its length in words and payload."""
        word = words[i]
        candidates = self._candidates.get(word)
        if candidates is None:
            candidates = self._beginning(word)
        following = words[i + 1] if i + 1 < len(words) else ""
        for second, pattern, payload in candidates:
            # Most phrases of a frequent word fail at the second, which one comparison tells.
            if second == following or second is None:
                if _continues(pattern, words, i):
                    return len(pattern), payload
            elif len(pattern) == 1:
                return 1, payload
        return None

    def _beginning(self, word: str) -> Candidates[T]:
        """The phrases whose first word this one can be, longest first; remembered, since most words begin none."""
        groups = [self._exact.get(word, ()), *(self._prefix.get(word[:n], ()) for n in (3, 2, 1)), self._suffix]
        fitting = [entry for group in groups for entry in group if _same(entry[0][0], word)]
        fitting.sort(key=lambda entry: -len(entry[0]))
        if len(self._candidates) >= _REMEMBERED:
            self._candidates.clear()
        self._candidates[word] = found = tuple(
            (_plain_second(pattern), pattern, payload) for pattern, payload in fitting
        )
        return found

    def find(self, words: Sequence[str], start: int, end: int) -> list[tuple[int, int, T]]:
        """All phrases within ``words[start:end]`` as (first, past the last, payload), without overlap."""
        found, i = [], start
        while i < end:
            hit = self.at(words, i)
            if hit is not None and i + hit[0] <= end:
                found.append((i, i + hit[0], hit[1]))
                i += hit[0]
            else:
                i += 1
        return found


def _plain_second(pattern: tuple[str, ...]) -> str | None:
    """The second word, where it stands for itself only; None where any word may fit; "\n" (no word) without one."""
    if len(pattern) == 1:
        return "\n"
    return None if pattern[1] == "_" or "*" in pattern[1] else pattern[1]


def _continues(pattern: tuple[str, ...], words: Sequence[str], i: int) -> bool:
    """Whether the words after the first, which is known to fit, are the pattern's."""
    if i + len(pattern) > len(words):
        return False
    return all(_same(pattern[k], words[i + k]) for k in range(1, len(pattern)))


def _same(part: str, word: str) -> bool:
    if part == "_" or part == word:
        return True
    if part.endswith("*"):
        return len(word) >= len(part) - 1 and word.startswith(part[:-1])
    return part.startswith("*") and len(word) > len(part) - 1 and word.endswith(part[1:])
