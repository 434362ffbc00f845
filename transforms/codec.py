"""Records as JSON and back: the one form in which they are stored, carried by Beam and exported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable
from functools import cache
from typing import TypeVar, cast

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


class CodecError(ValueError):
    """A JSON text that is not the record it should be; the message names the field and what is wrong."""


@cache
def _adapter(kind: Hashable) -> TypeAdapter[object]:
    return TypeAdapter(cast("type[object]", kind))


def encode(record: object) -> str:
    """The record as JSON, deterministic: keys sorted, no spaces, non-ASCII kept, bytes as base64.

    Equal records give equal texts, so the text can serve as a key or be compared for "unchanged".
    """
    plain = _adapter(cast(Hashable, type(record))).dump_python(record, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode_plain(record: object) -> dict[str, object]:
    """The record as a dict of JSON values (for a document store)."""
    return cast("dict[str, object]", _adapter(cast(Hashable, type(record))).dump_python(record, mode="json"))


def decode(kind: type[T], text: str | bytes) -> T:
    """The record of type ``kind`` in a JSON text. Raises :class:`CodecError`."""
    try:
        return cast(T, _adapter(cast(Hashable, kind)).validate_json(text))
    except ValidationError as error:
        raise CodecError(_explain(kind, error)) from None


def decode_plain(kind: type[T], value: object) -> T:
    """The record of type ``kind`` in JSON values already parsed. Raises :class:`CodecError`."""
    try:
        return cast(T, _adapter(cast(Hashable, kind)).validate_python(value))
    except ValidationError as error:
        raise CodecError(_explain(kind, error)) from None


def _explain(kind: type[object], error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "the record"
    return f"{kind.__name__}: {where}: {first['msg']}"


def digest(parts: Iterable[str | int | None]) -> str:
    """A 128-bit hex id of its parts; None and "" differ, and no two lists of parts run together."""
    text = json.dumps(list(parts), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
