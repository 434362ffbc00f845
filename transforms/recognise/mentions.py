"""RecogniseMentions: weapons, states, quantities, dates and places in a text, with offsets into the original.

The order matters: a capital is a metonym or a place, a number counts a weapon, and a town may carry a weapon's name.
"""

from __future__ import annotations

from functools import cache

from transforms.recognise.context import Recogniser, Subject
from transforms.recognise.dates import DateRecogniser
from transforms.recognise.places import PlaceRecogniser
from transforms.recognise.quantities import QuantityRecogniser
from transforms.recognise.states import StateRecogniser
from transforms.recognise.weapons import WeaponRecogniser
from transforms.records import Article, Document, Mention
from transforms.text import view
from transforms.text.language import detect

__all__ = ["Recogniser", "Subject", "document_of", "recognise", "subject", "subject_of"]


@cache
def _recognisers() -> tuple[Recogniser[Mention], ...]:
    """One set a process: the knowledge is read only and shared by all threads."""
    return (StateRecogniser(), WeaponRecogniser(), QuantityRecogniser(), DateRecogniser(), PlaceRecogniser())


def document_of(article: Article) -> Document:
    """An article as the text stages read it."""
    return Document(
        id=article.id,
        url=article.url,
        title=article.title,
        published=article.published,
        lang=article.language or article.language_declared,
        source=article.source,
        text=article.text,
    )


def subject(document: Document) -> Subject:
    """A document made ready: folded, its language told by the text, or by the declaration where the text is short."""
    seen = view(document.text)
    return Subject(document=document, view=seen, language=detect(seen.text, document.lang))


def subject_of(article: Article) -> Subject:
    """An article made ready: its language is known since it was read (the same for all 190 evaluation documents)."""
    document = document_of(article)
    if article.language is None:
        return subject(document)
    return Subject(document=document, view=view(article.text), language=article.language)


def recognise(source: Subject) -> tuple[Mention, ...]:
    """All mentions, ordered by start. Never raises for any text."""
    found: list[Mention] = []
    for recogniser in _recognisers():
        found.extend(recogniser.find(source, tuple(found)))
    return tuple(sorted(found, key=lambda mention: (mention.start, mention.end, mention.kind)))
