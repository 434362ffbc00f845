"""Four writers that merge the same readings at once leave the register that one alone does, also after a crash."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.register import generate
from sinks.urls import StoreAt
from tests.merge.memory import MemoryStore, memory_store
from tests.merge.world import HIMARS, SHELLS, compared, merge, read, register, told
from tests.samples import NOW
from tests.sinks.es_server import Served, elasticsearch, prefix, store_at, worker_prefix
from transforms.contracts import Store
from transforms.merge import merge_readings
from transforms.records import ClaimPlace, Reading

__all__ = ["elasticsearch", "prefix", "worker_prefix"]  # fixtures


def readings() -> list[Reading]:
    """Two transfers of one pair told by many, with copies, and a flow above them."""
    generated = generate(seed=5, events=3, days=60)
    own = [
        read("flow", "2024-05-06", told("flow", "USA>POL", SHELLS, date="2023-08/2024-04")),
        read("one", "2023-10-16", told("one", "USA>POL", SHELLS, date="2023-10-14")),
        read("two", "2023-10-17", told("two", "USA>POL", SHELLS, date="2023-10-14"), told("two", "USA>POL", HIMARS)),
        read("copy", "2023-10-17", told("copy", "USA>POL", SHELLS), copy_of="one"),
    ]
    return [*own, *generated.readings[:26]]


def racing(url: str, writer: int, share: str, size: int) -> None:
    """One of four processes: merges its readings in an order of its own, in bundles as the pipeline does."""
    found = readings()
    mine: Sequence[Reading] = found[writer::4] if share == "each a part" else found
    order = Random(writer).sample(mine, len(mine))
    store = StoreAt(url)()
    for start in range(0, len(order), size):
        bundle = order[start : start + size]
        store.put_articles([reading.article for reading in bundle])
        store.put_claims_of({reading.article.id: reading.claims for reading in bundle})
        for merged in merge_readings(store, bundle, NOW):
            if isinstance(merged, Exception):
                raise merged
    store.close()


def race(url: str, share: str) -> None:
    """Four processes at once; each looks for the others' claims after its own last write."""
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(racing, [url] * 4, range(4), [share] * 4, (1, 4, 9, 50)))


def check(store: Store) -> None:
    """The register is the one that a single writer leaves, and a replay changes nothing of it."""
    found = readings()
    assert compared(store) == compared(register(found))
    ids = [event.id for event in store.iter_events(merged=True)]
    writes = {id: read.version for id, read in store.events(ids).items()}
    register(found, store)
    assert {id: read.version for id, read in store.events(ids).items()} == writes
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("share", ["all the same", "each a part"])
def test_four_processes_leave_the_same_register_in_sqlite(tmp_path: Path, share: str) -> None:
    url = f"sqlite:///{tmp_path}/register.db"
    store = StoreAt(url)()
    store.init()
    race(url, share)
    check(store)


@pytest.mark.slow
@pytest.mark.parametrize("share", ["all the same", "each a part"])
def test_four_processes_leave_the_same_register_in_elasticsearch(
    elasticsearch: Served, prefix: str, share: str
) -> None:
    race(f"{elasticsearch.url}/{prefix}", share)
    check(store_at(elasticsearch.url, prefix))


class Crash(Exception):
    """The process dies."""


class MortalStore(MemoryStore):
    """Dies at the n-th write of events and buckets, before it is done."""

    left = -1

    def put_event(self, *arguments: Any) -> bool:
        self._count()
        return super().put_event(*arguments)

    def put_bucket(self, *arguments: Any) -> bool:
        self._count()
        return super().put_bucket(*arguments)

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash


def test_a_crash_at_any_write_is_made_good_by_the_replay() -> None:
    """Also in the midst of a merge of two events, and of the split that follows."""
    gdynia = (ClaimPlace(role="delivery", text="Gdynia", start=0, end=6),)
    history = [
        read("a", "2024-05-01", told("a", "USA>POL", SHELLS, places=gdynia)),
        read("b", "2024-05-16", told("b", "USA>POL", SHELLS, number=5000)),
        read("c", "2024-05-08", told("c", "USA>POL", SHELLS, number=5000, places=gdynia)),
        read("d", "2024-05-08", copy_of="c"),
        read("c", "2024-05-08", revision=2),
    ]
    undisturbed = memory_store()
    sizes = [len(compared(register([reading], undisturbed))) for reading in history]
    assert sizes == [1, 2, 1, 1, 2]
    expected = [list(undisturbed.iter_events(merged=True))]
    deaths = 0
    for kill_at in range(1, 60):
        store: Any = MortalStore()
        store.left = kill_at
        for reading in history:
            try:
                merge(store, reading)
            except Crash:
                deaths += 1
                merge(store, reading)
        assert [list(store.iter_events(merged=True))] == expected
    assert deaths > 20
