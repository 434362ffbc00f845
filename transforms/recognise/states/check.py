"""What is wrong with the knowledge about states, as sentences a curator can act on."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.recognise.states.lexicon import Lexicon, lexicon
from transforms.recognise.states.schema import Language


def check(knowledge: Lexicon | None = None) -> list[str]:
    """All problems; empty where there is none."""
    known = knowledge or lexicon()
    return [
        problem for find in (_codes, _names, _claims, _decoys, _rules, _successions, _cues) for problem in find(known)
    ]


def _tables(language: Language) -> dict[str, dict[str, list[str]]]:
    return {
        "names": language.names,
        "exact": language.exact,
        "adjectives": language.adjectives,
        "seats": language.seats,
        "capitals": language.capitals,
    }


def _codes(known: Lexicon) -> Iterator[str]:
    for language in known.languages:
        for table, entries in _tables(language).items():
            for state in entries:
                if state not in known.states.states:
                    yield f"names/{language.language}.yaml: {table}.{state}: no such state in states.yaml"


def _names(known: Lexicon) -> Iterator[str]:
    """Every state has a name in every script's main language, and an adjective in English where it has one at all."""
    named = {form.state for forms in known.forms.values() for form in forms if form.kind == "name"}
    for state in known.states.states:
        if state not in named:
            yield f"states.yaml: {state}: no language has a name for it"


def _claims(known: Lexicon) -> Iterator[str]:
    """A form that two states claim in one language, where no rule decides between them."""
    for surface, forms in known.forms.items():
        real = [form for form in forms if form.kind != "decoy"]
        for i, one in enumerate(real):
            for other in real[i + 1 :]:
                same = one.languages & other.languages
                if one.state != other.state and same and one.spelling[:1].isupper() == other.spelling[:1].isupper():
                    yield f"{surface!r} is {one.state} and {other.state} in {', '.join(sorted(same))}: keep one"


def _decoys(known: Lexicon) -> Iterator[str]:
    for surface, forms in known.forms.items():
        kinds = {form.kind for form in forms}
        if "decoy" in kinds and len(kinds) > 1:
            yield f"decoys.yaml: {surface!r} is also a state's form"


def _rules(known: Lexicon) -> Iterator[str]:
    ruled: set[str] = set()
    for rule in known.rules:
        if not rule.forms:
            yield "rules.yaml: a rule without forms"
        ruled.update(rule.forms)
        if (rule.against is None) != (rule.support is None):
            yield f"rules.yaml: {rule.forms[0]}: against and support go together"
    for form in sorted(ruled):
        if form not in known.forms:
            yield f"rules.yaml: {form!r} is no form of any state, in lower case as the rules need it"


def _successions(known: Lexicon) -> Iterator[str]:
    for succession in known.successions:
        for state in (succession.state, succession.means):
            if state not in known.states.states:
                yield f"states.yaml: successions: no such state as {state}"


def _cues(known: Lexicon) -> Iterator[str]:
    languages = {language.language for language in known.languages}
    for language, cues in known.cues.items():
        if language not in languages:
            yield f"cues/{language}.yaml: no names/{language}.yaml"
        for phrase in sorted(set(cues.place_before) & set(cues.state_before)):
            yield f"cues/{language}.yaml: {phrase!r} is in place_before and in state_before"
