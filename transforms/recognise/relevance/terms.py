"""The terms of relevance, compiled: one automaton for what a transfer is told with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.recognise.weapons.matchtext import match_form
from transforms.recognise.weapons.spelling import parted

Group = Literal["strong", "weak", "hands", "dispatch", "aid", "against", "carry", "carrier", "towards"]
TERMS = Path(__file__).with_name("terms.yaml")


@dataclass(frozen=True, slots=True)
class Term:
    """What a term stands for, in which language, and whether it may go on to the left and right inside a word."""

    group: Group
    language: str
    left: bool
    right: bool


@cache
def knowledge() -> dict[Group, dict[str, list[str]]]:
    """terms.yaml. Raises KnowledgeError."""
    return load(TERMS, TypeAdapter(dict[Group, dict[str, list[str]]]))


def patterns() -> dict[str, list[Term]]:
    """What is looked for, in matching form, with what it stands for."""
    found: dict[str, list[Term]] = defaultdict(list)
    for group, languages in knowledge().items():
        for language, words in languages.items():
            for word in words:
                term = Term(group, language, word.startswith("*"), word.endswith("*"))
                form = match_form(word.strip("*"))
                if term not in found[form]:
                    found[form].append(term)
    return found


class Terms:
    """The automaton over all terms."""

    def __init__(self) -> None:
        found = patterns()
        self._terms = list(found.values())
        self._languages = {term.language for terms_ in self._terms for term in terms_}
        self._automaton = AhoCorasick(
            list(found),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def find(self, text: str, language: str | None) -> Iterator[tuple[int, int, Group]]:
        """Terms in a text in matching form: (start, end, group), ordered by end. Of one language, where it is known."""
        known = language if language in self._languages else None
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            left = start == 0 or parted(text[start - 1], text[start])
            right = end == len(text) or parted(text[end - 1], text[end])
            for term in self._terms[index]:
                if known not in (None, term.language):
                    continue
                if (left or term.left) and (right or term.right):
                    yield start, end, term.group


@cache
def terms() -> Terms:
    """The terms, compiled once a process."""
    return Terms()
