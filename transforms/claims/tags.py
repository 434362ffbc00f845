"""A sentence's phrases, found once: triggers, prepositions, modifiers, speech, denials and hedges by unit."""

from __future__ import annotations

from transforms.claims.frames import Language, Trigger
from transforms.claims.model import Sentence, Unit

_GOVERNED = 14  # units within which a word of approving has its goods and their recipient
_HELP = frozenset({"perfect", "passive", "negation"})
_CLOSED = frozenset({"passive", "perfect", "negation", "conjunction"})
_AUXILIARY_SIGNS = frozenset({"to", "will", "would", "can", "could", "may", "might", "must", "should", "who", "that"})


def has(unit: Unit, tag: str) -> bool:
    """Whether a unit ends a phrase of a word class."""
    return tag in unit.classes


class Tags:
    """What the language's phrases say of each unit of one sentence."""

    def __init__(self, sentence: Sentence, language: Language) -> None:
        lows, n = sentence.lows, len(sentence.lows)
        self.language = language
        self.units = sentence.units
        self.before = language.before.find(lows, 0, n)
        self.after = language.after.find(lows, 0, n)
        self.hedges = language.hedges.find(lows, 0, n)
        self.speech = [hit for hit in language.speech.find(lows, 0, n) if not self._thereby(hit[1], hit[2])]
        self.denial = language.denial.find(lows, 0, n)
        self.voyage = language.voyage.find(lows, 0, n)
        self.marker_at = {a: (b, role) for a, b, role in language.markers.find(lows, 0, n)}
        for a in [a for a, (_, role) in self.marker_at.items() if role == "along"]:
            for i in range(a, self.marker_at.pop(a)[0]):
                self.units[i].classes |= {"conjunction", "along"}
        self.marker_of = {
            i: "away" if role == "inside" else role for a, (b, role) in self.marker_at.items() for i in range(a, b)
        }
        self.speech_of = {i: tag for a, b, tag in self.speech for i in range(a, b)}
        for i in [i for a, b, _ in self.hedges for i in range(a, b)]:
            self.marker_of.pop(i, None)
            self.marker_at.pop(i, None)
        for a, b, tag in self.speech:
            if tag == "according":
                for i in range(a, b):
                    self.marker_at.pop(i, None)
                    self.marker_of[i] = "away"
                self.marker_at[a] = (b, "away")
        self.governing = {i for a, b, _ in self.before for i in range(a, b)}
        self.triggers: list[tuple[int, int, Trigger]] = []
        for a, b, readings in language.triggers.find(lows, 0, n):
            chosen = self._choose(a, b, readings)
            helped = a and bool(self.units[a - 1].classes & _HELP) and has(self.units[b - 1], "article")
            if chosen is not None and chosen.sort == "none" and helped:
                hit = language.triggers.at(lows[a : a + 1], 0)  # "had not given the rebels": no set phrase after all
                if hit is not None:
                    b, chosen = a + 1, self._choose(a, a + 1, hit[1])
            if chosen is not None and chosen.sort != "none":
                self.triggers.append((a, b, chosen))
            elif chosen is not None:  # "in return it …": a set phrase governs nothing
                for i in range(a, b):
                    self.marker_of.pop(i, None)
                    self.marker_at.pop(i, None)
        if language.grammar.final:
            self.triggers = [hit for n, hit in enumerate(self.triggers) if not self._serial(n)]
        self.trigger_at = {a: (b, trigger) for a, b, trigger in self.triggers}

    def _serial(self, n: int) -> bool:
        """Whether a verb only leads over to the next one of the same sort, right after it ("出口并交付了")."""
        if n + 1 == len(self.triggers):
            return False
        (_, past, one), (at, _, other) = self.triggers[n : n + 2]
        return (
            one.sort == other.sort
            and "noun" not in (one.voice, other.voice)
            and 0 <= at - past <= 2
            and all(unit.classes & {"conjunction", "perfect"} and unit.low != "," for unit in self.units[past:at])
        )

    def _thereby(self, past: int, tag: str) -> bool:
        """ "reports according to which …" names no source."""
        near = self.units[past : past + 2]
        return tag == "according" and bool(near) and (
            has(near[0], "relative") or (has(near[0], "article") and has(near[-1], "relative"))
        )  # fmt: skip

    def wall(self, i: int) -> bool:
        """Whether unit ``i`` ends a clause: a breaker, but for short brackets and a source in commas."""
        if not has(self.units[i], "breaker"):
            return False
        if self.units[i].low in ("(", ")"):
            near = self.units[i + 1 : i + 9] if self.units[i].low == "(" else self.units[max(0, i - 8) : i]
            return not any(unit.low in ("(", ")") for unit in near)
        if self.units[i].low[:1].isalpha() and i + 1 < len(self.units) and self.units[i + 1].kind == "date":
            return False  # "since 2006" opens no clause
        for a, b, tag in self.speech:
            if tag == "according" and a <= i < b:
                return not (a > 0 and self.units[a - 1].low == "," and any(u.low == "," for u in self.units[b : b + 6]))
        return True

    def _choose(self, a: int, b: int, triggers: tuple[Trigger, ...]) -> Trigger | None:
        """The reading of a form that is noun and verb ("supplies"), by what stands on either side."""
        if triggers[0].sourced and (not self._counted(b) or any(has(u, "vessel") for u in self.units[:a])):
            return None
        if triggers[0].governs and not self._governs_goods(b):
            return None
        nouns = [t for t in triggers if t.voice == "noun"]
        verbs = [t for t in triggers if t.voice != "noun"]
        unit = self.units[a]
        if verbs and verbs[0].sort == "arm" and unit.kind == "goods" and self._arms(a, b):
            return verbs[0]
        if verbs and (unit.kind == "goods" or (has(unit, "vessel") and self._is_noun(a, b))):
            return nouns[0] if nouns else None
        if has(unit, "vessel_part"):
            return None
        if not nouns or not verbs:
            return triggers[0]
        after = self.units[b] if b < len(self.units) else None
        if verbs[0].voice == "progressive" and after is not None and after.kind in ("goods", "count"):
            return verbs[0]  # "accused of smuggling drones"
        return nouns[0] if self._is_noun(a, b) else verbs[0]

    def _counted(self, past: int) -> bool:
        """Whether goods follow at once, over an adverb or article at most."""
        for i, unit in enumerate(self.units[past : past + 2], past):
            if unit.kind in ("goods", "count"):
                return i == past or unit.goods is None or unit.goods.quantity is not None
            act = self.language.triggers.at([u.low for u in self.units[i : i + 3]], 0)
            if unit.kind != "word" or i in self.governing or unit.classes & _CLOSED or act is not None:
                return False
        return False

    def _arms(self, a: int, past: int) -> bool:
        """Whether a form that is also a noun for arms is a verb: "Iran arms the …", "Iran arms, trains and pays"."""
        who = self.units[a - 1].party if a else None
        led = {self.marker_of.get(i) for i in range(max(0, a - 3), a - 1)} - {None}
        free = who is not None and not who.adjective and not who.possessive and not led
        after = self.units[past] if past < len(self.units) else None
        if not free or after is None:
            return False
        return after.party is not None or bool(after.classes & {"article", "own"}) or after.low == ","

    def _governs_goods(self, past: int) -> bool:
        """Whether goods and then a recipient follow, with no other act between ("approved missiles … for Taiwan")."""
        goods, lows = False, [u.low for u in self.units[past : past + _GOVERNED + 4]]
        for n, unit in enumerate(self.units[past : past + _GOVERNED]):
            role = self.marker_of.get(past + n)
            if goods and role == "to":
                return any(
                    u.party is not None and u.party.head in ("self", "organ") for u in self.units[past + n :][1:4]
                )
            if unit.kind in ("goods", "count"):
                goods = goods or unit.kind == "goods"
            elif unit.kind == "word" and (
                unit.classes & {"breaker", "relative", "passive", "perfect"}
                or (role is not None and role != "of" and not goods)
                or self.language.triggers.at(lows, n) is not None
            ):
                return False
        return False

    def _is_noun(self, a: int, b: int) -> bool:
        before = self.units[a - 1] if a else None
        after = self.units[b] if b < len(self.units) else None
        if before is None:
            return True
        if before.kind == "goods" or before.low in ("'s", "'"):
            return True
        if before.party is not None:
            bare = after is not None and (
                after.kind in ("goods", "count") or (after.party and not after.party.adjective)
            )
            return (before.party.adjective or before.party.possessive) and not bare
        further = self.units[a - 2].low if a >= 2 and before.kind == "word" and not before.classes else ""
        if further == "to" and after is not None and (after.kind in ("goods", "count") or after.party is not None):
            return False  # "agreed to secretly supply Moscow"
        return before.low not in _AUXILIARY_SIGNS and not before.classes & {"it", "we", "person", "group", "country"}

    def governed(self, i: int) -> str | None:
        """The preposition that governs the item at ``i``: one within three words before it, or before its series."""
        words, j = 0, i - 1
        while j >= 0 and words <= 3:
            unit = self.units[j]
            role = self.marker_of.get(j)
            if role is not None:
                return role
            if unit.kind != "word":
                modifier = unit.party is not None and unit.party.head != "self"
                if not modifier:
                    return None
            elif has(unit, "conjunction"):
                k = j - 1
                while k >= 0 and has(self.units[k], "conjunction"):
                    k -= 1
                series = k >= 0 and self.units[k].kind == self.units[i].kind
                if unit.low == "," and k == j - 1:
                    after = self.units[i + 1] if i + 1 < len(self.units) else None
                    series = series and after is not None and has(after, "conjunction")
                return self.governed(k) if series else None
            elif unit.low in ("'s", "'"):
                pass
            elif (
                unit.classes & {"breaker", "relative"} or j in self.trigger_at or j in self.speech_of
                or not unit.low[0].isalnum()
            ):  # fmt: skip
                return None
            else:
                words += 1
            j -= 1
        return None
