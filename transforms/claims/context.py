"""What earlier sentences leave behind: parties and goods that "it", "the country", "the group" or "them" refer to."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.match import Slot, is_party
from transforms.claims.model import Goods, Party, Sentence, Unit
from transforms.claims.tags import Tags

_REACH = 3  # sentences back that a reference reaches within its paragraph
_KEPT = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """A party as mentioned. prominent: an ungoverned party, what "it" takes first."""

    party: Party
    sentence: int
    paragraph: int
    prominent: bool


@dataclass
class Context:
    """The discourse so far. source: the state whose own document this is."""

    source: str | None
    seen: list[Seen] = field(default_factory=list)
    goods: list[tuple[int, int, Unit]] = field(default_factory=list)
    speaker: tuple[str, str | None] | None = None
    speaker_at: int = -1
    person: tuple[str, str | None] | None = None  # the person that a sentence began with, before any word of theirs
    person_at: int = -1
    seized: set[int] = field(default_factory=set)
    offices: dict[str, bool] = field(default_factory=dict)  # voices of an office whose state is not told: whether vague

    def take(self, sentence: Sentence, tags: Tags) -> None:
        """Remember a sentence's parties and goods."""
        seizes = any(t.sort == "seize" for _, _, t in tags.triggers)
        if seizes or any(mod.stage == "seized" for _, _, mod in (*tags.before, *tags.after)):
            self.seized.add(sentence.index)
        for i, unit in enumerate(sentence.units):
            if unit.party is not None and unit.party.can_supply:
                prominent = is_party(unit) and tags.governed(i) is None
                self.seen.append(Seen(unit.party, sentence.index, sentence.paragraph, prominent))
            elif unit.kind == "goods":
                self.goods.append((sentence.index, sentence.paragraph, unit))
        del self.seen[:-_KEPT], self.goods[:-_KEPT]

    def refer(self, kind: str, sentence: Sentence, before: int, tags: Tags, not_these: set[str]) -> Slot | None:
        """Whom a reference in ``sentence`` at unit ``before`` means; None where nobody fits."""
        here = [
            Seen(u.party, sentence.index, sentence.paragraph, is_party(u) and tags.governed(i) is None)
            for i, u in enumerate(sentence.units[:before])
            if u.party is not None and u.party.can_supply
        ]
        earlier = [
            s for s in self.seen
            if sentence.index - s.sentence <= _REACH
            and (s.paragraph == sentence.paragraph or kind in ("group", "country"))
            and sentence.paragraph - s.paragraph <= 1
        ]  # fmt: skip
        if kind == "we":
            return self._ours()
        if kind == "it":
            order = [s for s in reversed(here) if s.prominent]
            by_sentence = sorted({s.sentence for s in earlier}, reverse=True)
            for index in by_sentence:
                order += [s for s in earlier if s.sentence == index and s.prominent]
            order += [s for s in reversed(earlier) if not s.prominent]
            order += [s for s in reversed(here) if not s.prominent]
        else:
            order = [*reversed(here), *reversed(earlier)]
        for seen in order:
            if _fits(kind, seen.party) and seen.party.key not in not_these:
                return Slot(seen.party, None, f"{kind} refers to {seen.party.name}")
        return None

    def _ours(self) -> Slot | None:
        iso3 = self.source or (self.speaker[1] if self.speaker else None)
        if iso3 is None:
            return None
        return Slot(Party("state", iso3, None, iso3, iso3), None, "the speaker's state")

    def last_goods(self, sentence: Sentence, before: int) -> list[Unit]:
        """The goods last told of in this paragraph or the one before: all of the nearest sentence that has any."""
        here = [u for u in sentence.units[:before] if u.kind == "goods"]
        if here:
            return _cargo(here)
        near = [
            # Newswire gives nearly every sentence a paragraph of its own, so the one before counts too.
            (i, u)
            for i, p, u in self.goods
            if sentence.paragraph - p <= 1 and sentence.index - i <= _REACH
        ]
        return _cargo([u for i, u in near if i == near[-1][0]]) if near else []

    def seizing(self, sentence: Sentence, goods: list[Unit]) -> bool:
        """Whether these goods were told of in an earlier sentence as seized."""
        return any(i in self.seized and u in goods for i, _, u in self.goods if i < sentence.index)


def _cargo(told: list[Unit]) -> list[Unit]:
    """Without the warships that only carried or took the other goods."""
    ships = [u for u in told if u.goods is not None and all(w.category == "VI" for w in u.goods.weapons)]
    return [u for u in told if u not in ships] if len(ships) < len(told) else told


def _fits(kind: str, party: Party) -> bool:
    if kind == "country":
        return party.sort == "state" and party.head in ("self", "organ")
    if kind == "group":
        return party.sort in ("group", "broker")
    if kind == "person":
        return party.sort == "leader" or party.head == "organ" or party.sort == "institution"
    return party.head in ("self", "organ")


def fresh_goods(units: list[Unit]) -> list[Goods]:
    """The goods of units, as they are."""
    return [unit.goods for unit in units if unit.goods is not None]
