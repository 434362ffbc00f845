"""The first pass: drops what cannot be arms-transfer reporting before anything costly is done with it.

A text passes when a word for arms stands near a word for a change of hands, or a word that is both ("military aid"), in
any language. It asks less than :mod:`transforms.recognise.relevance.decide` in everything, so it loses nothing to it.
"""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.recognise.relevance.terms import Group, patterns
from transforms.recognise.weapons.lexicon import lexicon
from transforms.recognise.weapons.matchtext import TABLE
from transforms.recognise.weapons.spelling import is_arabic

_NEAR = 300  # characters between arms and the change of hands: more than decide's reach, across a line break or markup
_CHUNK = 4096  # characters looked at at once: most relevant documents pass on the first
_ARMS, _HANDS, _BOTH = 1, 2, 4
_GROUPS: dict[Group, int] = {"strong": _HANDS, "carry": _HANDS, "aid": _BOTH}
_TABLE = TABLE | str.maketrans("\u00a0\u202f\n\t\u2010\u2011", " " * 6)


class FirstPass:
    """The automaton of the first pass. Each pattern has a mark, and whether a word may go on left and right of it."""

    def __init__(self) -> None:
        marks: dict[str, tuple[int, bool, bool]] = {}

        def put(form: str, mark: int, left: bool, right: bool) -> None:
            known = marks.get(form, (0, False, False))
            left = left or is_arabic(form[0])  # clitics are written before the word
            marks[form] = (known[0] | mark, known[1] or left, known[2] or right)

        for form, compound, tail in lexicon().arms():
            put(form, _ARMS, compound, compound or tail)
        for form, found in patterns().items():
            for term in found:
                if term.group in _GROUPS:
                    put(form, _GROUPS[term.group], term.left, term.right)
        self._marks = list(marks.values())
        self._automaton = AhoCorasick(
            list(marks),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def __call__(self, text: str) -> bool:
        """Whether the text may be arms-transfer reporting. Linear; stops as soon as it may."""
        for start in range(0, len(text), _CHUNK):
            if self._may(text[max(0, start - _NEAR) : start + _CHUNK].translate(_TABLE).lower()):
                return True
        return False

    def _may(self, piece: str) -> bool:
        last = {_ARMS: -_NEAR - 1, _HANDS: -_NEAR - 1}
        for index, begin, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
            mark, left, right = self._marks[index]
            if not left and begin and piece[begin - 1].isalnum():
                continue
            if not right and end < len(piece) and piece[end].isalnum():
                continue
            if mark == _BOTH:
                return True
            for kind, other in ((_ARMS, _HANDS), (_HANDS, _ARMS)):
                if mark & kind:
                    last[kind] = end
                    if begin - last[other] <= _NEAR:
                        return True
        return False


@cache
def _first_pass() -> FirstPass:
    return FirstPass()


def first_pass(text: str) -> bool:
    """Whether a text (plain or HTML) may be arms-transfer reporting, to be looked at more closely. Never raises."""
    return _first_pass()(text)
