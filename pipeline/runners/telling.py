"""What a stream has done, told once a minute, in the process where its stages run."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.rounds import Summary
from transforms.beam.stage import observed

_log = logging.getLogger("tocsin.run")


@contextmanager
def telling(every: float = 60.0) -> Iterator[None]:
    """Log the figures of the last ``every`` seconds while the block runs, where there are any."""
    counts: Counter[str] = Counter()
    lock = threading.Lock()
    stop = threading.Event()

    def count(name: str, amount: int) -> None:
        with lock:
            counts[name] += amount

    def tell() -> None:
        with lock:
            summary = Summary(dict(counts))
            counts.clear()
        if summary.counts:
            _log.info(summary.sentence(), extra={"fields": dict(summary.counts)})

    def work() -> None:
        while not stop.wait(every):
            tell()

    thread = threading.Thread(target=work, name="figures", daemon=True)
    thread.start()
    with observed(count):
        yield
    stop.set()
    thread.join()
    tell()
