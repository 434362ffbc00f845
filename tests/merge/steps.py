"""Writers that race one step at a time, in an order that a seed draws, and die where it pleases the seed.

Each writer has a thread, and only one of them ever runs: it goes from one call of the store to the next and waits for
its next turn. What a store does not promise to do as one is done in single writes, each a turn of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random
from threading import Semaphore, Thread
from typing import Any, cast

from tests.samples import NOW
from transforms.contracts import BucketItem, Store
from transforms.merge import merge_readings
from transforms.records import Event, Reading

_WAIT = 120
"""Seconds until a writer that does not answer counts as hung."""


class Died(Exception):
    """The writer dies, and begins its bundle again."""


class _Writer:
    def __init__(self, store: Store, bundles: Sequence[Sequence[Reading]]) -> None:
        self._store = cast(Store, _InSteps(store, self.turn))
        self._bundles = bundles
        self._go, self._waits = Semaphore(0), Semaphore(0)
        self._dies = False
        self._thread = Thread(target=self._work, daemon=True)
        self.done = False
        self.error: Exception | None = None

    def start(self) -> None:
        self._thread.start()
        assert self._waits.acquire(timeout=_WAIT)

    def step(self, *, dies: bool) -> None:
        """Let it go on to its next call, or die before this one."""
        self._dies = dies
        self._go.release()
        assert self._waits.acquire(timeout=_WAIT)

    def turn(self) -> None:
        self._waits.release()
        assert self._go.acquire(timeout=_WAIT)
        if self._dies:
            raise Died

    def _work(self) -> None:
        try:
            for bundle in self._bundles:
                while not self._written(bundle):
                    pass
        except Exception as error:
            self.error = error
        self.done = True
        self._waits.release()

    def _written(self, bundle: Sequence[Reading]) -> bool:
        """What WriteArticles and MergeEvents do with a bundle; False where it died over it."""
        try:
            self._store.put_articles([reading.article for reading in bundle])
            for reading in bundle:
                self._store.put_claims(reading.article.id, reading.claims)
            for merged in merge_readings(self._store, bundle, NOW):
                if isinstance(merged, Exception):
                    raise merged
        except Died:
            return False
        return True


class _InSteps:
    """A store of which every call waits for its writer's turn."""

    def __init__(self, store: Store, turn: Callable[[], None]) -> None:
        self._store = store
        self._turn = turn

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*arguments: Any) -> Any:
            self._turn()
            return method(*arguments)

        return call

    def put_events(self, writes: Sequence[tuple[Event, str]]) -> Collection[str]:
        return [event.id for event, version in writes if not self.put_event(event, version)]

    def put_event(self, event: Event, version: str) -> bool:
        self._turn()
        return not self._store.put_events([(event, version)])

    def put_buckets(self, kind: Any, writes: Mapping[str, tuple[Sequence[BucketItem], str]]) -> Collection[str]:
        refused: list[str] = []
        for key, write in writes.items():
            self._turn()
            refused += self._store.put_buckets(kind, {key: write})
        return refused


def race(
    store: Store,
    writers: Sequence[Sequence[Sequence[Reading]]],
    random: Random,
    check: Callable[[], None] = lambda: None,
    dies: Callable[[int], bool] | None = None,
) -> int:
    """Each writer's bundles merged, all at once; ``check`` is called after every step. How many deaths there were.

    dies: whether a writer dies at the n-th step of all; by default at one in a hundred.
    """
    dies = dies or (lambda _: random.random() < 0.01)
    at_work = [_Writer(store, bundles) for bundles in writers]
    for writer in at_work:
        writer.start()
    died = step = 0
    while alive := [writer for writer in at_work if not writer.done]:
        step += 1
        last = dies(step)
        died += last
        random.choice(alive).step(dies=last)
        check()
    for writer in at_work:
        if writer.error:
            raise writer.error
    return died
