"""A store that is asked again while it does not answer: in a stream a restart of the store must not fail the job."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from transforms.contracts import Store, StoreFactory, StoreUnavailable

PAUSES = (1.0, 2.0, 4.0, 8.0, *(15.0,) * 7)
"""Seconds between tries: two minutes in all. Longer, and the job fails and is begun anew, which loses nothing either; a
lease lasts fifteen minutes."""
_log = logging.getLogger("tocsin.store")


@dataclass(frozen=True, slots=True)
class Patient:
    """A factory of stores that ask again; picklable. Every call of a store may be repeated (transforms/contracts.py).

    Iterators that break off in the middle are not resumed. sleep: replaceable for tests.
    """

    factory: StoreFactory
    pauses: tuple[float, ...] = PAUSES
    sleep: Callable[[float], None] = time.sleep

    def __call__(self) -> Store:
        """A store of the inner factory."""
        return cast(Store, _Asking(self.factory(), self.pauses, self.sleep))


class _Asking:
    def __init__(self, store: Store, pauses: tuple[float, ...], sleep: Callable[[float], None]) -> None:
        self._store = store
        self._pauses = pauses
        self._sleep = sleep

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if not callable(method) or name == "close":
            return method

        @wraps(method)
        def asked(*args: Any, **kwargs: Any) -> Any:
            for pause in self._pauses:
                try:
                    return method(*args, **kwargs)
                except StoreUnavailable as error:
                    _log.warning("the store does not answer, asking again in %g s: %s", pause, error)
                    self._sleep(pause)
            return method(*args, **kwargs)

        setattr(self, name, asked)
        return asked
