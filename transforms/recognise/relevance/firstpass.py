"""The first pass: drops what cannot be arms-transfer reporting before anything costly is done with it.

A text passes when a word for arms stands near a word for a change of hands (close to it and in the lead, where the word
is an everyday one such as "give"), or a word that is both ("military aid"), in any language. It asks less than
:mod:`transforms.recognise.relevance.decide`, so it loses next to nothing to it.
"""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.recognise.relevance.terms import Group, patterns
from transforms.recognise.weapons.lexicon import lexicon
from transforms.recognise.weapons.matchtext import TABLE
from transforms.recognise.weapons.spelling import is_arabic, parted

_NEAR = 300  # characters between arms and the change of hands: more than decide's reach, across a line break or markup
_CHUNK = 4096  # characters looked at at once: most relevant documents pass on the first
_CLOSE = 60  # characters between arms and an everyday word for it
_LEAD = 1500  # characters: an everyday word for it counts in the lead; a report that is long has more than one word
_ARMS, _HANDS, _BOTH, _GIVE = 1, 2, 4, 8
_GROUPS: dict[Group, int] = {"strong": _HANDS, "carry": _HANDS, "aid": _BOTH, "hands": _GIVE, "dispatch": _GIVE}
# What a mark meets, and within how many characters.
_MEETS = {_ARMS: ((_HANDS, _NEAR), (_GIVE, _CLOSE)), _HANDS: ((_ARMS, _NEAR),), _GIVE: ((_ARMS, _CLOSE),)}
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
            piece = text[max(0, start - _NEAR) : start + _CHUNK].translate(_TABLE).lower()
            if self._may(piece, lead=0 if start else _LEAD):
                return True
        return False

    def _may(self, piece: str, lead: int) -> bool:
        last = dict.fromkeys(_MEETS, -_NEAR - 1)
        for index, begin, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
            mark, left, right = self._marks[index]
            if mark == _GIVE and begin > lead:
                continue
            if not left and begin and not parted(piece[begin - 1], piece[begin]):
                continue
            if not right and end < len(piece) and not parted(piece[end - 1], piece[end]):
                continue
            if mark & _BOTH:
                return True
            for kind, others in _MEETS.items():
                if mark & kind:
                    last[kind] = end
                    if any(begin - last[other] <= reach for other, reach in others):
                        return True
        return False


@cache
def _first_pass() -> FirstPass:
    return FirstPass()


def first_pass(text: str) -> bool:
    """Whether a text (plain or HTML) may be arms-transfer reporting, to be looked at more closely. Never raises."""
    return _first_pass()(text)
