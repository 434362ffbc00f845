"""The partition of claims into transfers: average linkage over the scores of pairs, under constraints.

It is a function of the *set* of claims: ties go by the claims' ids, sums are of whole numbers. So the order in which
claims came cannot matter.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import combinations

from transforms.merge.facts import Facts
from transforms.merge.profile import profile
from transforms.merge.score import THRESHOLD, compare, score

Together = Iterable[tuple[str, str]]
"""Pairs of claim ids that an analyst's judgement puts together, or apart."""


def partition(claims: Sequence[Facts], together: Together = (), apart: Together = ()) -> list[list[str]]:
    """Claims' ids by transfer, each sorted, in the order of their first.

    Groups are joined while the mean score of their pairs is at least the threshold and no pair is impossible, the best
    first. ``together`` overrules scores and impossibility; ``apart`` overrules ``together``.
    """
    ordered = sorted(claims, key=lambda facts: facts.id)
    index = {facts.id: n for n, facts in enumerate(ordered)}
    groups = _Groups(len(ordered))
    for a, b in apart:
        if a in index and b in index:
            groups.forbid(index[a], index[b])
    links = []
    for (n, one), (m, other) in combinations(enumerate(ordered), 2):
        points = score(one, other)
        if points is None:
            groups.soft_forbid(n, m)
        else:
            groups.add(n, m, points)
            if points >= THRESHOLD:
                links.append((n, m))
    for a, b in sorted(tuple(sorted(pair)) for pair in together):
        if a in index and b in index:
            groups.force(index[a], index[b])
    groups.join_all()
    _join_profiles(groups, ordered, links)
    return sorted(sorted(ordered[n].id for n in members) for members in groups.members())


def _join_profiles(groups: _Groups, ordered: Sequence[Facts], links: Sequence[tuple[int, int]]) -> None:
    """Join groups whose facts taken together speak for one transfer, the best first.

    The mean of pairs is low where many claims tell little: an approval in twenty short notices and a delivery in twenty
    others. Only groups that some pair links are compared, so that what is decided stays within the neighbourhood.
    """
    while True:
        linked = {(min(a, b), max(a, b)) for n, m in links if (a := groups.find(n)) != (b := groups.find(m))}
        profiles = {g: profile([ordered[n] for n in groups.group(g)]) for pair in linked for g in pair}
        found = [
            (-points, a, b)
            for a, b in sorted(linked)
            if groups.may_join(a, b) and (points := compare(profiles[a], profiles[b]) or 0) >= THRESHOLD
        ]
        if not found:
            return
        groups.join(*min(found)[1:])


class _Groups:
    """Average linkage with a heap; a group is known by its smallest member."""

    def __init__(self, size: int) -> None:
        self._of: dict[int, list[int]] = {n: [n] for n in range(size)}
        self._group = {n: n for n in range(size)}
        self._sums: dict[int, dict[int, int]] = {n: {} for n in range(size)}
        self._counts: dict[int, dict[int, int]] = {n: {} for n in range(size)}
        self._never: dict[int, set[int]] = {n: set() for n in range(size)}
        self._impossible: dict[int, set[int]] = {n: set() for n in range(size)}

    def forbid(self, a: int, b: int) -> None:
        self._never[a].add(b)
        self._never[b].add(a)

    def soft_forbid(self, a: int, b: int) -> None:
        self._impossible[a].add(b)
        self._impossible[b].add(a)

    def add(self, a: int, b: int, points: int) -> None:
        for x, y in ((a, b), (b, a)):
            self._sums[x][y] = points
            self._counts[x][y] = 1

    def force(self, a: int, b: int) -> None:
        one, other = self.find(a), self.find(b)
        if one != other and other not in self._never[one]:
            self.join(min(one, other), max(one, other))

    def find(self, member: int) -> int:
        """The group of a claim."""
        return self._group[member]

    def group(self, group: int) -> list[int]:
        """The claims of a group."""
        return self._of[group]

    def may_join(self, a: int, b: int) -> bool:
        """Whether nothing forbids it."""
        return b not in self._never[a] and b not in self._impossible[a]

    def join_all(self) -> None:
        heap = [entry for a in self._of for b in self._sums[a] if a < b and (entry := self._entry(a, b))]
        heapq.heapify(heap)
        while heap:
            mean, a, b, size = heapq.heappop(heap)
            if a not in self._of or b not in self._of or size != len(self._of[a]) + len(self._of[b]):
                continue
            if entry := self._entry(a, b):
                if entry[0] != mean:
                    continue
                self.join(a, b)
                for other in list(self._sums[a]):
                    if again := self._entry(min(a, other), max(a, other)):
                        heapq.heappush(heap, again)

    def _entry(self, a: int, b: int) -> tuple[float, int, int, int] | None:
        if not self.may_join(a, b) or b not in self._sums[a]:
            return None
        mean = self._sums[a][b] / self._counts[a][b]
        return (-mean, a, b, len(self._of[a]) + len(self._of[b])) if mean >= THRESHOLD else None

    def join(self, a: int, b: int) -> None:
        """Group b goes into group a."""
        self._group |= dict.fromkeys(self._of[b], a)
        self._of[a] += self._of.pop(b)
        for other in self._sums.pop(b):
            count = self._counts[b][other]
            total = self._sums[other].pop(b)
            del self._counts[other][b]
            if other != a:
                for x, y in ((a, other), (other, a)):
                    self._sums[x][y] = self._sums[x].get(y, 0) + total
                    self._counts[x][y] = self._counts[x].get(y, 0) + count
        del self._counts[b]
        for table in (self._never, self._impossible):
            for other in table.pop(b):
                table[other].discard(b)
                if other != a:
                    table[other].add(a)
                    table[a].add(other)

    def members(self) -> Iterable[list[int]]:
        return self._of.values()
