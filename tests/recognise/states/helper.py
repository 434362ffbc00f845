"""What the tests of states share: a subject out of a sentence, and the mentions as plain tuples."""

from __future__ import annotations

from functools import cache

from transforms.recognise.context import Subject
from transforms.recognise.states import StateRecogniser
from transforms.records import Document, StateMention
from transforms.text import view


@cache
def recogniser() -> StateRecogniser:
    return StateRecogniser()


def subject(text: str, language: str | None = "en", published: str | None = None) -> Subject:
    document = Document(id="t", text=text, lang=language, published=published)
    return Subject(document, view(text), language)


def mentions(text: str, language: str | None = "en", published: str | None = None) -> list[StateMention]:
    return recogniser().find(subject(text, language, published))


def states(text: str, language: str | None = "en", published: str | None = None) -> list[tuple[str, str]]:
    """(text, value) of each mention, in order."""
    return [(m.text, m.value) for m in mentions(text, language, published)]


def said(text: str, language: str | None = "en") -> str:
    """The mentions as ``text=value; text=value``."""
    return "; ".join(f"{name}={value}" for name, value in states(text, language))


def metonyms(text: str, language: str | None = "en", published: str | None = None) -> list[tuple[str, str]]:
    return [(m.text, m.value) for m in mentions(text, language, published) if m.metonym]


def places(text: str, language: str | None = "en") -> list[str]:
    """The capitals judged to be cities."""
    found = subject(text, language)
    return [found.text[t.start : t.end] for t in recogniser().survey(found).toponyms]
