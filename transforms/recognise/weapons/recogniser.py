"""The weapon recogniser: hits joined to phrases, phrases judged, phrases reported."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.recognise.context import Subject
from transforms.recognise.weapons import designators
from transforms.recognise.weapons.introduced import introduced
from transforms.recognise.weapons.judge import Judge
from transforms.recognise.weapons.lexicon import Lexicon, lexicon
from transforms.recognise.weapons.matchtext import match_text
from transforms.recognise.weapons.phrases import Calibres, Phrase, phrases
from transforms.recognise.weapons.scan import Hit, scan
from transforms.records import Mention, StateMention, WeaponMention


class WeaponRecogniser:
    """Finds weapons by name, by designation and by noun. See :class:`transforms.recognise.context.Recogniser`."""

    def __init__(self, lexicon_: Lexicon | None = None) -> None:
        self._lexicon = lexicon_ or lexicon()

    def find(self, subject: Subject, before: Sequence[Mention] = ()) -> list[WeaponMention]:
        """The weapons in the subject, ordered, without overlap."""
        folded = subject.text
        language = (subject.language or "").lower()[:2] or None
        found = scan(self._lexicon, match_text(folded), folded, language)
        hits = introduced(_with_designators(found.hits, folded), folded)
        calibres = Calibres(designators.calibres(folded), hits, folded)
        joined = phrases(self._lexicon, hits, calibres, folded, language)
        locate = subject.view.folded.locate
        states = [locate(m.start, m.end) for m in before if isinstance(m, StateMention)]
        judge = Judge(self._lexicon, subject.view, found.cues, (end for _, end in states), language)
        named = frozenset(states)
        out: list[WeaponMention] = []
        end = 0
        for phrase in judge.accepted(joined):
            if (phrase.start, phrase.end) in named:
                continue  # a state in its own case ("Куба"), though a system is written so in another
            if phrase.start >= end:  # two phrases may have claimed one calibre
                out.append(_mention(subject, phrase))
                end = phrase.end
        return out


def _with_designators(hits: list[Hit], text: str) -> list[Hit]:
    """Designations where no longer or sure hit stands; a fixed phrase and a catalogue name keep their place.

    Both lists are in order and without overlap, so one pass over each is enough.
    """
    out: list[Hit] = []
    index = 0
    for one in designators.find(text):
        while index < len(hits) and hits[index].end <= one.start:
            out.append(hits[index])
            index += 1
        after = index
        while after < len(hits) and hits[after].start < one.end:
            after += 1
        clash = hits[index:after]
        if not any(h.role in ("phrase", "name") or h.end - h.start > one.end - one.start for h in clash):
            out.append(one)
            index = after
    return out + hits[index:]


def _mention(subject: Subject, phrase: Phrase) -> WeaponMention:
    text, start, end = subject.original(phrase.start, phrase.end)
    return WeaponMention(
        text=text,
        start=start,
        end=end,
        value=phrase.value,
        category=phrase.category,
        named=phrase.named and not phrase.substance,
        family=phrase.family,
        origins=phrase.origins,
        known=phrase.known,
    )
