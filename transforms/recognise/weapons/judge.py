"""Which phrases are weapons: look-alikes are refused by what stands around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from transforms.recognise.weapons.lexicon import Lexicon
from transforms.recognise.weapons.matchtext import match_form
from transforms.recognise.weapons.phrases import Phrase
from transforms.recognise.weapons.schema import Lookalikes
from transforms.recognise.weapons.spelling import has_digit
from transforms.records import Category
from transforms.text import TextView

_NEAR = 120  # characters: two items of one list of weapons

_ROUNDS = 2
_TAKEN_UP = 400  # characters back to the aircraft that "the planes" means
_CONTEXT = 600  # characters to each side that count as the sentence, where one is endless
_CAPITALISED = re.compile(r"(?:^|[\s(])([A-Z][\w.]*) $")
_COUNTED = re.compile(r"\b\d{1,3}(?:[.,\u00a0 ]\d{3})* $")
_FLYING: frozenset[Category] = frozenset(["IV", "V", "UAV", "transport_aircraft"])
_QUOTES = tuple('«»"„“”')
_CUE = {"military": "support", "traded": "traded"}


class Judge:
    """Judges the phrases of one text. A phrase is sure by itself, or needs another, or is refused."""

    def __init__(
        self, lexicon: Lexicon, view: TextView, cues: Sequence[tuple[int, int, str]], states: Iterable[int] = (),
        language: str | None = None,
    ) -> None:  # fmt: skip
        """cues: from the scan, by folded offset. states: where mentions of states end (folded)."""
        self._lexicon = lexicon
        self._view = view
        self._state_ends = sorted(states)
        self._states = frozenset(self._state_ends)
        self._counting = _counting(lexicon.lookalikes, language)
        definite = lexicon.lookalikes.definite.get(language or "")
        self._definite = _counting_for(tuple(definite)) if definite else None
        self._offsets = [start for start, _, _ in cues]
        self._cues = [cue for *_, cue in cues]
        self._whole = frozenset(self._cues)
        self._bearers = frozenset(end for _, end, cue in cues if cue == "bearer")

    def accepted(self, phrases: Sequence[Phrase]) -> list[Phrase]:
        """The phrases that are weapons, in order."""
        verdicts = [self._alone(p) for p in phrases]
        sure = [p for p, v in zip(phrases, verdicts, strict=True) if v and p.category != "generic"]
        starts = [p.start for p in sure]
        values = {p.value for p, v in zip(phrases, verdicts, strict=True) if v and p.named}
        # What is a ship's or a team's name in one sentence is so in the next, unless it is surely a weapon somewhere.
        refused = {p.value for p, v in zip(phrases, verdicts, strict=True) if v is False and p.named} - values
        for phrase in phrases:
            phrase.agree_with(values)
        for _ in range(_ROUNDS):  # what one weapon supports supports the next: lists of losses, of deliveries
            found = 0
            for n, phrase in enumerate(phrases):
                if verdicts[n] is None and phrase.value not in refused and self._supported(phrase, starts, values):
                    verdicts[n] = True
                    found += 1
            if not found:
                break
            starts = [p.start for p, v in zip(phrases, verdicts, strict=True) if v and p.category != "generic"]
        flown = [p.end for p, v in zip(phrases, verdicts, strict=True) if v and p.named and p.category in _FLYING]
        for n, phrase in enumerate(phrases):
            if verdicts[n] is None and self._taken_up(phrase, flown):
                verdicts[n] = True
        return [p for p, verdict in zip(phrases, verdicts, strict=True) if verdict]

    def _alone(self, phrase: Phrase) -> bool | None:
        """True: a weapon whatever stands around; False: none; None: needs support."""
        if "elsewhere" in self._sentence_cues(phrase):
            return False
        if phrase.named:
            if any(not (n.weak or n.proper or self._doubtful(n.entry.written)) for n in phrase.names):
                return True
            needs = {name.entry.cue for name in phrase.names}
            if needs == {"introduced"} and phrase.noun:
                return self._by_noun(phrase, phrase.noun)  # a name as sure as the noun that it follows
            if any(n.introduced for n in phrase.names) and not self._spoken_against(phrase):
                return True
            if phrase.joined and not (phrase.noun and self._lexicon.rule(phrase.noun).rule in ("list", "joined")):
                return True
            if phrase.joined and self._flies(phrase):
                return True
            if needs == {"joined"}:
                return False
            return False if self._spoken_against(phrase) else None
        noun = phrase.noun or ""
        if (phrase.joined or phrase.linked) and self._lexicon.rule(noun).rule != "list":
            return True
        return self._by_noun(phrase, noun)

    def _by_noun(self, phrase: Phrase, noun: str) -> bool | None:
        rule = self._lexicon.rule(noun).rule
        if rule == "joined" or self._against(phrase, noun):
            return False
        return True if rule == "accept" else None

    def _flies(self, phrase: Phrase) -> bool:
        """Whether a doubtful name and its noun are both of things that fly ("Typhoon aircraft", "F-7 fighters")."""
        if self._spoken_against(phrase):
            return False
        if any(n.entry.cue or (n.proper and not has_digit(n.entry.written)) for n in phrase.names):
            return False
        noun = self._lexicon.goods.get(phrase.noun or "")
        return noun in _FLYING and any(e.category in _FLYING for n in phrase.names for e in (n.entry, *n.others))

    def _taken_up(self, phrase: Phrase, flown: list[int]) -> bool:
        """Whether a bare word for aircraft takes up combat aircraft named shortly before ("12 Su-35… the planes")."""
        if (
            phrase.named
            or self._lexicon.goods.get(phrase.noun or "") not in _FLYING
            or self._against(phrase, phrase.noun or "")
        ):
            return False
        if self._lexicon.rule(phrase.noun or "").rule != "list":
            return False
        definite = self._definite is None or self._definite.search(
            self._view.text, max(0, phrase.start - 12), phrase.start
        )
        if not (definite or self._counted(phrase)):
            return False
        return self._count(flown, phrase.start - _TAKEN_UP, phrase.start) > 0

    def _supported(self, phrase: Phrase, starts: list[int], values: set[str]) -> bool:
        if phrase.named and phrase.value in values:
            return True
        if any(name.proper for name in phrase.names) or (phrase.named and self._after_a_name(phrase)):
            return False
        rule = "military" if phrase.named else self._lexicon.rule(phrase.noun or "").rule
        if self._count(starts, phrase.start - _NEAR, phrase.end + _NEAR) >= 2 and rule != "near":
            return True
        sentence = self._view.sentences[self._view.sentence_at(phrase.start)]
        low, high = sentence.start, sentence.end
        if rule == "near":
            low, high = max(low, phrase.start - _NEAR), min(high, phrase.end + _NEAR)
        if rule in ("military", "near") and self._count(starts, low, high):
            return True
        if phrase.named and phrase.start - sentence.start <= 1:
            return False  # a capital that begins a sentence is no evidence
        if phrase.named and "traded" in self._between(sentence.start, sentence.end, phrase):
            low, high = max(low, phrase.start - _CONTEXT), min(high, phrase.end + _CONTEXT)
            if self._counted(phrase) or phrase.joined or self._quoted(phrase):
                return True
            # "abgeben" moves a motorway to nobody: a designation, a state and a word of supply are enough together.
            if _long_designation(phrase) and self._count(self._state_ends, low, high + 1):
                return True
        return _CUE.get(rule, "") in self._between(sentence.start, sentence.end, phrase)

    def _after_a_name(self, phrase: Phrase) -> bool:
        """Whether an unknown capitalised word stands before, inside the sentence ("Albert Javelin")."""
        before = _CAPITALISED.search(self._view.text, max(0, phrase.start - 24), phrase.start)
        if not before or self._view.text[phrase.start : phrase.end].isupper() or phrase.start - 1 in self._states:
            return False
        sentence = self._view.sentences[self._view.sentence_at(phrase.start)]
        return before.start(1) > sentence.start + 1 and not before[1].isupper()

    def _counted(self, phrase: Phrase) -> bool:
        """Whether a figure, a number word or a plural article counts it ("ordered 36 Rafale", "los Kfir")."""
        text, start = self._view.text, phrase.start
        if _COUNTED.search(text, max(0, start - 12), start):
            return True
        return bool(self._counting and self._counting.search(text, max(0, start - 16), start))

    def _quoted(self, phrase: Phrase) -> bool:
        """Whether it stands in the quotation marks of names ("«Леопард»")."""
        text = self._view.text
        return text[phrase.start - 1 : phrase.start] in _QUOTES and text[phrase.end : phrase.end + 1] in _QUOTES

    @staticmethod
    def _count(starts: list[int], low: int, high: int) -> int:
        return bisect_left(starts, high) - bisect_left(starts, low)

    def _between(self, low: int, high: int, phrase: Phrase) -> set[str]:
        low, high = max(low, phrase.start - _CONTEXT), min(high, phrase.end + _CONTEXT)
        first, last = bisect_left(self._offsets, low), bisect_left(self._offsets, high)
        return {self._cues[i] for i in range(first, last) if not phrase.start <= self._offsets[i] < phrase.end}

    def _sentence_cues(self, phrase: Phrase) -> set[str]:
        sentence = self._view.sentences[self._view.sentence_at(phrase.start)]
        return self._between(sentence.start, sentence.end, phrase)

    def _against(self, phrase: Phrase, subject: str) -> bool:
        return f"against {subject}" in self._sentence_cues(phrase)

    def _doubtful(self, written: str) -> bool:
        return match_form(written) in self._lexicon.doubtful

    def _spoken_against(self, phrase: Phrase) -> bool:
        cues = self._sentence_cues(phrase)
        if "against" in cues or any(phrase.start - gap in self._bearers for gap in (1, 2, 3)):
            return True
        words = {w for name in phrase.names for w in match_form(name.entry.written).split()}
        # What a text tells of the animal or the team in one place, it means in the others too.
        return any(f"against {self._lexicon.doubtful[w]}" in self._whole for w in words if w in self._lexicon.doubtful)


@lru_cache(maxsize=32)
def _counting_for(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s(«„'])(?:{'|'.join(map(re.escape, words))}) [«\"„]?$", re.IGNORECASE)


def _counting(lookalikes: Lookalikes, language: str | None) -> re.Pattern[str] | None:
    """What counts a name in a language, before it."""
    words = (*lookalikes.counts.get(language or "", ()), *lookalikes.plurals.get(language or "", ()))
    return _counting_for(words) if words else None


def _long_designation(phrase: Phrase) -> bool:
    """Whether its names are designations with enough letters and digits ("M-84", "CH-4") to be no size of paper."""
    return all(has_digit(n.entry.written) and sum(c.isalnum() for c in n.entry.written) >= 3 for n in phrase.names)
