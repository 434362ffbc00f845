"""Everything that is looked for, compiled into one automaton: names, nouns, modifiers, look-alike phrases, cues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.knowledge import load
from transforms.recognise.weapons import catalogue
from transforms.recognise.weapons.forms import expand, hyphenations
from transforms.recognise.weapons.matchtext import match_form
from transforms.recognise.weapons.schema import (
    GOODS,
    LANGUAGE,
    LOOKALIKES,
    Kind,
    Language,
    Lookalikes,
    NounRule,
    System,
)
from transforms.recognise.weapons.spelling import has_digit, is_arabic, is_cyrillic, spelling, variants
from transforms.records import Category, Iso3

HERE = Path(__file__).parent
Role = Literal["phrase", "name", "noun", "modifier", "extender", "link", "cue"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pattern stands for.

    value: canonical name or noun; category, family, origins as in WeaponMention. weak: counts only with support.
    written: the name as the catalogue writes it (its capitals are evidence). stem: the last vowel is cut, an ending
    must follow. derived: a part of the name, that counts only beside a weapon's noun. language: of a noun, modifier,
    extender or link; compound: may be part of a compound word. cue: of a cue, what it speaks for or against
    ("support", "against", or "against " and a noun or name); of a designation, what it needs (designators.find).
    kind: of a name, null where a designation's is not known.
    """

    role: Role
    value: str
    category: Category = "generic"
    family: str | None = None
    origins: tuple[Iso3, ...] = ()
    weak: bool = False
    written: str = ""
    stem: bool = False
    derived: bool = False
    language: str = ""
    compound: bool = False
    cue: str = ""
    kind: Kind | None = None


class Lexicon:
    """The automaton and what its patterns stand for."""

    def __init__(self) -> None:
        self.goods: dict[str, Category] = _goods()
        self.languages: dict[str, Language] = {
            path.stem: load(path, LANGUAGE) for path in sorted((HERE / "nouns").glob("*.yaml"))
        }
        self.lookalikes: Lookalikes = load(HERE / "lookalikes.yaml", LOOKALIKES)
        self.composed: dict[str, str] = {match_form(noun): noun for noun in self.goods}
        self.doubtful: dict[str, str] = {match_form(name): name for name in self.lookalikes.names}
        self._found: dict[str, list[Entry]] = defaultdict(list)
        foreign: dict[str, list[catalogue.Foreign]] = defaultdict(list)
        for one in catalogue.transliterations():
            foreign[match_form(one.name)].append(one)
        for listed in catalogue.records():
            self._add_system(listed.system, foreign)
        for language, knowledge in self.languages.items():
            self._add_language(language, knowledge)
        self._add_cues()
        patterns = list(self._found)
        self.entries: list[tuple[Entry, ...]] = [tuple(self._found[p]) for p in patterns]
        self.automaton = AhoCorasick(
            patterns,
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )
        self._arms = {p: e for p, e in self._found.items() if any(x.role in ("name", "noun") for x in e)}
        del self._found

    def rule(self, noun: str) -> NounRule:
        """How a noun is judged; a noun without a rule is accepted."""
        return self.lookalikes.nouns.get(noun, _ACCEPT)

    def arms(self) -> Iterator[tuple[str, bool, bool]]:
        """What stands for arms by itself: (matching form, may be part of a compound, may have a tail)."""
        loose = {"list", "joined", "near"}
        for form, entries in self._arms.items():
            for entry in entries:
                if entry.role == "name" and not entry.weak:
                    yield form, False, True
                elif entry.role == "noun" and self.rule(entry.value).rule not in loose:
                    yield form, entry.compound, False

    def _put(self, form: str, entry: Entry) -> None:
        if form and entry not in self._found[form]:
            self._found[form].append(entry)

    def _add_system(self, system: System, foreign: Mapping[str, Sequence[catalogue.Foreign]]) -> None:
        category = catalogue.category_of(system)
        kind = catalogue.kinds()[system.kind]
        family = system.family or system.name
        cyrillic = not spelling().cyrillic_origins.isdisjoint(system.origin)
        context = {match_form(name) for name in system.context}
        named = [(n, system.name) for n in (system.name, *system.aliases)]
        named += [(n, v.name) for v in system.variants for n in (v.name, *v.aliases)]
        derived: set[str] = set()
        taken = {match_form(written) for written, _ in named}
        for name, value in tuple(named):
            for other in foreign.get(match_form(name), ()):
                if match_form(other.written) not in taken:
                    named.append((other.written, value))
                    context |= {match_form(other.written)} if other.weak else set()
        for part in _parts(system.name):
            if match_form(part) not in taken:
                named.append((part, system.name))
                derived.add(part)
        for written, value in named:
            weak = match_form(written) in context or written in derived
            entry = Entry(
                "name", value, category, family, system.origin, weak, written, kind=kind, derived=written in derived
            )
            for form in variants(written, cyrillic):
                self._put(form, entry)
                if is_cyrillic(form[-1]) and form[-1] in spelling().dropped and not has_digit(form) and len(form) > 3:
                    self._put(form[:-1], replace(entry, stem=True))

    def _add_language(self, language: str, knowledge: Language) -> None:
        groups: list[tuple[Role, str, tuple[str, ...]]] = [
            ("noun", noun, forms) for noun, forms in knowledge.nouns.items()
        ]
        groups += [
            ("modifier", "", knowledge.modifiers),
            ("extender", "", knowledge.extenders),
            ("link", "", knowledge.links),
        ]
        for role, noun, forms in groups:
            for written in _written(forms, knowledge):
                # An abbreviation ("APC", "ПЗРК") is held to its capitals, a word is not.
                abbreviation = written if written.isupper() or written.rstrip("s").isupper() else ""
                plain = match_form(written)
                entry = Entry(
                    role,
                    noun or plain,
                    self.goods[noun] if noun else "generic",
                    written=abbreviation,
                    language=language,
                    compound=role == "noun"
                    and knowledge.compounds is not None
                    and len(plain) >= 5
                    and " " not in plain,
                )
                for form in hyphenations(written):
                    self._put(match_form(form), entry)

    def _add_cues(self) -> None:
        data = self.lookalikes
        for language, phrases in data.phrases.items():
            for written in _written(phrases, self.languages.get(language)):
                for form in hyphenations(written):
                    self._put(match_form(form), Entry("phrase", match_form(written), language=language))
        general = {
            "traded": data.traded,
            "support": data.support,
            "against": data.against,
            "bearer": data.bearers,
            "elsewhere": data.elsewhere,
        }
        for label, groups in general.items():
            for language, words in groups.items():
                for written in _written(words, self.languages.get(language)):
                    self._put(match_form(written), Entry("cue", match_form(written), language=language, cue=label))
        rules = [(noun, rule.against) for noun, rule in data.nouns.items()] + list(data.names.items())
        for subject, words in rules:
            for written in _written(words, None):
                self._put(match_form(written), Entry("cue", match_form(written), cue=f"against {subject}"))


_ACCEPT = NounRule(rule="accept")


def _parts(name: str) -> list[str]:
    """Designation and popular name of "MIM-23 Hawk", each of which is used alone (as weak evidence)."""
    first, _, rest = name.partition(" ")
    if not rest or not has_digit(first) or not first[0].isalpha() or has_digit(rest):
        return []
    return [first, rest] if rest[0].isupper() and len(rest) > 3 and rest.replace(" ", "").isalpha() else [first]


def _written(forms: tuple[str, ...], knowledge: Language | None) -> Iterator[str]:
    paradigms = knowledge.paradigms if knowledge else {}
    for pattern in forms:
        yield from expand(pattern, paradigms)


def _goods() -> dict[str, Category]:
    table = {noun: category for category, nouns in load(HERE / "goods.yaml", GOODS).items() for noun in nouns}
    return table | {kind.noun: kind.category for kind in catalogue.kinds().values()}


@cache
def lexicon() -> Lexicon:
    """The lexicon, built once a process. Raises KnowledgeError for a file that is not what its schema says."""
    return Lexicon()


__all__ = ["Entry", "Lexicon", "is_arabic", "lexicon"]
