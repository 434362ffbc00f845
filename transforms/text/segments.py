"""Paragraphs and sentences of a folded text: the bounds inside which claims are made and references are resolved."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.text.fold import Folded, fold

# Where a full stop does not end a sentence, by language; openers are words that begin one even after such an
# abbreviation ("in the U.S. The ship").
_KNOWLEDGE = load(Path(__file__).with_name("abbreviations.yaml"), TypeAdapter(dict[str, dict[str, list[str]]]))
_ABBREVIATIONS = frozenset(word for language in _KNOWLEDGE.values() for word in language["abbreviations"])
_OPENERS = frozenset(word for language in _KNOWLEDGE.values() for word in language.get("openers", ()))
_END = re.compile(r"[.!?…。！？؟][\"'»”)\]]{0,3}(?=\s|$)|[。！？]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A half-open stretch of a folded text."""

    start: int
    end: int


def paragraphs(text: str) -> list[Segment]:
    """The lines of a folded text (one a paragraph), without empty ones."""
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Segment(start, start + len(line)))
        start += len(line) + 1
    return found


def sentences(text: str, paragraph: Segment) -> list[Segment]:
    """The sentences of a paragraph; an abbreviation, an initial or a decimal does not end one."""
    found, start = [], paragraph.start
    for match in _END.finditer(text, paragraph.start, paragraph.end):
        stop = match.end()
        if match[0][0] == "." and not _ends(text, match.start(), stop, paragraph.end):
            continue
        found.append(Segment(start, stop))
        start = stop
        while start < paragraph.end and text[start] == " ":
            start += 1
    if start < paragraph.end:
        found.append(Segment(start, paragraph.end))
    return found


def _ends(text: str, dot: int, stop: int, limit: int) -> bool:
    following = text[stop : min(stop + 3, limit)].lstrip(" \"'«“(—-")
    if not following:
        return True
    head = dot
    while head > 0 and (text[head - 1].isalnum() or text[head - 1] == ".") and dot - head < 12:
        head -= 1
    word = text[head:dot]
    if following[0].islower():
        return False
    if word.lower() in _ABBREVIATIONS:
        return "." in word and text[stop : stop + 12].strip().split(" ")[0] in _OPENERS
    if len(word) == 1 and word.isupper():
        return False
    return not (word.isdigit() and len(word) <= 2 and following[0].isdigit())


@dataclass(frozen=True)
class TextView:
    """A text as every recogniser sees it: folded, with its paragraphs and sentences (computed once)."""

    folded: Folded

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @cached_property
    def paragraphs(self) -> list[Segment]:
        return paragraphs(self.text)

    @cached_property
    def sentences(self) -> list[Segment]:
        return [s for p in self.paragraphs for s in sentences(self.text, p)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [p.start for p in self.paragraphs]

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds a folded offset (the one before, where it lies between two)."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def paragraph_at(self, offset: int) -> int:
        """Index of the paragraph that holds a folded offset."""
        return max(0, bisect_right(self._paragraph_starts, offset) - 1)


@lru_cache(maxsize=16)
def view(text: str) -> TextView:
    """Fold a text and make it ready for the recognisers. The last ones are kept: stages one after the other ask for the
    same text."""
    return TextView(fold(text))
