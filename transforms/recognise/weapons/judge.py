"""Which phrases are weapons: look-alikes are refused by what stands around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from transforms.recognise.weapons.lexicon import Lexicon
from transforms.recognise.weapons.matchtext import match_form
from transforms.recognise.weapons.phrases import Phrase
from transforms.text import TextView

_NEAR = 120  # characters: two items of one list of weapons

_CONTEXT = 600  # characters to each side that count as the sentence, where one is endless
_CAPITALISED = re.compile(r"(?:^|[\s(])([A-Z][\w.]*) $")
_COUNTED = re.compile(r"\b\d{1,3}(?:[.,\u00a0 ]\d{3})* $")
_CUE = {"military": "support", "traded": "traded"}


class Judge:
    """Judges the phrases of one text. A phrase is sure by itself, or needs another, or is refused."""

    def __init__(
        self, lexicon: Lexicon, view: TextView, cues: Sequence[tuple[int, int, str]], states: Iterable[int] = ()
    ) -> None:
        """cues: from the scan, by folded offset. states: where mentions of states end (folded)."""
        self._lexicon = lexicon
        self._view = view
        self._states = frozenset(states)
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
        return [
            p
            for p, verdict in zip(phrases, verdicts, strict=True)
            if verdict or (verdict is None and p.value not in refused and self._supported(p, starts, values))
        ]

    def _alone(self, phrase: Phrase) -> bool | None:
        """True: a weapon whatever stands around; False: none; None: needs support."""
        if "elsewhere" in self._sentence_cues(phrase):
            return False
        if phrase.named:
            if any(not (n.weak or n.proper or self._doubtful(n.entry.written)) for n in phrase.names):
                return True
            needs = {name.entry.cue for name in phrase.names}
            if phrase.joined and not (phrase.noun and self._lexicon.rule(phrase.noun).rule in ("list", "joined")):
                return True
            if needs == {"joined"}:
                return False
            return False if self._spoken_against(phrase) else None
        noun = phrase.noun or ""
        rule = self._lexicon.rule(noun)
        if (phrase.joined or phrase.linked) and rule.rule != "list":
            return True
        if rule.rule == "joined":
            return False
        if self._against(phrase, noun):
            return False
        return True if rule.rule == "accept" else None

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
        if (
            phrase.named
            and (self._counted(phrase) or phrase.joined)
            and "traded" in self._between(sentence.start, sentence.end, phrase)
        ):
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
        """Whether a figure counts it ("ordered 36 Rafale")."""
        return bool(_COUNTED.search(self._view.text, max(0, phrase.start - 12), phrase.start))

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
