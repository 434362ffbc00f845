"""Templates compiled to a trie over tokens, and the matches of it at a token.

A template is words, marks and ``{slots}``; ``[...]`` is optional. What stands without a blank in the template must
touch in the text, but for scripts without blanks, where it makes no difference. Slots of a language's own words are
matched with that language's words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from transforms.recognise.dates.schema import Kind, Language, Template, common, languages
from transforms.recognise.dates.tokens import UNSPACED, Tokens, split, unspaced

_ATOM = re.compile(rf"\{{(\w+)\}}|[\u0400-\u04ff]+(?:'[\u0400-\u04ff]+)*|[^\W\d_{UNSPACED}]+|[{UNSPACED}]|\d+|[^\w\s]")
_OPTION = re.compile(r"\[([^\[\]]*)\]")
_FIGURES = frozenset({"day", "dd", "mm", "two", "year", "yy", "digits", "time"})
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?(?![\d:])")
MAIN = "en"
"""Read beside every language: page furniture and agency datelines come in it."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a slot matched: its name, value, language ("" for figures) and token bounds; abbreviated or not."""

    slot: str
    value: int | str
    language: str
    first: int
    last: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a template means: its kind, language and constants."""

    kind: Kind
    language: str
    constants: Template


@dataclass(frozen=True, slots=True)
class Match:
    """A template found at tokens ``first`` up to ``end`` (exclusive)."""

    rule: Rule
    first: int
    end: int
    values: tuple[Value, ...]

    def all(self, slot: str) -> list[Value]:
        """The values of a slot, in order."""
        return [value for value in self.values if value.slot == slot]

    def number(self, slot: str) -> int | None:
        """The first value of a slot as a number, or the template's constant of that name."""
        for value in self.values:
            if value.slot == slot and isinstance(value.value, int):
                return value.value
        constant = getattr(self.rule.constants, slot, None)
        return constant if isinstance(constant, int) else None

    def word(self, slot: str) -> str | None:
        """The first value of a slot as a text, or the template's constant of that name."""
        for value in self.values:
            if value.slot == slot and isinstance(value.value, str):
                return value.value
        constant = getattr(self.rule.constants, slot, None)
        return constant if isinstance(constant, str) else None


@dataclass(slots=True)
class _Node:
    """A state of the trie; the flag of a key tells whether the step must touch what is before it."""

    words: dict[tuple[str, bool], _Node] = field(default_factory=dict)
    slots: dict[tuple[str, bool], _Node] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A word of a slot: the tokens after its first, its value; ``stop``: a full stop may follow."""

    slot: str
    language: str
    rest: tuple[str, ...]
    value: int | str
    stop: bool


def expand(pattern: str) -> Iterator[str]:
    """The plain patterns that a pattern with options stands for."""
    option = _OPTION.search(pattern)
    if option is None:
        yield " ".join(pattern.split())
        return
    head, tail = pattern[: option.start()], pattern[option.end() :]
    yield from expand(head + option[1] + tail)
    yield from expand(head + tail)


@cache
def _lexicon() -> dict[str, list[_Entry]]:
    """First token → the slot words that begin with it, of every language."""
    found: dict[str, list[_Entry]] = {}
    for code, language in languages().items():
        for slot, groups in _slots(language).items():
            for value, words in groups:
                for word in words:
                    first, *rest = split(word.rstrip("."))
                    entry = _Entry(f"{slot}@{code}", code, tuple(rest), value, word.endswith("."))
                    found.setdefault(first, []).append(entry)
    return found


def _slots(language: Language) -> dict[str, list[tuple[int | str, list[str]]]]:
    return {
        "month": list(language.months.items()),
        "weekday": list(language.weekdays.items()),
        "unit": list(language.units.items()),
        "season": list(language.seasons.items()),
        "shift": list(language.shifts.items()),
        "number": list(language.numbers.items()),
        "ordinal": list(language.ordinals.items()),
        **{name: [(word, [word]) for word in words] for name, words in language.words.items()},
    }


class Grammar:
    """The templates read in documents of one language: its own, the main language's, and full dates of every other."""

    def __init__(self, language: str | None) -> None:
        self._root = _Node()
        self._lexicon = _lexicon()
        self._suffixes = frozenset(common().day_suffixes)
        full = {MAIN, language}
        for code, knowledge in languages().items():
            for kind, templates in knowledge.templates.items():
                for template in templates:
                    self._add(code, kind, template, whole=code in full)
            if code in full:
                for shift, phrases in knowledge.offsets.items():
                    for phrase in phrases:
                        self._add(code, "offset", Template(pattern=phrase, shift=shift), whole=True)
        for kind, templates in common().templates.items():
            for template in templates:
                self._add("", kind, template, whole=True)
        slots = {slot for slot, _ in self._root.slots}
        self.starters = frozenset(word for word, _ in self._root.words) | frozenset(
            word for word, entries in self._lexicon.items() if any(entry.slot in slots for entry in entries)
        )

    def _add(self, code: str, kind: Kind, template: str | Template, *, whole: bool) -> None:
        constants = template if isinstance(template, Template) else Template(pattern=template)
        for pattern in expand(constants.pattern):
            if pattern.endswith(","):
                continue
            # Of languages that are not expected only what no other reading fits: a month by name with its year.
            if not whole and not (kind == "absolute" and "{month}" in pattern and "{year}" in pattern):
                continue
            for variant in (pattern.replace("{n}", "{number}"), pattern.replace("{n}", "{digits}")):
                self._insert(variant, Rule(kind, code, constants))

    def _insert(self, pattern: str, rule: Rule) -> None:
        node, end, loose = self._root, -1, False
        for atom in _ATOM.finditer(pattern):
            touch = atom.start() == end and not (loose or unspaced(atom[0]))
            end, loose = atom.end(), unspaced(atom[0])
            if atom[1]:
                slot = atom[1] if atom[1] in _FIGURES else f"{atom[1]}@{rule.language}"
                node = node.slots.setdefault((slot, touch), _Node())
            else:
                node = node.words.setdefault((atom[0].lower(), touch), _Node())
        if rule not in node.rules:
            node.rules.append(rule)

    def matches(self, tokens: Tokens, first: int) -> list[Match]:
        """Every template that matches at a token, the longest first, then in the order of the knowledge."""
        found: list[Match] = []
        self._walk(tokens, first, first, self._root, (), found)
        found.sort(key=lambda match: -match.end)
        return found

    def _walk(
        self, tokens: Tokens, first: int, at: int, node: _Node, values: tuple[Value, ...], found: list[Match]
    ) -> None:
        if node.rules:
            found.extend([Match(rule, first, at, values) for rule in node.rules])
        if at >= len(tokens):
            return
        if at > first and tokens.words[at] == "\n" and _broken(tokens, at):
            at += 1
        word, last = tokens.words[at], tokens.words[at - 1]
        touch = at > first and tokens.glued[at] and last != "\n" and not (unspaced(word) or unspaced(last))
        following = node.words.get((word, touch))
        if following is not None:
            self._walk(tokens, first, at + 1, following, values, found)
        if node.slots and (word in self._lexicon or word[0].isdigit()):
            for value in self._values(tokens, at):
                name = f"{value.slot}@{value.language}" if value.language else value.slot
                step = node.slots.get((name, touch))
                if step is not None:
                    self._walk(tokens, first, value.last, step, (*values, value), found)

    def _values(self, tokens: Tokens, at: int) -> Iterator[Value]:
        word = tokens.words[at]
        if word[0].isdigit():
            yield from self._figures(tokens, at, word)
        for entry in self._lexicon.get(word, ()):
            last = at + 1 + len(entry.rest)
            if entry.rest and tuple(tokens.words[at + 1 : last]) != entry.rest:
                continue
            slot = entry.slot.partition("@")[0]
            yield Value(slot, entry.value, entry.language, at, last, entry.stop)
            if entry.stop and tokens.word(last) == "." and tokens.glued[last]:
                yield Value(slot, entry.value, entry.language, at, last + 1, entry.stop)

    def _figures(self, tokens: Tokens, at: int, word: str) -> Iterator[Value]:
        if len(word) > 4 or not word.isdecimal():
            return
        number, after = int(word), at + 1
        if len(word) <= 2:
            if 1 <= number <= 31:
                yield Value("day", number, "", at, after)
                if tokens.word(after) in self._suffixes and tokens.glued[after]:
                    yield Value("day", number, "", at, after + 1)
            yield Value("two", number, "", at, after)
            if len(word) == 2:
                if 1 <= number <= 31:
                    yield Value("dd", number, "", at, after)
                if 1 <= number <= 12:
                    yield Value("mm", number, "", at, after)
                yield Value("yy", number, "", at, after)
            time = _TIME.match(tokens.text, tokens.starts[at])
            if time:
                text = f"{int(time[1]):02d}:{time[2]}{time[3] or ''}"
                yield Value("time", text, "", at, at + (5 if time[3] else 3))
        if len(word) == 4 and 1800 <= number <= 2100:
            yield Value("year", number, "", at, after)
        if len(word) <= 3 and number:
            yield Value("digits", number, "", at, after)


def _broken(tokens: Tokens, at: int) -> bool:
    """Whether a newline is a line's end in mid-sentence: a paragraph begins in lower case or figures only rarely."""
    following = tokens.text[tokens.ends[at] : tokens.ends[at] + 1]
    before = tokens.words[at - 1]
    return (following.islower() or following.isdigit()) and (before[-1].isalnum() or before == ",")


@cache
def grammar(language: str | None) -> Grammar:
    """The grammar for documents of a language (a code that has no knowledge reads as none)."""
    return Grammar(language if language in languages() else None) if language else Grammar(None)
