"""Racing writers, step by step and with deaths in between, on both stores: no claim is lost, none is doubled, and what
they leave is the register that one writer leaves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sinks.urls import StoreAt
from tests.merge.memory import memory_store
from tests.merge.steps import race
from tests.merge.test_permutation import of_one_day
from tests.merge.world import SHELLS, compared, events, read, register, told
from tests.samples import NOW, later
from tests.sinks.es_server import Served, elasticsearch, prefix, store_at, worker_prefix
from transforms.contracts import Store
from transforms.merge import curate
from transforms.merge.facts import base_id
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


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
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


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(2, 4))
@example(13, 3)  # a writer died after it had changed a flow, and before it looked at what hung under it
@example(19, 3)  # a claim was withdrawn while another writer moved it: it came back in the event it was moved to
@example(40, 4)
@example(129, 2)  # a writer died over a move, while an article whose claim it had moved was corrected
@example(177, 2)  # a writer died before it had hung an event that it had split off
@example(148, 2)  # a claim whose date was corrected was not filed under the new one
def test_copies_flows_and_corrections_come_out_the_same_after_any_race(seed: int, writers: int) -> None:
    found, random = mixed(seed), Random(seed)
    revised = corrected(found, seed)
    store = memory_store()
    race(store, shared_out(found, writers, random), random)
    race(store, [[[reading]] for reading in revised], random)
    assert set(placed(store).values()) == {1}
    kept = [r for r in found if r.article.id not in {again.article.id for again in revised}]
    assert compared(store) == compared(register([*kept, *revised]))
    for event in events(store):  # a copy's claims are the lead's, in the lead's event
        own = {claim.id: claim for claim in event.claims}
        for claim in (c for c in event.claims if c.copy_of):
            assert own[base_id(claim)] == replace(claim, id=base_id(claim), document=claim.copy_of or "", copy_of=None)


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_what_is_rejected_stays_rejected_through_a_race(seed: int) -> None:
    """An event and an article, while others bring more reports of them, and the reports of before once more."""
    found, random = of_one_day(12, 2, seed), Random(seed)
    store = register(found[:6])
    event = max(events(store), key=lambda e: (len(e.claims), e.id))
    of_event = curate.confirm_or_reject(event, "reject", "A. Nalyst", "an exercise", later(days=1))
    article = next(c.document for e in events(store) for c in e.claims if c.document != event.claims[0].document)
    of_article = curate.judge_article(store, article, "reject", "A. Nalyst", "a satire", later(days=1))

    def judged() -> None:
        for judgement in (of_event, of_article):
            curate.apply(store, judgement, later(days=1))

    rounds = iter([judged])
    steps = iter(range(10**6))

    def halfway() -> None:
        if next(steps) == 60:
            next(rounds)()

    race(store, shared_out(found, 3, random), random, halfway)
    for todo in rounds:
        todo()
    race(store, shared_out(found, 2, random), random)
    assert article not in {claim.document for e in events(store) for claim in e.claims}
    first = next(a for a in of_event.claims if any(base_id(c) == a for e in events(store) for c in e.claims))
    states = {e.review.state for e in events(store) for c in e.claims if base_id(c) == first}
    assert states == {"rejected"}


@pytest.mark.parametrize("kill_at", range(1, 40, 2))
def test_on_a_split_the_part_with_the_earliest_claim_keeps_the_id_through_a_crash(kill_at: int) -> None:
    """Two deliveries that one report joins, which is withdrawn: whichever write is the writer's last."""
    early, late = (
        read(name, day, told(name, "USA>POL", SHELLS, number=number, date=day))
        for name, day, number in (("a", "2024-05-01", None), ("b", "2024-05-16", 5000))
    )
    joins = read("c", "2024-05-08", told("c", "USA>POL", SHELLS, number=5000, date="2024-05-08"))
    readings = [
        replace(reading, article=replace(reading.article, first_seen=NOW + timedelta(hours=n)))
        for n, reading in enumerate((early, late, joins))
    ]
    gone = replace(readings[2], article=replace(readings[2].article, revision=2), claims=())
    store = register(readings)
    before = {claim.document: event.id for event in events(store) for claim in event.claims}
    race(store, [[[gone]]], Random(1), dies=lambda step: step == kill_at)
    after = {claim.document: event.id for event in events(store) for claim in event.claims}
    assert after["a"] == before["a"]
    assert set(after) == {"a", "b"}
    assert set(placed(store).values()) == {1}


def racing(store: Store, seed: int) -> None:
    """A race of four writers, with deaths, over reports, copies and flows, then over corrections; a replay changes
    nothing."""
    found, random = mixed(seed), Random(seed)
    revised = corrected(found, seed)
    assert race(store, shared_out(found, 4, random), random) > 0
    race(store, [[[reading]] for reading in revised], random)
    now = [*(r for r in found if r.article.id not in {again.article.id for again in revised}), *revised]
    ids = [event.id for event in store.iter_events(merged=True)]
    versions = {id: found.version for id, found in store.events(ids).items()}
    assert compared(store) == compared(register(now))
    register(now, store)
    assert {id: found.version for id, found in store.events(ids).items()} == versions


@pytest.mark.parametrize("seed", [3, 11])
def test_a_race_in_sqlite_loses_nothing(tmp_path: Path, seed: int) -> None:
    store = StoreAt(f"sqlite:///{tmp_path}/register.db")()
    store.init()
    racing(store, seed)
    store.close()


@pytest.mark.slow
def test_a_race_in_elasticsearch_loses_nothing(elasticsearch: Served, prefix: str) -> None:
    store = store_at(elasticsearch.url, prefix)
    racing(store, 3)
    store.close()
