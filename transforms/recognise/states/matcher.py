"""Where names of states stand in a text: one automaton, word bounds, case, the longest match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from transforms.recognise.states.lexicon import Form, Lexicon, lower

# No mention is read out of an address or an account's name.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"|]{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}(?:\.\w{1,24}){1,4}|(?<!\w)@\w{1,64}"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in the folded text, with the readings that its case and language allow (the first is meant)."""

    start: int
    end: int
    surface: str
    forms: tuple[Form, ...]

    @property
    def form(self) -> Form:
        return self.forms[0]


class Matcher:
    """Finds hits. ``speaks`` tells whether a form's language may be read at an offset (see ``languages.py``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._surfaces = list(lexicon.forms)
        self._forms = [lexicon.forms[surface] for surface in self._surfaces]
        self._automaton = AhoCorasick(self._surfaces, matchkind=MatchKind.Standard, store_patterns=False)
        self._clitics = lexicon.clitics
        self._articles = lexicon.articles

    def hits(self, text: str, speaks: Callable[[Form, int], bool]) -> list[Hit]:
        """The hits of a folded text, leftmost and longest first, without overlaps."""
        small = lower(text)
        found = [
            (start, -end, index)
            for index, start, end in self._automaton.find_matches_as_indexes(small, overlapping=True)
            if self._stands_alone(text, start, end)
        ]
        found.sort()
        addresses = self._addresses(text)
        out: list[Hit] = []
        reached = 0
        for start, negative, index in found:
            end = -negative
            if start < reached or any(a <= start < b for a, b in addresses):
                continue
            written = text[start:end]
            forms = tuple(f for f in self._forms[index] if self._allowed(f, written, text, start) and speaks(f, start))
            if forms:
                out.append(Hit(start, end, self._surfaces[index], forms))
                reached = end
        return out

    @staticmethod
    def _addresses(text: str) -> list[tuple[int, int]]:
        return [m.span() for m in _ADDRESS.finditer(text)] if "@" in text or "://" in text or "www." in text else []

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether the match is a word (or words) of its own; scripts without blanks have no word bounds."""
        first, last = text[start], text[end - 1]
        if end < len(text) and last.isalnum() and text[end].isalnum() and last < "\u2e80":
            return False
        if start and first.isalnum() and text[start - 1].isalnum() and first < "\u2e80":
            return "\u0600" <= first <= "\u06ff" and self._joined(text, start) in self._clitics
        return True

    @staticmethod
    def _joined(text: str, start: int) -> str:
        """The letters written before a match without a blank (at most six)."""
        head = start
        while head and text[head - 1].isalnum() and start - head < 6:
            head -= 1
        return text[head:start]

    def _allowed(self, form: Form, written: str, text: str, start: int) -> bool:
        if form.kind == "exact":
            return written == form.spelling
        if form.needs_article and not self._joined(text, start).endswith(("ال", "لل")):
            return False
        if form.spelling[:1].isupper() and not written[:1].isupper():
            return form.loose
        return True


def overlapping(hits: list[Hit], start: int, end: int) -> Iterator[Hit]:
    """The hits that touch a span."""
    return (hit for hit in hits if hit.start < end and start < hit.end)
