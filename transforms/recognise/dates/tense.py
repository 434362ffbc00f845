"""Whether a clause looks ahead: decides between the weekday past and the one to come."""

from __future__ import annotations

from transforms.recognise.dates.schema import Language
from transforms.recognise.dates.tokens import Tokens, unspaced
from transforms.text import TextView

_BACK, _ON = 12, 9
"""Tokens looked at before a date and after it: about a clause."""
_ON_UNSPACED = 2
"""After a date where a token is a character: its own verb, not the next ("said on the 4th that it will")."""


class Tense:
    """Reads the tense of the words around a date by one language's cues."""

    def __init__(self, language: Language) -> None:
        self._future = frozenset(language.future)
        self._past = frozenset(language.past)
        self._before = frozenset(language.future_before)
        self._since = frozenset(language.past_before)
        self._endings = tuple(language.past_endings)
        self._future_endings = tuple(language.future_endings)

    def ahead(self, view: TextView, tokens: Tokens, first: int, end: int) -> bool:
        """Whether the nearest cue is a future one: before the date, else after it, within the sentence."""
        sentence = view.sentences[view.sentence_at(tokens.starts[first])]
        near = tokens.words[max(0, first - 2) : first]
        if any(word in self._since for word in near):
            return False
        if near and near[-1] in self._before:
            return True
        for at in range(first - 1, max(-1, first - _BACK - 1), -1):
            if tokens.starts[at] < sentence.start:
                break
            cue = self._cue(tokens.words[at])
            if cue is not None:
                return cue
        reach = _ON_UNSPACED if unspaced(tokens.words[end - 1]) else _ON
        for at in range(end, min(len(tokens), end + reach)):
            if tokens.starts[at] >= sentence.end:
                break
            cue = self._cue(tokens.words[at])
            if cue is not None:
                return cue
        return False

    def _cue(self, word: str) -> bool | None:
        if word in self._future:
            return True
        if word in self._past or (self._endings and len(word) > 4 and word.endswith(self._endings)):
            return False
        if self._future_endings and len(word) > 4 and word.endswith(self._future_endings):
            return True
        return None
