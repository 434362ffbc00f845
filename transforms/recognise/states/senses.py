"""Whether a name is the state or another thing of the same name: rules that look at the neighbours and the document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.recognise.states.lexicon import Form, lower
from transforms.recognise.states.matcher import Hit
from transforms.recognise.states.schema import Rule

REACH = 48  # characters of context that a phrase can take up
_BEFORE = re.compile(r"([^\W\d_][\w'.-]*)[ ]$")
_AFTER = re.compile(r"[ ]([^\W\d_][\w'-]*)")


class Phrases:
    """A set of phrases that can stand directly before or after a name, asked in constant time."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = frozenset(phrases)
        self._sizes = sorted({len(p) for p in self._phrases})

    def end(self, text: str) -> bool:
        """Whether one of them ends ``text`` as whole words."""
        for size in self._sizes:
            if size > len(text):
                return False
            tail = text[len(text) - size :]
            if tail in self._phrases and (size == len(text) or not (text[-size - 1].isalnum() and tail[0].isalnum())):
                return True
        return False

    def start(self, text: str) -> bool:
        """Whether one of them begins ``text`` as whole words."""
        for size in self._sizes:
            if size > len(text):
                return False
            head = text[:size]
            if head in self._phrases and (size == len(text) or not (text[size].isalnum() and head[-1].isalnum())):
                return True
        return False

    def __bool__(self) -> bool:
        return bool(self._phrases)


def before(text: str, start: int) -> str:
    """The lower-case text before an offset, in its line, without blanks and opening marks at its end."""
    return lower(text[max(0, start - REACH) : start].rpartition("\n")[2]).rstrip(" \"'«“([*_")


def after(text: str, end: int) -> str:
    """The lower-case text after an offset, in its line, without blanks and emphasis marks at its start."""
    return lower(text[end : end + REACH].partition("\n")[0]).lstrip(' *_"')


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the surrounding text is all in capitals, so that case tells nothing."""
    near = text[max(0, start - 60) : start] + text[end : end + 60]
    small = sum(c.islower() for c in near)
    return small * 8 < sum(c.isupper() for c in near)


class _Compiled:
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.before, self.after = Phrases(rule.before), Phrases(rule.after)
        self.needs_before, self.needs_after = Phrases(rule.needs_before), Phrases(rule.needs_after)


class Senses:
    """Applies the rules to hits. ``functions``: words that are in capitals only because a sentence begins."""

    def __init__(self, rules: Sequence[Rule], functions: frozenset[str], state_nouns: frozenset[str]) -> None:
        self._rules: dict[str, list[_Compiled]] = {}
        for rule in rules:
            compiled = _Compiled(rule)
            for form in rule.forms:
                self._rules.setdefault(form, []).append(compiled)
        self._functions = functions
        self._nouns = state_nouns

    def state(self, text: str, small: str, hit: Hit, persons: set[str]) -> bool:
        """Whether the hit is the state. ``persons`` collects forms that the document uses as a person's name."""
        rules = self._rules.get(hit.surface)
        if not rules:
            return True
        return all(self._keeps(compiled, text, small, hit, persons) for compiled in rules)

    def _keeps(self, compiled: _Compiled, text: str, small: str, hit: Hit, persons: set[str]) -> bool:
        rule = compiled.rule
        left, right = before(text, hit.start), after(text, hit.end)
        if rule.caps:
            if not in_capitals(text, hit.start, hit.end):
                return True
            return compiled.needs_before.end(left) or compiled.needs_after.start(right)
        if rule.bare:
            return right[:1].isalpha() or bool(rule.before and not compiled.before.end(left))
        if compiled.before.end(left):
            return False
        if compiled.after.start(right):
            return False
        if rule.person:
            if self._personal(text, hit.start, hit.end):
                persons.add(hit.surface)
                return False
            if hit.surface in persons:
                return False
        if rule.support is not None and rule.against is not None:
            support, against = _count(small, rule.support), _count(small, rule.against)
            return rule.default == "keep" if support == against else support > against
        return True

    def _personal(self, text: str, start: int, end: int) -> bool:
        """Whether the neighbours make a person's name of it: "Michael Jordan", "Chad Brown", "Mr. Jordan"."""
        if in_capitals(text, start, end):
            return False
        head = _BEFORE.search(text[max(0, start - REACH) : start])
        if (
            head
            and head[1][0].isupper()
            and not head[1].isupper()
            and lower(head[1].rstrip(".")) not in self._functions
        ):
            return True
        tail = _AFTER.match(text[end : end + REACH])
        return bool(tail and tail[1][0].isupper() and not tail[1].isupper() and lower(tail[1]) not in self._nouns)


def _count(small: str, words: Sequence[str]) -> int:
    return sum(min(3, small.count(word)) for word in words)


def best(forms: Sequence[Form], language: str | None) -> Form:
    """The reading meant: one of the text's language before others, a name before an adjective."""
    return min(forms, key=lambda f: (language not in f.languages, f.kind == "adjective"))
