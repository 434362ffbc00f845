"""What states and parties are called in messages: English names from CLDR, with the code beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale
from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.recognise.states.schema import States
from transforms.records import Party, Voice
from transforms.search.words import plain

_REGIONS = Path(__file__).with_name("regions.yaml")
_NARRATION = "narration"  # what a claim calls its own document's words (docs/claims.md)
_STATES = Path(__file__).parents[1] / "recognise" / "states" / "states.yaml"


@cache
def states() -> dict[str, str]:
    """English name by ISO 3166-1 alpha-3; a former state goes by its code."""
    territories = Locale.parse("en").territories
    known = load(_STATES, TypeAdapter(States)).states
    return {iso3: str(territories.get(alpha2 or "", iso3)) for iso3, alpha2 in known.items()}


@cache
def regions() -> dict[str, frozenset[str]]:
    """The groups of states that every subscriptions file may name."""
    groups = load(_REGIONS, TypeAdapter(dict[str, list[str]]))
    return {name: frozenset(members) for name, members in groups.items()}


def state(iso3: str) -> str:
    """``North Korea (PRK)``, or the code itself where it is no state's."""
    name = states().get(iso3, iso3)
    return f"{name} ({iso3})" if name != iso3 else iso3


def party(side: Party) -> str:
    """A side of a transfer in words; the reported name where no state is known."""
    if side.iso3:
        return state(side.iso3)
    return side.name or side.actor or "unknown"


def is_state(speaker: Voice) -> bool:
    """Whether who speaks is the state itself, by a name of it in whatever language: "Россия" is Russia once more."""
    return speaker.iso3 is not None and speaker.iso3 == _own_names().get(plain(speaker.name))


@cache
def _own_names() -> dict[str, str]:
    """The state by each of its own names (not its capital's or its government's), as they are compared."""
    from transforms.recognise.states.lexicon import lexicon

    return {
        plain(surface): form.state
        for surface, forms in lexicon().forms.items()
        for form in forms
        if form.kind in ("name", "exact")
    }


def voice(speaker: Voice) -> str:
    """Who asserts or denies, with the state spoken for; where nobody is quoted it is the report itself."""
    if speaker.iso3 and is_state(speaker):
        return state(speaker.iso3)
    name = "the report itself" if speaker.name == _NARRATION else speaker.name
    return f"{name} ({speaker.iso3})" if speaker.iso3 and speaker.iso3 not in name else name


def units(unit: str | None, number: float | None = None) -> str:
    """`` rounds``, `` aircraft``, with one `` round``: what follows a number; nothing for pieces."""
    if not unit or unit == "piece":
        return ""
    return f" {unit}" if number == 1 or unit.endswith("craft") else f" {unit}s"
