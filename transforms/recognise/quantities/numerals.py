"""Numbers in figures and in words, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from transforms.recognise.dates.tokens import Tokens, split, unspaced
from transforms.recognise.quantities.schema import Language, Vague, languages

# A blank, a mark or an apostrophe may group thousands; what it means is decided by the language.
_FIGURES = re.compile(r"\d{1,3}(?:[ '.,]\d{3}){1,5}(?!\d)(?:[.,]\d{1,3}(?!\d))?|\d{1,15}(?:[.,]\d{1,6})?(?!\d)")
_CALIBRE = re.compile(r"[ -]?(?:mm|мм|cm|см)\b")
_MAX_PART = 14
_MOST = 10**15
"""Above this a row of numerals is no number that anybody meant."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens ``first`` up to ``end``: exact, or ``least`` ("dozens"), or ``about``.

    bare: four figures without a mark, as years are written. words: written in words. scaled: with "million" and above.
    scale: what its scale word multiplied by, 1 without one.
    """

    first: int
    end: int
    value: float
    least: bool = False
    about: bool = False
    bare: bool = False
    words: bool = False
    scaled: bool = False
    scale: int = 1


def _phrases(words: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """First token → the phrases that begin with it, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for word in words:
        tokens = tuple(split(word))
        found.setdefault(tokens[0], []).append(tokens)
    for phrases in found.values():
        phrases.sort(key=len, reverse=True)
    return found


class Phrases:
    """A set of phrases, each with a value, found at a token or ending before one."""

    def __init__(self, entries: dict[str, list[str]]) -> None:
        pairs = [(tuple(split(word)), name) for name, words in entries.items() for word in words]
        self._first = _phrases([" ".join(tokens) for tokens, _ in pairs])
        self._names = dict(pairs)
        self._last: dict[str, list[tuple[str, ...]]] = {}
        for tokens, _ in pairs:
            self._last.setdefault(tokens[-1], []).append(tokens)
        for phrases in self._last.values():
            phrases.sort(key=len, reverse=True)
        # Joined by blanks above, a phrase splits the same way again.
        self._names |= {tuple(split(" ".join(tokens))): name for tokens, name in pairs}

    def at(self, tokens: Tokens, index: int) -> tuple[str, int] | None:
        """The name of the longest phrase at a token, and the token after it."""
        for phrase in self._first.get(tokens.word(index), ()):
            end = index + len(phrase)
            if tuple(tokens.words[index:end]) == phrase:
                return self._names[phrase], end
        return None

    def ending(self, tokens: Tokens, index: int) -> tuple[str, int] | None:
        """The name of the longest phrase that ends right before a token, and its first token."""
        for phrase in self._last.get(tokens.word(index - 1), ()):
            start = index - len(phrase)
            if start >= 0 and tuple(tokens.words[start:index]) == phrase:
                return self._names[phrase], start
        return None

    @property
    def starters(self) -> frozenset[str]:
        """The words that begin a phrase."""
        return frozenset(self._first)


class Numerals:
    """Reads the numbers of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._cardinals = {tuple(split(word)): value for word, value in language.cardinals.items()}
        self._longest = max(map(len, self._cardinals), default=1)
        self._hundreds = frozenset(language.hundreds)
        self._tens = frozenset(language.tens)
        self._scales = dict(language.scales)
        self._short = dict(language.short_scales)
        self._articles = frozenset(language.articles)
        self._links = frozenset(language.links)
        self._vague: dict[tuple[str, ...], Vague] = {tuple(split(w)): v for w, v in language.vague.items()}
        self._alone = frozenset(language.alone)
        self._several = Phrases({"several": language.several} if language.several else {})
        self._halves = Phrases({"half": language.halves} if language.halves else {})
        self._vague_links = frozenset(language.vague_links)
        heads = {phrase[0] for phrase in self._cardinals} | {phrase[0] for phrase in self._vague}
        self.starters = (
            frozenset(heads) | self._articles | frozenset(self._scales) | self._several.starters | self._halves.starters
        )
        parts = (*language.cardinals, *language.hundreds) if language.compound else ()
        self.heads = frozenset(word[:3] for word in parts)
        """How a numeral in one word may begin, in languages that write so."""

    def at(self, tokens: Tokens, index: int) -> Number | None:
        """The number that begins at a token, or None."""
        word = tokens.words[index]
        if word[0].isdecimal():
            number = self._figures(tokens, index)
            return self._told_twice(tokens, number) if number is not None else None
        vague = self._vaguely(tokens, index) or self._multiple(tokens, index)
        if vague is not None:
            return vague
        number = self._words(tokens, index)
        return self._told_twice(tokens, number) if number is not None else None

    def _told_twice(self, tokens: Tokens, number: Number) -> Number:
        """The number with its repetition in brackets, "twenty-four (24)" or "24 (twenty-four)", as contracts write."""
        opening = number.end
        if tokens.word(opening) != "(" or opening + 1 >= len(tokens):
            return number
        figures = tokens.words[opening + 1][0].isdecimal()
        if figures != number.words:
            return number
        again = self._figures(tokens, opening + 1) if figures else self._words(tokens, opening + 1)
        if again is None or again.value != number.value or tokens.word(again.end) != ")":
            return number
        return replace(number, end=again.end + 1, bare=False)

    def scale(self, tokens: Tokens, index: int) -> tuple[int, int] | None:
        """The scale at a token ("million", "bn", "mil millones") and the token after it."""
        factor, at = 1, index
        while at < len(tokens) and at < index + 2:
            word = tokens.words[at]
            step = self._scales.get(word)
            if step is None and at == index:
                step = self._short.get(word)
            if step is None:
                break
            factor *= step
            at += 1
            if word in self._short and tokens.word(at) == "." and tokens.glued[at]:
                at += 1
                break
        return (factor, at) if at > index else None

    # figures

    def _figures(self, tokens: Tokens, index: int) -> Number | None:
        match = _FIGURES.match(tokens.text, tokens.starts[index])
        if match is None:
            return None
        text = match[0]
        if " " in text and not self._language.spaces:
            text = text.split(" ")[0]
        elif " " in text and len(set(text) & set(".,'")) and " " in text:
            text = text if re.fullmatch(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,3})?", text) else text.split(" ")[0]
        if " " in text and _CALIBRE.match(tokens.text, tokens.starts[index] + len(text)):
            text = text.rpartition(" ")[0]  # "10 000 155 mm shells"
        stop = tokens.starts[index] + len(text)
        end = index
        while end < len(tokens) and tokens.starts[end] < stop:
            end += 1
        if tokens.ends[end - 1] != stop:
            return None
        hyphen = end + 1 < len(tokens) and tokens.words[end] == "-" and tokens.glued[end] and tokens.glued[end + 1]
        scale = self.scale(tokens, end + hyphen) if not hyphen or tokens.words[end + 1] in self._scales else None
        value = self._value(text, scaled=scale is not None)
        if value is None:
            return None
        bare = len(text) == 4 and text.isdigit()
        if scale and (hyphen or scale[1] > end + 1 or tokens.words[end] not in self._short or self._plain(tokens, end)):
            factor, after = scale
            return self._continued(tokens, Number(index, after, round(value * factor, 4), scaled=factor >= 1_000_000,
                                                  scale=factor))  # fmt: skip
        return Number(index, end, value, bare=bare)

    def _continued(self, tokens: Tokens, number: Number) -> Number:
        """A scaled number with the lower part after it: "1 mil 300 millones", "2 million 300 thousand"."""
        at = number.end
        part = tokens.word(at)
        beside = unspaced(tokens.word(at - 1))  # "3亿5000万"
        if number.scale < 1000 or not part.isdecimal() or len(part) > 3 + beside or (tokens.glued[at] and not beside):
            return number
        scale = self.scale(tokens, at + 1)
        if scale is None or (len(tokens.words[at + 1]) == 1 and not unspaced(tokens.words[at + 1])):
            if number.scale != 1000 or len(part) < 3 or _CALIBRE.match(tokens.text, tokens.ends[at]):
                return number
            return Number(number.first, at + 1, number.value + int(part))  # "2 mil 200"
        factor, end = scale
        if number.scale == 1000 and factor >= 1_000_000:  # thousands of millions
            total = (number.value + int(part)) * factor
        elif factor < number.scale:
            total = number.value + int(part) * factor
        else:
            return number
        return Number(number.first, end, total, scaled=total >= 1_000_000, scale=factor)

    def _plain(self, tokens: Tokens, at: int) -> bool:
        """Whether a short scale is one: a single letter must touch its figures."""
        return len(tokens.words[at]) > 1 or tokens.glued[at]

    def _value(self, text: str, *, scaled: bool) -> float | None:
        decimal = self._language.decimal
        marks = [char for char in text if not char.isdecimal()]
        if not marks:
            return float(int(text))
        if len(set(marks)) > 1 and marks[-1] in ".,":
            whole, _, part = text.rpartition(marks[-1])
            return float(f"{int(''.join(c for c in whole if c.isdecimal()))}.{int(part):0{len(part)}d}")
        mark, groups = marks[0], re.split(r"[ '.,]", text)
        grouped = all(len(group) == 3 for group in groups[1:])
        # One mark and three figures: thousands, unless the mark is the language's decimal one before a scale.
        if grouped and (len(marks) > 1 or mark in " '" or (mark != decimal) or (mark == "," and not scaled)):
            return float(int("".join(groups)))
        if len(marks) == 1 and mark in ".,":
            return float(f"{int(groups[0])}.{int(groups[1]):0{len(groups[1])}d}")
        return None

    # words

    def _cardinal(self, tokens: Tokens, index: int) -> tuple[int, int] | None:
        for size in range(min(self._longest, len(tokens) - index), 0, -1):
            value = self._cardinals.get(tuple(tokens.words[index : index + size]))
            if value is not None:
                return value, index + size
        if self._language.compound:
            value = compound(tokens.words[index], self._language)
            if value is not None:
                return value, index + 1
        return None

    def _words(self, tokens: Tokens, index: int) -> Number | None:
        total = current = 0
        at, last_scale, parts, scaled = index, 1 << 62, 0, False
        above = 1 << 62  # the scale before the last one
        while at < len(tokens) and total < _MOST:
            word = tokens.words[at]
            step = at
            if parts and (word in self._links or (word == "-" and tokens.glued[at])):
                step = at + 1
                if step >= len(tokens):
                    break
            cardinal = self._cardinal(tokens, step)
            follow = tokens.words[step]
            if follow in self._tens and step == at and current % 10 and current % 100 < 10:
                current += current % 10 * 9
                at = step + 1
            elif cardinal is not None:
                value, after = cardinal
                if current and not (current % 100 == 0 or (current % 10 == 0 and value < 10) or value == 100):
                    break
                if step > at and current == 0 and total == 0:
                    break
                current += value
                at = after
            elif follow in self._hundreds and current % 100 and current < 100:
                current *= 100
                at = step + 1
            elif follow in self._scales and step == at and (current or (parts and total) or follow in self._alone):
                factor = self._scales[follow]
                if factor >= last_scale and total:
                    low = total % above
                    if current and (last_scale != 1000 or low >= 1_000_000):
                        break
                    total += (low + current) * factor - low  # "mil trescientos millones"
                else:
                    total += (current or 1) * factor
                above = last_scale if factor < last_scale else above
                current, last_scale, scaled = 0, factor, scaled or factor >= 1_000_000
                at = step + 1
            else:
                break
            parts += 1
        if not parts:
            return None
        if at + 1 < len(tokens) and tokens.glued[at] and tokens.words[at] == "-" and tokens.glued[at + 1]:
            return None  # "one-way", "two-seat": a compound, no count
        scale = last_scale if last_scale < 1 << 62 and not current else 1
        return Number(index, at, float(total + current), words=True, scaled=scaled, scale=scale)

    def _multiple(self, tokens: Tokens, index: int) -> Number | None:
        """ "a hundred", "half a million", "several hundred", "a million"."""
        half = self._halves.at(tokens, index)
        if half:
            scale = self._scale_or_hundred(tokens, half[1])
            return Number(index, scale[1], scale[0] / 2, words=True, scaled=scale[0] >= 1e6) if scale else None
        several = self._several.at(tokens, index)
        if several:
            scale = self._scale_or_hundred(tokens, several[1])
            if scale:
                return Number(index, scale[1], 2.0 * scale[0], least=True, words=True, scaled=scale[0] >= 1e6)
        if tokens.words[index] in self._articles:
            scale = self._scale_or_hundred(tokens, index + 1)
            return Number(index, scale[1], float(scale[0]), words=True, scaled=scale[0] >= 1e6) if scale else None
        return None

    def _scale_or_hundred(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        if tokens.word(at) in self._hundreds:
            return 100, at + 1
        return self.scale(tokens, at) if at < len(tokens) else None

    def _vaguely(self, tokens: Tokens, index: int) -> Number | None:
        for size in (3, 2, 1):
            vague = self._vague.get(tuple(tokens.words[index : index + size]))
            if vague is None:
                continue
            value, at = float(vague.min or vague.about or 0), index + size
            link = at + (tokens.word(at) in self._vague_links)
            scale = self._scale_or_hundred(tokens, link)
            further = self._vague.get((tokens.word(link),)) if link > at and scale is None else None
            if scale and (tokens.words[link] in self._scales or tokens.words[link] in self._hundreds):
                total = value * scale[0]
                return Number(index, scale[1], total, least=vague.min is not None, about=vague.about is not None,
                              words=True, scaled=total >= 1e6)  # fmt: skip
            if further is not None and further.min:
                # "hundreds of thousands": so many times the single one, which is half the least plural.
                return Number(index, link + 1, value * further.min / 2, least=True, words=True)
            return Number(
                index, at, value, least=vague.min is not None, about=vague.about is not None, words=True,
                scaled=value >= 1_000_000,
            )  # fmt: skip
        return None


def compound(word: str, language: Language) -> int | None:
    """The value of a numeral in one word ("vierundzwanzig"), or None. Linear: a greedy walk over known parts."""
    if len(word) > 60:
        return None
    at, total, current, parts = 0, 0, 0, 0
    while at < len(word):
        for size in range(min(_MAX_PART, len(word) - at), 1, -1):
            part = word[at : at + size]
            if part in language.cardinals and part.isalpha():
                value = language.cardinals[part]
                current += value
            elif part in language.hundreds:
                current = (current or 1) * 100
            elif part in language.scales and language.scales[part] == 1000:
                total, current = total + (current or 1) * 1000, 0
            elif not (part in language.links and parts):
                continue
            at += size
            parts += 1
            break
        else:
            return None
    return total + current if parts > 1 else None


@cache
def numerals(language: str) -> Numerals:
    """The numerals of a language with knowledge."""
    return Numerals(languages()[language])
