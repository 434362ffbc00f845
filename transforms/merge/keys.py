"""The keys under which events are found again: specific ones, each within a slice of time.

A claim is *filed* under its keys and *looked up* under the same keys in the neighbouring slices too. Both directions
meet: whoever comes second finds the first. A pair of states alone is never a key: the hottest pair has every twentieth
event of the register, but few of one kind in one fortnight, and fewer with one number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from transforms.merge.facts import RELATED, Facts, Phase

FINE = 31
"""Days up to which a date tells when: claims are filed by it."""
_FORTNIGHT, _NEAR, _QUARTER, _HALF_YEAR, _YEAR = 14, 45, 91, 182, 365
_SIDES: Mapping[Phase, str] = {"ahead": "ahead", "happened": "after", "stopped": "after"}


def article_key(article: str) -> str:
    """The events with a claim of an article."""
    return f"article|{article}"


def copies_key(lead: str) -> str:
    """The articles that are copies of a lead."""
    return f"copies|{lead}"


def flow_key(supplier: str, recipient: str, category: str) -> str:
    """The standing flows of a pair and kind: few, and without a slice of time."""
    return f"{supplier}>{recipient}|flow|{category}"


def children_key(flow: str) -> str:
    """The events that were ever hung under a flow (by its id)."""
    return f"children|{flow}"


def is_list(key: str) -> bool:
    """Whether a key lists what belongs to one article or flow, however much that is, and does not seek likeness."""
    return key.startswith(("article|", "children|"))


def kind_keys(supplier: str, recipient: str, categories: Iterable[str], first: int, last: int) -> list[str]:
    """The keys of a pair's events of these kinds over a span of days."""
    slices = range(first // _FORTNIGHT, last // _FORTNIGHT + 1)
    return [f"{supplier}>{recipient}|kind|{category}|{at}" for category in sorted(categories) for at in slices]


@lru_cache(maxsize=4096)
def filed(facts: Facts) -> tuple[str, ...]:
    """The keys that an event with this claim is filed under."""
    times = _times(facts)
    keys = [article_key(facts.document)]
    keys += [f"{stem}|{at // width}" for stem, width in _stems(facts) for at in times]
    side = _SIDES.get(facts.phase)
    keys += [f"{stem}|{side}|{at // _HALF_YEAR}" for stem in _onward(facts) for at in times] if side else []
    if facts.flow:
        keys += [flow_key(facts.supplier, facts.recipient, category) for category in sorted(facts.categories)]
    return tuple(dict.fromkeys(keys))


def meet(a: Facts, b: Facts) -> bool:
    """Whether the one is found from the other (symmetric): what no key connects is never compared."""
    return not keys_sought(a).isdisjoint(filed(b))


@lru_cache(maxsize=4096)
def keys_sought(facts: Facts) -> frozenset[str]:
    """:func:`sought` as a set."""
    return frozenset(sought(facts))


@lru_cache(maxsize=4096)
def sought(facts: Facts) -> tuple[str, ...]:
    """The keys under which events that may be the same transfer are filed."""
    times = _times(facts)
    keys = [article_key(facts.document)]
    related = {other for kin in RELATED if facts.categories & kin for other in kin} - facts.categories
    stems = [*_stems(facts), *((_kind(facts, category), _FORTNIGHT) for category in sorted(related))]
    keys += [f"{stem}|{at // width + step}" for stem, width in stems for at in times for step in (-1, 0, 1)]
    if side := _SIDES.get(facts.phase):
        # What lies ahead came true later, and what came was ahead before: within 18 months (score.py).
        other, steps = ("after", (0, 1, 2, 3)) if side == "ahead" else ("ahead", (-3, -2, -1, 0))
        keys += [f"{stem}|{other}|{at // _HALF_YEAR + n}" for stem in _onward(facts) for at in times for n in steps]
    return tuple(dict.fromkeys(keys))


def _times(facts: Facts) -> tuple[int, ...]:
    """The days to file by: publication, and the transfer's own date where it is fine enough to tell a slice."""
    days = [facts.told.first] if facts.told else []
    if facts.when and facts.when.days <= FINE:
        days.append(facts.when.first)
    elif facts.when and not days:
        days.append(facts.when.last)
    return tuple(days) or (0,)


def _stems(facts: Facts) -> Iterator[tuple[str, int]]:
    """What is looked for near in time, with the width of a slice in days: beyond its neighbours nothing that these
    keys alone connect is one transfer (score.py)."""
    pair = f"{facts.supplier}>{facts.recipient}"
    for name in sorted(facts.names):
        yield f"{pair}|name|{name}", _NEAR
    for category in sorted(facts.categories) or ["untold"]:
        yield _kind(facts, category), _FORTNIGHT
    for carrier in sorted(facts.carriers):
        yield f"{pair}|carrier|{carrier}", _HALF_YEAR
    for marking in sorted(facts.markings):
        yield f"{pair}|marking|{marking}", _YEAR
    for role, place in sorted(facts.places):
        yield f"{pair}|{role}|{place}", _FORTNIGHT
    if facts.money:
        amount, currency, _ = facts.money
        yield f"{pair}|money|{currency}{_rounded(amount)}", _YEAR
    if pieces := _pieces(facts):
        yield f"{pair}|{pieces}", _FORTNIGHT
        for category in sorted(facts.categories):
            yield f"{pair}|{category}|{pieces}", _QUARTER
    if facts.when and facts.when.days <= 2:
        yield f"{pair}|day", 4


def _onward(facts: Facts) -> Iterator[str]:
    """What connects a transfer that lies ahead with the same one as it came, months later."""
    pair = f"{facts.supplier}>{facts.recipient}"
    for name in sorted(facts.names):
        yield f"{pair}|onward|name|{name}"
    if pieces := _pieces(facts):
        for category in sorted(facts.categories):
            yield f"{pair}|onward|{category}|{pieces}"


def _pieces(facts: Facts) -> str | None:
    if facts.amount is None or facts.amount[0] < 2:
        return None
    least, _, unit = facts.amount
    return f"pieces|{unit}{_rounded(least)}"


def _kind(facts: Facts, category: str) -> str:
    return f"{facts.supplier}>{facts.recipient}|kind|{category}"


def _rounded(number: float) -> str:
    """To two significant digits: newspapers round on."""
    if number <= 0 or not math.isfinite(number):
        return "0"
    return f"{number:.1e}"
