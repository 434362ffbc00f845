"""Spans of a text that could be toponyms: names the gazetteer knows, and unknown names that say they are places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.places.gazetteer import Gazetteer
from transforms.places.keys import key
from transforms.places.names import Found, find
from transforms.recognise.places.context import Words

_TOKEN = re.compile(r"[^\W\d_](?:[^\W_]|['.-](?=[^\W_]))*")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_INNER = frozenset(
    "de la le les del du des d of the and al el ez es az as ar at ad an ash bin ben und sur am der den di da do "
    "dos das e y i upon on by in na у на над und en van von zu st saint".split()
)
# Articles and prepositions that lose their vowel before a name, and what they stand for.
_ELIDED = {"d": "de", "l": "le", "dell": "della", "dall": "dalla", "all": "alla", "nell": "nella", "sull": "sulla"}
_JOINTS = (" ", "-", "'s ", "'")  # what may stand between the words of one toponym
LONGEST = 5  # words in a toponym


class Token(NamedTuple):
    """A word of the folded text, without a possessive ending. proper: written like a name.

    A tuple, because a text has thousands: a frozen dataclass takes three times as long to make.
    """

    start: int
    end: int
    text: str
    proper: bool
    shouted: bool

    @property
    def low(self) -> str:
        return self.text.casefold()


@dataclass(frozen=True, slots=True)
class Spot:
    """A span of tokens ``first``–``last`` (inclusive) that may be a toponym; ``found`` is empty for an unknown name."""

    start: int
    end: int
    first: int
    last: int
    name: str
    found: Found
    named: bool = False


def tokens(text: str) -> list[Token]:
    """The words of a folded text, possessive "'s" left out and elided articles apart ("d'Abidjan": de, Abidjan)."""
    result = []
    address = 0  # where the last web address ends: what stands in one is no toponym
    for match in _TOKEN.finditer(text):
        start, word, end = match.start(), match[0], match.end()
        if word in ("http", "https") and text.startswith("://", end):
            found = _ADDRESS.match(text, start)
            address = found.end() if found else end
        if start < address:
            continue
        if "'" in word:
            head, _, rest = word.partition("'")
            if head in _ELIDED and rest[:1].isupper():
                result.append(Token(start, start + len(head), _ELIDED[head], False, False))
                start, word = start + len(head) + 1, rest
            if word.endswith(("'s", "'S")) and len(word) > 3:
                word, end = word[:-2], end - 2
        proper = not word[0].islower() or ("-" in word and any(p[:1].isupper() for p in word.split("-")[1:]))
        result.append(Token(start, end, word, proper, len(word) > 1 and word.isupper()))
    return result


def spots(
    text: str, words: Sequence[Token], taken: Sequence[tuple[int, int, bool]], lexicon: Words, gazetteer: Gazetteer,
    language: str | None,
) -> list[Spot]:  # fmt: skip
    """The candidate spans, longest first at each word, in order and without overlaps.

    taken: spans of earlier mentions (start, end, whether a longer toponym may contain it), ordered by start.
    """
    result: list[Spot] = []
    n, at = 0, 0
    while n < len(words):
        if not words[n].proper:
            n += 1
            continue
        while at < len(taken) and taken[at][1] <= words[n].start:
            at += 1
        spot = _water(text, words, n, taken[max(0, at - 1) : at + 8], lexicon, gazetteer, language) or _longest(
            text, words, n, taken[at : at + 8], lexicon, gazetteer, language
        )
        if spot:
            result.append(spot)
            n = spot.last + 1
        else:
            n += 1
    return result


def _water(
    text: str, words: Sequence[Token], n: int, taken: Sequence[tuple[int, int, bool]], lexicon: Words,
    gazetteer: Gazetteer, language: str | None,
) -> Spot | None:  # fmt: skip
    """A water whose word for it is in small letters, before ("mer du Nord") or after it ("Красное море")."""
    spans = []
    if n + 1 < len(words) and words[n + 1].low in lexicon.waters and text[words[n].end : words[n + 1].start] == " ":
        spans.append((n, n + 1))
    for k in range(n - 1, max(-1, n - 4), -1):
        if words[k].proper or text[words[k].end : words[k + 1].start] not in (" ", "'"):
            break
        if words[k].low in lexicon.waters:
            spans += [(k, stop) for stop in (n + 1, n) if stop < len(words) and (stop == n or words[stop].proper)]
            break
    for first, last in spans:
        start, end = words[first].start, words[last].end
        found = find(gazetteer, text[start:end], language)
        waters = tuple(p for p in found.places if p.type == "sea" or p.kind == "river")
        if waters and not _blocked(text, start, end, taken):
            return Spot(start, end, first, last, text[start:end], Found(waters))
    return None


def _longest(
    text: str, words: Sequence[Token], n: int, taken: Sequence[tuple[int, int, bool]], lexicon: Words,
    gazetteer: Gazetteer, language: str | None,
) -> Spot | None:  # fmt: skip
    last = n
    while last + 1 < len(words) and last - n < LONGEST - 1:
        gap = text[words[last].end : words[last + 1].start]
        if gap not in _JOINTS and not (gap == ". " and len(words[last].text) <= 2):
            break
        if not words[last + 1].proper and words[last + 1].low not in _INNER:
            break
        last += 1
    for stop in range(last, n - 1, -1):
        if not words[stop].proper:
            continue
        start, end = words[n].start, words[stop].end
        if _blocked(text, start, end, taken):
            continue
        name = text[start:end]
        if stop == n:
            return _single(text, words, n, lexicon, gazetteer, language)
        found = find(gazetteer, name, language)
        if words[n].low in lexicon.articles and not any(_begins(p.name, words[n].low) for p in found.places[:3]):
            continue  # "The Split" is no name; "La Guaira" is
        if found.places:
            return Spot(start, end, n, stop, name, found)
        if (
            words[stop].low in lexicon.naming_after
            and all(w.proper for w in words[n:stop])
            and not words[n].shouted
            and words[n].low not in lexicon.words
            and "'s " not in name
        ):
            return Spot(start, end, n, stop, name, found, named=True)
    return None


def _begins(name: str, word: str) -> bool:
    return name.casefold().startswith(word)


def _blocked(text: str, start: int, end: int, taken: Sequence[tuple[int, int, bool]]) -> bool:
    """Whether an earlier mention is in the way. A state's name may stand in a longer one, of more words."""
    for s, e, may_grow in taken:
        if s >= end:
            break
        grown = start <= s and e <= end and any(not c.isalnum() for c in text[start:s] + text[e:end])
        if e > start and not (may_grow and grown):
            return True
    return False


def _single(
    text: str, words: Sequence[Token], n: int, lexicon: Words, gazetteer: Gazetteer, language: str | None
) -> Spot | None:
    token = words[n]
    if len(token.text) < 2 or (
        text[token.end : token.end + 1] == "-" and text[token.end + 1 : token.end + 2].isdigit()
    ):
        return None  # "AMAN-25" is an exercise
    head, dash, tail = token.text.rpartition("-")
    if dash and tail.casefold() in lexicon.refused:
        return None
    found = find(gazetteer, token.text, language)
    if not found.places and dash and head:
        # "Moscow-Beijing axis", "Berlin-Konferenz": the part that is a large place.
        head = token.text.partition("-")[0]
        found = find(gazetteer, head, language)
        if len(head) > 3 and head[0].isupper() and found.places and found.places[0].weight >= 5.3:
            return Spot(token.start, token.start + len(head), n, n, head, found)
        return None
    if not found.places and _named(words, n, lexicon):
        last = n
        while last + 1 < len(words) and last - n < LONGEST - 1 and words[last + 1].proper:
            if text[words[last].end : words[last + 1].start] not in (" ", "-"):
                break
            last += 1
        end = words[last].end
        return Spot(token.start, end, n, last, text[token.start : end], found, named=True)
    if not found.places and _near(text, words, n, lexicon):
        return Spot(token.start, token.end, n, n, token.text, found, named=True)
    return Spot(token.start, token.end, n, n, token.text, found) if found.places else None


def _near(text: str, words: Sequence[Token], n: int, lexicon: Words) -> bool:
    """Whether an unknown name of one word stands where only a place does ("near Masiutivka")."""
    token = words[n]
    if token.shouted or lexicon.nouns_in_capitals or len(token.text) < 4 or not token.text[1:].islower():
        return False
    if any(token.low in listed for listed in (lexicon.words, lexicon.calendar, lexicon.titles, lexicon.given_names,
                                              lexicon.surnames, lexicon.refused)):  # fmt: skip
        return False
    follows = n + 1 < len(words) and words[n + 1].proper and text[token.end : words[n + 1].start] == " "
    if follows or text[token.end : token.end + 2] in ("'s", "-b"):
        return False
    back = [words[k].low for k in range(max(0, n - 2), n)]
    glued = n > 0 and text[words[n - 1].end : token.start] == " "
    return glued and any(" ".join(back[k:]) in lexicon.near_before for k in range(len(back)))


def _named(words: Sequence[Token], n: int, lexicon: Words) -> bool:
    """Whether the words before say that a place's name follows ("village of", "die Stadt")."""
    back = [words[k].low for k in range(max(0, n - 3), n)]
    return any(" ".join(back[k:]) in lexicon.naming_before for k in range(len(back))) and not words[n].shouted


def group(spot: Spot) -> str:
    """What is one sense throughout a document: the gazetteer's key of the name."""
    return key(spot.name)
