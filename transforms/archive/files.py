"""The files of an archive: one writer each, appended to, rotated by size and day, thrown away by age and total size."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from transforms.archive.model import Capture, Location
from transforms.archive.warc import capture_records, info_record

_NAME = re.compile(r"tocsin-(\d{8}T\d{6}Z)-.+-\d{5}\.warc\.gz")
_STAMP = "%Y%m%dT%H%M%SZ"
_log = logging.getLogger("tocsin.archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large and how old.

    file: bytes after which a new file is begun; a day's end does so too. 256 MB is some ten thousand news pages, copied
    in seconds, and a quarter of what web archives use. total, age: older files are thrown away beyond these; None keeps
    them for ever.
    """

    file: int = 256_000_000
    total: int | None = None
    age: timedelta | None = None


class WarcFiles:
    """Writes captures into files of a folder. Thread-safe.

    No two processes write one file: each makes its own, which must not exist, and holds a lock on it. A file is only
    appended to, a capture in one write; after a write that failed midway the file is left and a new one begun, so that
    a torn record is always the last of its file.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime], bounds: Bounds | None = None) -> None:
        self._folder = folder
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = Path()
        self._day = ""
        self._size = 0

    def put(self, capture: Capture) -> Location:
        """See :meth:`transforms.archive.model.Archive.put`."""
        with self._lock:
            now = self._clock()
            if self._file is None or self._size >= self._bounds.file or self._day != _day(now):
                self._begin(now)
            data, begins = capture_records(capture, self._path.name)
            location = Location(self._path.name, self._size + begins)
            self._append(data)
            return location

    def close(self) -> None:
        """See :meth:`transforms.archive.model.Archive.close`."""
        with self._lock:
            self._end()

    def _begin(self, now: datetime) -> None:
        self._end()
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(100_000):
            path = self._folder / f"tocsin-{now.astimezone(UTC):{_STAMP}}-{_host()}-{os.getpid()}-{number:05}.warc.gz"
            try:
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
            except FileExistsError:
                continue
            break
        else:
            raise OSError(f"{self._folder}: no free name for an archive file")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._path, self._day, self._size = path, _day(now), 0
        for gone in prune(self._folder, self._bounds, now):  # first of all: the disk may be full of what is to go
            _log.info("archive file %s is beyond the limits and was thrown away", gone)
        about = {"software": "tocsin (warcio)", "format": "WARC File Format 1.1", "hostname": socket.gethostname()}
        try:
            self._append(info_record(path.name, about, now))
        except OSError:  # on a full disk each page would leave a file with nothing in it
            path.unlink(missing_ok=True)
            raise

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        view = memoryview(data)
        try:
            while view:
                written = os.write(self._file, view)
                self._size += written
                view = view[written:]
        except OSError:
            self._end()
            raise

    def _end(self) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            os.fsync(file)
        finally:
            os.close(file)  # and with it the lock


def prune(folder: Path, bounds: Bounds, now: datetime) -> list[str]:
    """Throw away the archive's files beyond the limits, oldest first; returns their names.

    Files that somebody still writes, and files of other makers, stay.
    """
    files = sorted(_files(folder))
    total = sum(size for _, size, _ in files)
    gone = []
    for stamp, size, path in files:
        too_old = bounds.age is not None and now - stamp > bounds.age
        too_much = bounds.total is not None and total > bounds.total
        if (too_old or too_much) and _unused(path):
            path.unlink(missing_ok=True)
            total -= size
            gone.append(path.name)
    return gone


def _files(folder: Path) -> Iterator[tuple[datetime, int, Path]]:
    for path in folder.iterdir():
        if match := _NAME.fullmatch(path.name):
            try:
                yield datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), path.stat().st_size, path
            except (OSError, ValueError):  # another process threw it away meanwhile, or its name only looks like one
                continue


def _unused(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d")


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname())[:40].strip("-") or "host"
