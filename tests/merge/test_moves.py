"""No claim is ever in no event, whatever is decided, wherever a writer dies and however writers race."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.merge.memory import MemoryStore
from tests.merge.world import SHELLS, only, read, register, told
from tests.samples import NOW
from transforms.merge.decide import Write
from transforms.merge.moves import keeping, stages
from transforms.records import Change, Event

CLAIMS = "abcdefg"
IDS = ("A", "B", "C", "D")
MADE = {name: told(name, "USA>POL", SHELLS) for name in CLAIMS}
BARE = only(register([read("z", "2024-05-01", told("z", "USA>POL", SHELLS))]))
Held = Mapping[str, str]
"""By event id, the names of its claims."""


def event(id: str, names: str) -> Event:
    """An event with claims of these names, and nothing else of its own."""
    return replace(BARE, id=id, claims=tuple(MADE[name] for name in names), reports=(), changes=(), unannounced=())


def held(events: Mapping[str, Event]) -> Held:
    return {id: "".join(sorted(claim.document for claim in each.claims)) for id, each in sorted(events.items())}


def decided(before: Mapping[str, Event], after: Held) -> list[Write]:
    """The writes that lead there; an event that is not named loses everything."""
    was = held(before)
    wanted = {id: after.get(id, "") for id in sorted({*before, *after})}
    return [Write(event(id, names)) for id, names in wanted.items() if was.get(id) != names]


def plan(before: Held, after: Held) -> list[Held]:
    """What each stage of the first pass writes."""
    events = {id: event(id, names) for id, names in before.items()}
    return [held({e.id: e for e in stage.events}) for stage in stages(decided(events, after), events)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"A": "ac", "B": "b"}, {"A": "a", "B": "bc"}, [{"B": "bc"}, {"A": "a"}], id="gains first"),
        pytest.param({"A": "ab", "B": "b"}, {"A": "a", "B": "b"}, [{"B": "b"}, {"A": "a"}], id="a pin"),
        pytest.param({"A": "a", "B": "b"}, {"A": "ab"}, [{"A": "ab"}, {"B": ""}], id="a merge"),
        pytest.param({"A": "ab"}, {"A": "a", "B": "b"}, [{"B": "b"}, {"A": "a"}], id="a split"),
        pytest.param({"A": "ab", "B": "c"}, {"A": "a", "B": "c"}, [{"A": "a"}], id="withdrawn"),
        pytest.param(
            {"A": "ab", "B": "cd", "C": "e"},
            {"A": "a", "B": "bc", "C": "de"},
            [{"C": "de"}, {"B": "bc"}, {"A": "a"}],
            id="a chain",
        ),
        pytest.param({"A": "ab", "B": "cd"}, {"A": "ad", "B": "bc"}, [{"B": "bcd"}, {"A": "ad"}], id="an exchange"),
        pytest.param({"A": "ad", "B": "bcd"}, {"A": "ad", "B": "bc"}, [{"A": "ad"}, {"B": "bc"}], id="its second pass"),
        pytest.param(
            {"A": "ab", "B": "cd", "C": "ef"},
            {"A": "af", "B": "bc", "C": "de"},
            [{"B": "bcd"}, {"A": "af"}, {"C": "de"}],
            id="a ring of three",
        ),
    ],
)
def test_the_order_of_the_writes(before: Held, after: Held, expected: list[Held]) -> None:
    assert plan(before, after) == expected


def test_what_an_event_keeps_for_a_pass_says_nothing_and_is_told_when_it_leaves() -> None:
    gained, withdrawn = (
        Change(number=4, kind="new_claim", at=NOW, after="as e tells it"),
        Change(number=5, kind="withdrawn", at=NOW, before="as b tells it"),
    )
    quantity = Change(number=6, kind="quantity", at=NOW, before="1", after="2")
    old = tuple(Change(number=n, kind="new_claim", at=NOW) for n in (1, 2, 3))
    before = replace(event("A", "ab"), changes=old, unannounced=old[2:])
    changes = (gained, withdrawn, quantity)
    after = replace(event("A", "ae"), changes=(*old, *changes), unannounced=(*old[2:], *changes), articles=7)
    kept = keeping(after, before, {MADE["b"].id})
    assert [claim.document for claim in kept.claims] == ["a", "e", "b"]
    assert kept.articles == 7
    assert [(c.number, c.kind) for c in kept.changes[3:]] == [(4, "new_claim"), (5, "quantity")]
    assert kept.unannounced == (*old[2:], *kept.changes[3:])


partitions = st.lists(st.sampled_from(IDS), min_size=len(CLAIMS), max_size=len(CLAIMS)).map(
    lambda places: {id: "".join(n for n, at in zip(CLAIMS, places, strict=True) if at == id) for id in IDS}
)


class Register:
    """Events of a store under which writers work one write at a time."""

    def __init__(self, start: Held) -> None:
        self.store = MemoryStore()
        for id, names in start.items():
            if names:
                assert self.store.put_event(event(id, names), "")

    def everywhere(self) -> list[str]:
        """The names of the claims, each as often as it is in an event."""
        return sorted(claim.document for each in self.store.iter_events() for claim in each.claims)

    def passing(self, target: Held) -> Iterator[bool]:
        """One pass of a writer who wants this partition of the claims that it sees: a step for each read and write.
        Yields whether there was anything to write."""
        versions, before = dict[str, str](), dict[str, Event]()
        for id in IDS:  # no snapshot: others write in between
            for found in self.store.events([id]).values():
                versions[id], before[id] = found.version, found.value
            yield False
        seen = {claim.document for each in before.values() for claim in each.claims}
        wanted = {id: "".join(name for name in names if name in seen) for id, names in target.items()}
        for stage in stages(decided(before, {id: names for id, names in wanted.items() if names}), before):
            refused = False
            for one in Random(repr(stage.pins)).sample(stage.events, len(stage.events)):
                refused |= not self.store.put_event(one, versions.get(one.id, ""))
                yield True
            if refused:
                break

    def settle(self, target: Held) -> int:
        """Passes of one writer until there is nothing left to write; how many there were."""
        passes = 1
        while any(list(self.passing(target))):
            passes += 1
            assert passes < 50
        return passes


@given(partitions, partitions)
def test_a_decision_is_carried_out_in_a_few_passes(start: Held, target: Held) -> None:
    found = Register(start)
    assert found.settle(target) <= 2 + len(CLAIMS)
    assert {id: names for id, names in held({e.id: e for e in found.store.iter_events()}).items() if names} == {
        id: names for id, names in target.items() if names
    }


@given(partitions, partitions, st.integers(1, 20))
def test_a_crash_after_any_write_leaves_every_claim_in_an_event(start: Held, target: Held, writes: int) -> None:
    found = Register(start)
    left = writes
    for wrote in _passes(found, target):
        left -= wrote
        assert set(found.everywhere()) == set(CLAIMS)
        if left <= 0:
            break
    found.settle(target)
    assert found.everywhere() == list(CLAIMS)


def _passes(found: Register, target: Held) -> Iterator[bool]:
    while True:
        steps = list[bool]()
        for wrote in found.passing(target):
            steps.append(wrote)
            yield wrote
        if not any(steps):
            return


@settings(max_examples=300, deadline=None)
@given(partitions, st.lists(partitions, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_racing_writers_who_disagree_lose_no_claim(start: Held, targets: list[Held], random: Random) -> None:
    """Each wants another partition, so that every claim is torn from all sides; now and then one dies."""
    found = Register(start)
    at_work = {n: found.passing(target) for n, target in enumerate(targets)}
    for _ in range(200):
        n = random.choice(sorted(at_work))
        if next(at_work[n], None) is None or random.random() < 0.05:
            at_work[n] = found.passing(targets[n])
        assert set(found.everywhere()) == set(CLAIMS)
    found.settle(targets[0])
    assert found.everywhere() == list(CLAIMS)
