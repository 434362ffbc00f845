"""What a number counts: the weapon or unit in the noun phrase after it, or nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from transforms.recognise.dates.schema import languages as date_languages
from transforms.recognise.dates.tokens import Tokens, split, unspaced
from transforms.recognise.quantities.numerals import Phrases
from transforms.recognise.quantities.reader import Reader, Reading
from transforms.recognise.quantities.schema import money
from transforms.records import WeaponMention

_GAP = 6
"""Tokens of adjectives and makers' names between a number and its noun."""
_GAP_UNSPACED = 14
"""The same between a measure word and its noun, where a token is a character."""
_JOINTS = frozenset("-/'\"&.")
_EMPHASIS = frozenset("*")
_QUOTES = frozenset("\"'«„“‘")
_CLOSED = frozenset("\"'»“”’")
_PLAIN_UNIT = {"ammunition": "round", "explosives": "piece"}


@dataclass(frozen=True, slots=True)
class Target:
    """A weapon mention with its folded offsets."""

    start: int
    end: int
    mention: WeaponMention


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: ``end`` is the token after the noun.

    ``elliptic``: it may stand for goods named nearby. ``sum``: a large number without a noun, money perhaps.
    """

    kind: Literal["goods", "money", "other", "elliptic", "sum"]
    end: int
    unit: str | None = None
    currency: str | None = None
    of: str | None = None
    target: int | None = None


class Counter:
    """Finds what the numbers of one text count."""

    def __init__(self, reader: Reader, tokens: Tokens, targets: Sequence[Target]) -> None:
        self._tokens = tokens
        self._targets = targets
        self._starts = [target.start for target in targets]
        self._words = _words(reader)
        self._classified = reader.language.classified

    def within(self, start: int) -> int | None:
        """The folded end of the weapon mention that an offset lies in ("F-16", "155 mm shells"), or None."""
        at = bisect_right(self._starts, start) - 1
        return self._targets[at].end if at >= 0 and start < self._targets[at].end else None

    def count(self, reading: Reading) -> Counted | None:
        """What a reading counts; None where it is no quantity (a year, an identifier, a size)."""
        tokens, end = self._tokens, reading.end
        if reading.currency is not None:
            return Counted("money", end, unit=reading.currency, currency=reading.currency)
        first = reading.number.first
        figures = tokens.words[first][0].isdecimal()
        if figures and not self._plain(reading):
            return None
        if unspaced(tokens.words[first]) and tokens.word(reading.start - 1) in self._words.not_before:
            return None  # "第三", "统一"
        noun = self._noun(reading)
        table = self._in_table(reading) if noun is None else None
        if table is not None:
            return table
        if noun is not None:
            if self._year(reading) and noun.end - end > (2 if noun.kind == "goods" else 1):
                return None
            return noun
        tally = self._tally(reading)
        if tally is not None:
            return tally
        if self._stands_alone(reading):
            return Counted("elliptic", self._more_end(end))
        if reading.number.scaled:
            return Counted("sum", end)
        return None

    # refusals

    def _plain(self, reading: Reading) -> bool:
        """Whether figures are a number that counts: no identifier, day, clock time, ordinal or size."""
        tokens, words = self._tokens, self._words
        first, end = reading.number.first, reading.end
        before = tokens.word(reading.first - 1)
        if before == "." and tokens.glued[reading.first - 1]:
            before = tokens.word(reading.first - 2)
        if before in words.not_before and reading.start == reading.first:
            return False
        if reading.number.value <= 31 and (before in words.months or tokens.word(end) in words.months):
            return False
        if self._year(reading) and (before in words.year_before or before in words.months):
            return False
        if end < len(tokens) and tokens.glued[end]:
            mark = tokens.words[end]
            joint = mark[0].isalnum() and not (unspaced(mark) or unspaced(tokens.words[end - 1]))
            if joint or mark in "_°:/#@=":
                return False
            following = tokens.word(end + 1)
            joined = end + 1 < len(tokens) and tokens.glued[end + 1]
            if joined and mark == "-" and following[:1].isalnum():
                return False
            if joined and mark in ".,'" and following[:1].isalnum():
                return False
        return first == reading.first

    @staticmethod
    def _year(reading: Reading) -> bool:
        return reading.number.bare and 1800 <= reading.number.value <= 2100

    # nouns

    def _noun(self, reading: Reading) -> Counted | None:
        tokens, words = self._tokens, self._words
        at = reading.end
        while tokens.word(at) in _EMPHASIS and tokens.glued[at]:
            at += 1  # "**18** rifles"
        if tokens.word(at) in words.of:
            if not (reading.number.least or reading.number.about or reading.number.scaled or reading.number.value > 1):
                return None
            partitive = not (reading.number.least or reading.number.about or reading.number.scaled)
            at += 1
            numbered = tokens.word(at)[:1].isdecimal() or tokens.word(at) in words.stops
            if partitive and not numbered and not {tokens.word(at - 1), tokens.word(at)} & words.articles:
                return None
            while tokens.word(at) in words.articles:
                at += 1
            if partitive and (tokens.word(at)[:1].isdecimal() or tokens.word(at) in words.stops):
                return Counted("elliptic", reading.end)  # "two of the three frigates": the three are counted next
        start, limit = at, min(len(tokens), at + _GAP)
        while at < limit:
            word = tokens.words[at]
            target = self._target_at(at)
            if target is not None:
                return self._weapon(target, at) if self._direct(reading) else None
            quoted = word in _QUOTES and at + 1 < len(tokens) and tokens.glued[at + 1]
            if quoted and (target := self._target_at(at + 1)) is not None:
                return self._unquoted(self._weapon(target, at + 1))
            if word == "\n" or word in ',;:!?()[]{}|—"':
                return None
            measure = word in words.measures and at == start
            other = words.others.at(tokens, at)
            unit = words.units.at(tokens, at)
            if other is not None and (unit is None or other[1] > unit[1]):
                return Counted("other", other[1], unit=word)
            if unit is not None:
                return self._unit(unit[0], at, unit[1])
            if measure:
                return Counted("other", at + 1, unit=word)
            if self._classified:
                return None
            joined = at > start and tokens.glued[at] and word not in words.stops
            limit = min(len(tokens), limit + joined)  # the marks and figures of a designation are one word
            if (word in words.blockers and not joined) or (
                at > start and not joined and (word[0].isdecimal() or word in words.stops)
            ):
                return None
            if not word[0].isalnum() and word not in _JOINTS:
                return None
            if word == "." and (len(tokens.words[at - 1]) > 4 or at == start):
                return None
            at += 1
        return None

    def _direct(self, reading: Reading) -> bool:
        """Whether a number may stand right before its noun: a small one in words needs its measure word."""
        number = reading.number
        return not (self._classified and number.words and not number.least and number.scale == 1)

    def _unquoted(self, counted: Counted | None) -> Counted | None:
        """With the closing mark after a name in quotation marks."""
        closed = counted is not None and self._tokens.word(counted.end) in _CLOSED
        return replace(counted, end=counted.end + 1) if counted is not None and closed else counted

    def _target_at(self, at: int) -> Target | None:
        """The weapon mention that begins at a token, or in the word that the token is the end of."""
        index = bisect_right(self._starts, self._tokens.starts[at]) - 1
        if index < 0:
            return None
        target = self._targets[index]
        return target if target.start <= self._tokens.starts[at] < target.end else None

    def _weapon(self, target: Target, at: int) -> Counted | None:
        tokens, words = self._tokens, self._words
        end = self._past(target, at)
        unit = self._unit_after(end)
        if unit is not None:
            return Counted("goods", unit[1], unit=unit[0], of=target.mention.text, target=target.mention.start)
        other = words.others.at(tokens, end)
        if other is None and target.mention.category == "generic":
            other = words.others.at(tokens, end - 1)  # "three arms sales" counts sales
        if other is not None:
            return Counted("other", other[1], unit=tokens.word(other[1] - 1))
        if tokens.word(end) == "-" and tokens.glued[end] and end + 1 < len(tokens) and tokens.glued[end + 1]:
            return None  # "20 missile-carrying ships"
        inside = words.units.at(tokens, end - 1)
        named = inside[0] if inside is not None and inside[1] == end else None
        kind = _PLAIN_UNIT.get(target.mention.category) or (named if named not in words.weighed else None) or "piece"
        return Counted("goods", end, unit=kind, of=target.mention.text, target=target.mention.start)

    def _past(self, target: Target, at: int) -> int:
        """The token after a weapon mention that holds the token ``at``."""
        while at < len(self._tokens) and self._tokens.starts[at] < target.end:
            at += 1
        return at

    def _unit_after(self, end: int) -> tuple[str, int] | None:
        """The unit noun that a weapon's name stands before ("Patriot air defence units", "F-15 fighter jets")."""
        tokens, words = self._tokens, self._words
        for at in range(end, min(len(tokens), end + 3)):
            if tokens.glued[at] or not tokens.words[at].isalpha() or self._target_at(at):
                return None
            unit = words.units.at(tokens, at)
            if words.others.at(tokens, at) is not None or tokens.words[at] in words.blockers:
                return None
            if unit is not None:
                return unit if unit[0] not in words.weighed else None
        return None

    def _unit(self, unit: str, at: int, end: int) -> Counted | None:
        """A unit noun, with the goods after "of" where there are some."""
        tokens, words = self._tokens, self._words
        after = end + (tokens.word(end) in words.of)
        # In some languages the goods follow the unit directly ("Schuss Munition", "тонн боеприпасов").
        for step in range(after, min(len(tokens), after + (_GAP_UNSPACED if self._classified else 6))):
            target = self._target_at(step)
            if target is not None:
                if self._classified and step == end:
                    end = self._past(target, step)  # the noun is part of "36枚导弹"
                return Counted("goods", end, unit=unit, of=target.mention.text, target=target.mention.start)
            word = tokens.words[step]
            if word in words.goods:
                return Counted("goods", end, unit=unit, of=word)
            if tokens.glued[step] and (word == "-" or tokens.words[step - 1] == "-"):
                continue  # "foreign-made"
            if self._classified and word in _QUOTES:
                continue
            if not word[0].isalnum() or word in words.blockers:
                break
        if unit in words.weighed:
            return Counted("other", end, unit=unit)
        if self._classified:
            return Counted("elliptic", end, unit=unit)
        for step in range(end, min(len(tokens), end + 3)):
            other = words.others.at(tokens, step)
            if other is not None and not tokens.glued[step]:
                return Counted("other", other[1], unit=tokens.word(step))  # "nine firearms task forces"
            if not tokens.words[step].isalpha() or tokens.words[step] in words.blockers:
                break
        return Counted("goods", end, unit=unit, of=tokens.text[tokens.starts[at] : tokens.ends[end - 1]])

    # numbers without a noun

    def _in_table(self, reading: Reading) -> Counted | None:
        """ "tanks - 1361": a weapon, a dash or colon, and its number."""
        tokens, at = self._tokens, reading.start - 1
        if at < 1 or tokens.words[at] not in ("-", ":", "—"):
            return None
        index = bisect_right(self._starts, tokens.starts[at - 1]) - 1
        if index < 0:
            return None
        target = self._targets[index]
        if not target.start <= tokens.starts[at - 1] < target.end or tokens.glued[at] != (tokens.words[at] == ":"):
            return None
        return Counted("goods", reading.end, unit="piece", of=target.mention.text, target=target.mention.start)

    def _stands_alone(self, reading: Reading) -> bool:
        tokens, words = self._tokens, self._words
        if self._year(reading) or (reading.number.words and reading.number.value == 1):
            return False
        following = tokens.word(reading.end)
        led = {tokens.word(reading.start - 1), tokens.word(reading.first - 1)} & words.more_before
        if led and (not following or not following[0].isalnum() or following in words.blockers):
            return True
        return words.more.at(tokens, reading.end) is not None or words.ellipsis.at(tokens, reading.end) is not None

    def _tally(self, reading: Reading) -> Counted | None:
        """ "... the number of launchers in service to nine": the sum of goods named earlier in the sentence."""
        tokens, words = self._tokens, self._words
        if tokens.word(reading.end) not in ("", ".", ",", ";", "\n") or self._year(reading):
            return None
        if tokens.word(reading.start - 1) not in words.tally_before:
            return None
        target: Target | None = None
        for at in range(reading.start - 2, max(-1, reading.start - 20), -1):
            if tokens.words[at] in ".;\n":
                return None
            target = self._target_at(at) or target
            if tokens.words[at] in words.tallies and target is not None:
                of, start = target.mention.text, target.mention.start
                return Counted("goods", reading.end, unit="piece", of=of, target=start)
        return None

    def _more_end(self, end: int) -> int:
        more = self._words.more.at(self._tokens, end)
        return more[1] if more else end


@dataclass(frozen=True, slots=True)
class _Words:
    """A language's words as sets and phrase tables."""

    units: Phrases
    others: Phrases
    more: Phrases
    ellipsis: Phrases
    weighed: frozenset[str]
    goods: frozenset[str]
    of: frozenset[str]
    articles: frozenset[str]
    blockers: frozenset[str]
    measures: frozenset[str]
    not_before: frozenset[str]
    year_before: frozenset[str]
    months: frozenset[str]
    stops: frozenset[str]
    tallies: frozenset[str]
    more_before: frozenset[str]
    tally_before: frozenset[str]


@cache
def _words(reader: Reader) -> _Words:
    language = reader.language
    months = {
        first
        for known in date_languages().values()
        for names in known.months.values()
        for name in names
        if not ((first := split(name.rstrip("."))[0]).isdecimal() or unspaced(first))
    }
    return _Words(
        units=Phrases(language.units),
        others=Phrases({"other": language.others}),
        more=Phrases({"more": language.more}),
        ellipsis=Phrases({"ellipsis": language.ellipsis}),
        weighed=frozenset(language.weighed),
        goods=frozenset(language.goods),
        of=frozenset(language.of),
        articles=frozenset(language.articles) | frozenset(language.determiners),
        blockers=frozenset(language.blockers),
        measures=frozenset(money().measures),
        not_before=frozenset(language.not_before),
        year_before=frozenset(language.year_before),
        months=frozenset(months),
        stops=frozenset(language.of) | frozenset(language.cardinals),
        tallies=frozenset(language.tallies),
        more_before=frozenset(language.more_before),
        tally_before=frozenset(language.tally_before),
    )
