"""What looks like a date and is none: figures of something else, months that are words, days that are names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from transforms.recognise.dates.grammar import Match
from transforms.recognise.dates.schema import Language, common, languages
from transforms.recognise.dates.tokens import Tokens, proclitics, unspaced

# Addresses: their figures are nobody's date. Bounded and without nested quantifiers.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\"<>]{1,2000}", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|pdf|html?|php|aspx?|docx?|xlsx?|mp4)\b", re.IGNORECASE)
_IN_FILE = frozenset("_%/.-")
_LONGEST_NAME = 200
_ROW = 40
"""Tokens back in which a row of resolutions is followed to the word itself."""
_GLUE = frozenset("-/.,:$€£#№§&=+_@\\~^*%")


@lru_cache(maxsize=2)
def addresses(text: str) -> list[tuple[int, int]]:
    """The folded spans of addresses and file names, in order."""
    found = [match.span() for match in _ADDRESS.finditer(text)]
    for match in _FILE.finditer(text):
        start = match.start()
        floor = max(0, start - _LONGEST_NAME)
        while start > floor and (text[start - 1].isalnum() or text[start - 1] in _IN_FILE):
            start -= 1
        found.append((start, match.end()))
    return sorted(found)


def inside(spans: Sequence[tuple[int, int]], start: int) -> bool:
    """Whether an offset lies in one of the ordered spans."""
    at = bisect_right(spans, (start, 1 << 60)) - 1
    return at >= 0 and spans[at][0] <= start < spans[at][1]


def stands_free(tokens: Tokens, match: Match) -> bool:
    """Whether no letter or figure is joined to the match on either side."""
    first, after = match.first, match.end
    if tokens.glued[first]:
        before = tokens.words[first - 1]
        figure = tokens.words[first][0].isdigit()
        joint = before[-1].isalnum() and not (unspaced(before) or unspaced(tokens.words[first]))
        if before not in proclitics() and (joint or before == "_"):
            return False
        if before in _GLUE and first >= 2 and tokens.glued[first - 1]:
            joined = tokens.words[first - 2]
            if joined[-1].isalnum() and (figure or before in "@_\\=&"):
                prefix = before == "-" and joined in common().year_prefixes
                clause = joined.isalpha() and (len(joined) > 2 or unspaced(joined))
                if not prefix and not (before in ",:." and clause):
                    return False
        if figure and before in "$€£#№§=+":
            return False
    if after < len(tokens) and tokens.glued[after]:
        mark = tokens.words[after]
        ends_figure = tokens.words[after - 1][-1].isdigit()
        joint = mark[0].isalnum() and not (unspaced(mark) or unspaced(tokens.words[after - 1]))
        if joint or mark in "_%°":
            return False
        touches = tokens.glued[after + 1] if after + 1 < len(tokens) else False
        if ends_figure and touches and mark in ".,:/-'" and tokens.words[after + 1][0].isdigit():
            return False
        if ends_figure and touches and mark in "/\\@" and tokens.words[after + 1][0].isalnum():
            return False
    return True


class Guard:
    """Refuses matches of one language by its knowledge."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._before = frozenset(language.before)
        self._numeric = frozenset(language.numeric_before)
        self._not_after = frozenset(language.not_after)
        # An article may quote another language's "resolution 1874"; a word that precedes years here stays one.
        others = {word for known in languages().values() for word in known.not_year}
        self._not_year = frozenset(language.not_year) | frozenset(common().not_year) | (others - self._before)
        self._clocks = frozenset(language.words.get("clock", ())) | frozenset(languages()["en"].words["clock"])
        self._plurals = frozenset(language.plurals)
        self._weak = frozenset(language.weak)
        self._spans_after = frozenset(language.spans_after)
        self._season_before = frozenset(language.season_before)
        verbs = (*language.past, *language.future)
        self._after_season = (frozenset(language.before) | frozenset(verbs)) - frozenset(
            language.words.get("of", ())[:1]
        )
        self._endings = tuple(language.past_endings)
        self._instruments = frozenset(word for known in languages().values() for word in known.instruments)
        self._joins = frozenset(common().joins) | frozenset("(),/;")

    def accepts(self, tokens: Tokens, match: Match) -> bool:
        """Whether a match that stands free is a date."""
        kind, slots = match.rule.kind, {value.slot for value in match.values}
        if kind == "absolute" and slots == {"year"}:
            return self._year(tokens, match)
        if kind == "numeric" and "year" not in slots and "yy" not in slots:
            return tokens.word(match.first - 1) in self._numeric
        if kind == "numeric" and "yy" in slots:
            return self._short_numeric(tokens, match)
        if kind == "years":
            return tokens.word(match.first - 1) not in self._not_year
        if kind == "absolute" and "yy" in slots:
            return self._short_year(tokens, match)
        if kind in ("ago", "later", "earlier", "ahead"):
            mark, figures = tokens.word(match.first - 1), tokens.word(match.first - 2)
            return not (mark in (",", ".") and tokens.glued[match.first] and not unspaced(figures))
        if kind == "absolute" and slots == {"day", "month"} and not self._day_first(tokens, match):
            return False
        months = match.all("month")
        if months and kind in ("absolute", "months") and not slots & {"year", "yy", "vague"}:
            return self._month(tokens, match, alone=not slots & {"day", "weekday"})
        if months and self._language.capitals and "vague" in slots and "year" not in slots:
            return tokens.surface(months[0].first)[0].isupper()
        if kind == "weekday":
            return self._weekday(tokens, match)
        if kind == "day_of_month":
            before = tokens.word(match.first - 1)
            return before not in self._not_year and tokens.word(match.end) not in self._spans_after
        if kind == "season" and slots == {"season"} and match.rule.constants.shift is None:
            return self._season(tokens, match)
        if kind == "period":
            units = match.all("unit")
            return not (units and tokens.word(units[0].first) in self._plurals)
        return True

    def _season(self, tokens: Tokens, match: Match) -> bool:
        """Whether a season without its year is one of a certain year: "over the winter", not "the spring offensive"."""
        if tokens.word(match.first - 1) not in self._season_before:
            return False
        following = tokens.word(match.end)
        if self._language.season_modifies and following.isalpha():
            return following in self._after_season or (bool(self._endings) and following.endswith(self._endings))
        return True

    def _of_instrument(self, tokens: Tokens, match: Match) -> bool:
        """Whether a year in brackets belongs to a numbered resolution, or to one of a row of them."""
        at = match.first - 1
        if tokens.word(at) != "(" or not tokens.word(at - 1).isdecimal():
            return False
        floor = max(0, at - _ROW)
        while at > floor and (tokens.words[at].isdecimal() or tokens.words[at] in self._joins):
            at -= 1
        return tokens.words[at] in self._instruments

    def _year(self, tokens: Tokens, match: Match) -> bool:
        if self._of_instrument(tokens, match):
            return False
        if unspaced(tokens.words[match.end - 1]):
            return True  # the figures have a mark that says what they are
        before = tokens.word(match.first - 1)
        if before in self._not_year or tokens.word(match.end).lower() in self._clocks:
            return False
        if before in self._before:
            return True
        if int(match.values[0].value) < 1900:
            return False
        if before == "." and tokens.word(match.first - 2) in self._not_year:
            return False
        if not before or before == "\n":
            return tokens.word(match.end) in ("", "\n", ",", ":", "-", ")", "|", ".", "—")
        surface = tokens.surface(match.first - 1)
        if surface[0].isupper() and not self._shouts(tokens, match.first - 1):
            return False  # "Pacific 2024" is an exercise, "Ronin 1950" a ship
        if surface[0].isdigit() and before not in self._before:
            return False
        following = tokens.word(match.end)
        if before == "-" and not tokens.glued[match.first]:
            return following in ("", "\n", ",", ".", ";")
        return True

    def _shouts(self, tokens: Tokens, at: int) -> bool:
        """Whether the words around are in capitals throughout."""
        near = [tokens.surface(i) for i in range(max(0, at - 6), min(len(tokens), at + 7))]
        words = [word for word in near if len(word) > 2 and word.isalpha()]
        return len(words) > 3 and all(word.isupper() for word in words)

    def _short_numeric(self, tokens: Tokens, match: Match) -> bool:
        before = tokens.word(match.first - 1)
        return before in self._numeric or (before in ("", "\n", "(", ",") and len(match.all("two")) == 2)

    def _short_year(self, tokens: Tokens, match: Match) -> bool:
        month = match.all("month")
        if not month:
            return True  # FY24
        between = tokens.words[month[0].last : match.all("yy")[0].first]
        if between and between[-1] in ("'", "-"):
            return True
        written = tokens.surface(month[0].first)
        return written.isupper() and len(written) <= 4

    def _month(self, tokens: Tokens, match: Match, *, alone: bool) -> bool:
        month = match.all("month")[0]
        if unspaced(tokens.words[month.last - 1]):
            return True  # its own mark says that it is one
        written = tokens.surface(month.first)
        word, before = written.lower(), tokens.word(match.first - 1)
        if alone and month.first > match.first and written[0].isupper():
            return True  # "the month of March"
        if self._language.capitals and written[0].islower():
            return not alone and word not in self._weak and not month.short
        if not alone:
            return word not in self._weak or not self._language.capitals or not self._verbal(tokens, match)
        if month.short and (before not in self._before or not self._language.capitals):
            return False  # "el mar": where months have no capital, one cut short and alone is another word
        if match.rule.kind == "months":
            return True
        if self._language.capitals and word not in self._weak and not self._shouts(tokens, month.first):
            return True
        return (
            before in self._before and before not in ("and", "or", "the", "about", "for", "of", "as", "than", "over")
            if word in self._weak
            else before in self._before or self._language.capitals
        )

    @staticmethod
    def _day_first(tokens: Tokens, match: Match) -> bool:
        """Whether a day before its month is one: in "Directive 10 of April 19, 2018" the month's day follows."""
        if match.all("day")[0].first > match.all("month")[0].first:
            return True
        following = tokens.word(match.end)
        return not (following.isdecimal() and len(following) <= 2 and tokens.word(match.end + 1) == ",")

    @staticmethod
    def _verbal(tokens: Tokens, match: Match) -> bool:
        """Whether "May 5" may be a name and a number: a comma and three figures follow."""
        return tokens.word(match.end) == "," and tokens.glued[match.end] and tokens.word(match.end + 1).isdigit()

    def _weekday(self, tokens: Tokens, match: Match) -> bool:
        days = match.all("weekday")
        if not days:
            return True
        day = days[0]
        before = tokens.word(match.first - 1)
        if before in self._not_after:
            return False
        written = tokens.surface(day.first)
        if self._language.capitals and written[0].islower():
            return False
        if {value.slot for value in match.values} == {"weekday"}:
            if day.short:
                return False
            if not self._language.bare_weekday and before not in self._before and match.end - match.first == 1:
                return False
        return not (tokens.word(match.end) == "'" and tokens.word(match.end + 1) == "s" and before == "the")


def guards() -> dict[str, Guard]:
    """A guard for each language."""
    return {code: Guard(language) for code, language in languages().items()}
