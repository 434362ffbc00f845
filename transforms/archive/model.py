"""What passes between the archive and those who keep and look up bodies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from transforms.records import FeedEntry


class ArchiveError(Exception):
    """A file that is no archive, or a record that cannot be had; the message says what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """An answer as it is archived.

    entry: whose page it is; null for an archive that another tool made. url: the address that answered.
    headers: as received, lower-case names. body: after content decoding. retrieved: when.
    """

    url: str
    retrieved: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    entry: FeedEntry | None = None

    def header(self, name: str) -> str:
        """A header's value, "" where there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record begins: the archive's file (a name, or a path) and the offset in it; written ``file#offset``."""

    file: str
    offset: int

    def __str__(self) -> str:
        return f"{self.file}#{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The location in a text; None for what is none."""
        file, _, offset = text.rpartition("#")
        return cls(file, int(offset)) if file and offset.isascii() and offset.isdigit() and len(offset) < 19 else None


class Archive(Protocol):
    """Where bodies are kept."""

    def put(self, capture: Capture) -> Location:
        """Keep an answer; where it is, its file as a bare name. Raises OSError where it cannot be written."""

    def close(self) -> None:
        """Finish the file that is being written."""
