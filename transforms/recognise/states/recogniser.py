"""The recogniser of states: names, adjectives, abbreviations, and capitals that stand for their governments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from transforms.recognise.context import Subject
from transforms.recognise.states.languages import Languages
from transforms.recognise.states.lexicon import Form, Lexicon, lexicon, lower
from transforms.recognise.states.matcher import Hit, Matcher
from transforms.recognise.states.metonyms import CapitalSense, Sense
from transforms.recognise.states.senses import Senses, best
from transforms.records import Mention, StateMention


@dataclass(frozen=True, slots=True)
class Toponym:
    """A capital judged to be the city: folded offsets and the state whose capital it is."""

    start: int
    end: int
    state: str


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that was decided in a text.

    mentions: the states (original offsets). toponyms: capitals that are places here.
    """

    mentions: tuple[StateMention, ...]
    toponyms: tuple[Toponym, ...]


class StateRecogniser:
    """Finds states in a subject. Made once a process: the lexicon is loaded at construction (about 0.3 s)."""

    def __init__(self, knowledge: Lexicon | None = None) -> None:
        self._lexicon = knowledge or lexicon()
        self._matcher = Matcher(self._lexicon)
        titles = frozenset(title for language in self._lexicon.languages for title in language.titles)
        self._senses = Senses(self._lexicon.rules, _common_words(self._lexicon), titles)
        self._capitals = {language: CapitalSense(cues) for language, cues in self._lexicon.cues.items()}

    def find(self, subject: Subject, before: Sequence[Mention] = ()) -> list[StateMention]:
        """The states in the subject, in order."""
        return list(self.survey(subject).mentions)

    def survey(self, subject: Subject) -> Survey:
        """The states, and what the same names are where they are no states."""
        text = subject.text
        languages = Languages(subject, self._lexicon)
        hits = self._matcher.hits(text, languages.speaks)
        small = lower(text)
        surnames = self._senses.surnames(text, small, hits)
        published = _day(subject.document.published)
        kept = [
            (hit, form)
            for hit in hits
            if (form := best(hit.forms, languages.at(hit.start))).kind != "decoy"
            and self._senses.state(text, small, hit, surnames)
        ]
        mentions: list[StateMention] = []
        toponyms: list[Toponym] = []
        for (hit, form), sense in zip(kept, self._meanings(text, kept, languages), strict=True):
            if sense == "state":
                mentions.append(self._mention(subject, hit, form, published))
            else:
                toponyms.append(Toponym(hit.start, hit.end, form.state))
        return Survey(tuple(mentions), tuple(toponyms))

    def _meanings(self, text: str, kept: list[tuple[Hit, Form]], languages: Languages) -> list[Sense | None]:
        """The sense of each name; a capital without a cue of its own takes that of the list it stands in."""
        senses: list[Sense | None] = []
        for hit, form in kept:
            cues = self._cues(languages, hit) if form.kind == "capital" else None
            senses.append(cues.decide(text, hit.start, hit.end) if cues else "state")
        for step in (1, -1):
            order = range(len(kept)) if step == 1 else reversed(range(len(kept)))
            for i in order:
                if senses[i] is None and 0 <= i - step < len(kept):
                    senses[i] = self._from_neighbour(text, kept[i], kept[i - step], senses[i - step], languages)
        return senses

    def _from_neighbour(
        self, text: str, here: tuple[Hit, Form], there: tuple[Hit, Form], sense: Sense | None, languages: Languages
    ) -> Sense | None:
        cues = self._cues(languages, here[0])
        first, second = (here[0], there[0]) if here[0].start < there[0].start else (there[0], here[0])
        if cues is None or not cues.joined(text[first.end : second.start]):
            return None
        if there[1].state == here[1].state:  # "Kyiv, Ukraine" is an address; "by Tehran, Tehran radio" no list
            return None if there[1].kind == "capital" else "place"
        if there[1].kind == "capital":
            return sense
        # A state's own name tells how it is meant only by what stands around it ("attacks in Russia and Kyiv").
        return cues.decide(text, there[0].start, there[0].end)

    def _cues(self, languages: Languages, hit: Hit) -> CapitalSense | None:
        return self._capitals.get(languages.at(hit.start) or "en") or self._capitals.get("en")

    def _mention(self, subject: Subject, hit: Hit, form: Form, published: date | None) -> StateMention:
        written, start, end = subject.original(hit.start, hit.end)
        metonym = form.kind in ("capital", "seat")
        value = form.state
        for succession in self._lexicon.successions:
            if succession.state == value and published and published < succession.before:
                if metonym or succession.only != "metonym":
                    value = succession.means
                break
        return StateMention(
            text=written, start=start, end=end, value=value, metonym=metonym, adjective=form.kind == "adjective"
        )


def _common_words(knowledge: Lexicon) -> frozenset[str]:
    """Words that stand in capitals beside a state's name without making a person of it."""
    words = {word for language in knowledge.languages for word in language.state_nouns}
    functions = frozenset[str]().union(*knowledge.function_words.values())
    return frozenset(words | functions | {surface for surface in knowledge.forms if " " not in surface})


def _day(published: str | None) -> date | None:
    """The first day that a publication date of any precision allows."""
    parts = (published or "")[:10].split("-")
    try:
        numbers = [int(p) for p in parts] + [1, 1]
        return date(numbers[0], numbers[1], numbers[2])
    except (ValueError, IndexError):
        return None
