"""Lists read by key and changed by compare-and-set: event buckets, story bands, the claims of an article.

A list that grows long is split: every full ``PART`` members from the front go into a part of their own, written once,
and the head names the parts with the hash of what is in each. So adding a member rewrites the head, never the rest.
Parts are written before the head and removed after it: a head never names a part that is not there, but for a reader
that holds an old one, who reads again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sinks.elasticsearch.bulk import Action, Bulk, as_json
from sinks.elasticsearch.connection import Rejected
from sinks.elasticsearch.documents import bucket_document
from sinks.elasticsearch.reading import Found, Reader
from sinks.elasticsearch.versions import Token, document_id
from transforms.codec import digest
from transforms.contracts import StoreError

PART = 500
_KIND = "buckets"
Item = list[Any]


class Buckets:
    """The lists of one store; a member is a list of JSON values."""

    def __init__(self, reader: Reader, bulk: Bulk) -> None:
        self._reader = reader
        self._bulk = bulk

    def read(self, kind: str, keys: Collection[str]) -> dict[str, tuple[list[Item], str]]:
        """Members and version by key; a key never written has none and version ``""``."""
        result: dict[str, tuple[list[Item], str]] = {key: ([], "") for key in keys}
        ids = {document_id(kind, key): key for key in result}
        missing = set(ids)
        for _ in range(20):
            heads = self._reader.many(_KIND, missing)
            named = {part for head in heads.values() for part, _ in _whole(head)["parts"]}
            parts = self._reader.many(_KIND, named) if named else {}
            missing = set()
            for id, head in heads.items():
                whole = _whole(head)
                own = [part for part, _ in whole["parts"]]
                if any(part not in parts for part in own):
                    missing.add(id)  # replaced since the head was read
                    continue
                items = [item for part in own for item in _whole(parts[part])["items"]]
                result[ids[id]] = (items + whole["items"], str(Token.of(head)))
            if not missing:
                return result
        raise StoreError(f"{kind}: parts of {sorted(missing)[:3]} are missing")

    def write(self, kind: str, key: str, items: Sequence[Item], version: str, now: datetime) -> bool:
        """Write a list decided on ``version``; False on a conflict."""
        return not self.write_many(kind, {key: (items, version)}, now)

    def write_many(self, kind: str, writes: Mapping[str, tuple[Sequence[Item], str]], now: datetime) -> list[str]:
        """Write lists, each decided on its version, in one bulk (one more for parts); returns the keys in conflict.

        Raises Rejected where the server will never take one, once the rest has landed.
        """
        before = self._parts_before(kind, writes)
        heads: dict[str, Action] = {}
        fresh: list[Action] = []
        stale: dict[str, set[str]] = {}
        for key, (items, version) in writes.items():
            id, token = document_id(kind, key), Token.parse(version)
            full = len(items) // PART * PART
            known, parts = before.get(id, {}), {}
            for start in range(0, full, PART):
                held = items[start : start + PART]
                mark = digest([json.dumps(held)])
                # Named after the version it was made for: nobody else's tidying can take it away.
                parts[mark] = known.get(mark) or f"#part-{digest([id, version, mark])}"
                if mark not in known:
                    fresh.append(self._action(parts[mark], kind, key, {"items": held}, len(held), now))
            whole = {"items": list(items[full:]), "parts": [[part, mark] for mark, part in parts.items()]}
            heads[key] = self._action(id, kind, key, whole, len(items), now, token=token)
            stale[key] = set(known.values()) - set(parts.values())
        self._bulk.write(fresh, doing="write buckets")
        outcomes = dict(zip(heads, self._bulk.write(heads.values(), doing="write buckets"), strict=True))
        alias = self._reader.alias(_KIND)
        gone = [
            Action(index=alias, id=part, op="delete")
            for key, written in outcomes.items()
            if written.result == "written"
            for part in sorted(stale[key])
        ]
        self._bulk.write(gone, doing="tidy buckets")
        refused = [written for written in outcomes.values() if written.result == "rejected"]
        if refused:
            raise Rejected(f"cannot write bucket {refused[0].action.id}: {refused[0].reason}", 400)
        return [key for key, written in outcomes.items() if written.result != "written"]

    def _parts_before(self, kind: str, writes: Mapping[str, tuple[Sequence[Item], str]]) -> dict[str, dict[str, str]]:
        """By head, its parts by the hash of what is in them: for lists that are long and were there before. (A list
        that fell short of one part leaves its old parts behind: a few, unread.)"""
        long = [document_id(kind, key) for key, (items, version) in writes.items() if version and len(items) >= PART]
        heads = self._reader.many(_KIND, long) if long else {}
        return {id: {mark: part for part, mark in _whole(head)["parts"]} for id, head in heads.items()}

    def _action(
        self, id: str, kind: str, key: str, whole: object, size: int, now: datetime, *, token: Token | None = None
    ) -> Action:
        document = as_json(bucket_document(id, kind, key, size, whole, now))
        index = self._reader.alias(_KIND)
        return Action(index=index, id=id, document=document, op="index" if token else "create", token=token)


def _whole(found: Found) -> Mapping[str, Any]:
    whole = cast("dict[str, Any]", found["_source"]["tocsin"]["record"])
    return {"parts": [], **whole}
