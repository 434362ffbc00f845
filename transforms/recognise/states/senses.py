"""Whether a name is the state or another thing of the same name: rules that look at the neighbours and the document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.recognise.states.lexicon import Form, lower
from transforms.recognise.states.matcher import Hit
from transforms.recognise.states.schema import Rule

REACH = 48  # characters of context that a phrase can take up
_WORD = re.compile(r"[^\W\d_]+")
_BEFORE = re.compile(r"([^\W\d_][\w'.-]*)[ ]$")
_LINK = re.compile(r"[*_]{0,2}\]\([^()\s]{0,300}(?: \"[^\"\n]{0,200}\")?\)")
_AFTER = re.compile(r"[ ]([^\W\d_][\w'-]*)")


class Phrases:
    """A set of phrases that can stand directly before or after a name, asked in constant time."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = frozenset(phrases)
        self._sizes = sorted({len(p) for p in self._phrases}, reverse=True)

    def end(self, text: str) -> int:
        """The length of the longest that ends ``text`` as whole words; 0 for none."""
        for size in self._sizes:
            if size > len(text):
                continue
            tail = text[len(text) - size :]
            if tail in self._phrases and (size == len(text) or not _one_word(text[-size - 1], tail[0])):
                return size
        return 0

    def start(self, text: str) -> int:
        """The length of the longest that begins ``text`` as whole words; 0 for none."""
        for size in self._sizes:
            if size > len(text):
                continue
            head = text[:size]
            if head in self._phrases and (size == len(text) or not _one_word(head[-1], text[size])):
                return size
        return 0

    def __bool__(self) -> bool:
        return bool(self._phrases)


def _one_word(left: str, right: str) -> bool:
    """Whether two characters stand within a word; Chinese and Japanese have no blanks to part words."""
    return left.isalnum() and right.isalnum() and not ("\u3040" <= left <= "\u9fff" or "\u3040" <= right <= "\u9fff")


def before(text: str, start: int) -> str:
    """The lower-case text before an offset, in its line, without blanks and opening marks at its end."""
    return lower(text[max(0, start - REACH) : start].rpartition("\n")[2]).rstrip(" \"'«“([*_")


def after(text: str, end: int) -> str:
    """The lower-case text after an offset, in its line, from the first that is no blank, emphasis or link target."""
    link = _LINK.match(text, end)
    if link:
        end = link.end()
    return lower(text[end : end + REACH].partition("\n")[0]).lstrip(' *_"')


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the surrounding text is all in capitals, so that case tells nothing."""
    near = text[max(0, start - 60) : start] + text[end : end + 60]
    small = sum(c.islower() for c in near)
    return small * 8 < sum(c.isupper() for c in near)


def in_title_case(text: str, start: int, end: int) -> bool:
    """Whether the line is a headline with Nearly Every Word in Capitals, where a capital tells nothing."""
    line = text[max(text.rfind("\n", 0, start) + 1, start - 150) : end + 150].partition("\n")[0]
    words = [w for w in _WORD.findall(line) if len(w) > 3]
    return len(words) > 5 and sum(w[0].isupper() for w in words) >= 0.75 * len(words)


class _Compiled:
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.before, self.after = Phrases(rule.before), Phrases(rule.after)
        self.needs_before, self.needs_after = Phrases(rule.needs_before), Phrases(rule.needs_after)


class Senses:
    """Applies the rules to hits.

    common: words that, in capitals beside a state's name, make no person of it. titles: words that do ("Mr").
    """

    def __init__(self, rules: Sequence[Rule], common: frozenset[str], titles: frozenset[str]) -> None:
        self._rules: dict[str, list[_Compiled]] = {}
        for rule in rules:
            compiled = _Compiled(rule)
            for form in rule.forms:
                self._rules.setdefault(form, []).append(compiled)
        self._common = common
        self._titles = titles

    def surnames(self, text: str, small: str, hits: Sequence[Hit]) -> frozenset[str]:
        """Forms that the document uses as a surname, with no sign of the state ("Later Jordan said no"), or explains to
        be a town elsewhere ("Moscow, Idaho")."""
        found = set()
        for hit in hits:
            for compiled in self._rules.get(hit.surface, ()):
                rule = compiled.rule
                if rule.document and compiled.after.start(after(text, hit.end)):
                    found.add(hit.surface)
                if not rule.surname or rule.support is None or hit.surface in found:
                    continue
                if self._personal(rule, text, hit.start, hit.end) and not _count(small, rule.support):
                    found.add(hit.surface)
        return frozenset(found)

    def state(self, text: str, small: str, hit: Hit, surnames: frozenset[str]) -> bool:
        """Whether the hit is the state. small: the text in lower case; surnames: as told by :meth:`surnames`."""
        if hit.surface in surnames:
            return False
        return all(self._keeps(compiled, text, small, hit) for compiled in self._rules.get(hit.surface, ()))

    def _keeps(self, compiled: _Compiled, text: str, small: str, hit: Hit) -> bool:
        rule = compiled.rule
        left, right = before(text, hit.start), after(text, hit.end)
        if rule.caps and not in_capitals(text, hit.start, hit.end):
            return True
        if compiled.needs_before or compiled.needs_after:
            return bool(compiled.needs_before.end(left) or compiled.needs_after.start(right))
        if rule.bare:
            return right[:1].isalpha() or bool(rule.before and not compiled.before.end(left))
        if compiled.before.end(left):
            return False
        if compiled.after.start(right):
            return False
        if (rule.given or rule.surname) and self._personal(rule, text, hit.start, hit.end):
            return False
        if rule.support is not None and rule.against is not None:
            support, against = _count(small, rule.support), _count(small, rule.against)
            return rule.default == "keep" if support == against else support > against
        return True

    def _personal(self, rule: Rule, text: str, start: int, end: int) -> bool:
        """Whether the neighbours make a person's name of it: "Michael Jordan", "Chad Brown", "Mr. Jordan"."""
        head = _BEFORE.search(text[max(0, start - REACH) : start])
        if head and lower(head[1].rstrip(".")) in self._titles:
            return True
        if in_capitals(text, start, end) or in_title_case(text, start, end):
            return False
        if rule.surname and head and _is_name(head[1]) and lower(head[1].rstrip(".")) not in self._common:
            return True
        tail = _AFTER.match(text[end : end + REACH])
        return bool(rule.given and tail and _is_name(tail[1]) and lower(tail[1]) not in self._common)


def _is_name(word: str) -> bool:
    return word[0].isupper() and not (len(word) > 2 and word.isupper())


def _count(small: str, words: Sequence[str]) -> int:
    return sum(min(3, small.count(word)) for word in words)


def best(forms: Sequence[Form], language: str | None) -> Form:
    """The reading meant: one of the text's language before others, a name before an adjective."""
    return min(forms, key=lambda f: (language not in f.languages, f.kind == "adjective"))
