"""The passage around a quote: what stands before and after it in the article."""

from __future__ import annotations

from dataclasses import dataclass

AROUND = 600
"""Characters on either side at most: two or three sentences, so that a quote cannot be read against its context."""
_PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Passage:
    """Offsets are ``str`` offsets into the text; ``text[start:end]`` is before + quote + after."""

    start: int
    end: int
    before: str
    quote: str
    after: str


def passage(text: str, start: int, end: int) -> Passage | None:
    """The paragraphs that a quote is in, cut at a word where they are long; None for offsets outside of the text."""
    if not 0 <= start < end <= len(text):
        return None
    paragraph = text.rfind(_PARAGRAPH, 0, start)
    first = paragraph + len(_PARAGRAPH) if paragraph >= 0 else 0
    last = text.find(_PARAGRAPH, end)
    last = last if last >= 0 else len(text)
    if start - first > AROUND:
        first = start - AROUND
        blank = text.find(" ", first, start)
        first = blank + 1 if blank >= 0 else first
    if last - end > AROUND:
        last = end + AROUND
        blank = text.rfind(" ", end, last)
        last = blank if blank >= 0 else last
    return Passage(first, last, text[first:start], text[start:end], text[end:last])
