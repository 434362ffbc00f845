"""Whether an article calls itself a correction or an update of an earlier one, by the words of agencies and desks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.read.lines import Line

_LONGEST = 300  # characters of a line looked at: such notes are short, or begin a line
_ENDS = 3  # lines at either end of a text where they stand


def calls_itself_correction(title: str, lines: Sequence[Line]) -> bool:
    """Whether title, first or last lines have such a note."""
    ends = [*lines[:_ENDS], *lines[max(_ENDS, len(lines) - _ENDS) :]]
    return any(_pattern().match(text[:_LONGEST].strip()) for text in (title, *(line.text for line in ends)))


@cache
def _pattern() -> re.Pattern[str]:
    notes = load(Path(__file__).with_name("data") / "corrections.yaml", TypeAdapter(dict[str, list[str]]))
    phrases = sorted({phrase for of in notes.values() for phrase in of}, key=len, reverse=True)
    words = "|".join(re.escape(phrase).replace(r"\#", r"\d{1,2}") for phrase in phrases)
    return re.compile(rf"[\W_]{{0,5}}(?:{words})(?!\w)", re.IGNORECASE)
