"""How ``tocsin run`` is asked to end, and how it ends where something would keep it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn


@contextmanager
def stopped_by_signal(stop: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set ``stop`` while the block runs (in the main thread; elsewhere nobody signals).

    Entered before anything heavy is imported, so that a service which is stopped while it starts ends in order, too.
    """
    with ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                stack.callback(signal.signal, number, signal.signal(number, lambda *_: stop.set()))
        yield


def leave(code: int) -> NoReturn:
    """End the process at once, with all that was logged.

    For a round that was cut off: an end in Python's own order would wait for its threads, thus for a server that never
    answers. What they leave half-done is what a killed process leaves: the store has the rest.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
