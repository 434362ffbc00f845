"""The grammar of designations that no catalogue has: known marks with a number, and loose ones beside a weapon noun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load
from transforms.recognise.weapons.catalogue import kinds
from transforms.recognise.weapons.lexicon import Entry
from transforms.recognise.weapons.scan import Hit

_FAR = 24  # characters looked back for a word that makes the number something else
# A variant's mark: letters, at most one more number, a national suffix ("B3M", "SM2", "C/D", "MkIIIC").
_VARIANT = r"(?:[A-Za-zА-Я]{1,3}\d{0,2}[A-Za-zА-Я]{0,4})?(?:/[A-Z]{1,2})?"
_DIGITS = re.compile(r"\d+")
_LOOSE = re.compile(r"(?<![\w/.-])[A-ZА-Я][A-Za-zА-Яа-я]{0,4}-?\d{1,4}[A-Z]{0,3}\d?(?![\w])(?![-/.:]\w)")
CALIBRE = re.compile(
    # A script without blanks touches the figures on both sides.
    r"(?<![^\W\u2e80-\uffdc])(?<![.,])\d{1,3}(?:[.,]\d{1,2})?(?:\s?[x×х*]\s?\d{2,3}(?:[.,]\d)?)?[ -]?"
    r"(?:mm|millimet(?:er|re)s?|мм|миллиметров\w{0,3}|міліметров\w{0,3}|ملم|مم|milímetros|millimètres|Millimeter)\b(?:-)?"
    r"|(?<![^\W\u2e80-\uffdc])(?<![.,])\d{1,3}(?:[.,]\d{1,2})?[ -]?毫米(?:口径)?"
)
_JOIN = re.compile(r"(?:,? (?:and|or|et|ou|y|o|und|oder|och|eller|и|или|та|і|або) |, | to |-|/)")


class Mark(BaseModel):
    """One line of designators.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mark: str
    number: str
    kind: str
    context: Literal["none", "support", "joined"]
    blank: bool = False
    glued: bool = False


class Grammar(BaseModel):
    """designators.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    known: tuple[Mark, ...]
    refused: frozenset[str]
    before: tuple[str, ...]


@dataclass(frozen=True)
class Designators:
    """The grammar, compiled: one expression for all known marks."""

    grammar: Grammar
    known: re.Pattern[str]
    before: re.Pattern[str]


@cache
def designators() -> Designators:
    """The grammar, loaded and compiled once. Raises KnowledgeError."""
    grammar = load(Path(__file__).with_name("designators.yaml"), TypeAdapter(Grammar))
    parts = []
    for index, m in enumerate(grammar.known):
        separator = "-?" if m.glued else "[- ]" if m.blank else "-?"
        parts.append(f"(?P<m{index}>(?:{m.mark}){separator}(?:{m.number}))")
    known = re.compile(rf"(?<![\w/.])(?<!\w-)(?:{'|'.join(parts)}){_VARIANT}(?![\w])(?![/.:]\w)")
    before = re.compile(rf"(?:^|\W)(?:{'|'.join(map(re.escape, grammar.before))})s?\.? (?:no\.? ?)?$", re.IGNORECASE)
    return Designators(grammar, known, before)


def find(text: str) -> Iterator[Hit]:
    """Designations of a known mark (sure or weak), and loose ones (weak, ``joined`` only). In order, no overlap.

    The entry's ``cue`` says what a hit needs: "designation" (nothing), "support" or "joined". Only tokens with a digit
    are looked at, and the word before a number: the expression over the whole text costs three times as much.
    """
    rules = designators()
    done = 0
    for digits in _DIGITS.finditer(text):
        if digits.start() < done:
            continue
        token = _token(text, digits.start(), done)
        word = _token(text, token - 1, done) if token == digits.start() and text[token - 1 : token] == " " else token
        for start in dict.fromkeys((word, token)):
            found = rules.known.match(text, start)
            if found and found.end() > digits.start() and not _refused(text, start, found[0], rules):
                mark = rules.grammar.known[int((found.lastgroup or "m0")[1:])]
                yield _hit(start, found.end(), found[0], mark.kind, "" if mark.context == "none" else mark.context)
                done = found.end()
                break
            found = _LOOSE.match(text, start)
            if found and found.end() > digits.start() and not _refused(text, start, found[0], rules):
                yield _hit(start, found.end(), found[0], None, "joined")
                done = found.end()
                break
        else:
            done = digits.end()


def _token(text: str, at: int, low: int) -> int:
    """Where the token around an offset begins, at most sixteen characters back."""
    start = at
    while start > low and at - start < 16 and (text[start - 1].isalnum() or text[start - 1] in "-/"):
        start -= 1
    return start


def _hit(start: int, end: int, written: str, kind: str | None, need: str) -> Hit:
    known = kinds().get(kind) if kind else None
    category = known.category if known else "missile" if kind == "missile" else "generic"
    entry = Entry("name", written, category, written=written, cue=need or "designation", kind=known)
    return Hit(start, end, entry, weak=bool(need))


def _refused(text: str, start: int, written: str, rules: Designators) -> bool:
    letters = re.split(r"[-\s\d]", written, maxsplit=1)[0]
    if letters in rules.grammar.refused or written in rules.grammar.refused:
        return True
    return bool(rules.before.search(text, max(0, start - _FAR), start))


def calibres(text: str) -> Iterator[tuple[int, int, str]]:
    """Calibres with what joins them: "152 mm and 122 mm" is one. Gives (start, end, the first as "152 mm")."""
    run: tuple[int, int, str] | None = None
    for found in CALIBRE.finditer(text):
        number = re.match(r"[\d.,]+", found[0])
        value = f"{number[0].replace(',', '.') if number else ''} mm"
        if run and _JOIN.fullmatch(text, run[1], found.start()):
            run = (run[0], found.end(), run[2])
            continue
        if run:
            yield run
        run = (found.start(), found.end(), value)
    if run:
        yield run
