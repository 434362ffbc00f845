"""Documents in ``extract``'s JSONL format, read with errors that name the line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import UserError
from transforms.codec import CodecError, decode_plain
from transforms.records import Document

_FIELDS = ("id", "url", "title", "published", "lang", "source", "text")


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a file, one JSON object a line; keys that the format does not have are passed over.

    Raises UserError naming file and line for what is no document, or an id given twice.
    """
    seen: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                document = _document(line, f"{path}:{number}")
                if document.id in seen:
                    raise UserError(f"{path}:{number}: id {document.id!r} is already line {seen[document.id]}'s")
                seen[document.id] = number
                yield document
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _document(line: str, where: str) -> Document:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UserError(f"{where}: not JSON: {error}; one document is one JSON object on one line") from None
    if not isinstance(value, dict):
        raise UserError(f"{where}: a JSON {type(value).__name__}, not an object with id and text")
    try:
        known = {key: value[key] for key in _FIELDS if key in value}
        text = known.get("text")
        if isinstance(text, str):  # a lone surrogate could be neither stored nor written out again
            known["text"] = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return decode_plain(Document, known)
    except CodecError as error:
        raise UserError(f"{where}: {error}") from None
