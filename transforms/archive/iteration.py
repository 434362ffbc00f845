"""warcio's reader as far as it is used, with types: the library has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Protocol, cast

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped, unused-ignore]


class Headers(Protocol):
    """Header fields of a record, or of the answer in it."""

    headers: Sequence[tuple[str, str]]

    def get_header(self, name: str) -> str | None:
        """The value of the first field of a name, whatever its case."""

    def get_statuscode(self) -> str:
        """The status of an answer; for a record's own header, nothing of use."""


class Stream(Protocol):
    """What of a record is still unread; ``b""`` at its end."""

    def read(self, size: int) -> bytes:
        """At most so many bytes."""


class DigestChecker(Protocol):
    """passed: whether the digests agree; None where there are none, and before the record was read to its end."""

    passed: bool | None


class Record(Protocol):
    """A WARC record. http_headers: of an answer, None in other records. raw_stream: what comes after all headers, as
    the record has it (chunked and packed, where the tool that wrote it left it so)."""

    rec_type: str
    rec_headers: Headers
    http_headers: Headers | None
    raw_stream: Stream
    digest_checker: DigestChecker | None


class Records(Protocol):
    """The records of a file. Raises what it trips over where bytes are no record: exceptions of any kind."""

    def __next__(self) -> Record:
        """The next record; what was left unread of the one before is skipped."""

    def __iter__(self) -> Records:
        """Itself."""

    def get_record_offset(self) -> int:
        """Where the record begins in the file."""

    def get_record_length(self) -> int:
        """Its bytes in the file; reads it to its end."""


def records_of(file: BinaryIO, *, check_digests: bool = True) -> Records:
    """The records from where the file stands."""
    return cast(Records, ArchiveIterator(file, check_digests=check_digests))
