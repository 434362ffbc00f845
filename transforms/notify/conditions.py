"""A subscription's filter as single conditions: tested one after the other, or each explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transforms.notify.facts import Facts, plain, words
from transforms.notify.schema import Filter, Subscriptions, Within
from transforms.places.distance import kilometres
from transforms.search.names import family, weapon

_RELIABILITY = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a filter asks. told: what the event has in that respect, for explanations.

    values: for conditions of the kind "one of these", what the index files the subscription under.
    """

    field: str
    wanted: str
    holds: Callable[[Facts], bool]
    told: Callable[[Facts], str]
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Explained:
    """A condition, what the event has, and whether it holds."""

    field: str
    wanted: str
    found: str
    holds: bool


def conditions(filter: Filter, file: Subscriptions) -> tuple[Condition, ...]:
    """The conditions of a filter; ``file`` knows the groups of states."""
    found: list[Condition] = []
    for side in ("supplier", "recipient", "either"):
        named: tuple[str, ...] = getattr(filter, side)
        if named:
            found.append(_among(side, file.members(named), " or ".join(named)))
    for name, called in (("weapon", weapon), ("family", family), ("carrier", None)):
        named = getattr(filter, name)
        if named:
            values = [value for item in named for value in (called(item).values if called else (item,))]
            found.append(_among(name, frozenset(map(plain, values)), " or ".join(named)))
    for name in ("category", "stage", "standing", "languages"):
        named = getattr(filter, name)
        if named:
            found.append(_among(name, frozenset(named), " or ".join(named)))
    if filter.places_within:
        found.append(_within(filter.places_within))
    if filter.embargo is not None:
        found.append(_embargo(filter.embargo))
    found += _thresholds(filter)
    if filter.words:
        found.append(_words(filter.words))
    return tuple(found)


def review_holds(filter: Filter, facts: Facts) -> bool:
    """Whether the analysts' judgement is among those asked for; without a wish, what they rejected is not told."""
    state = facts.event.review.state
    return state in filter.review if filter.review is not None else state != "rejected"


def explain(filter: Filter, file: Subscriptions, facts: Facts) -> tuple[Explained, ...]:
    """Every condition with what the event has."""
    found = [Explained(c.field, c.wanted, c.told(facts), c.holds(facts)) for c in conditions(filter, file)]
    wanted = " or ".join(filter.review) if filter.review is not None else "not rejected"
    found.append(Explained("review", wanted, facts.event.review.state, review_holds(filter, facts)))
    return tuple(found)


def _among(field: str, values: frozenset[str], wanted: str) -> Condition:
    def holds(facts: Facts) -> bool:
        return not values.isdisjoint(getattr(facts, field))

    def told(facts: Facts) -> str:
        return ", ".join(sorted(getattr(facts, field))) or "none"

    return Condition(field, wanted, holds, told, values)


def _within(circles: tuple[Within, ...]) -> Condition:
    def distance(facts: Facts, circle: Within) -> float | None:
        points = [(lat, lon) for role, lat, lon in facts.points if not circle.roles or role in circle.roles]
        return min((kilometres(circle.lat, circle.lon, lat, lon) for lat, lon in points), default=None)

    def holds(facts: Facts) -> bool:
        return any((km := distance(facts, circle)) is not None and km <= circle.km for circle in circles)

    def told(facts: Facts) -> str:
        distances = [km for circle in circles if (km := distance(facts, circle)) is not None]
        return f"the nearest place is {min(distances):.0f} km away" if distances else "no place with coordinates"

    wanted = " or ".join(f"within {c.km:g} km of {c.lat:g}, {c.lon:g}" for c in circles)
    return Condition("places_within", wanted, holds, told)


def _embargo(wanted: bool) -> Condition:
    def told(facts: Facts) -> str:
        return ", ".join(note.instrument for note in facts.event.embargoes) or "none"

    return Condition("embargo", "in force" if wanted else "none", lambda facts: facts.embargo == wanted, told)


def _thresholds(filter: Filter) -> list[Condition]:
    found = []
    if (confidence := filter.minimum_confidence) > 0:
        found.append(
            Condition(
                "minimum_confidence",
                f"at least {confidence:g}",
                lambda facts: facts.event.confidence >= confidence,
                lambda facts: f"{facts.event.confidence:.2f}",
            )
        )
    if (origins := filter.minimum_origins) > 0:
        found.append(
            Condition(
                "minimum_origins",
                f"at least {origins}",
                lambda facts: facts.event.origins >= origins,
                lambda facts: str(facts.event.origins),
            )
        )
    if (reliability := filter.minimum_reliability) != "F":
        worst = _RELIABILITY.index(reliability)
        found.append(
            Condition(
                "minimum_reliability",
                f"at least {reliability}",
                lambda facts: _RELIABILITY.index(facts.event.reliability) <= worst,
                lambda facts: facts.event.reliability,
            )
        )
    return found


def _words(phrases: tuple[str, ...]) -> Condition:
    searched = tuple(words(phrase) for phrase in phrases)

    def holds(facts: Facts) -> bool:
        return any(phrase in facts.evidence for phrase in searched)

    def told(facts: Facts) -> str:
        seen = [phrase for phrase, key in zip(phrases, searched, strict=True) if key in facts.evidence]
        return ", ".join(seen) or "none of them"

    return Condition("words", " or ".join(phrases), holds, told)
