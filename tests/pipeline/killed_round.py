"""Run as a program: one round that kills its own process (SIGKILL) at the n-th write to the store.

    python -m tests.pipeline.killed_round STORE_PATH SOURCES_FILE N

Exits 0 where the round ended before its n-th write.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.graph import Parts
from pipeline.rounds import run_round
from sinks.sqlite import SqliteStore
from tests.samples import NOW
from transforms import owner
from transforms.contracts import Store
from transforms.sources import load_sources

WRITES = (
    "save_polls",
    "lease_entries",
    "put_articles",
    "put_claims_of",
    "put_buckets",
    "put_events",
    "create_alerts",
    "end_leases",
)
_left = 0


def fixed_clock() -> datetime:
    """The same moment in every run, so that end states can be compared to the letter."""
    return NOW


@dataclass(frozen=True)
class Mortal:
    """A factory of stores that kill the process at the n-th write of the process, before or after it is done."""

    path: str

    def __call__(self) -> Store:
        store: Any = SqliteStore(self.path)
        for name in WRITES:
            setattr(store, name, _counted(getattr(store, name)))
        return store  # type: ignore[no-any-return]


def _counted(write: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        global _left
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(*args, **kwargs)

    return counted


def main() -> None:
    global _left
    path, sources, n = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    _left = n
    store = SqliteStore(path)
    store.init()
    for dead in store.lease_owners():
        if owner.is_dead(dead):
            store.release_leases(dead)
    store.close()
    run_round(Parts(store=Mortal(path), sources=load_sources(sources), owner=owner.name(), clock=fixed_clock))


if __name__ == "__main__":
    main()
