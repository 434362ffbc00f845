"""The form that names and nouns are matched in: lower case, hyphens and slashes as blanks, offsets kept.

"Anti-Tank", "anti tank" and "anti- tank" have one form. All but runs of blanks is character for character, so offsets
need a correction only where a run was shortened.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# İ is the one character whose lower case has two; the alef forms and taa marbuta of Arabic are written either way.
TABLE = str.maketrans({
    "İ": "i", "-": " ", "/": " ", "ё": "е", "Ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "\n": "\n",
})  # fmt: skip
_RUN = re.compile(r"(?<=[^\W_])(?:- +| +-)(?=[^\W_])|/ +(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class MatchText:
    """A folded text in matching form. cuts: where characters were dropped, dropped: how many up to there."""

    text: str
    cuts: tuple[int, ...]
    dropped: tuple[int, ...]

    def folded(self, offset: int) -> int:
        """The folded offset of a matching offset."""
        if not self.cuts:
            return offset
        index = bisect_right(self.cuts, offset)
        return offset + (self.dropped[index - 1] if index else 0)


def match_form(text: str) -> str:
    """A name or noun in matching form (for the patterns)."""
    return " ".join(text.translate(TABLE).lower().split())


def match_text(text: str) -> MatchText:
    """A folded text in matching form. " - " between words stays a dash: a phrase does not run across it."""
    body = text.replace(" - ", " \u2014 ")
    cuts: list[int] = []
    dropped: list[int] = []
    total = 0
    pieces: list[str] = []
    position = 0
    for run in _RUN.finditer(body):
        pieces.append(body[position : run.start()] + " ")
        position = run.end()
        cuts.append(run.start() + 1 - total)
        total += run.end() - run.start() - 1
        dropped.append(total)
    pieces.append(body[position:])
    return MatchText("".join(pieces).translate(TABLE).lower(), tuple(cuts), tuple(dropped))
