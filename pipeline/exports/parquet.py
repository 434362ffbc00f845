"""Parquet through pyarrow: explicit schema, row groups that fit in memory, zstd."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cache
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from pipeline.exports.jsonl import numbers_of
from pipeline.exports.parquet_schema import schema
from pipeline.exports.records import Record, What
from transforms.contracts import InboxRow
from transforms.predictions import Json
from transforms.records import Article, Event

_ROWS = 1000
"""Rows of a row group at most: an event with its claims and reports is some 10 KB."""
_BYTES = 8_000_000
"""Text of a row group at most, for articles, which are longer."""


def write(records: Iterable[Record], what: What, stream: BinaryIO, *, claims: bool = True) -> None:
    """The records in row groups, ordered by id. claims: whether events carry theirs, nested."""
    told = schema(what, claims=claims)
    sink = pa.PythonFile(_Counted(stream), mode="w")
    with pq.ParquetWriter(sink, told, compression="zstd") as writer:
        rows: list[Json] = []
        size = 0
        for record in records:
            rows.append(row(record, claims=claims))
            size += _size(record)
            if len(rows) >= _ROWS or size >= _BYTES:
                writer.write_table(pa.Table.from_pylist(rows, schema=told), row_group_size=_ROWS)
                rows, size = [], 0
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema=told), row_group_size=_ROWS)


def row(record: Record, *, claims: bool = True) -> Json:
    """A record as a row: moments stay moments, pairs become structs."""
    if isinstance(record, InboxRow):
        return _dumped(record.entry) | {"outcome": record.outcome, "reason": record.reason, "tries": record.tries}
    plain = _dumped(record)
    if not claims:
        plain.pop("claims", None)
    if isinstance(record, Event):
        plain |= numbers_of(record)
    evidence = plain.get("evidence")
    if isinstance(evidence, dict):
        evidence["headers"] = [{"name": name, "value": value} for name, value in evidence["headers"]]
    return plain


def _size(record: Record) -> int:
    if isinstance(record, InboxRow):
        return len(record.entry.content or "") + len(record.entry.summary or "")
    return len(record.text) if isinstance(record, Article) else 0


@cache
def _adapter(kind: Hashable) -> TypeAdapter[object]:
    return TypeAdapter(cast("type[object]", kind))


def _dumped(record: object) -> Json:
    return cast(Json, _adapter(cast(Hashable, type(record))).dump_python(record))


class _Counted:
    """A stream that knows how much was written to it: a pipe cannot say, and the format needs positions."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0

    def write(self, data: bytes) -> int:
        written = memoryview(data).nbytes
        self._stream.write(data)
        self._at += written
        return written

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        self._stream.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The stream is its opener's to close."""
