"""Version tokens and document ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.codec import digest
from transforms.contracts import StoreError

_LONGEST_ID = 512
"""Bytes; Elasticsearch refuses longer ids."""


@dataclass(frozen=True, slots=True)
class Token:
    """What compare-and-set names: sequence number, primary term and the index they count in. The index belongs to it:
    an upgrade copies documents into a new one, whose numbers start again."""

    seq_no: int
    term: int
    index: str

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Token:
        """Of a document or of the answer to a write."""
        return cls(int(found["_seq_no"]), int(found["_primary_term"]), str(found["_index"]))

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """The token in the contract's version text; None for ``""``. Raises StoreError for a text that is none."""
        if not text:
            return None
        try:
            seq_no, term, index = text.split(":", 2)
            return cls(int(seq_no), int(term), index)
        except ValueError:
            raise StoreError(f"{text!r} is no version of an Elasticsearch document") from None

    def __str__(self) -> str:
        return f"{self.seq_no}:{self.term}:{self.index}"


def document_id(*parts: str) -> str:
    """The id under which a record is kept: its own where Elasticsearch can hold it, else a hash of it."""
    id = "|".join(parts)
    if id and len(id.encode("utf-8", "replace")) <= _LONGEST_ID and id.isprintable():
        return id
    return f"#{digest(parts)}"
