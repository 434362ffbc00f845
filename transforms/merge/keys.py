"""The keys under which events are found again: specific ones, each within a slice of time.

A claim is *filed* under its keys and *looked up* under the same keys in the neighbouring slices too. Both directions
meet: whoever comes second finds the first. A pair of states alone is never a key: the hottest pair has every twentieth
event of the register, but few of one kind in one fortnight, and fewer with one number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

from transforms.merge.facts import RELATED, Facts

FINE = 31
"""Days up to which a date tells when: claims are filed by it."""
_FORTNIGHT, _HALF_YEAR, _YEAR = 14, 182, 365


def article_key(article: str) -> str:
    """The events with a claim of an article."""
    return f"article|{article}"


def copies_key(lead: str) -> str:
    """The articles that are copies of a lead."""
    return f"copies|{lead}"


def flow_key(supplier: str, recipient: str, category: str) -> str:
    """The standing flows of a pair and kind: few, and without a slice of time."""
    return f"{supplier}>{recipient}|flow|{category}"


def kind_keys(supplier: str, recipient: str, categories: Iterable[str], first: int, last: int) -> list[str]:
    """The keys of a pair's events of these kinds over a span of days."""
    slices = range(first // _FORTNIGHT, last // _FORTNIGHT + 1)
    return [f"{supplier}>{recipient}|kind|{category}|{at}" for category in sorted(categories) for at in slices]


@lru_cache(maxsize=4096)
def filed(facts: Facts) -> tuple[str, ...]:
    """The keys that an event with this claim is filed under."""
    keys = [article_key(facts.document)]
    keys += [f"{stem}|{at // width}" for stem, width in _stems(facts) for at in _times(facts)]
    if facts.flow:
        keys += [flow_key(facts.supplier, facts.recipient, category) for category in sorted(facts.categories)]
    return tuple(dict.fromkeys(keys))


def meet(a: Facts, b: Facts) -> bool:
    """Whether the one is found from the other (symmetric): what no key connects is never compared."""
    return not frozenset(sought(a)).isdisjoint(filed(b))


@lru_cache(maxsize=4096)
def sought(facts: Facts) -> tuple[str, ...]:
    """The keys under which events that may be the same transfer are filed."""
    keys = [article_key(facts.document)]
    related = {other for kin in RELATED if facts.categories & kin for other in kin} - facts.categories
    stems = [*_stems(facts), *((_kind(facts, category), _FORTNIGHT) for category in sorted(related))]
    keys += [f"{stem}|{at // width + step}" for stem, width in stems for at in _times(facts) for step in (-1, 0, 1)]
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
    pair = f"{facts.supplier}>{facts.recipient}"
    for name in sorted(facts.names):
        yield f"{pair}|name|{name}", _HALF_YEAR
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
    if facts.amount and facts.amount[0] >= 2:
        least, _, unit = facts.amount
        yield f"{pair}|pieces|{unit}{_rounded(least)}", _YEAR
    if facts.when and facts.when.days <= 2:
        yield f"{pair}|day", 4


def _kind(facts: Facts, category: str) -> str:
    return f"{facts.supplier}>{facts.recipient}|kind|{category}"


def _rounded(number: float) -> str:
    """To two significant digits: newspapers round on."""
    if number <= 0 or not math.isfinite(number):
        return "0"
    return f"{number:.1e}"
