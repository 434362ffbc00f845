"""How much speaks for two claims being the same transfer: points for and against, symmetric, from the facts alone.

The weights are points in whole numbers (sums do not depend on the order of adding). They were set by reasoning about
which agreement is chance, then checked on the generated register (benchmarks/merge.py); docs/events.md explains them.
"""

from __future__ import annotations

import math
from functools import lru_cache

from transforms.merge.facts import RELATED, Facts, is_unknown
from transforms.merge.keys import meet

THRESHOLD = 25
"""Points from which two claims, or on average two groups of claims, are one transfer."""


@lru_cache(maxsize=65536)  # a decision on a hot event compares the same pairs as the decision before it
def score(a: Facts, b: Facts) -> int | None:
    """Points; None where the two cannot be one transfer whatever else agrees.

    Two that no key connects stay below the threshold: else a neighbourhood found by key would not be whole.
    """
    points = compare(a, b)
    return THRESHOLD - 1 if points is not None and points >= THRESHOLD and not meet(a, b) else points


def compare(a: Facts, b: Facts) -> int | None:
    """Points whether or not a key connects the two."""
    parties = _parties(a, b)
    if parties is None:
        return None
    goods, number, money = _goods(a, b), _number(a, b), _money(a, b)
    points = parties + goods + number + money + _time(a, b) + _stage(a, b) + _carriers(a, b) + _places(a, b)
    points += 20 if a.markings & b.markings else 0
    points += 4 if a.voices & b.voices else 0
    if a.flow != b.flow:
        points -= 25
    if a.document == b.document:
        # The assembler has already joined what one text tells twice: what is left differs, unless only the stage does.
        if number < 0 or money < 0 or goods <= 0 or a.stage == b.stage:
            return None if not (is_unknown(a.supplier) or is_unknown(b.supplier)) else points - 25
        points -= 25
    elif a.story == b.story:
        points += 20
    return points


def _parties(a: Facts, b: Facts) -> int | None:
    points = 0
    for one, other in ((a.supplier, b.supplier), (a.recipient, b.recipient)):
        if one == other:
            points -= 10 if is_unknown(one) else 0
        elif (is_unknown(one) or is_unknown(other)) and a.story == b.story:
            points += 5
        else:
            return None
    return points


def _goods(a: Facts, b: Facts) -> int:
    if a.names & b.names:
        return 30
    if not a.categories or not b.categories:
        return 8
    if a.names and b.names:
        # Two packages name a few of their many goods each; two lots with one name each are two lots.
        both_long = len(a.names) > 2 and len(b.names) > 2
        return (-10 if both_long else -20) if a.categories & b.categories else -40
    if a.categories & b.categories:
        return 15 + (5 if a.kinds & b.kinds else 0)
    if any(a.categories & kin and b.categories & kin for kin in RELATED):
        return 5
    return -40


def _number(a: Facts, b: Facts) -> int:
    if not a.amount or not b.amount or a.amount[2] != b.amount[2]:
        return 0
    (low, high, _), (least, most, _) = a.amount, b.amount
    exact = low == high and least == most
    if exact and low == least:
        return 10 if low < 10 else 20
    if not exact and max(low, least) <= min(high, most) * 1.02:
        return 8 if (low, high) == (least, most) else 4
    small, big = (high, least) if high < least else (most, low)
    if small <= 0 or not math.isfinite(small):
        return 0
    ratio = big / small
    if ratio <= 1.25 or (ratio <= 1.6 and (a.approximate or b.approximate)):
        return 0
    penalty = -12 if ratio <= 2 else -25
    # Of what was ordered a part may have come: the numbers of two phases may differ.
    return max(penalty, -8) if a.phase != b.phase else penalty


def _money(a: Facts, b: Facts) -> int:
    if not a.money or not b.money or a.money[1] != b.money[1]:
        return 0
    small, big = sorted((a.money[0], b.money[0]))
    if small <= 0:
        return 0
    if big <= small * 1.02:
        return 35
    return 5 if big <= small * 1.12 else -40


def _time(a: Facts, b: Facts) -> int:
    if _in_order(a, b):
        gap = _told_gap(a, b)
        return 0 if gap is None or gap <= 550 else -25
    dated = _dated(a, b)
    told = 0 if a.document == b.document else _told(a, b)
    return told if dated is None else max(dated, min(told, 0)) if dated < 0 else max(dated, told)


def _dated(a: Facts, b: Facts) -> int | None:
    """By the transfer's own date."""
    if a.when and b.when:
        gap, width = a.when.gap(b.when), max(a.when.days, b.when.days)
        if gap == 0:
            return 25 if width <= 2 else 12 if width <= 31 else 3
        return 10 if gap <= 3 else -5 if gap <= 14 else -20 if gap <= 45 else -40
    one, other = (a, b) if a.when else (b, a)
    if one.when and other.told and one.when.days <= 31:
        gap = one.when.gap(other.told)
        return 12 if gap <= 7 else 0 if gap <= 31 else -10 if gap <= 120 else -25
    return None


def _told(a: Facts, b: Facts) -> int:
    """By when it was reported."""
    gap = _told_gap(a, b)
    if gap is None:
        return 0
    if a.told and b.told and max(a.told.days, b.told.days) > 3:
        return 8 if gap == 0 else -5 if gap <= 45 else -25
    return 15 if gap <= 2 else 12 if gap <= 7 else 7 if gap <= 14 else -5 if gap <= 45 else -15 if gap <= 120 else -30


def _told_gap(a: Facts, b: Facts) -> int | None:
    return a.told.gap(b.told) if a.told and b.told else None


def _in_order(a: Facts, b: Facts) -> bool:
    """Whether one tells of what lies ahead and the other, later, of what has come: the same transfer, further on."""
    ahead, after = (a, b) if a.phase == "ahead" else (b, a)
    if ahead.phase != "ahead" or after.phase not in ("happened", "stopped"):
        return False
    first, second = ahead.when or ahead.told, after.when or after.told
    if first is None or second is None or a.document == b.document:
        return False
    return second.last >= first.first and first.gap(second) > 14


def _stage(a: Facts, b: Facts) -> int:
    if a.stage == b.stage:
        return 10 if a.phase == "stopped" else 3
    phases = {a.phase, b.phase}
    if phases == {"stopped", "happened"} and "shipped" not in (a.stage, b.stage):
        return -15
    return 0


def _carriers(a: Facts, b: Facts) -> int:
    if not a.carriers or not b.carriers:
        return 0
    return 30 if a.carriers & b.carriers else -20


def _places(a: Facts, b: Facts) -> int:
    same = len(_near(a, b))
    if same:
        return min(12 + 3 * (same - 1), 18)
    roles = {role for role, _ in a.places} & {role for role, _ in b.places}
    return -20 if "seizure" in roles else -5 if "delivery" in roles else 0


def _near(a: Facts, b: Facts) -> set[tuple[str, str]]:
    """Roles and places both tell, by name or by a distance under about 25 km (0.25°)."""
    same = set(a.places & b.places)
    for role, lat, lon in a.points:
        for other, north, east in b.points:
            if role == other and abs(lat - north) < 0.25 and abs(lon - east) * math.cos(math.radians(lat)) < 0.25:
                same.add((role, f"{lat:.1f},{lon:.1f}"))
    return {(role, "") for role, _ in same}
