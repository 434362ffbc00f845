"""The weapons catalogue: loading, checking, sampling."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transforms.knowledge import KnowledgeError, load
from transforms.recognise.weapons.matchtext import match_form
from transforms.recognise.weapons.schema import CATALOGUE, KINDS, LINKS, TRANSLITERATIONS, Kind, System
from transforms.records import Category

HERE = Path(__file__).parent
FOLDER = HERE / "catalogue"


@dataclass(frozen=True, slots=True)
class Listed:
    """A record with the file it stands in."""

    file: str
    system: System


@cache
def kinds() -> dict[str, Kind]:
    """The kinds, by name. Raises KnowledgeError."""
    return load(HERE / "kinds.yaml", KINDS)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A name of the catalogue in another script. weak: an ordinary word, or a name of much else."""

    name: str
    written: str
    weak: bool


@cache
def transliterations() -> tuple[Foreign, ...]:
    """transliterations.yaml. Raises KnowledgeError."""
    table = load(HERE / "transliterations.yaml", TRANSLITERATIONS)
    return tuple(Foreign(name, w.removeprefix("~"), w.startswith("~")) for name, forms in table.items() for w in forms)


def records(folder: Path = FOLDER) -> Iterator[Listed]:
    """Every record of every file, in the files' order. Raises KnowledgeError."""
    for path in sorted(folder.glob("*.yaml")):
        for system in load(path, CATALOGUE) or ():
            yield Listed(path.name, system)


def category_of(system: System) -> Category:
    """The category a record counts under. Raises KeyError for an unknown kind."""
    return system.category or kinds()[system.kind].category


def check_catalogue(folder: Path = FOLDER, states: frozenset[str] | None = None) -> list[str]:
    """What is wrong with the catalogue, one line a problem, empty if nothing is.

    states: known ISO 3166 alpha-3 codes, to check origins against (null: their shape only).

    One spelling may be claimed by several records only where the rule is written: each of them lists it under
    ``context``, or they share a family, or one is ``same_as`` the other.
    """
    problems: list[str] = []
    listed: list[Listed] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            listed.extend(Listed(path.name, system) for system in load(path, CATALOGUE) or ())
        except KnowledgeError as error:
            problems.append(str(error))
    claims: dict[str, list[Listed]] = defaultdict(list)
    canonical: dict[str, Listed] = {}
    for one in listed:
        system, where = one.system, f"{one.file}: {one.system.name}"
        if system.kind not in kinds():
            problems.append(f"{where}: kind {system.kind!r} is not in kinds.yaml")
        if states is not None:
            problems += [f"{where}: origin {code} is no ISO 3166 code" for code in system.origin if code not in states]
        if system.name in canonical:
            problems.append(f"{where}: a record of that name stands in {canonical[system.name].file} too")
        canonical.setdefault(system.name, one)
        for form in {match_form(name) for name in system.names}:
            claims[form].append(one)
    for form, owners in sorted(claims.items()):
        if len(owners) > 1 and not _ruled(form, [o.system for o in owners]):
            who = ", ".join(sorted({f"{o.system.name} ({o.file})" for o in owners}))
            problems.append(f"{form!r} is claimed by {who}: give it to one, or list it under context in each")
    if folder == FOLDER:
        problems += [
            f"transliterations.yaml: {name}: no record is called so"
            for name in dict.fromkeys(f.name for f in transliterations())
            if match_form(name) not in claims
        ]
    for one in listed:
        targets = [one.system.same_as] if one.system.same_as else []
        targets += [name for key in LINKS for name in getattr(one.system.links, key)]
        problems += [
            f"{one.file}: {one.system.name}: link to {name!r}, which no record is called"
            for name in targets
            if match_form(name) not in claims
        ]
    return problems


def _ruled(form: str, owners: list[System]) -> bool:
    if len({o.name for o in owners}) == 1:
        return True
    if all(form in {match_form(c) for c in o.context} for o in owners):
        return True
    families = {o.family or o.name for o in owners}
    linked = {o.same_as for o in owners if o.same_as} & {o.name for o in owners}
    return len(families) == 1 or bool(linked)


def sample(count: int, seed: int, folder: Path = FOLDER) -> list[dict[str, str]]:
    """Rows for review: ``count`` records drawn with ``seed``, as plain columns."""
    every = list(records(folder))
    drawn = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311 (a sample, no secret)
    return [
        {
            "file": one.file,
            "name": one.system.name,
            "kind": one.system.kind,
            "category": category_of(one.system),
            "origin": " ".join(one.system.origin),
            "years": "–".join(map(str, one.system.years)),
            "family": one.system.family or "",
            "also": "; ".join(one.system.names[1:]),
            "context": "; ".join(one.system.context),
        }
        for one in drawn
    ]
