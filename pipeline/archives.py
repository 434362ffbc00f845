"""Archives on the command line: where ``tocsin run`` writes them, and what ``tocsin backfill`` makes of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipeline.errors import UserError
from transforms.archive.files import Bounds
from transforms.archive.keeping import DEFAULT_FOLDER, Archiving
from transforms.archive.model import ArchiveError
from transforms.archive.replay import entries_of
from transforms.records import FeedEntry

_GIGABYTE = 1_000_000_000
_ENDINGS = (".warc", ".warc.gz")


def archive_options(folder: Path | None, gigabytes: float | None, days: float | None) -> Archiving:
    """What ``tocsin run`` was told of its archive. folder: where everything is archived; None: what sources ask for."""
    bounds = Bounds(
        total=round(gigabytes * _GIGABYTE) if gigabytes is not None else None,
        age=timedelta(days=days) if days is not None else None,
    )
    return Archiving(folder=(folder or DEFAULT_FOLDER).absolute(), everything=folder is not None, bounds=bounds)


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
