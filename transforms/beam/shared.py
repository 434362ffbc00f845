"""What a worker process has once, however many DoFn instances Beam makes in it: made at the first use, closed after the
last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from transforms.contracts import Store, StoreFactory
from transforms.fetch.background import MANY, Background
from transforms.fetch.worker import client_factory
from transforms.sources.current import SourcesNow


class Closable(Protocol):
    """Something with an end."""

    def close(self) -> None:
        """Let go of what is held."""


C = TypeVar("C", bound=Closable)
_lock = threading.RLock()  # making one may need another
_held: dict[Hashable, tuple[int, Closable]] = {}


def acquire(key: Hashable, make: Callable[[], C]) -> C:
    """The process's object under ``key``, made where there is none. Each call needs one :func:`release`."""
    with _lock:
        users, value = _held.get(key) or (0, make())
        _held[key] = (users + 1, value)
        return cast(C, value)


def release(key: Hashable) -> None:
    """Give it back; the last to do so closes it. Without effect for what was never acquired."""
    with _lock:
        users, value = _held.pop(key, (0, None))
        if users > 1 and value is not None:
            _held[key] = (users - 1, value)
            return
    if value is not None:
        value.close()


def acquire_background(job: str, sources: SourcesNow) -> Background:
    """The process's requests for a job, under the name that the sources file gives."""
    return acquire(("background", job), lambda: Background(client_factory(sources().user_agent, limits=MANY)))


def release_background(job: str) -> None:
    """Give them back."""
    release(("background", job))


@dataclass(frozen=True, slots=True)
class SharedStore:
    """A factory that gives all stages of a job in a process one store.

    A stage's workers are many, and each would connect once in every thread that ever ran it: some hundred open files
    after an hour on SQLite. Stores may be used from any thread (transforms/contracts.py).
    """

    factory: StoreFactory
    job: str

    def __call__(self) -> Store:
        """The process's store; closing it gives it back."""
        return cast(Store, _Handle(acquire(("store", self.job), self.factory), ("store", self.job)))


class _Handle:
    def __init__(self, store: Store, key: Hashable) -> None:
        self._store = store
        self._key = key
        self._closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def close(self) -> None:
        if not self._closed:  # a second time it would give back what another stage holds
            self._closed = True
            release(self._key)
