"""A capital as its government ("Moscow denies") or as a city ("a factory in Moscow"): decided by its neighbours."""

from __future__ import annotations

import re
from typing import Literal

from transforms.recognise.states.schema import Cues
from transforms.recognise.states.senses import REACH, Phrases, after, before, in_capitals, in_title_case

Sense = Literal["state", "place"]
_CLAUSE = re.compile(r"[.;:!?()]\s|\n")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
# "KYIV, June 3 (Agency)", "Kyiv (Agency) -", "KYIV -- ", "KYIV/MOSCOW", "KYIV, 4 AUG 89"
_DATELINE = re.compile(
    r"(?:,? ?[^\n]{0,60}?(?:\([^()\n]{2,40}\)|\d{1,4})?[^\n.]{0,12}?(?: -{1,2} |: | ?\u2014 ?)|,? \()"
)
_CODE = re.compile(r"\([^()]*\)|\bDEV-\S+")  # what an agency's file may have before the place
_ASIDE = re.compile(r", [^,.;:!?()]{3,44},")
_SECOND = re.compile(r" (\w{1,4}) [^\W\d_][\w'-]*(?: [^\W\d_a-zа-яіїє][\w'-]*)?")
_CLAUSE_REACH = 90


class CapitalSense:
    """The decision for one language's cues. Without any cue a capital is a place: a wrong party costs more."""

    def __init__(self, cues: Cues) -> None:
        self._place_before, self._place_after = Phrases(cues.place_before), Phrases(cues.place_after)
        self._state_before, self._state_after = Phrases(cues.state_before), Phrases(cues.state_after)
        self._dealing, self._receiving = Phrases(cues.dealing), Phrases(cues.receiving)
        self._giving_to = Phrases(cues.giving_to)
        self._motion, self._goods, self._giving = frozenset(cues.motion), frozenset(cues.goods), frozenset(cues.giving)
        self._place_nouns, self._marks = Phrases(cues.place_nouns), sorted(cues.possessive, key=len, reverse=True)
        self._verbs, self._endings = Phrases(cues.verbs), tuple(cues.verb_endings)
        self._third_persons = frozenset(cues.verbs)
        self._auxiliaries, self._fillers = Phrases(cues.auxiliaries), Phrases(cues.fillers)
        self._struck, self._relatives = Phrases(cues.struck), Phrases(cues.relatives)
        self._openers, self._adverbs = Phrases(cues.openers), Phrases(cues.adverbs)
        self._adverb_endings = tuple(cues.adverb_endings)
        self._not_verbs = None if cues.not_verbs is None else frozenset(cues.not_verbs)
        self._infinitive, self._links = Phrases(cues.infinitive), frozenset(cues.links)
        self._suffix_place, self._suffix_state = Phrases(cues.suffix_place), Phrases(cues.suffix_state)

    def decide(self, text: str, start: int, end: int) -> Sense | None:
        """``state`` or ``place`` where a cue tells; None where nothing does."""
        if is_dateline(text, start, end):
            return "place"
        left, right = before(text, start), after(text, end)
        if self._suffix_state.start(right):
            return "state"
        for mark in self._marks:
            if right.startswith(mark):
                return "place" if self._of_a_city(right[len(mark) :]) else "state"
        place, state = self._place_before.end(left), self._state_before.end(left)
        if self._suffix_place.start(right) or self._place_after.start(right) or place > state:
            return "place"
        if self._receiving.end(left) > state:
            return self._received(text, start)
        dealing = self._dealing.end(left)
        if not dealing and self._is_subject(text, end, left, right):
            return "state"
        if (state and state >= place) or self._state_after.start(right):
            return "state"
        if dealing:
            return self._by_clause(text, start, end)
        if self._giving and not self._receiving and self._received(text, start) == "state":
            return "state"
        if self._infinitive.start(right) and text[end : end + 8].rpartition(" ")[2][:1].islower():
            return "state"
        return None

    def joined(self, between: str) -> bool:
        """Whether what stands between two names makes a list of them ("Moscow, Beijing and Tehran")."""
        return between == ", " or between.strip(" ,").lower() in self._links

    def _is_subject(self, text: str, end: int, left: str, right: str) -> bool:
        """Whether the name is what acts: a verb follows, perhaps after a second name or an adverb."""
        raw = text[end : end + 3].lstrip(", ")
        if raw[:1].isupper() and not in_capitals(text, end, end) and not in_title_case(text, end, end):
            return False
        if self._acts(right) or self._acts_after_aside(right):
            return True
        second = _SECOND.match(text[end : end + REACH])
        if second and second[1].lower() in self._links:
            beyond = end + second.end()
            if self._act(text, beyond) or self._acts_after_aside(after(text, beyond)):
                return True
        if left and left[-1] not in ".!?:,;" and not self._openers.end(left):
            return False
        if self._adverbs.start(right.lstrip(", ")):
            return True
        return raw[:1].islower() and self._may_be_verb(right)

    def _act(self, text: str, end: int) -> bool:
        """Whether the verb of several names follows ("Moscow and Tehran plan")."""
        right = after(text, end)
        word = _WORD.match(right)
        if word is None:
            return False
        return self._acts(right) or word[0] + "s" in self._third_persons or self._may_be_verb(right)

    def _may_be_verb(self, right: str) -> bool:
        """In languages that do not put nouns side by side: any word that is no preposition or the like."""
        word = _WORD.match(right)
        return bool(word and self._not_verbs is not None and word[0] not in self._not_verbs)

    def _of_a_city(self, right: str) -> bool:
        """Whether what a name owns is a part of a city ("'s southern suburbs"), within three words."""
        for _ in range(3):
            right = right.lstrip()
            if self._place_nouns.start(right):
                return True
            right = right.partition(" ")[2]
        return False

    def _acts(self, right: str) -> bool:
        """Whether a verb follows that makes the name an actor."""
        right = right.lstrip(", ")
        relative = self._relatives.start(right)
        right = right[relative:].lstrip()
        if relative and self._may_be_verb(right):
            return True
        size = self._auxiliaries.start(right)
        if size:
            rest = right[size:].lstrip()
            while filler := self._fillers.start(rest):
                rest = rest[filler:].lstrip()
            return not self._struck.start(rest)
        if self._verbs.start(right):
            return True
        word = _WORD.match(right)
        if word and self._adverb_endings and len(word[0]) > 4 and word[0].endswith(self._adverb_endings):
            right = right[word.end() :].lstrip()
            return bool(self._verbs.start(right) or self._auxiliaries.start(right)) or self._ends_as_verb(right)
        return self._ends_as_verb(right)

    def _ends_as_verb(self, right: str) -> bool:
        word = _WORD.match(right)
        return bool(word and self._endings and word[0].endswith(self._endings) and "-" not in word[0])

    def _acts_after_aside(self, right: str) -> bool:
        """Whether the name acts after something between commas: ", according to the report, bought"."""
        aside = _ASIDE.match(right)
        return bool(aside and self._acts(right[aside.end() :]))

    def _by_clause(self, text: str, start: int, end: int) -> Sense:
        """After "to" or "from": the nearest word of movement or of goods in the clause decides."""
        for word in reversed(_clause_before(text, start)):
            if word in self._goods:
                return "state"
            if word in self._motion:
                return "place"
        if self._giving_to.end(before(text, start)):
            return "state"
        rest = _CLAUSE.split(text[end : end + _CLAUSE_REACH])[0].lower()
        return "state" if any(word in self._goods for word in _WORD.findall(rest)) else "place"

    def _received(self, text: str, start: int) -> Sense:
        """After a preposition that means "in" and "to" alike: the nearest word of giving or movement decides."""
        for word in reversed(_clause_before(text, start)):
            if word in self._giving or word in self._motion:
                return "state" if word in self._giving else "place"
        return "place"


def _clause_before(text: str, start: int) -> list[str]:
    return _WORD.findall(_CLAUSE.split(text[max(0, start - _CLAUSE_REACH) : start])[-1].lower())


def is_dateline(text: str, start: int, end: int) -> bool:
    """Whether the name opens a paragraph as an agency's dateline does."""
    line = text.rfind("\n", 0, start) + 1
    head = text[line:start]
    if len(head) > 60 or any(c.islower() for c in _CODE.sub("", head)):
        return False
    opens = not head.strip(" \"'([*_/")
    rest = text[end : end + 90].partition("\n")[0]
    if text[start:end].isupper():
        if rest[:1] in ("/", ",") or not rest.strip():
            return True
        if rest[:1] == " " and rest[1:2] != "'" and not any(c.isupper() for c in rest[2:3]):
            return opens and sum(c.islower() for c in rest) > 20
    return opens and bool(_DATELINE.match(rest))
