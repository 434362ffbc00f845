"""From a text to hits: where the lexicon's patterns stand as whole words, longest first, and the cues beside them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from transforms.recognise.weapons.lexicon import Entry, Lexicon, Role
from transforms.recognise.weapons.matchtext import MatchText
from transforms.recognise.weapons.spelling import (
    has_digit,
    is_arabic,
    is_cyrillic,
    is_latin,
    name_ending,
    name_tail,
    parted,
    spelling,
)

# Where one span is both, a noun ("MLRS", Spanish "armas") is likelier than a system of that name.
_RANK: dict[Role, int] = {"phrase": 0, "noun": 1, "name": 2, "extender": 3, "modifier": 4, "link": 5, "cue": 6}
# Addresses and file names hold words of headlines; an analyst marks none of them.
_ADDRESS = re.compile(r"(?:https?://|www\.|\]\()[^\s<>\"']+")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|html?|pdf|mp4)\b")
_NAME_GOES_ON = re.compile(r" (?:[A-Z]{1,2}\.? )?[A-Z][a-z]")
# A version after a name in letters: "Mistral 3", "Iskander-M", "Patriot PAC-3", "Tomahawk Block V".
_VERSION = re.compile(
    r"(?:[ -](?:Mk|MK|Mark|Block|PAC|Type)[ .-]?(?:\d{1,2}|[IVX]{1,4})[A-Za-z]{0,2}"
    r"|-[A-Z]{1,3}\d?|-\d{1,3}[A-Z]{0,2}\d?| [A-Z]{0,3}\d[A-Z]{0,3}\d?)(?![\w%-]|[.,]\d)"
)
_SHARED = re.compile(r"/[A-Z]{1,2}(?![\w/])")  # of "Type 054A/P": one designation for two versions
_CLOSED = ("»", '"', "”")
_INFLECTED = 5  # letters that a name must have to take an ending other than "s": "Toren" is no Tor
_LONGEST_TAIL = 7  # characters of a variant's mark glued to a designation ("T-72" + "B3M")


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found, in folded offsets.

    weak: needs support in the text. tail: a variant's mark is glued on. others: what else the name stands for.
    proper: it counts only beside a weapon's noun: a part of a name, one letter with one digit, or a word that an
    unknown capitalised one follows ("Senator Smith"). introduced: quotation marks or a word for a type or system before
    it say that it is a weapon's name (introduced.py). glued: a noun is written together with it.
    """

    start: int
    end: int
    entry: Entry
    weak: bool = False
    tail: bool = False
    others: tuple[Entry, ...] = ()
    proper: bool = False
    introduced: bool = False
    glued: bool = False

    @property
    def role(self) -> Role:
        return self.entry.role


@dataclass(slots=True)
class Scan:
    """What was found: hits without overlap, in order; cues as (start, end, what they speak for)."""

    hits: list[Hit] = field(default_factory=list)
    cues: list[tuple[int, int, str]] = field(default_factory=list)


def scan(lexicon: Lexicon, matched: MatchText, folded: str, language: str | None) -> Scan:
    """All hits in a folded text. language: the document's, or null; nouns of other Latin-script languages are left out.

    Linear in the text (times the number of patterns that end at one place).
    """
    known = language in lexicon.languages
    text = matched.text
    found = Scan()
    hits: list[Hit] = []
    for index, start, end in lexicon.automaton.find_matches_as_indexes(text, overlapping=True):
        left = start == 0 or parted(text[start - 1], text[start])
        right = end == len(text) or parted(text[end - 1], text[end])
        entries = lexicon.entries[index]
        if not (left and right):
            entries = tuple(e for e in entries if e.compound or e.role in ("name", "cue") or is_arabic(text[start]))
            if not entries:
                continue
        for entry in entries:
            if entry.language and entry.role != "phrase" and not _speaks(lexicon, entry, language, known):
                continue
            span = _whole(lexicon, text, start, end, left, right, entry, language if known else None)
            if span is None:
                continue
            begin, finish = matched.folded(span[0]), matched.folded(span[1] - 1) + 1
            if entry.role == "cue":
                found.cues.append((begin, finish, entry.cue))
            elif entry.role == "name":
                strength = _strength(folded[begin:finish], entry)
                if strength is not None and not _surname(folded, begin) and not _in_a_date(folded, begin, finish):
                    tail = has_digit(entry.written) and span[1] - end > 1
                    others = tuple(e for e in entries if e.role == "name" and e.value != entry.value)
                    proper = entry.derived or _short(folded[begin:finish]) or _before_a_name(folded, begin, finish)
                    version = (_VERSION if folded[finish - 1].isalpha() else _SHARED).match(folded, finish)
                    if version is None and has_digit(entry.written):
                        version = _SHARED.match(folded, finish)
                    if version:
                        hits.append(Hit(begin, version.end(), entry, strength, not version[0][1:].isdigit(), others))
                    else:
                        glued = span[1] - end > 2 and not has_digit(entry.written) and is_latin(text[start])
                        hits.append(Hit(begin, finish, entry, strength, tail, others, proper, glued=glued))
            elif not entry.written or entry.written.rstrip("s") in folded[begin:finish]:
                hits.append(Hit(begin, finish, entry, tail=span != (start, end)))
    found.hits = _longest(_outside_addresses(hits, folded))
    found.cues.sort()
    return found


def _speaks(lexicon: Lexicon, entry: Entry, language: str | None, known: bool) -> bool:
    """Whether a word of the entry's language is to be expected: scripts other than Latin tell themselves."""
    return (
        not known
        or entry.language == language
        or (entry.role != "cue" and lexicon.languages[entry.language].script != "latin")
    )


def _whole(
    lexicon: Lexicon, text: str, start: int, end: int, left: bool, right: bool, entry: Entry, language: str | None
) -> tuple[int, int] | None:
    """The span of the word that the match stands for, or null where it is only a part of some other word."""
    known = language is not None
    if entry.stem and right and text[end : end + 1] not in _CLOSED:
        return None  # without an ending it is the genitive plural ("восемь «Зузан»"), which only quotation marks show
    if not left:
        head = start
        while head > 0 and start - head < 40 and text[head - 1].isalpha():
            head -= 1
        if head > 0 and text[head - 1].isalnum():
            return None
        if is_arabic(text[start]):
            if text[head:start] not in spelling().arabic_prefixes:
                return None
            start = head + (text[head] in spelling().arabic_conjunctions)
        elif not (entry.compound and known and start - head >= 2):
            return None
        else:
            start = head
    if not right:
        stop = end
        while (
            stop < len(text)
            and stop - end < 16
            and text[stop].isalnum()
            and not (stop > end and parted(text[stop - 1], text[stop]))
        ):
            stop += 1
        rest = text[end:stop]
        if entry.role == "cue":
            return (start, end) if rest == "s" else None
        if entry.role == "name":
            if is_cyrillic(text[end - 1]):
                fits = rest in spelling().endings or (text[end - 1].isdigit() and len(rest) <= 3)
            elif text[end - 1].isdigit():
                fits = len(rest) <= _LONGEST_TAIL and not rest[0].isdigit()
            elif has_digit(entry.written):
                fits = rest == "s" or len(rest) <= 4
            else:
                long = end - start >= _INFLECTED and entry.written[:1].isupper()
                fits = rest == "s" or (long and (name_ending(language, rest) or name_tail(language, rest)))
            return (start, stop) if fits else None
        knowledge = lexicon.languages[entry.language]
        if not (entry.compound and known and _tails(knowledge.compounds or (), knowledge.tails, rest)):
            return None
        end = stop
    return start, end


def _tails(binders: Iterable[str], tails: tuple[str, ...], rest: str) -> bool:
    return any(rest.startswith(b) and rest[len(b) :] in tails for b in binders)


def _strength(written: str, entry: Entry) -> bool | None:
    """Whether a name as written is weak evidence (True), sure (False), or no name at all (None)."""
    letters = [c for c in written if c.isalpha()]
    if not letters:
        return entry.weak
    lower = all(c.islower() for c in letters)
    if not has_digit(written):
        if lower and entry.written[:1].isupper():
            return None
        # An acronym in small letters may be a word ("Alarm", "Law"): a short one is none, a longer one needs support.
        lettered = entry.written.isupper() and sum(c.isupper() for c in written) * 2 <= len(letters)
        if lettered and len(entry.written) <= 4:
            return None
        return entry.weak or lettered
    head = written.split(" ")[0].lower()
    if lower and head in spelling().lower_heads and sum(c.isdigit() for c in written) > 1:
        return True  # "fusils de type 56"
    spaced = " " in written and head in spelling().words
    if lower and " " in written and (spaced or (head.isalpha() and len(head) <= 3)):
        return None
    digits = sum(c.isdigit() for c in written)
    return entry.weak or spaced or (len(letters) == 1 and digits == 1) or (lower and len(letters) + digits <= 3)


def _surname(folded: str, start: int) -> bool:
    """Whether a hyphen ties the word to one before it ("al-Shaheen"): then it is a part of that name."""
    return start > 1 and folded[start - 1] == "-" and folded[start - 2].isalpha() and folded[start].isalpha()


def _in_a_date(folded: str, start: int, end: int) -> bool:
    """Whether a short word stands between two numbers ("4 AUG 89")."""
    if end - start > 4 or not folded[start:end].isalpha():
        return False
    return folded[max(0, start - 2) : start][:1].isdigit() and folded[end + 1 : end + 2].isdigit()


def _short(written: str) -> bool:
    """Whether it is one letter and one digit ("B-2", "P5"), which stand for much else."""
    return sum(c.isalpha() for c in written) == 1 and sum(c.isdigit() for c in written) == 1


def _before_a_name(folded: str, start: int, end: int) -> bool:
    """Whether one capitalised word is followed by another that is not in capitals throughout."""
    written = folded[start:end]
    return written.isalpha() and not written.isupper() and _NAME_GOES_ON.match(folded, end) is not None


def _outside_addresses(hits: list[Hit], folded: str) -> list[Hit]:
    spans = [found.span() for found in _ADDRESS.finditer(folded)]
    for name in _FILE.finditer(folded):
        low = max(0, name.start() - 200)
        spans.append((max(low, *(folded.rfind(c, low, name.start()) for c in " \n(")), name.end()))
    if not spans:
        return hits
    spans.sort()
    starts = [start for start, _ in spans]

    def inside(hit: Hit) -> bool:
        index = bisect_right(starts, hit.start) - 1
        return index >= 0 and hit.start < spans[index][1]

    return [hit for hit in hits if not inside(hit)]


def _longest(hits: list[Hit]) -> list[Hit]:
    """Leftmost, longest, without overlap; a fixed phrase before a name before a noun."""
    hits.sort(key=lambda h: (h.start, -h.end, 0 if h.glued else _RANK[h.role], h.tail, h.weak))
    kept: list[Hit] = []
    end = -1
    for hit in hits:
        if hit.start >= end:
            kept.append(hit)
            end = hit.end
    return kept
