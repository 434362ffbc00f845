"""Is a known name a place here? Words around it are weighed against how likely the name is a place at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.places.gazetteer import Place
from transforms.recognise.places.context import Words
from transforms.recognise.places.spots import Spot, Token

ACCEPT = 2.0
# A town's prior grows with its population: none at a thousand people, enough to stand alone at a million.
_PRIOR_FROM, _PRIOR_SLOPE, _PRIOR_MOST = 3.0, 0.65, 2.2
_WORD_SAID = 2.4
_NEAR = 0.5  # "near" says more than "in"
_SPELLING, _OTHER_NAME = 0.75, 0.9  # off for an alternate name: "Zakho" of Zaxo, "Ayn al-Arab" of Kobani
_INHABITED, _A_NATIVE = 0.9, 0.4
_NAMED = 2.0  # seas, regions and the own table's sites are known because news names them
# "KYIV, June 3 (Agency)", "KYIV (Agency)", "KYIV --", "LUANDA DOMESTIC SERVICE, 8 FEB 90 --"
_DATELINE = re.compile(
    r"(?:, ?[^\W\d_][\w. ]{1,24}|(?: [A-Z]{2,}){1,5}(?=, ?\d))?"
    r"(?:, ?\d{1,2} \w{3,9}(?: \d{2,4})?|, ?\w{3,9}\.? \d{1,2}(?:, \d{4})?)?"
    r" ?(?:\(\w|[—–:] ?|-{1,2} |/[^\W\d_])"
)
_STOPS = ("", ".", "!", "?", ":", "\n")
_INNER_CAPITAL = re.compile(r"^(?!Ma?c|De|La|Le|Du|Van|O'|St)\w*[^\W\d_A-ZА-Я][A-ZА-Я]")
_INITIAL = re.compile(r"(?:^|[ .])[^\W\d_]\. $")


@dataclass(frozen=True, slots=True)
class Context:
    """What the neighbours say of a spot: a score, and the kinds of place that they name (empty where they name none).

    end: where the mention ends, with a division's word ("Krasnodar region"). strong: they say that it is a place.
    barred: they say that it is a person, a ship, a brand: places nearby do not change that.
    """

    score: float
    kinds: frozenset[str]
    end: int
    strong: bool
    barred: bool = False


class Judge:
    """Weighs the spots of one text."""

    def __init__(
        self, text: str, words: Sequence[Token], lexicon: Words, lines: Sequence[tuple[int, int]],
        taken: Sequence[tuple[int, int]],
    ) -> None:  # fmt: skip
        self._text, self._words, self._lexicon = text, words, lexicon
        self._shouting = {start: _shouts(text[start:end]) for start, end in lines}
        self._lower = frozenset(w.text for w in words if not w.proper)
        self._taken_at = {offset for span in taken for offset in span}
        self._persons = self._find_persons()

    def _find_persons(self) -> frozenset[str]:
        """Words that follow a given name somewhere in the text: surnames of this document."""
        words, lexicon = self._words, self._lexicon
        return frozenset(
            after.low
            for before, after in pairwise(words)
            if before.proper
            and after.proper
            and before.low in lexicon.given_names
            and self._text[before.end : after.start] == " "
            and after.low not in lexicon.words
        )

    def context(self, spot: Spot, line: int, qualified: bool) -> Context:
        """The context's score. line: start offset of the spot's paragraph; qualified: "X, Y" holds it."""
        text, words, lexicon = self._text, self._words, self._lexicon
        shouting = self._shouting.get(line, False)
        score, kinds, end = 0.0, frozenset[str](), spot.end
        single = spot.first == spot.last
        if spot.last > spot.first:
            score += 0.8
            if words[spot.last].low in lexicon.naming_after:
                score += 1.0  # "Cache County": the name itself says what it is
        elif not (words[spot.first].text[0].isupper() or words[spot.first].text[0].islower()):
            score -= 0.7  # a script without capitals: any word looks like a name
        before, phrases = self._left(spot.first)
        feature, preposition = self._feature_before(phrases)
        if feature is not None and not _admit(spot, feature):
            feature = None
        if feature is not None:
            score += 2.0
            kinds = feature
        elif preposition:
            score += 1.2 + (_NEAR if any(p in lexicon.near_before for p in phrases) else 0.0)
        after = self._next(spot.last)
        following = self._feature_after(spot.last)
        if following is not None and not _admit(spot, following[0]):
            following = None
        if following is not None:
            kinds = following[0]
            score += 2.0
            if following[2]:
                end = following[1]
        if qualified:
            score += 2.0
        dateline = spot.start - line <= 2 and (
            _DATELINE.match(text, spot.end) is not None
            or (words[spot.first].shouted and not shouting and len(spot.name) > 3)
        )
        if dateline:
            score += 2.0
        strong = feature is not None or following is not None or qualified or dateline
        low = spot.name.casefold()
        barred = False
        if low in lexicon.words or (single and low in self._lower):
            # A capital amid a sentence after "in" is some evidence, of a month none.
            said = preposition and not shouting and low not in self._lower and low not in lexicon.calendar
            score -= 1.2 if strong else _WORD_SAID if said else 4.0
        if single and (low in lexicon.surnames or low in lexicon.given_names):
            score -= 0.8 if strong or preposition else 1.6
        if single and low in self._persons:
            score -= 0.5 if strong else 2.5
            barred = not strong
        if not shouting:
            around, persons = self._neighbours(spot, before, after, strong or preposition, strong, single)
            score += around
            barred = barred or persons
        elif not strong:
            score -= 0.6
        if single and _INNER_CAPITAL.search(spot.name):
            score -= 3.0  # "GaN", "iPhone", "OpenAI"
            barred = True
        if any(p in lexicon.refused_before for p in phrases):
            score -= 4.0  # a ship, a street
            barred = True
        if after is not None and after.low in lexicon.things_lower:
            score -= 3.0
            barred = True
        if text[spot.start - 1 : spot.start] in ('"', "«", "“") and text[spot.end : spot.end + 1] in ('"', "»", "”"):
            score -= 1.5
        return Context(score, kinds, end, strong, barred)

    def _left(self, first: int) -> tuple[Token | None, list[str]]:
        """The word before, and the phrases of one to three words that end before the spot (articles skipped)."""
        text, words, lexicon = self._text, self._words, self._lexicon
        n = first - 1
        if (
            n < 0
            or text[words[n].end : words[first].start].strip("\"'(« ")
            or "\n" in text[words[n].end : words[first].start]
        ):
            return None, []
        before = words[n]
        phrases: list[str] = []
        skipped = 0
        while n >= 0:
            tail = ""
            for back in range(3):
                if n - back < 0 or (back and text[words[n - back].end : words[n - back + 1].start] != " "):
                    break
                tail = f"{words[n - back].low} {tail}".strip()
                phrases.append(tail)
            skip = words[n].low in lexicon.articles or words[n].low in lexicon.directions
            glued = n > 0 and text[words[n - 1].end : words[n].start] == " "
            if not skip or skipped >= 2 or not glued:
                break
            n -= 1
            skipped += 1
        return before, phrases

    def _feature_before(self, phrases: Sequence[str]) -> tuple[frozenset[str] | None, bool]:
        for phrase in sorted(phrases, key=len, reverse=True):
            kinds = self._lexicon.features_before.get(phrase)
            if kinds:
                return kinds, True
        return None, any(p in self._lexicon.prepositions for p in phrases)

    def _next(self, last: int) -> Token | None:
        words = self._words
        if last + 1 < len(words) and self._text[words[last].end : words[last + 1].start] in (" ", " ("):
            return words[last + 1]
        return None

    def _feature_after(self, last: int) -> tuple[frozenset[str], int, bool] | None:
        """Kinds that the words after name, where they end, and whether they belong to the name."""
        text, words = self._text, self._words
        phrase = ""
        best = None
        for n in range(last + 1, min(last + 4, len(words))):
            if text[words[n - 1].end : words[n].start] not in (" ", "-"):
                break
            phrase = f"{phrase} {words[n].low}".strip()
            kinds = self._lexicon.features_after.get(phrase)
            if kinds:
                best = kinds, words[n].end, "province" in kinds and "city" not in kinds and phrase not in _LOOSE
        return best

    def _neighbours(
        self, spot: Spot, before: Token | None, after: Token | None, said: bool, strong: bool, single: bool
    ) -> tuple[float, bool]:
        """What the words right before and after add, and whether they say that it is a person or a brand."""
        text, lexicon = self._text, self._lexicon
        score, barred = 0.0, False
        low = spot.name.casefold()
        if _initials(spot, self._words) and not strong:
            score -= 3.0
            barred = True
        if before is not None and text[before.end : spot.start] == " ":
            if before.low in lexicon.given_names and before.proper:
                score -= 3.0
                barred = True
            elif before.low in lexicon.titles and not strong:
                score -= 2.5
                barred = True
            elif (
                before.proper
                and not lexicon.nouns_in_capitals
                and not before.shouted
                and before.low not in lexicon.words
                and before.low not in lexicon.directions
                and before.low not in lexicon.prepositions
                and before.end not in self._taken_at
                and spot.found.places[0].weight < 5.6
                and not strong
                and before.text[0].isupper()
            ):
                score -= 1.4
        elif _INITIAL.search(text[max(0, spot.start - 4) : spot.start]) and single:
            score -= 2.5
            barred = True
        if after is not None and text[spot.end : after.start] == " ":
            if after.proper and after.text[0].isupper():
                if after.low in lexicon.things:
                    score -= 3.5
                    barred = True
                elif after.low in lexicon.placely or after.start in self._taken_at or after.low in lexicon.words:
                    pass
                elif single and low in lexicon.given_names:
                    score -= 3.5
                    barred = True
                elif not strong and not lexicon.nouns_in_capitals:
                    score -= 1.6 if single else 0.6
            elif after.low in lexicon.speech and single and not said and spot.found.places[0].kind == "city":
                score -= 1.2
            elif after.low in lexicon.inhabited and low not in lexicon.words:
                # "Springfield police", "a Holyoke teen"
                score += _INHABITED + (_A_NATIVE if before is not None and before.low in lexicon.indefinite else 0.0)
        if single and before is None and text[max(0, spot.start - 8) : spot.start].rstrip(" \"'«“(")[-1:] in _STOPS:
            score -= 0.2  # a capital that the sentence's start explains
        return score, barred


def _admit(spot: Spot, kinds: frozenset[str]) -> bool:
    """Whether any bearer of the name is of such a kind: "the Wagner channel" is not the town of Wagner."""
    return any(p.kind in kinds for p in spot.found.places)


def _initials(spot: Spot, words: Sequence[Token]) -> bool:
    """Whether a name in mixed text is an acronym: "NATO" is not the town of Nato."""
    first = words[spot.first]
    return spot.first == spot.last and first.shouted and len(first.text) <= 5


_LOOSE = frozenset({"direction", "directions", "front", "sector", "governor", "state", "department", "направлении",
                    "направлениях", "напрямку", "напрямках", "напрямі"})  # fmt: skip


def prior(place: Place, name: str) -> float:
    """How likely a name is meant as a place at all, for its best or chosen bearer. name: as written."""
    if place.kind == "city" or (place.kind == "province" and place.weight < 4.5):
        value = min(_PRIOR_MOST, max(0.0, (place.weight - _PRIOR_FROM) * _PRIOR_SLOPE))
    else:
        value = _NAMED
    if place.grade and place.kind != "province" and name.isascii():  # alternates in other scripts are no English words
        value -= _SPELLING if name[:1].casefold() == place.name[:1].casefold() else _OTHER_NAME
    return value


def _shouts(line: str) -> bool:
    upper = sum(map(str.isupper, line))
    return upper > 12 and upper > 3 * sum(map(str.islower, line))
