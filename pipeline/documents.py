"""Documents in ``extract``'s JSONL format, read with errors that name the line."""

from __future__ import annotations

import difflib
import gzip
import json
import logging
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.errors import UserError
from transforms.codec import CodecError, decode_plain
from transforms.records import Document

_FIELDS = ("id", "url", "title", "published", "lang", "source", "text")
_GZIP = b"\x1f\x8b"
_log = logging.getLogger("tocsin.documents")


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a file, plain or gzipped, one JSON object a line; keys that the format does not have are passed
    over, and a warning names them.

    Raises UserError naming file and line for what is no document, or an id given twice.
    """
    seen: dict[str, int] = {}
    others: Counter[str] = Counter()
    try:
        with _opened(path) as lines:
            for number, raw in enumerate(lines, 1):
                if not (line := _text(raw, f"{path}:{number}")).strip():
                    continue
                document = _document(line, f"{path}:{number}", others)
                if document.id in seen:
                    raise UserError(f"{path}:{number}: id {document.id!r} is already line {seen[document.id]}'s")
                seen[document.id] = number
                yield document
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}: a broken gzip file: {error}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    if others:
        told = ", ".join(
            f"{key!r} ({count:,} line{'' if count == 1 else 's'}{_meant(key)})" for key, count in others.most_common(9)
        )
        _log.warning("%s: keys that a document does not have were passed over: %s", path, told)


def _opened(path: Path) -> BinaryIO:
    """A file to read bytes from, unpacked where it is gzipped, whatever its name."""
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def _text(line: bytes, where: str) -> str:
    try:
        return line.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{where}: is not UTF-8 (byte {error.start + 1} of the line); save it as UTF-8") from None


def _meant(key: str) -> str:
    close = difflib.get_close_matches(key.casefold(), _FIELDS, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _document(line: str, where: str, others: Counter[str]) -> Document:
    """The document of a line. others: counts the keys that are passed over."""
    try:
        value = json.loads(line.rstrip())
    except json.JSONDecodeError as error:  # its own text would tell of "line 1", whichever of the file it is
        told = f"{error.msg}, column {error.colno}"
        raise UserError(f"{where}: not JSON: {told}; one document is one JSON object on one line") from None
    except RecursionError:
        raise UserError(f"{where}: not a document: nested too deeply") from None
    if not isinstance(value, dict):
        raise UserError(f"{where}: a JSON {type(value).__name__}, not an object with id and text")
    try:
        others.update(str(key) for key in value if key not in _FIELDS)
        known = {key: value[key] for key in _FIELDS if key in value}
        text = known.get("text")
        if isinstance(text, str):  # a lone surrogate could be neither stored nor written out again
            known["text"] = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return decode_plain(Document, known)
    except CodecError as error:
        raise UserError(f"{where}: {error}") from None
