"""Once a day what nobody needs any more is removed from the store, beside the main job (transforms/retention.py)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from transforms.contracts import StoreError, StoreFactory
from transforms.retention import Retention, purge

_log = logging.getLogger("tocsin.store")
FIRST = timedelta(hours=1)
"""After the start: a service that is restarted again and again has something better to do."""
EVERY = timedelta(days=1)


@contextmanager
def purging(
    factory: StoreFactory,
    clock: Callable[[], datetime],
    *,
    first: timedelta = FIRST,
    every: timedelta = EVERY,
    retention: Retention | None = None,
) -> Iterator[None]:
    """Purge in a thread of its own until the block ends; a failure is said and tried again the next time."""
    over = threading.Event()

    def work() -> None:
        pause = first
        while not over.wait(pause.total_seconds()):
            pause = every
            try:
                store = factory()
                try:
                    removed = purge(store, retention or Retention(), clock())
                finally:
                    store.close()
            except StoreError as error:
                _log.warning("what is old could not be removed, it is tried again in a day: %s", error)
            else:
                told = ", ".join(f"{number} {kind}" for kind, number in removed.items() if number)
                if told:
                    _log.info("removed what is old: %s", told.replace("_", " "))

    thread = threading.Thread(target=work, name="purge", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
