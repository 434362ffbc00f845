"""Pages that are fetched while others go on: what has not come within a moment is collected when its entry comes again.

So a slow host holds up its own pages and nobody else's. Nothing here matters to correctness: an entry whose page is
forgotten (the process died, or its entry went elsewhere) is fetched again.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from transforms.fetch.background import Background
from transforms.fetch.pages import Outcome, Retry, Wanted, fetch_page

PATIENCE = timedelta(seconds=2)
"""How long a batch waits for its pages: nine in ten news pages come within one second, and a batch of one host's pages,
which come a second apart, does not hold up the next batch by more than this."""
_AGAIN = timedelta(seconds=5)
_AGAIN_CAP = timedelta(minutes=1)
_FORGET = 3600.0


@dataclass(slots=True)
class _UnderWay:
    future: Future[Outcome]
    host: str
    started: float
    visits: int = 0
    late: bool = False


def _patiently(futures: Sequence[Future[Outcome]]) -> None:
    wait(futures, timeout=PATIENCE.total_seconds())


@dataclass(slots=True)
class PagesAhead:
    """Fetches pages through a :class:`Background`. Thread-safe.

    clock: wall time, for due times. wait: waits for pages, but not for ever; replaceable for tests.
    """

    background: Background
    clock: Callable[[], datetime]
    wait: Callable[[Sequence[Future[Outcome]]], None] = _patiently
    _rng: random.Random = field(default_factory=random.Random)  # jitter
    _under_way: dict[tuple[str, int], _UnderWay] = field(default_factory=dict)
    _extra: dict[tuple[str, int], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, wanted: Sequence[Wanted]) -> list[tuple[Wanted, Outcome]]:
        """The pages of entries, as far as they have come; for the others :class:`Retry`, soon. In the order given."""
        mine: list[tuple[Wanted, _UnderWay]] = []
        with self._lock:
            self._forget()
            late = {run.host for run in self._under_way.values() if run.late and not run.future.done()}
            waited: list[Future[Outcome]] = []
            for one in wanted:
                key = (one.entry.id, one.entry.revision)
                run = self._under_way.get(key)
                if run is None:
                    run = self._under_way[key] = self._start(one, key)
                    if run.host not in late:
                        waited.append(run.future)
                mine.append((one, run))
        if waited:
            self.wait(waited)
        with self._lock:
            return [(one, self._result(one, run)) for one, run in mine]

    def close(self) -> None:
        """Forget everything; the background goes on."""
        with self._lock:
            self._under_way.clear()
            self._extra.clear()

    def _start(self, one: Wanted, key: tuple[str, int]) -> _UnderWay:
        # Leases that only found the page still under way were no tries.
        tries = max(0, one.tries - self._extra.get(key, 0))
        future = self.background.start(
            lambda client: fetch_page(client, one.entry, one.source, tries=tries, now=self.clock(), rng=self._rng)
        )
        return _UnderWay(future, _host(one.entry.url), time.monotonic())

    def _result(self, one: Wanted, run: _UnderWay) -> Outcome:
        key = (one.entry.id, one.entry.revision)
        if run.future.done():
            self._under_way.pop(key, None)
            if not run.future.cancelled() and run.future.exception() is None:
                outcome = run.future.result()
                if isinstance(outcome, Retry):
                    return outcome
                self._extra.pop(key, None)
                return outcome
            return Retry(next_due=self.clock() + _AGAIN, reason="the fetch was given up; it is begun again")
        again = min(_AGAIN * 2**run.visits, _AGAIN_CAP)
        run.visits += 1
        run.late = True  # it has kept a batch waiting to the end: no other waits for its host meanwhile
        self._extra[key] = self._extra.get(key, 0) + 1
        return Retry(next_due=self.clock() + again, reason="its page is still under way")

    def _forget(self) -> None:
        before = time.monotonic() - _FORGET
        for key in [key for key, run in self._under_way.items() if run.started < before and run.future.done()]:
            del self._under_way[key]
        for key in list(self._extra)[: max(0, len(self._extra) - 100_000)]:
            del self._extra[key]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
