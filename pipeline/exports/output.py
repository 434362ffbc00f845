"""Where an export goes: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UserError

STDOUT = Path("-")


@contextmanager
def opened(out: Path | None, *, binary: bool = False) -> Iterator[BinaryIO]:
    """A stream to write to: standard output for None and ``-``, else a temporary file that takes the name at the end.

    binary: not for a terminal's eyes. Raises UserError where the file cannot be written. A reader of standard output
    that goes away raises BrokenPipeError, with standard output closed quietly.
    """
    if out is None or out == STDOUT:
        if binary and sys.stdout.isatty():
            raise UserError("this format is not for a terminal; name a file with --out")
        yield from _stdout()
        return
    try:
        if out.exists() and not out.is_file():  # a device or a named pipe is written to, never replaced
            if out.is_dir():
                raise UserError(f"{out}: a folder; name a file")
            with out.open("wb") as stream:
                yield stream
            return
        yield from _replacing(Path(os.path.realpath(out)))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"{out}: cannot be written: {error.strerror or error}") from None


def _stdout() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is still buffered would be flushed once more at exit, and complained about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _replacing(path: Path) -> Iterator[BinaryIO]:
    temporary = path.with_name(f".{path.name[:150]}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
