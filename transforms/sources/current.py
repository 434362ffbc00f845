"""The sources in force: a file that is read again when it has changed, shared by all of a process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from transforms.sources.loader import SourcesError, load_sources
from transforms.sources.schema import Source, Sources
from transforms.stamp import stamp

SourcesNow = Callable[[], Sources]
"""Gives the sources as they are now; picklable, so that stages can be given it."""
_log = logging.getLogger("tocsin.sources")
_lock = threading.Lock()
_held: dict[str, tuple[tuple[int, int], Sources]] = {}


@dataclass(frozen=True, slots=True)
class CurrentSources:
    """Sources that follow their file.

    first: what it said when the job was made; in force until the file says something else, and on a machine that does
    not have the file. path: None for sources that never change (a bounded round reads the file before each).
    """

    first: Sources
    path: Path | None = None

    def __call__(self) -> Sources:
        """The sources as the file has them now. A file that has become invalid or unreadable is reported once, and what
        it said before stays in force."""
        if self.path is None:
            return self.first
        key, now = str(self.path), stamp(self.path)
        with _lock:
            held = _held.get(key)
            if held and held[0] == now:
                return held[1]
            before = held[1] if held else self.first
            try:
                sources = load_sources(self.path)
            except SourcesError as error:
                _log.error("%s cannot be used, what it said before stays in force:\n%s", self.path, error)
                sources = before
            else:
                if sources != before:
                    enabled = sum(source.enabled for source in sources.sources)
                    _log.info("%s has changed: %d sources now", self.path, enabled)
            _held[key] = (now, sources)
            return sources


class Lookup:
    """Finds a source by id among those in force; indexes them once a change, not once a question."""

    def __init__(self, now: SourcesNow) -> None:
        self._now = now
        self._seen: Sources | None = None
        self._index: dict[str, Source] = {}

    def __call__(self, id: str) -> Source:
        """The source; a bare one for a source that was removed while its entries were pending."""
        sources = self._now()
        if sources is not self._seen:
            self._seen, self._index = sources, sources.by_id
        return self._index.get(id) or Source(id=id, url="https://source.invalid/")
