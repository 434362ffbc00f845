"""The paragraphs of a text as it arrived, with their offsets: what furniture, speakers and stories are told by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.text import fold
from transforms.text.fold import looks_wrapped

_LINE = re.compile(r"[^\r\n\u2028\u2029\x85]+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2011": "-"})


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: one line for a reader. ``text`` is clean (no markup, straight quotes, single spaces); ``start`` and
    ``end`` are offsets of the original; ``at`` maps an offset of ``text`` to the original, where the two differ."""

    text: str
    start: int
    end: int
    at: tuple[int, ...] | None = None

    def offset(self, position: int) -> int:
        """The original's offset of a position in ``text``."""
        if position >= len(self.text):
            return self.end
        return self.at[position] if self.at is not None else self.start + position


def lines_of(text: str) -> list[Line]:
    """The paragraphs of plain text or raw HTML. Linear; never raises.

    Clean text (what the extraction gives) is only split at its line breaks; folding, about a millisecond for a thousand
    characters, is kept for markup and for text broken at a line width.
    """
    if "<" not in text and "&" not in text and not looks_wrapped(text):
        return [line for match in _LINE.finditer(text) if (line := _plain(match)).text]
    folded = fold(text)
    found, start = [], 0
    for part in folded.text.split("\n"):
        end = start + len(part)
        if part.strip():
            at = tuple(folded.starts[start:end])
            found.append(Line(part, folded.starts[start], folded.ends[end - 1], at))
        start = end + 1
    return found


def _plain(match: re.Match[str]) -> Line:
    raw = match[0]
    left = len(raw) - len(raw.lstrip())
    stripped = raw.strip()
    start = match.start() + left
    text = stripped.translate(_QUOTES)
    return Line(text, start, start + len(stripped))
