"""A capital as its government ("Moscow denies") or as a city ("a factory in Moscow"): decided by its neighbours."""

from __future__ import annotations

import re
from typing import Literal

from transforms.recognise.states.schema import Cues
from transforms.recognise.states.senses import REACH, Phrases, after, before

Sense = Literal["state", "place"]
_CLAUSE = re.compile(r"[.;:!?()\n]\s|[\n]")
_NEXT = re.compile(r"[^\W\d_][\w'-]*")
# "KYIV, June 3 (Agency)", "Kyiv (Agency) -", "KYIV -- ", "KYIV/MOSCOW", "KYIV, 4 AUG 89"
_DATELINE = re.compile(
    r"(?:,? ?[^\n]{0,60}?(?:\([^()\n]{2,40}\)|\d{1,4})?[^\n.]{0,12}?(?: -{1,2} |: | ?\u2014 ?)|,? \()"
)
_SECOND = re.compile(r" (\w{1,4}) [^\W\d_][\w'-]*(?: [A-ZА-Я][\w'-]*)?")
_CLAUSE_REACH = 90


class CapitalSense:
    """The decision for one language's cues. Without any cue a capital is a place: a wrong party costs more."""

    def __init__(self, cues: Cues) -> None:
        self._place_before, self._place_after = Phrases(cues.place_before), Phrases(cues.place_after)
        self._state_before, self._state_after = Phrases(cues.state_before), Phrases(cues.state_after)
        self._dealing, self._possessive = Phrases(cues.dealing), Phrases(cues.possessive)
        self._motion, self._goods = frozenset(cues.motion), frozenset(cues.goods)
        self._place_nouns, self._verbs = Phrases(cues.place_nouns), Phrases(cues.verbs)
        self._auxiliaries, self._struck = Phrases(cues.auxiliaries), Phrases(cues.struck)
        self._endings = tuple(cues.verb_endings)
        self._suffix_place, self._suffix_state = Phrases(cues.suffix_place), Phrases(cues.suffix_state)
        self._fillers, self._openers = Phrases(cues.fillers), Phrases(cues.openers)
        self._adverbs, self._infinitive = Phrases(cues.adverbs), Phrases(cues.infinitive)
        self._links = frozenset(cues.links)
        self._marks = sorted(cues.possessive, key=len, reverse=True)

    def decide(self, text: str, start: int, end: int, previous: tuple[int, Sense | None] | None) -> Sense | None:
        """``state`` or ``place`` where a cue tells; None where nothing does.

        previous: end offset and sense of the state or capital named before, for "Moscow and Beijing".
        """
        if is_dateline(text, start, end):
            return "place"
        left, right = before(text, start), after(text, end)
        if self._suffix_state.start(right):
            return "state"
        place, state = self._place_before.end(left), self._state_before.end(left)
        if self._suffix_place.start(right) or self._place_after.start(right) or place > state:
            return "place"
        for mark in self._marks:
            if right.startswith(mark):
                return "place" if self._place_nouns.start(right[len(mark) :].lstrip()) else "state"
        dealing = self._dealing.end(left)
        if not dealing and (self._acts(right) or self._joined_subject(text, end) or self._subject(left, right)):
            return "state"
        if (state and state >= place) or self._state_after.start(right):
            return "state"
        if dealing:
            return self._by_clause(text, start, end)
        if self._infinitive.start(right) and text[end : end + 8].rpartition(" ")[2][:1].islower():
            return "state"
        if previous is not None and text[previous[0] : start].strip(" ,").lower() in self._links:
            return previous[1]
        return None

    def _acts(self, right: str) -> bool:
        """Whether a verb follows that makes the name an actor."""
        right = right.lstrip(", ")
        size = self._auxiliaries.start(right)
        if size:
            rest = right[size:].lstrip()
            while filler := self._fillers.start(rest):
                rest = rest[filler:].lstrip()
            return not self._struck.start(rest)
        if self._verbs.start(right):
            return True
        word = _NEXT.match(right)
        return bool(word and self._endings and word[0].endswith(self._endings) and "-" not in word[0])

    def _joined_subject(self, text: str, end: int) -> bool:
        """Whether another name follows with the verb of both ("Moscow and Tehran have agreed")."""
        second = _SECOND.match(text[end : end + REACH])
        return bool(second and second[1].lower() in self._links and self._acts(after(text, end + second.end())))

    def _subject(self, left: str, right: str) -> bool:
        """Whether it is a subject parted from its verb by an adverb ("Moscow earlier this month said")."""
        opens = not left or left[-1] in ".!?:,;" or self._openers.end(left)
        return bool(opens and self._adverbs.start(right.lstrip(", ")))

    def _by_clause(self, text: str, start: int, end: int) -> Sense:
        """After "to" or "from": the nearest word of movement or of goods in the clause decides."""
        clause = _CLAUSE.split(text[max(0, start - _CLAUSE_REACH) : start])[-1].lower()
        for word in reversed(_NEXT.findall(clause)):
            if word in self._goods:
                return "state"
            if word in self._motion:
                return "place"
        rest = _CLAUSE.split(text[end : end + _CLAUSE_REACH])[0].lower()
        return "state" if any(word in self._goods for word in _NEXT.findall(rest)) else "place"


def is_dateline(text: str, start: int, end: int) -> bool:
    """Whether the name opens a paragraph as an agency's dateline does."""
    line = text.rfind("\n", 0, start) + 1
    head = text[line:start]
    if len(head) > 60 or any(c.islower() for c in re.sub(r"\([^()]*\)|DEV-\S+", "", head)):
        return False
    written = text[start:end]
    rest = text[end : end + 90].partition("\n")[0]
    if written.isupper() and (rest[:1] in "/," or not rest.strip()):
        return True
    if (
        written.isupper()
        and not any(c.isupper() and c.isalpha() for c in rest[1:3])
        and rest[:1] == " "
        and rest[1:2] != "'"
    ):
        return sum(c.islower() for c in rest) > 20 and not head.strip(" \"'([*_/")
    return not head.strip(" \"'([*_/") and bool(_DATELINE.match(rest))
