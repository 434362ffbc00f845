"""Folding: one clean form of a text for matching, with a way back to the offsets of the original.

What arrives has no-break spaces, soft hyphens, curly quotes, markup, entities and lines broken at column 70. The
recognisers match on the folded text, where a sentence is one line, and report spans of the original.
"""

from __future__ import annotations

import html
import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

# Characters that take no room for a reader: removed, so that "Rus<soft hyphen>sia" is one word.
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e")
_SPACES = frozenset(
    "\t\x0b\x0c\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_SAME = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\u2013": "-", "\u2014": "\u2014",
})  # fmt: skip
# Every alternative is linear: no nested quantifier, and a tag or comment is bounded in length.
_TOKEN = re.compile(
    r"(?P<comment><!--.{0,20000}?-->)"
    r"|(?P<skip><(?P<raw>script|style|noscript|template)\b[^<>]{0,2000}>.{0,200000}?</(?P=raw)\s{0,9}>)"
    r"|(?P<tag></?(?P<name>[a-zA-Z][a-zA-Z0-9-]{0,30})\b[^<>]{0,5000}>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
    r"|(?P<newline>[\r\n\u2028\u2029\x85][\s]*)",
    re.DOTALL,
)
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup time tt u "
    "var wbr".split()
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its characters comes from.

    text: folded; paragraphs are parted by one newline, runs of blanks are one space.
    starts, ends: for each folded character the original offsets it stands for (start, end exclusive).
    """

    original: str
    text: str
    starts: array[int]
    ends: array[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's offsets of a non-empty folded span. Raises ValueError for an empty one."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}-{end} in a folded text of {len(self.text)}")
        return self.starts[start], self.ends[end - 1]

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The folded offsets that cover an original span (what lies in removed markup shrinks to nothing)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def looks_wrapped(text: str) -> bool:
    """Whether single newlines are a line width's (newswire, mail) and not paragraphs.

    So it is where three in five of the breaks inside a block come mid-sentence: the line is near the block's longest,
    and does not end a sentence while the next begins in lower case or the line is cut at the margin.
    """
    lines = [line.strip() for line in text.splitlines()]
    inner = [(a, b) for a, b in pairwise(lines) if a and b]
    if len(inner) < 3:
        return bool(inner) and all(b[0].islower() or (b[0].isdigit() and a[-1] not in ".!?:") for a, b in inner)
    longest = sorted(len(line) for line in lines if line)[-max(1, len(lines) // 20)]
    if longest > 120:
        return False
    midway = sum(a[-1] not in ".!?:;\"'»”" and (b[0].islower() or len(a) > 0.7 * longest) for a, b in inner)
    return midway >= 0.6 * len(inner)


def fold(text: str) -> Folded:
    """Fold a plain text or raw HTML. Linear in the text; never raises for any ``str``."""
    wrapped = looks_wrapped(text)
    out: list[str] = []
    starts, ends = array("l"), array("l")

    def put(chars: str, start: int, end: int) -> None:
        for char in chars:
            if char == "\n":
                while out and out[-1] == " ":
                    out.pop(), starts.pop(), ends.pop()
                if not out or out[-1] == "\n":
                    continue
            elif char == " " and (not out or out[-1] in " \n"):
                continue
            out.append(char)
            starts.append(start)
            ends.append(end)

    def plain(start: int, end: int) -> None:
        chunk = text[start:end].translate(_SAME)
        for i, char in enumerate(chunk, start):
            if char in _INVISIBLE:
                continue
            put(" " if char in _SPACES or (char < " ") or char == "\x7f" else char, i, i + 1)

    position = 0
    for match in _TOKEN.finditer(text):
        plain(position, match.start())
        position = match.end()
        kind = match.lastgroup
        if match["comment"] or match["skip"]:
            put(" ", match.start(), match.end())
        elif match["tag"]:
            put("" if match["name"].lower() in _INLINE else "\n", match.start(), match.end())
        elif match["entity"]:
            for char in html.unescape(match["entity"]).translate(_SAME):
                if char not in _INVISIBLE:
                    put(" " if char.isspace() or char < " " else char, match.start(), match.end())
        elif kind == "newline":
            breaks = len(re.findall(r"\r\n|[\r\n\u2028\u2029\x85]", match[0]))
            joined = wrapped and breaks == 1
            if not (joined and len(out) > 1 and out[-1] == "-" and out[-2].isalnum()):  # "anti-⏎aircraft" is one word
                put(" " if joined else "\n", match.start(), match.end())
    plain(position, len(text))
    while out and out[-1] in " \n":
        out.pop(), starts.pop(), ends.pop()
    return Folded(text, "".join(out), starts, ends)
