"""What every recogniser is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from transforms.records import Document, Mention
from transforms.text import TextView

M_co = TypeVar("M_co", bound=Mention, covariant=True)


@dataclass(frozen=True)
class Subject:
    """A document in hand: its folded view, and the language to expect.

    language: ISO 639-1, detected or declared; null when unknown. A hint: the knowledge of every language is at hand,
    because articles quote each other across languages.
    """

    document: Document
    view: TextView
    language: str | None

    @property
    def text(self) -> str:
        """The folded text, which recognisers match on."""
        return self.view.text

    def original(self, start: int, end: int) -> tuple[str, int, int]:
        """The original's text and offsets for a non-empty folded span: what a mention reports."""
        first, last = self.view.folded.span(start, end)
        return self.document.text[first:last], first, last


class Recogniser(Protocol[M_co]):
    """Finds the mentions of one kind. Pure: no clock, no I/O after construction; never raises for any text.

    ``before`` holds what earlier recognisers found (order: states, weapons, quantities, dates, places). Mentions of one
    recogniser do not overlap and are ordered by start.
    """

    def find(self, subject: Subject, before: Sequence[Mention]) -> Sequence[M_co]:
        """The mentions in the subject, with offsets into the original text."""
