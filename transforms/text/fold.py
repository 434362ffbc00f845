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
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
# Blanks of every width and control characters: one space.
_BLANK = "\x00-\x20\x7f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Words parted by single spaces are taken in one go: that is most of any text.
_RUN = re.compile(f"[^{_INVISIBLE}{_BLANK}]+(?: [^{_INVISIBLE}{_BLANK}]+)*|[{_INVISIBLE}{_BLANK}]+")
_GAP = re.compile(f"[{_INVISIBLE}{_BLANK}]")
_SPACE = re.compile(f"[{_BLANK}]")
_SAME = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\u2013": "-",
})  # fmt: skip
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029\x85]")
# What is not plain text begins with one of these. A tag is bounded and stops at the next "<", so no text is read twice;
# comments and scripts are closed by str.find, which gives up for good once there is no end ahead.
_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]{0,30})\b[^<>]{0,5000}>"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
    r"|(?P<newline>[\r\n\u2028\u2029\x85]\s*)"
)
_CLOSING = ".!?:;\"'»”"  # what a line ends with that may be a paragraph's last
_LONG = 60  # characters of a line that may have been cut at a margin
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
# Elements of HTML, of what is embedded in it and of feeds. What else stands in angle brackets is text: newswires put
# the names of companies there ("<AB Bofors>").
_ELEMENTS = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br "
    "button canvas caption center cite code col colgroup content data datalist dd del details dfn dialog dir div "
    "dl dt em embed fieldset figcaption figure font footer form frame frameset g h1 h2 h3 h4 h5 h6 head header "
    "hgroup hr html i iframe img image input ins kbd label legend li link main map mark marquee math menu meta "
    "meter nav nobr noframes noscript object ol optgroup option output p param path picture plaintext pre "
    "progress q rp rt ruby s samp script search section select slot small source span strike strong style sub "
    "summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul use var video "
    "wbr xml xmp".split()
)
_OF_A_TAG = ("=", "/>", ":")  # an attribute, an empty element, a namespace ("<o:p>")
_HIDDEN = frozenset({"script", "style", "noscript", "template"})
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
    and does not end a sentence while the next begins in lower case or the line is cut at the margin. A break after the
    end of a sentence, or before an indented line, says nothing: paragraphs may begin there in either kind.
    """
    raw = [line.expandtabs() for line in text.splitlines()]
    lines = [line.strip() for line in raw]
    inner = [(a, b) for a, b in pairwise(lines) if a and b]
    if len(inner) < 3:
        return bool(inner) and all(b[0].islower() or (b[0].isdigit() and a[-1] not in ".!?:") for a, b in inner)
    widths = sorted(len(line) for line in lines if line and "://" not in line) or [0]  # no link is cut at a margin
    longest = widths[-max(1, len(widths) // 20)]
    if longest > 120:
        return False
    telling = [
        (a, b)
        for (_, a), (before, b) in pairwise(zip(raw, lines, strict=True))
        if a and b and a[-1] not in _CLOSING and not before.startswith("  ")
    ]
    midway = sum(len(a) > 0.7 * longest or (b[0].islower() and a[-1] != ",") for a, b in telling)
    return midway >= 0.6 * len(telling) and midway > 0.3 * len(inner)


def fold(text: str) -> Folded:
    """Fold a plain text or raw HTML. Linear in the text; never raises for any ``str``."""
    return _Folding(text).run()


class _Folding:
    """The text folded so far, in pieces: words, single spaces and single newlines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = ""
        self._wrapped = looks_wrapped(text)
        self._pieces: list[str] = []
        self._starts, self._ends = array("l"), array("l")
        self._endless: set[str] = set()

    def run(self) -> Folded:
        text, position = self._text, 0
        while match := _TOKEN.search(text, position):
            self._plain(position, match.start())
            position = self._markup(match)
        self._plain(position, len(text))
        while self._pieces and self._pieces[-1] in " \n":
            self._drop()
        return Folded(text, "".join(self._pieces), self._starts, self._ends)

    def _markup(self, match: re.Match[str]) -> int:
        """Fold one token; returns where the text goes on."""
        start, end = match.span()
        if match["comment"]:
            close = self._find("-->", end)
            if close < 0:
                self._word("<!--", start, end)
                return end
            self._space(start, close + 3)
            return close + 3
        if name := (match["name"] or "").lower():
            if not (name in _ELEMENTS or match["close"] or "-" in name or any(x in match[0] for x in _OF_A_TAG)):
                self._word("<", start, start + 1)
                return start + 1
            if name in _HIDDEN and not match["close"] and (close := self._find(f"</{name}", end)) >= 0:
                self._space(start, close)
                return close
            if name not in _INLINE and name not in _HIDDEN:
                self._newline(start, end)
        elif entity := match["entity"]:
            self._stands_for(html.unescape(entity), start, end)
        elif len(_BREAK.findall(match[0])) > 1 or not self._goes_on(match):
            self._newline(start, end)
        elif not self._hyphenated():
            self._space(start, end)
        return end

    def _find(self, what: str, position: int) -> int:
        """Where ``what`` (lower case) comes next; -1, remembered, where it does not."""
        if what in self._endless:
            return -1
        self._lower = self._lower or _ascii_lower(self._text)
        found = self._lower.find(what, position)
        if found < 0:
            self._endless.add(what)
        return found

    def _plain(self, start: int, end: int) -> None:
        for run in _RUN.finditer(self._text, start, end):
            if not _GAP.match(run[0]):
                first = run.start()
                self._word(run[0].translate(_SAME), first, run.end())
            elif blank := _SPACE.search(run[0]):
                first = run.start() + blank.start()
                self._space(first, first + 1)

    def _stands_for(self, chars: str, start: int, end: int) -> None:
        """Characters that one entity stands for."""
        for char in chars:
            if _SPACE.match(char) or char.isspace():
                self._space(start, end)
            elif not _GAP.match(char):
                self._pieces.append(char.translate(_SAME))
                self._starts.append(start)
                self._ends.append(end)

    def _word(self, word: str, start: int, end: int) -> None:
        self._pieces.append(word)
        self._starts.extend(range(start, end))
        self._ends.extend(range(start + 1, end + 1))

    def _space(self, start: int, end: int) -> None:
        if self._pieces and self._pieces[-1] not in " \n":
            self._pieces.append(" ")
            self._starts.append(start)
            self._ends.append(end)

    def _newline(self, start: int, end: int) -> None:
        if self._pieces and self._pieces[-1] == " ":
            self._drop()
        if self._pieces and self._pieces[-1] != "\n":
            self._pieces.append("\n")
            self._starts.append(start)
            self._ends.append(end)

    def _drop(self) -> None:
        self._pieces.pop(), self._starts.pop(), self._ends.pop()

    def _goes_on(self, gap: re.Match[str]) -> bool:
        """Whether a single break is within a paragraph.

        In wrapped text it is, unless the next line is indented after the end of a sentence. In other text (a list with
        a wrapped paragraph above it) only a long line cut between two words of one sentence goes on.
        """
        start, end = gap.span()
        if self._wrapped:
            indented = gap[0].endswith(("  ", "\t"))
            return not (indented and self._pieces and self._pieces[-1][-1] in _CLOSING)
        line = start - 1 - self._text.rfind("\n", 0, start)
        return line >= _LONG and self._text[start - 1].isalpha() and self._text[end : end + 1].islower()

    def _hyphenated(self) -> bool:
        """Whether the line breaks inside a word: "anti-", with something before the hyphen."""
        last = self._pieces[-1] if self._pieces else ""
        return len(last) > 1 and last[-1] == "-" and last[-2].isalnum()


def _ascii_lower(text: str) -> str:
    """Lower case of A–Z only: ``str.lower`` may change a text's length."""
    return text.translate(_LOWER)
