"""Names in any language, resolved through the catalogues: states, actors, weapons, places; and other names of each.

Every table is made once, at the first question that needs it.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from transforms.search.query import Phrase
from transforms.search.words import plain, tokens, words

_RANK = {"name": 0, "exact": 0, "adjective": 1, "seat": 2, "capital": 3}
"""Of the readings of a name as a state, the plainest counts: "Berlin" stands for Germany only where nothing else is."""
MOST = 400
"""Names of one thing that a search for it looks for."""
_SHORTEST_ABBREVIATION = 3
"""Of an abbreviation that is looked for in texts: "US" is a pronoun too, once it is folded."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: values as cards have them, and what people call it."""

    values: tuple[str, ...]
    shown: str


class UnknownName(ValueError):
    """A name that no catalogue has, or that several things have; the message says which, or what is like it."""


# --- parties -------------------------------------------------------------------------------------------------------


def party(text: str) -> Named:
    """A state (code, or a name, adjective or capital in any language), an actor, ``@group`` or ``unknown``.

    Raises UnknownName.
    """
    if text.startswith("@"):
        return _group(text)
    asked = plain(text)
    if asked == "unknown":
        return Named(("unknown",), "unknown")
    if code := _codes().get(asked):
        return Named((code,), state_name(code))
    if found := _state_names().get(asked):
        if len(found) > 1 and asked not in _actors():
            told = ", ".join(map(state_name, sorted(found)))
            raise UnknownName(f"{text!r} may be {told}; write the code")
        return Named(tuple(found)[:1], state_name(next(iter(found))))
    if actor := _actors().get(asked):
        key, name = actor
        return Named((key,), state_name(key) if key in _codes().values() else f"{name} ({key})")
    close = difflib.get_close_matches(asked, [*_codes(), *_state_names(), *_actors()], n=4, cutoff=0.6)
    raise UnknownName(f"{text!r} is no state or party{_like(dict.fromkeys(map(_party_shown, close)))}")


def state_name(code: str) -> str:
    """``North Korea (PRK)``."""
    from transforms.notify.names import state

    return state(code)


def _group(text: str) -> Named:
    from transforms.notify.names import regions

    groups = regions()
    members = groups.get(text[1:].lower())
    if members is None:
        raise UnknownName(f"there is no group {text!r}; known are {', '.join(f'@{name}' for name in sorted(groups))}")
    return Named(tuple(sorted(members)), text.lower())


def _party_shown(asked: str) -> str:
    if code := _codes().get(asked):
        return state_name(code)
    if states := _state_names().get(asked):
        return state_name(next(iter(states)))
    return _actors()[asked][1]


@cache
def _codes() -> dict[str, str]:
    """ISO 3166-1 alpha-3 by both codes, folded."""
    from transforms.recognise.states.lexicon import lexicon

    known = lexicon().states.states
    return {plain(two): three for three, two in known.items() if two} | {plain(three): three for three in known}


@cache
def _state_names() -> dict[str, tuple[str, ...]]:
    """States by folded name, the most of a name's plainest reading."""
    from transforms.recognise.states.lexicon import lexicon

    ranked: dict[str, dict[str, int]] = defaultdict(dict)
    for surface, forms in lexicon().forms.items():
        for form in forms:
            if form.kind in _RANK:
                states = ranked[plain(surface)]
                states[form.state] = min(_RANK[form.kind], states.get(form.state, 9))
    return {
        name: tuple(state for state, rank in states.items() if rank == min(states.values()))
        for name, states in ranked.items()
        if name
    }


@cache
def _actors() -> dict[str, tuple[str, str]]:
    """Party key and name by folded id, name and alias; an arm of a state is the state."""
    from transforms.claims.actors import catalogue

    found: dict[str, tuple[str, str]] = {}
    for actor in catalogue().values():
        key = actor.host if actor.state_arm and actor.host else actor.id
        for name in (actor.id, actor.name, *(alias for aliases in actor.aliases.values() for alias in aliases)):
            found.setdefault(plain(name), (key, actor.name))
    return found


# --- weapons -------------------------------------------------------------------------------------------------------


def weapon(text: str) -> Named:
    """A weapon by any of its names, with its variants and what is the same under another flag; or a noun for weapons in
    any language. Raises UnknownName for what no catalogue has: a designation may be in the register all the same."""
    asked = plain(text)
    values = _weapons().get(asked) or _goods().get(asked)
    if not values:
        close = difflib.get_close_matches(asked, list(_weapons()), n=4, cutoff=0.7)
        raise UnknownName(f"no catalogue has the weapon {text!r}{_like(_weapons()[name][0] for name in close)}")
    return Named(values, values[0])


def family(text: str) -> Named:
    """A family of weapons. Raises UnknownName."""
    families = _families()
    if (found := families.get(plain(text))) is None:
        close = difflib.get_close_matches(plain(text), list(families), n=4, cutoff=0.6)
        raise UnknownName(f"no catalogue has the family {text!r}{_like(families[name] for name in close)}")
    return Named((found,), found)


@cache
def _weapons() -> dict[str, tuple[str, ...]]:
    """Canonical names by folded name: a record's own name comes first."""
    from transforms.recognise.weapons.catalogue import records

    systems = [listed.system for listed in records()]
    same: dict[str, set[str]] = defaultdict(set)
    for system in systems:
        if system.same_as:
            same[system.name].add(system.same_as)
            same[system.same_as].add(system.name)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for system in systems:
        whole = [system.name, *(variant.name for variant in system.variants), *sorted(same[system.name])]
        for name in (system.name, *system.aliases):
            found[plain(name)].update(dict.fromkeys(whole))
        for variant in system.variants:
            for name in (variant.name, *variant.aliases):
                found[plain(name)].setdefault(variant.name)
    return {name: tuple(values) for name, values in found.items() if name}


@cache
def _families() -> dict[str, str]:
    from transforms.recognise.weapons.catalogue import records

    return {plain(name): name for listed in records() for name in [listed.system.family or listed.system.name]}


@cache
def _goods() -> dict[str, tuple[str, ...]]:
    """Nouns for weapons by folded form in every language."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for noun, forms in _noun_forms().items():
        for form in forms:
            found[plain(form)].setdefault(noun)
    return {name: tuple(values) for name, values in found.items() if name}


@cache
def _noun_forms() -> dict[str, tuple[str, ...]]:
    """Every form of every noun for weapons, in all languages."""
    from transforms.knowledge import load
    from transforms.recognise.weapons.forms import expand
    from transforms.recognise.weapons.lexicon import HERE
    from transforms.recognise.weapons.schema import LANGUAGE

    found: dict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted((HERE / "nouns").glob("*.yaml")):
        language = load(path, LANGUAGE)
        for noun, forms in language.nouns.items():
            found[noun].setdefault(noun)
            found[noun].update(dict.fromkeys(one for form in forms for one in expand(form, language.paradigms)))
    return {noun: tuple(forms) for noun, forms in found.items()}


# --- places --------------------------------------------------------------------------------------------------------


def place(text: str) -> Named:
    """A place under the names that the gazetteer has for it; as written where it has none."""
    from transforms.places.gazetteer import GazetteerError, gazetteer

    try:
        found = gazetteer().lookup(text)
    except GazetteerError:
        found = ()
    return Named(tuple(dict.fromkeys((text, *(place.name for place in found[:5])))), text)


# --- other names in texts ------------------------------------------------------------------------------------------


def others(asked: Phrase) -> tuple[Phrase, ...]:
    """All names or forms, as tokens and in every language, of what is called so; empty for what no catalogue has."""
    groups = _groups()[0].get(asked, ())
    return tuple(dict.fromkeys(name for group in groups for name in _groups()[1][group]))[:MOST]


def longest() -> int:
    """Tokens of the longest name."""
    return _groups()[2]


@cache
def _groups() -> tuple[dict[Phrase, tuple[int, ...]], list[tuple[Phrase, ...]], int]:
    """Groups of names that stand for one thing, by each of them; all as tokens."""
    found: dict[Phrase, list[int]] = defaultdict(list)
    groups: list[tuple[Phrase, ...]] = []
    for names in (*_weapon_names(), *_state_groups(), *_actor_names(), *_noun_forms().values()):
        group = tuple(dict.fromkeys(made for name in names if (made := tokens(name)) and _telling(made)))
        if len(group) > 1:
            for phrase in group:
                found[phrase].append(len(groups))
            groups.append(group)
    return {name: tuple(ids) for name, ids in found.items()}, groups, max(map(len, found), default=1)


def _telling(name: Phrase) -> bool:
    """Whether a name is more than a number, or a letter or two."""
    return any(not token.isdecimal() for token in name) and sum(map(len, name)) >= _SHORTEST_ABBREVIATION - 1


def _weapon_names() -> Iterator[Iterable[str]]:
    """Names that are ordinary words too (``context``) are left out: in a text they may mean something else."""
    from transforms.recognise.weapons.catalogue import records

    for listed in records():
        system = listed.system
        yield [n for n in (system.name, *system.aliases) if n == system.name or n not in system.context]


def _state_groups() -> Iterator[Iterable[str]]:
    from transforms.recognise.states.lexicon import cldr_names, expand, lexicon

    known = lexicon()
    names: dict[str, list[str]] = {state: [state] for state in known.states.states}
    for language in known.languages:
        for state, name in cldr_names(language, known.states):
            names[state].append(name)
        for state, entries in language.names.items():
            names.setdefault(state, []).extend(next(expand(entry, language)) for entry in entries)
        for state, entries in language.exact.items():
            abbreviations = (next(expand(entry, language)) for entry in entries)
            long = (name for name in abbreviations if len("".join(words(name))) >= _SHORTEST_ABBREVIATION)
            names.setdefault(state, []).extend(long)
    return iter(names.values())


def _actor_names() -> Iterator[Iterable[str]]:
    from transforms.claims.actors import catalogue

    for actor in catalogue().values():
        yield (actor.id, actor.name, *(alias for aliases in actor.aliases.values() for alias in aliases))


def _like(names: Iterable[str]) -> str:
    told = ", ".join(dict.fromkeys(names))
    return f"; did you mean {told}?" if told else ""
