"""Which pages are archived, and the page with the name of its record."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from transforms.archive.files import Bounds, WarcFiles
from transforms.archive.model import Archive, Capture
from transforms.fetch.pages import Retrieved
from transforms.records import Page
from transforms.sources.schema import Source

DEFAULT_FOLDER = Path("tocsin-archive")
"""Where bodies go where a source asks for it and nobody said where."""
_log = logging.getLogger("tocsin.archive")
_lock = threading.Lock()
_open: dict[tuple[int, str], WarcFiles] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archiving:
    """What is archived where; picklable. everything: also of sources that do not say (``archive: true|false``)."""

    folder: Path = DEFAULT_FOLDER
    everything: bool = False
    bounds: Bounds = field(default_factory=Bounds)

    def wants(self, source: Source) -> bool:
        """Whether the pages of a source are archived."""
        return self.everything if source.archive is None else source.archive

    def archive(self, clock: Callable[[], datetime]) -> Archive:
        """The process's archive in the folder: one for all stages and rounds, so that a file is not begun each round.

        It is finished when the process ends; a process that is killed leaves its last file as it is.
        """
        key = (os.getpid(), str(self.folder.absolute()))
        with _lock:
            found = _open.get(key)
            if found is None:
                found = _open[key] = WarcFiles(self.folder.absolute(), clock, self.bounds)
                atexit.register(found.close)
            return found


ON_REQUEST = Archiving()
"""Only the sources that ask for it, in the default folder."""


def keep(archive: Archive, found: Retrieved) -> Page:
    """Archive the body of a page; the page with its record's name in its evidence.

    A page without a body of its own (the feed's text) is given back as it is, and so is one that could not be written,
    with an error in the log: a full disk costs the archive, not the article.
    """
    page, evidence = found.page, found.page.evidence
    if found.raw is None or evidence is None:
        return page
    capture = Capture(
        url=evidence.final_url,
        retrieved=evidence.retrieved,
        status=evidence.status,
        headers=found.headers,
        body=found.raw,
        entry=page.entry,
    )
    try:
        location = archive.put(capture)
    except OSError as error:
        _log.error("the body of %s could not be archived: %s", evidence.final_url, error)
        return page
    return replace(page, evidence=replace(evidence, archived=str(location)))
