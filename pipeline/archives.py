"""Archives given to ``tocsin backfill``: WARC files as entries of the inbox."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import UserError
from transforms.archive.model import ArchiveError
from transforms.archive.replay import entries_of
from transforms.records import FeedEntry

_ENDINGS = (".warc", ".warc.gz")


def is_archive(path: Path) -> bool:
    """Whether a path is an archive by its name: a WARC file, or a folder of them."""
    return path.is_dir() or path.name.lower().endswith(_ENDINGS)


def archived_entries(path: Path) -> list[FeedEntry]:
    """The entries of a file, or of all WARC files of a folder in the order of their names, which is that of time.

    Of several captures of one article the last counts. Raises UserError for what is no archive.
    """
    files = sorted(p for p in path.iterdir() if p.is_file() and is_archive(p)) if path.is_dir() else [path]
    if not files:
        raise UserError(f"{path}: has no .warc or .warc.gz file")
    found: dict[str, FeedEntry] = {}
    try:
        for file in files:
            for entry in entries_of(file):
                found[entry.id] = entry
    except ArchiveError as error:
        raise UserError(str(error)) from None
    return list(found.values())
