"""Archives read: ours and other tools', to the last whole record."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from transforms.archive.iteration import Headers, Record, Stream, records_of
from transforms.archive.model import ArchiveError, Capture, Location
from transforms.archive.warc import ENTRY_TYPE
from transforms.codec import CodecError, decode
from transforms.fetch.body import BadEncoding, Body, TooLarge
from transforms.fetch.http1 import Broken, Chunked
from transforms.records import FeedEntry

LARGEST = 30_000_000
"""Bytes of a body that are read, packed and unpacked, as many as are fetched (transforms.fetch.client.Limits)."""
_log = logging.getLogger("tocsin.archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A response record: where it is, bytes long in the file, and what it says, without its body."""

    location: Location
    length: int
    capture: Capture


def responses(path: Path) -> Iterator[Found]:
    """The response records of a file in order, with the entry that was archived with each where there is one.

    A torn record ends the file, with a warning: a crash tears only the last. Raises ArchiveError for a file that is no
    WARC file, cannot be read, or is compressed as one piece (no record could be found again).
    """
    try:
        with path.open("rb") as file:
            yield from _responses(file, path)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error.strerror or error}") from None


def _responses(file: BinaryIO, path: Path) -> Iterator[Found]:
    records = records_of(file)
    seen, entries = 0, dict[str, FeedEntry]()
    while True:
        try:
            record = next(records, None)
            if record is None:
                return
            found = _found(record, entries, None)
            whole = _is_whole(record)
            offset, length = records.get_record_offset(), records.get_record_length()
        except OSError:
            raise
        except Exception as error:  # bytes that are no record raise whatever warcio happens to trip over
            if "non-chunked gzip" in str(error):
                raise ArchiveError(
                    f"{path}: is one piece of gzip; write `warcio recompress {path} NEW` first"
                ) from None
            if not seen:
                raise ArchiveError(f"{path}: is no WARC file") from None
            _log.warning("%s: the last record, after %d, is torn and was left out", path, seen)
            return
        seen += 1
        if found is not None:
            if not whole:
                _log.warning("%s: the record at %d is torn, or is not what its digest says: left out", path, offset)
                continue
            yield Found(location=Location(str(path), offset), length=length, capture=found)


def capture_at(path: Path, offset: int) -> Capture:
    """The capture whose response record begins at an offset. Raises ArchiveError."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(records_of(file), None)
            found = _found(record, {}, LARGEST) if record is not None else None
            whole = record is not None and found is not None and _is_whole(record)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ArchiveError as error:
        raise ArchiveError(f"{path}#{offset}: {error}") from None
    except Exception:  # whatever warcio or a decompressor trips over
        raise ArchiveError(f"{path}: no whole record begins at {offset}") from None
    if found is None or not whole:
        raise ArchiveError(f"{path}: no whole response begins at {offset}")
    return found


def raw_record(path: Path, offset: int) -> bytes:
    """The bytes of the record at an offset: a WARC file of one record. Raises ArchiveError."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            records = records_of(file, check_digests=False)
            next(records)
            length = records.get_record_length()
            file.seek(offset)
            return file.read(length)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error.strerror or error}") from None
    except Exception:  # as above
        raise ArchiveError(f"{path}: no whole record begins at {offset}") from None


def _found(record: Record, entries: dict[str, FeedEntry], body: int | None) -> Capture | None:
    """The capture in a response record, with at most ``body`` bytes of its body (None: none); None for another record.

    An entry is remembered under the id of the response that it goes with.
    """
    headers = record.rec_headers
    if record.rec_type == "metadata" and headers.get_header("Content-Type") == ENTRY_TYPE:
        entries.clear()
        try:
            entry = decode(FeedEntry, _read(record.raw_stream, LARGEST))
        except (CodecError, ArchiveError):
            return None  # another version's, or another's: the response is still an address with a body
        entries[headers.get_header("WARC-Concurrent-To") or ""] = entry
        return None
    if record.rec_type != "response" or record.http_headers is None:
        return None
    content = b""
    if body is not None:
        content = _body(_read(record.raw_stream, body), record.http_headers, body)
    return Capture(
        url=headers.get_header("WARC-Target-URI") or "",
        retrieved=_moment(headers.get_header("WARC-Date") or ""),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple((name.lower(), value) for name, value in record.http_headers.headers),
        body=content,
        entry=entries.get(headers.get_header("WARC-Record-ID") or ""),
    )


def _body(raw: bytes, headers: Headers, limit: int) -> bytes:
    """A body as it is meant: some tools keep what came over the wire, some unpack it and leave the headers alone.

    Not by warcio, which unpacks whole: a hundred bytes of brotli are a gigabyte. Raises ArchiveError for one that is
    larger than the limit.
    """
    if (headers.get_header("transfer-encoding") or "").lower() == "chunked":
        raw = _put_together(raw)
    encoding = headers.get_header("content-encoding")
    if not encoding:
        return raw
    body = Body(encoding, wire=limit, unpacked=limit)
    try:
        body.feed(raw)
        return body.finish()[0]
    except TooLarge as error:
        raise ArchiveError(f"a body of {error}") from None
    except BadEncoding:  # it was unpacked already
        return raw


def _put_together(raw: bytes) -> bytes:
    """A chunked body; as it is where it was put together already."""
    chunks = Chunked()
    try:
        content = chunks.feed(raw)
    except Broken:
        return raw
    return content if content or chunks.done else raw


def _read(stream: Stream, limit: int) -> bytes:
    """What is left of a record. Raises ArchiveError for more than the limit."""
    parts, size = [], 0
    while part := stream.read(min(65536, limit + 1 - size)):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise ArchiveError(f"a body of more than {limit:,} bytes")
    return b"".join(parts)


def _is_whole(record: Record) -> bool:
    """Whether all of a record is there and has the digests that it says."""
    while record.raw_stream.read(65536):
        pass
    missing = getattr(record.raw_stream, "limit", 0)
    return not missing and (record.digest_checker is None or record.digest_checker.passed is not False)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)  # ValueError: a record without a date is broken
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
