"""Whether a file has changed, told without reading it."""

from __future__ import annotations

from pathlib import Path


def stamp(path: Path) -> tuple[int, int]:
    """Time of the last change (nanoseconds) and size (bytes); (0, 0) where the file cannot be seen. Never raises.

    Both, because a copy may keep the time and an edit within the clock's tick the size.
    """
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
