"""A number with what is said of it: bounds before and after, ranges, a currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from transforms.recognise.dates.tokens import Tokens, proclitics, unspaced
from transforms.recognise.quantities.numerals import Number, Numerals, Phrases, compound, numerals
from transforms.recognise.quantities.schema import Bound, Language, languages, money

_BLOCK = frozenset("-/.,:#№§_@\\~^*=&+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number or range: ``start`` is the token its bounds begin at, ``first`` to ``end`` the number itself.

    currency: ISO 4217 code. upper: the far end of a range.
    """

    start: int
    first: int
    end: int
    number: Number
    bound: Bound | None = None
    upper: float | None = None
    currency: str | None = None

    def bounds(self) -> tuple[float | None, float | None, float | None]:
        """The number, or the least and the most."""
        value = self.number.value
        if self.upper is not None:
            return None, value, self.upper
        if self.bound in ("min", "over") or (self.number.least and self.bound not in ("max", "under")):
            return None, value, None
        if self.bound in ("max", "under"):
            return None, None, value
        return value, None, None

    @property
    def approx(self) -> bool:
        """Whether the number is only about right."""
        return self.bound == "approx" or self.number.about

    @property
    def exclusive(self) -> bool:
        """Whether the bound itself is not meant."""
        return self.bound in ("over", "under")


class Reader:
    """Reads quantities of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.numerals: Numerals = numerals_of(language)
        # A bound's Literal keys are plain names to the phrase table.
        self._bounds = Phrases({str(name): words for name, words in language.bounds.items()})
        self._after = Phrases({str(name): words for name, words in language.after_bounds.items()})
        self._signs = Phrases({})
        signs: dict[str, list[str]] = {}
        for sign, code in money().signs.items():
            signs.setdefault(code, []).append(sign)
        self._signs = Phrases(signs)
        self._codes = frozenset(code.lower() for code in money().codes)
        self._currencies = Phrases(language.currencies)
        self._verbs = frozenset(language.not_bound_after)
        self._ranges = frozenset(language.ranges)
        self._between = {key: frozenset(words) for key, words in language.between.items()}
        self._of = frozenset(language.of)
        self.starters = self.numerals.starters | self._signs.starters | self._codes
        self._heads = self.numerals.heads

    def may_begin(self, word: str) -> bool:
        """Whether a quantity may begin with a lower-cased word."""
        return (
            word in self.starters
            or word[0].isdecimal()
            or (word[:3] in self._heads and compound(word, self.language) is not None)
        )

    def at(self, tokens: Tokens, index: int) -> Reading | None:
        """The quantity that begins at a token with its currency or its number, or None."""
        currency, at = self._sign(tokens, index)
        if currency is None and not self._free(tokens, index):
            return None
        number = self.numerals.at(tokens, at) if at < len(tokens) else None
        if number is None:
            return None
        if currency is not None and number.words:
            return None
        currency, end = self._currency(tokens, number.end, currency)
        joint = self.language.currency_scales.get(tokens.word(end)) if currency is None else None
        if joint is not None:
            number, currency, end = replace(number, value=number.value * joint[0], scaled=True), joint[1], end + 1
        number, upper, currency, end = self._range(tokens, index, number, currency, end)
        bound, start = self._bound(tokens, index)
        after = self._after.at(tokens, end)
        if after is not None and number.words and number.value == 1:
            return None  # "one or more" tells no number
        if after is not None and (bound is None or after[0] == "approx"):
            bound, end = _bound(after[0]), after[1]
            scale = self.numerals.scale(tokens, end) if unspaced(tokens.words[end - 1]) else None
            if scale is not None:  # "20多万"
                number, end = replace(number, value=number.value * scale[0], scale=scale[0]), scale[1]
                currency, end = self._currency(tokens, end, currency)
        if self._between and start > 0 and upper is not None and tokens.word(start - 1) in self._between:
            start -= 1
        return Reading(start, index, end, number, bound, upper, currency)

    def _sign(self, tokens: Tokens, index: int) -> tuple[str | None, int]:
        """The currency in front of a number, and the number's token."""
        sign = self._sign_at(tokens, index)
        if sign is not None:
            return sign
        if tokens.words[index] in self._codes and tokens.surface(index).isupper():
            after = index + 1
            if tokens.word(after)[:1].isdecimal():
                return tokens.surface(index), after
            if tokens.word(after) in ("$", "€", "£") and tokens.word(after + 1)[:1].isdecimal():
                return tokens.surface(index), after + 1
        return None, index

    def _sign_at(self, tokens: Tokens, index: int) -> tuple[str, int] | None:
        """A currency sign at a token: one word in capitals ("US$", not "a $5 ticket")."""
        sign = self._signs.at(tokens, index)
        if sign is None or any(not tokens.glued[at] for at in range(index + 1, sign[1])):
            return None
        written = tokens.text[tokens.starts[index] : tokens.ends[sign[1] - 1]]
        return sign if not written[0].islower() or sign[1] == index + 1 else None

    def _currency(self, tokens: Tokens, end: int, currency: str | None) -> tuple[str | None, int]:
        """The currency behind a number ("60 mln dlrs", "billions of dollars", "5 €"), and the token after it."""
        at = end + (tokens.word(end) in self._of)
        at += at > end and tokens.word(at) == "'"
        if at == end and tokens.word(end) == "-":
            at = end + 1
        named = self._currencies.at(tokens, at)
        if named is not None and (not tokens.glued[at] or at > end or unspaced(tokens.words[at])):
            return currency or named[0], named[1]
        if currency is None:
            sign = self._sign_at(tokens, end)
            # "5 € and": a sign behind touches no figure of the next number.
            if sign is not None and not tokens.word(sign[1])[:1].isdecimal():
                return sign
            if tokens.word(end) in self._codes and tokens.surface(end).isupper():
                return tokens.surface(end), end + 1
        elif tokens.word(end) in self._codes and tokens.surface(end).isupper():
            return tokens.surface(end), end + 1
        return currency, end

    def _range(
        self, tokens: Tokens, index: int, number: Number, currency: str | None, end: int
    ) -> tuple[Number, float | None, str | None, int]:
        joiner = tokens.word(end)
        inner = tokens.word(index - 1) in self._between and joiner in self._between[tokens.word(index - 1)]
        if not (inner or joiner in self._ranges) or number.least:
            return number, None, currency, end
        at = end + 1
        if at >= len(tokens):
            return number, None, currency, end
        second, at = self._sign(tokens, at)
        other = self.numerals.at(tokens, at) if at < len(tokens) else None
        if other is None or other.least or other.bare or number.bare:
            return number, None, currency, end
        value = number.value
        last, after = self._currency(tokens, other.end, second or currency)
        if (currency is None) != (last is None) and not (inner or last):
            return number, None, currency, end
        if number.scale == 1 and value * other.scale < other.value:
            value *= other.scale
        if value >= other.value:
            return number, None, currency, end
        joined = Number(number.first, other.end, value, scaled=other.scaled, words=number.words, scale=other.scale)
        return joined, other.value, last, after

    def _bound(self, tokens: Tokens, index: int) -> tuple[Bound | None, int]:
        bound: Bound | None = None
        start = index
        for _ in range(3):
            found = self._bounds.ending(tokens, start)
            if found is None or "\n" in tokens.words[found[1] : start]:
                break
            if start - found[1] == 1 and tokens.word(found[1] - 1) in self._verbs:
                break
            name = _bound(found[0])
            if bound in (None, "exact") or (bound == "approx" and name != "exact"):
                bound = name
            start = found[1]
        return bound, start

    def _free(self, tokens: Tokens, index: int) -> bool:
        """Whether nothing is joined to the front of the number."""
        if not tokens.glued[index]:
            return True
        before = tokens.words[index - 1]
        if before in proclitics():
            return True
        joint = before[-1].isalnum() and not (unspaced(before) or unspaced(tokens.words[index]))
        if joint or before in "_°":
            return False
        further = tokens.words[index - 2] if index >= 2 and tokens.glued[index - 1] else ""
        if before in _BLOCK and further[-1:].isalnum() and not (unspaced(further) and before in ",.:"):
            return False
        return not (before in "#№§=+/\\@" or (before in ".-" and tokens.words[index][0].isdecimal()))


def _bound(name: str) -> Bound:
    for bound in ("approx", "min", "max", "over", "under"):
        if name == bound:
            return bound
    return "exact"


def numerals_of(language: Language) -> Numerals:
    """The numerals of a language's knowledge."""
    for code, known in languages().items():
        if known is language:
            return numerals(code)
    return Numerals(language)


@cache
def reader(code: str) -> Reader:
    """The reader of a language with knowledge."""
    return Reader(languages()[code])
