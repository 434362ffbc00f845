"""Racing writers, step by step and with deaths in between, on both stores: no claim is lost, none is doubled, and what
they leave is the register that one writer leaves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.memory import memory_store
from tests.merge.steps import race
from tests.merge.test_permutation import of_one_day
from tests.merge.world import SHELLS, compared, events, read, register, told
from tests.sinks.es_server import elasticsearch, prefix, worker_prefix
from transforms.contracts import Store
from transforms.records import Reading

__all__ = ["elasticsearch", "prefix", "worker_prefix"]  # fixtures


def shared_out(found: list[Reading], writers: int, random: Random) -> list[list[list[Reading]]]:
    """Bundles of up to four readings for each writer, in an order of their own; a fifth of them comes twice."""
    bundles: list[list[list[Reading]]] = [[] for _ in range(writers)]
    order = random.sample(found, len(found)) + random.sample(found, len(found) // 5)
    while order:
        size = random.randint(1, 4)
        bundles[random.randrange(writers)].append(list({r.article.id: r for r in order[:size]}.values()))
        order = order[size:]
    return bundles


def placed(store: Store) -> Counter[str]:
    """Claims by id, each with the number of events that have it."""
    return Counter(claim.id for event in store.iter_events() for claim in event.claims)


class Placed:
    """Sees to it that a claim that ever was in an event stays in one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[str] = set()

    def __call__(self) -> None:
        now = placed(self._store).keys()
        assert now >= self._known
        self._known |= now


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(2, 4))
def test_no_claim_is_lost_at_any_step_of_a_race(seed: int, transfers: int, writers: int) -> None:
    found = of_one_day(14, transfers, seed)
    store, random = memory_store(), Random(seed)
    race(store, shared_out(found, writers, random), random, Placed(store))
    assert set(placed(store).values()) == {1}
    assert compared(store) == compared(register(found))


def mixed(seed: int) -> list[Reading]:
    """Reports with copies, and standing flows of which some are corrected to be none."""
    draw = Random(seed)
    found = of_one_day(8, 3, seed)
    copies = [read(f"copy-{n}", "2024-05-04", copy_of=draw.choice(found).article.id) for n in range(3)]
    flows = [
        read(f"flow-{n}", "2024-05-06", told(f"flow-{n}", "USA>UKR", SHELLS, date=draw.choice(_SPANS)))
        for n in range(3)
    ]
    single = [
        read(f"one-{n}", "2024-03-17", told(f"one-{n}", "USA>UKR", SHELLS, date=f"2024-03-{10 + 6 * n}"))
        for n in range(2)
    ]
    return [*found, *copies, *flows, *single]


_SPANS = ["2023-08/2024-04", "2023-12/2024-06", "2022-01/2024-05"]


def corrected(found: list[Reading], seed: int) -> list[Reading]:
    """Second revisions of some: a flow that was a single delivery, a report that is withdrawn."""
    draw = Random(seed)
    again = []
    for reading in draw.sample([r for r in found if r.claims], 3):
        claims = draw.choice([(), tuple(replace(claim, date="2024-05-02") for claim in reading.claims)])
        again.append(replace(reading, article=replace(reading.article, revision=2), claims=claims))
    return again


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_copies_flows_and_corrections_come_out_the_same_after_any_race(seed: int, writers: int) -> None:
    found, random = mixed(seed), Random(seed)
    revised = corrected(found, seed)
    store = memory_store()
    race(store, shared_out(found, writers, random), random, lambda: None)
    race(store, [[[reading]] for reading in revised], random, lambda: None)
    assert set(placed(store).values()) == {1}
    kept = [r for r in found if r.article.id not in {again.article.id for again in revised}]
    assert compared(store) == compared(register([*kept, *revised]))
    for event in events(store):
        for claim in (c for c in event.claims if c.copy_of):
            assert any(lead.document == claim.copy_of for lead in event.claims)
