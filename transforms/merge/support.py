"""Which of several told values an event carries: the one that most independent origins tell."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from transforms.records import Claim, Report

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Member:
    """A claim of an event with the report of its article (None where the article is not known any more)."""

    claim: Claim
    report: Report | None

    @property
    def origin(self) -> str:
        """The family that counts once."""
        return self.report.origin if self.report else self.claim.copy_of or self.claim.document

    @property
    def order(self) -> tuple[str, str, int, str]:
        """By publication, then document: the order in which an event lists its claims, whenever they came."""
        published = (self.report.published if self.report else None) or "9999"
        return (published, self.claim.document, self.claim.start, self.claim.id)


def independent(members: Iterable[Member]) -> list[Member]:
    """Those that are no copies; the copies, where nothing else is there."""
    all_of = list(members)
    return [member for member in all_of if member.claim.copy_of is None] or all_of


def best(
    members: Sequence[Member],
    value: Callable[[Claim], T | None],
    key: Callable[[T], Hashable],
    fineness: Callable[[T], float] = lambda _: 0.0,
) -> T | None:
    """The value of the most independent origins; then of the most reliable, the finest, the latest told.

    fineness: larger is finer ("2024-05-06" before "2024").
    """
    told: dict[Hashable, list[tuple[Member, T]]] = {}
    for member in members:
        found = value(member.claim)
        if found is not None:
            told.setdefault(key(found), []).append((member, found))
    if not told:
        return None

    def rank(item: tuple[Hashable, list[tuple[Member, T]]]) -> tuple[int, str, float, str, str]:
        group = [member for member, _ in item[1]]
        reliability = min(member.report.reliability if member.report else "F" for member in group)
        latest = max(member.order[0] for member in group)
        return (
            -len({m.origin for m in group}),
            reliability,
            -fineness(item[1][0][1]),
            _descending(latest),
            str(item[0]),
        )

    group = min(told.items(), key=rank)[1]
    return min(group, key=lambda pair: pair[0].order)[1]


def union(members: Sequence[Member], values: Callable[[Claim], Iterable[T]], key: Callable[[T], Hashable]) -> list[T]:
    """Every value told, the most often told first, each as the first claim has it."""
    first: dict[Hashable, T] = {}
    origins: dict[Hashable, set[str]] = {}
    for member in sorted(members, key=lambda m: m.order):
        for value in values(member.claim):
            first.setdefault(key(value), value)
            origins.setdefault(key(value), set()).add(member.origin)
    return [first[k] for k in sorted(first, key=lambda k: (-len(origins[k]), str(k)))]


def _descending(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(c)) for c in text[:40])
