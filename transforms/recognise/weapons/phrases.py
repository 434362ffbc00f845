"""Hits that stand side by side, joined to the noun phrase an analyst would mark: "152 mm artillery shells"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from transforms.recognise.weapons.lexicon import Lexicon
from transforms.recognise.weapons.matchtext import match_form
from transforms.recognise.weapons.scan import Hit
from transforms.records import Category, Iso3

# What may stand between two parts of one phrase: a blank, a hyphen, an opening or closing quotation mark.
_GAPS = frozenset([" ", "-", "", ' "', " «", " '", '" ', "» ", '"', " „"])
_AFTER_NOUN = frozenset([" ", " de ", " d'", " калибра ", " калибру ", " of ", " de calibre ", " calibre ", " от "])
_LONGEST = 12  # parts of one phrase; a longer run is no phrase, and joining it would not be linear
_LINKED = 24  # characters between "for" and what the parts are for ("components for the regime's missiles")
_PLATFORMS: frozenset[Category] = frozenset(["I", "II", "III", "IV", "V", "VI", "air_defence", "transport_aircraft"])
# Where a doubtful name and its noun are worlds apart, the noun is right: a Mistral ship is no Mistral missile.
_WORLDS: tuple[frozenset[Category], ...] = (
    frozenset(["I", "II", "III"]),
    frozenset(["IV", "V", "UAV", "transport_aircraft"]),
    frozenset(["VI"]),
)
_PARTS: frozenset[Category] = frozenset(["ammunition", "components"])


@dataclass(slots=True)
class Phrase:
    """A run of hits (folded offsets) with what it stands for. joined: its parts support each other.

    noun: the noun that says what the goods are, null for a bare name. linked: tied to a weapon by a word
    ("for"). substance: the name is that of an explosive, no system's.
    """

    start: int
    end: int
    value: str = ""
    category: Category = "generic"
    noun: str | None = None
    names: list[Hit] = field(default_factory=list)
    named: bool = False
    family: str | None = None
    origins: tuple[Iso3, ...] = ()
    known: bool = True
    joined: bool = False
    linked: bool = False
    substance: bool = False

    def agree_with(self, values: Set[str]) -> None:
        """Where a bare name stands for several systems, take the one that the text names elsewhere."""
        if self.noun is None and self.value not in values:
            for entry in (e for name in self.names for e in name.others if e.value in values):
                self.value, self.category = entry.value, entry.category
                self.family, self.origins = entry.family, entry.origins
                return


def phrases(
    lexicon: Lexicon,
    hits: Sequence[Hit],
    calibres: Calibres,
    text: str,
    language: str | None,
) -> list[Phrase]:
    """All phrases with a name or a noun, in order."""
    knowledge = lexicon.languages.get(language or "", lexicon.languages["en"])
    out: list[Phrase] = []
    run: list[Hit] = []
    link: Hit | None = None
    pending: Phrase | None = None

    def close() -> None:
        nonlocal run, pending, link
        phrase = _phrase(lexicon, run, calibres, knowledge.head)
        run = []
        if phrase is None:
            pending = link = None
            return
        if pending is not None and link is not None and phrase.start - link.end <= _LINKED:
            pending.linked = True
            listed = text[phrase.end : phrase.end + 1] == ","
            if not phrase.named and not listed and phrase.start - link.end <= 1:
                pending.end = phrase.end
                pending = link = None
                return
        out.append(phrase)
        pending = phrase if phrase.category in _PARTS or phrase.category == "missile" else None
        link = None

    for hit in hits:
        if hit.role in ("phrase", "cue"):
            close()
            continue
        if hit.role == "link":
            close()
            link = hit if pending is not None and text[pending.end : hit.start] == " " else None
            continue
        if run and not _continues(run, hit, text):
            close()
        if not run and hit.role == "extender":
            continue
        run.append(hit)
    close()
    return out


def _continues(run: list[Hit], hit: Hit, text: str) -> bool:
    last = run[-1]
    if len(run) >= _LONGEST or text[last.end : hit.start] not in _GAPS:
        return False
    if hit.role == "modifier":
        return last.role != "noun"
    if hit.role == "name":
        names = [h for h in run if h.role == "name"]
        return not names or (names[-1].entry.family or "") == hit.entry.family
    return True


def _phrase(
    lexicon: Lexicon,
    run: list[Hit],
    calibres: Calibres,
    head: str,
) -> Phrase | None:
    while run and run[-1].role == "modifier":
        run = run[:-1]
    names = [h for h in run if h.role == "name"]
    nouns = [h for h in run if h.role == "noun"]
    if not names and not nouns:
        return None
    first = next(i for i, h in enumerate(run) if h.role in ("noun", "name", "modifier"))
    run = run[first:]
    phrase = Phrase(run[0].start, run[-1].end)
    calibre = calibres.take(phrase)
    if nouns:
        phrase.noun, phrase.category = _noun(lexicon, run, nouns, head)
        phrase.value = f"{calibre} {phrase.noun}" if calibre else phrase.noun
    if names:
        _take_name(phrase, names, bool(nouns))
    phrase.joined = (
        len(names) + len(nouns) > 1 or bool(calibre) or (bool(names) and (run[-1].role == "extender" or names[0].tail))
    )
    return phrase


def _noun(lexicon: Lexicon, run: list[Hit], nouns: list[Hit], head: str) -> tuple[str, Category]:
    """The noun of a run and its category: the longest end of it that is a noun of goods.yaml, else its head."""
    parts = [h.entry.value for h in run if h.role in ("modifier", "noun")]
    for index in range(len(parts)):
        whole = lexicon.composed.get(match_form(" ".join(parts[index:])))
        if whole is not None and index < len(parts) - 1:
            return whole, lexicon.goods[whole]
    chosen = nouns[-1] if head == "last" else nouns[0]
    return chosen.entry.value, chosen.entry.category


def _take_name(phrase: Phrase, names: list[Hit], with_noun: bool) -> None:
    """Make it a mention by name. Ammunition and parts of a platform stay ammunition and parts."""
    best = min(names, key=lambda h: (h.weak, bool(h.entry.cue)))
    # One name of several systems: the noun beside it tells which ("véhicules blindés Bastion").
    every = (best.entry, *best.others) if with_noun else ()
    exact = [e for e in every if e.kind and e.kind.noun == phrase.noun]
    fitting = exact + [e for e in every if e.category == phrase.category]
    entry = fitting[0] if fitting else best.entry
    phrase.names = names
    phrase.named = True
    phrase.substance = entry.kind is not None and not entry.kind.named
    phrase.family, phrase.origins, phrase.known = entry.family, entry.origins, not entry.cue
    if with_noun and entry.cue and phrase.category != "generic":
        phrase.value = entry.value  # of a designation unknown to the catalogue, the noun says what it is
    elif with_noun and phrase.category in _PARTS and entry.category in _PLATFORMS:
        phrase.value = f"{entry.value} {phrase.noun}"
    elif with_noun and (best.weak or best.introduced) and not fitting and _apart(entry.category, phrase.category):
        phrase.value, phrase.known, phrase.family, phrase.origins = entry.written, False, None, ()
    else:
        phrase.value, phrase.category = entry.value, entry.category


def _apart(name: Category, noun: Category) -> bool:
    return any((noun in world) and (name not in world) for world in _WORLDS)


class Calibres:
    """The calibres of a text, by the place where a phrase would meet them."""

    def __init__(self, found: Iterable[tuple[int, int, str]], hits: Iterable[Hit], text: str) -> None:
        starts = {h.start for h in hits}
        self._text = text
        self._before: dict[int, tuple[int, str]] = {}
        self._after: dict[int, tuple[int, str]] = {}
        for start, end, value in found:
            follows = end if text[end : end + 1] not in (" ", "-") else end + 1
            if follows in starts:
                self._before[follows] = (start, value)
            else:
                self._after[start] = (end, value)

    def take(self, phrase: Phrase) -> str | None:
        """Widen a phrase by the calibre right before it ("152 mm shells") or after it ("obus de 155 mm")."""
        if phrase.start in self._before:
            phrase.start, value = self._before[phrase.start]
            return value
        for gap in _AFTER_NOUN:
            at = phrase.end + len(gap)
            if at in self._after and self._text.startswith(gap, phrase.end):
                phrase.end, value = self._after[at]
                return value
        return None
