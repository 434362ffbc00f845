"""CSV as RFC 4180 has it, for spreadsheets: every cell in quotes, none of them a formula."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, TypeVar

from pipeline.exports.cells import cell
from pipeline.exports.columns import Column

R = TypeVar("R")


def write(records: Iterable[R], columns: Sequence[Column[R]], stream: BinaryIO, *, bom: bool = False) -> None:
    """A line of column names, then a line a record, in UTF-8.

    bom: begin with a byte order mark, without which Excel takes UTF-8 for the system's old encoding.
    """
    if bom:
        stream.write(codecs.BOM_UTF8)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for record in records:
        writer.writerow([cell(column.value(record)) for column in columns])
        if buffer.tell() >= io.DEFAULT_BUFFER_SIZE:
            _flush(buffer, stream)
    _flush(buffer, stream)


def _flush(buffer: io.StringIO, stream: BinaryIO) -> None:
    stream.write(buffer.getvalue().encode("utf-8", "replace"))
    buffer.seek(0)
    buffer.truncate()
