"""The synonyms of the search analysers, generated from the weapons and states knowledge.

A search for "Geran-2" finds the Shahed-136, and "North Korea" the DPRK. Names that are ordinary words too (the
catalogue's ``context``) are left out: outside a text about weapons they mean something else. They are used at search
time only, so that the index itself does not grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from sinks.elasticsearch.documents import LANGUAGES
from transforms.recognise.states.lexicon import cldr_names, expand, lexicon
from transforms.recognise.weapons import records

MAX_RULES = 10_000
"""The rules are in the settings of the indices that are searched, so in the cluster's state: a quarter of a megabyte.
(The synonyms API keeps them apart, but not every distribution has what it needs.)"""


@cache
def synonym_rules() -> tuple[str, ...]:
    """One rule a weapon or state: its names, parted by commas."""
    groups = [*_weapons(), *_states()]
    return tuple(", ".join(map(_escaped, names)) for group in groups if len(names := _different(group)) > 1)[:MAX_RULES]


def _weapons() -> Iterator[Iterable[str]]:
    for listed in records():
        system = listed.system
        names = (system.name, *system.aliases)
        # A list: a generator would ask the last system's context, when it is read.
        yield [name for name in names if name == system.name or name not in system.context]


def _states() -> Iterator[Iterable[str]]:
    known = lexicon()
    names: dict[str, list[str]] = {state: [] for state in known.states.states}
    for language in known.languages:
        if language.language not in LANGUAGES:
            continue
        for state, name in cldr_names(language, known.states):
            names[state].append(name)
        for table in (language.names, language.exact):
            for state, entries in table.items():
                # The first form of an inflected entry: the stemmers know the others.
                names.setdefault(state, []).extend(next(expand(entry, language)) for entry in entries)
    return iter(names.values())


def _different(names: Iterable[str]) -> list[str]:
    """Without those that differ only in case, which the analysers do not see."""
    return list({name.casefold(): name for name in names if any(char.isalnum() for char in name)}.values())


def _escaped(name: str) -> str:
    return name.replace("\\", " ").replace(",", "\\,").replace("=>", " ")
