"""STIX 2.1 bundles: one, written object by object, or one a line of so many events each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID, uuid5

from pipeline.exports.stix_base import EPOCH, NAMESPACE, Stix
from pipeline.exports.stix_objects import objects, preamble, retraction
from transforms.records import Event


class _Bundle:
    """A bundle on its way out: each object once, the id last, when what it names is known.

    Remembered is 16 bytes' worth for each object that events share (parties, places): those that never change.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._seen: set[bytes] = set()
        self._digest = hashlib.sha256()
        self._empty = True
        self.events = 0
        stream.write(b'{"type": "bundle", "objects": [')
        self.put(preamble())

    def put(self, parts: Iterable[Stix]) -> None:
        """Write an event's objects, but for those that are there already."""
        own: set[bytes] = set()
        for part in parts:
            key = UUID(part.id.partition("--")[2]).bytes
            seen = self._seen if part.created == EPOCH else own
            if key in seen:
                continue
            seen.add(key)
            line = part.serialize().encode("utf-8", "replace")
            self._digest.update(line)
            self._stream.write(line if self._empty else b", " + line)
            self._empty = False

    def close(self) -> None:
        id = uuid5(NAMESPACE, f"bundle {self._digest.hexdigest()}")
        self._stream.write(f'], "id": "bundle--{id}"}}\n'.encode())


def write(events: Iterable[Event], stream: BinaryIO, *, per_bundle: int | None = None) -> None:
    """The events with all they refer to; those that were merged away are revoked.

    per_bundle: a bundle of at most so many events on each line, each complete in itself, for receivers that read a
    bundle whole; else everything is one bundle.
    """
    bundle = _Bundle(stream)
    for event in events:
        if per_bundle and bundle.events >= per_bundle:
            bundle.close()
            bundle = _Bundle(stream)
        bundle.put(retraction(event) if event.merged_into else objects(event))
        bundle.events += 1
    bundle.close()
