"""Which language a stretch of text is in, well enough to tell Swedish "letter" (Latvians) from an English letter."""

from __future__ import annotations

import re
from functools import cached_property

from transforms.recognise.context import Subject
from transforms.recognise.states.lexicon import Form, Lexicon

_WORD = re.compile(r"[^\W\d_]+")
_OPENING = 3000  # characters that tell a document's language


class Languages:
    """The languages of one subject: the hint where there is one, and the vote of function words in each sentence."""

    def __init__(self, subject: Subject, lexicon: Lexicon) -> None:
        self._subject = subject
        self._words = lexicon.function_words
        self._votes: dict[int, str | None] = {}

    @cached_property
    def document(self) -> str | None:
        """The document's language: as given, where it is one the lexicon has, else by its opening."""
        given = (self._subject.language or "")[:2].lower()
        return given if given in self._words else self._vote(self._subject.text[:_OPENING])

    def speaks(self, form: Form, offset: int) -> bool:
        """Whether a form may be read here.

        A script other than Latin speaks for itself. A form bound to its language is read only where the text or its
        sentence is in that language; any other wherever it stands in capitals ("Indian Air Force" in a French text).
        """
        if not form.spelling[:1].isascii() and ord(form.spelling[0]) >= 0x370:
            return True
        if self.document in form.languages:
            return True
        if form.kind == "decoy" or (form.kind == "exact" and not form.bound):
            return True
        if not form.bound and len(form.spelling) > 3 and self._subject.text[offset].isupper():
            return True
        return self._sentence(offset) in form.languages

    def at(self, offset: int) -> str | None:
        """The language of the sentence at an offset, else of the document."""
        return self._sentence(offset) or self.document

    def _sentence(self, offset: int) -> str | None:
        view = self._subject.view
        index = view.sentence_at(offset)
        if index not in self._votes:
            sentence = view.sentences[index] if index < len(view.sentences) else None
            self._votes[index] = self._vote(self._subject.text[sentence.start : sentence.end]) if sentence else None
        return self._votes[index]

    def _vote(self, text: str) -> str | None:
        words = set(_WORD.findall(text[:_OPENING].lower()))
        counts = sorted(((len(known & words), name) for name, known in self._words.items()), reverse=True)
        if not counts or counts[0][0] < 2 or (len(counts) > 1 and counts[0][0] == counts[1][0]):
            return None
        return counts[0][1]
