"""Beam carries records as the same JSON in which they are stored, so that a savepoint outlives a refactoring.

The encoding is deterministic (sorted keys), so a record may be a key.
"""

from __future__ import annotations

from typing import Any

import apache_beam as beam

from transforms.codec import decode, encode
from transforms.records import Disposition, Fetched, Leased, Registered, Understood


class RecordCoder(beam.coders.Coder):
    """A coder for one record type."""

    def __init__(self, kind: type[object]) -> None:
        self.kind = kind

    def encode(self, value: object) -> bytes:
        """UTF-8 JSON."""
        return encode(value).encode()

    def decode(self, encoded: bytes) -> object:
        """The record. Raises :class:`transforms.codec.CodecError`."""
        return decode(self.kind, encoded)

    def is_deterministic(self) -> bool:
        """Equal records give equal bytes."""
        return True

    def to_type_hint(self) -> type[object]:
        """The record type."""
        return self.kind

    @classmethod
    def from_type_hint(cls, kind: type[object], registry: Any) -> RecordCoder:
        """Beam's constructor for registered types."""
        return cls(kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and self.kind is other.kind

    def __hash__(self) -> int:
        return hash((RecordCoder, self.kind))


def register() -> None:
    """Make Beam use :class:`RecordCoder` for what travels between the stages; safe to call again."""
    for kind in (Leased, Fetched, Understood, Registered, Disposition):
        beam.coders.registry.register_coder(kind, RecordCoder)


register()
