"""The subscriptions in force: a file that is read again when it has changed, shared by all of a process."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from transforms.notify.loader import SubscriptionsError, load_subscriptions
from transforms.notify.matcher import Matcher
from transforms.notify.schema import Subscriptions
from transforms.stamp import stamp

_log = logging.getLogger("tocsin.notify")
_lock = threading.Lock()
_held: dict[str, tuple[tuple[int, int], Matcher]] = {}


@dataclass(frozen=True, slots=True)
class Current:
    """Names the file (None: nobody is alerted). Picklable: workers read the file themselves."""

    path: Path | None = None

    def matcher(self) -> Matcher:
        """The subscriptions as the file has them now. A file that has become invalid is reported once, and what it
        said before stays in force. Raises :class:`SubscriptionsError` where it never was valid."""
        if self.path is None:
            return Matcher(Subscriptions())
        now = stamp(self.path)
        with _lock:
            held = _held.get(str(self.path))
            if held and held[0] == now:
                return held[1]
            try:
                matcher = Matcher(load_subscriptions(self.path))
            except SubscriptionsError as error:
                if held is None:
                    raise
                _log.error("%s has changed but cannot be used, the former one stays in force:\n%s", self.path, error)
                matcher = held[1]
            else:
                _log.info("%d subscriptions from %s", len(matcher), self.path)
            _held[str(self.path)] = (now, matcher)
            return matcher

    @property
    def folder(self) -> Path:
        """Where relative paths of the file start."""
        return self.path.resolve().parent if self.path else Path.cwd()


NOBODY = Current()
"""No file: nobody is alerted."""
