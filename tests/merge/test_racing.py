"""Four writers that merge the same readings at once leave the register that one alone does, also after a crash."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.register import generate
from sinks.sqlite import SqliteStore
from tests.merge.memory import MemoryStore, memory_store
from tests.merge.world import HIMARS, SHELLS, compared, merge, read, register, told
from transforms.records import ClaimPlace, Reading


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


@pytest.mark.parametrize("share", ["all the same", "each a part"])
def test_racing_writers_leave_the_same_register(tmp_path: Path, share: str) -> None:
    found = readings()
    expected = compared(register(found))
    path = f"{tmp_path}/register.db"
    store = SqliteStore(path)
    store.init()
    start = threading.Barrier(4)

    def work(writer: int) -> None:
        mine: Sequence[Reading] = found[writer::4] if share == "each a part" else found
        order = random.Random(writer).sample(mine, len(mine))
        own = SqliteStore(path)
        start.wait()
        register(order, own)
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert compared(store) == expected
    writes = [event.revision for event in store.iter_events()]
    register(found, store)
    assert [event.revision for event in store.iter_events()] == writes
    store.close()


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
