"""Bulk writes: chunks by bytes and count, an outcome for each item, retries of what may pass.

Every write of the store goes through here, a single document's too. Items are independent: one that the server rejects
is reported with its reason, and the rest of its bulk lands. What may pass (429, 503, a write block, no answer at all)
is tried again, only the items concerned, until the connection's patience is over. When an answer was lost, a conflict
on the next try may be our own first one: then the stored document is compared with what was sent.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, cast

from elasticsearch import Elasticsearch

from sinks.elasticsearch.connection import PASSING, REFUSED, Connection, Rejected, reason_of
from sinks.elasticsearch.versions import Token

MAX_BYTES = 5 * 1024 * 1024
"""A chunk: larger ones are no faster on any size of cluster that Elastic recommends figures for, and hold heap."""
MAX_ITEMS = 500
IN_FLIGHT = 3
"""Chunks sent at the same time: measured on one node, more only queue in the server (benchmarks/elasticsearch.py)."""
_FILTER = "items.*.status,items.*.error,items.*._index,items.*._seq_no,items.*._primary_term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One write. ``index`` may be an alias.

    op ``index`` overwrites, ``create`` refuses to, ``delete`` has no document. version: external version, the higher
    or equal one wins. token: only over exactly this version of the document.
    """

    index: str
    id: str
    document: bytes = b""
    op: Literal["index", "create", "delete"] = "index"
    version: int | None = None
    token: Token | None = None

    def lines(self) -> list[bytes]:
        """The action as bulk lines."""
        where: dict[str, Any] = {"_id": self.id, "_index": self.token.index if self.token else self.index}
        if self.version is not None:
            where |= {"version": self.version, "version_type": "external_gte"}
        if not self.token:
            where["require_alias"] = True  # a server that makes indices by itself must not make this one
        else:
            where |= {"if_seq_no": self.token.seq_no, "if_primary_term": self.token.term}
        head = json.dumps({self.op: where}).encode()
        return [head] if self.op == "delete" else [head, self.document]

    @property
    def size(self) -> int:
        """Bytes on the wire, roughly."""
        return len(self.document) + len(self.id) + 150


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of one action.

    ``written``: done (a delete of nothing is); ``conflict``: another version is there; ``rejected``: the server will
    never take it, see ``reason``.
    """

    action: Action
    result: Literal["written", "conflict", "rejected"]
    reason: str = ""
    token: Token | None = None


def as_json(value: object) -> bytes:
    """JSON for the wire. What has no UTF-8 (a lone surrogate from a broken page) becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def chunks(actions: Iterable[Action], max_bytes: int = MAX_BYTES, max_items: int = MAX_ITEMS) -> Iterator[list[Action]]:
    """Cut a stream of actions into bulks within both limits; a single action over the byte limit goes alone."""
    chunk: list[Action] = []
    size = 0
    for action in actions:
        if chunk and (size + action.size > max_bytes or len(chunk) >= max_items):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += action.size
    if chunk:
        yield chunk


class Bulk:
    """Writes actions over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, actions: Iterable[Action], *, doing: str) -> list[Written]:
        """Write everything; the outcomes in the actions' order. An id must not come twice.

        Takes the stream only as fast as the server takes the chunks, so that memory is bounded by what is in flight.
        Raises StoreUnavailable where the patience is over; what landed before has landed.
        """
        cut = chunks(actions)
        first = next(cut, None)
        if first is None:
            return []
        second = next(cut, None)
        if second is None:
            return self._chunk(first, doing)
        done: list[Written] = []
        with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="bulk") as pool:
            waiting: deque[Future[list[Written]]] = deque()
            for chunk in _chain(first, second, cut):
                if len(waiting) >= IN_FLIGHT:
                    done += waiting.popleft().result()
                waiting.append(pool.submit(self._chunk, chunk, doing))
            while waiting:
                done += waiting.popleft().result()
        return done

    def one(self, action: Action, *, doing: str) -> Written:
        """Write a single action. Raises Rejected where the server will never take it."""
        (written,) = self._chunk([action], doing)
        if written.result == "rejected":
            raise Rejected(f"{self._connection.settings.shown}: cannot {doing} {action.id}: {written.reason}", 400)
        return written

    def _chunk(self, chunk: Sequence[Action], doing: str) -> list[Written]:
        outcomes: dict[int, Written] = {}
        left = list(range(len(chunk)))
        doubtful: set[int] = set()
        pauses = self._connection.pauses(doing)
        while left:
            try:
                items, lost = self._send([chunk[n] for n in left], doing)
            except Rejected as error:
                outcomes |= self._refused(chunk, left, error, doing)
                break
            if lost:
                doubtful |= set(left)
            passing, reason = [], ""
            for n, item in zip(left, items, strict=True):
                outcome = _outcome(chunk[n], item)
                if outcome is None:
                    passing.append(n)
                    reason = reason_of(item.get("error"))
                else:
                    outcomes[n] = outcome
            left = passing
            if left:
                left = self._moved(chunk, left, outcomes)
                next(pauses)(reason)
        self._resolve(outcomes, doubtful, doing)
        return [outcomes[n] for n in range(len(chunk))]

    def _send(self, actions: Sequence[Action], doing: str) -> tuple[list[dict[str, Any]], bool]:
        lines = [line for action in actions for line in action.lines()]
        active = self._connection.settings.active

        def send(client: Elasticsearch) -> Any:
            # Lines ready for the wire: the client takes them, though its types say mappings.
            return client.bulk(operations=cast("Any", lines), filter_path=_FILTER, wait_for_active_shards=active)

        body, lost = self._connection.call_marked(send, doing=doing)
        return [item for operation in body["items"] for item in operation.values()], lost

    def _refused(self, chunk: Sequence[Action], left: Sequence[int], error: Rejected, doing: str) -> dict[int, Written]:
        """A whole request refused: too large (413) or unreadable. Halved until the one to blame is alone."""
        if len(left) == 1:
            return {left[0]: Written(chunk[left[0]], "rejected", str(error))}
        middle = len(left) // 2
        halves = (left[:middle], left[middle:])
        return {
            n: outcome
            for half in halves
            for n, outcome in zip(half, self._chunk([chunk[n] for n in half], doing), strict=True)
        }

    def _moved(self, chunk: Sequence[Action], left: Sequence[int], outcomes: dict[int, Written]) -> list[int]:
        """Writes over a version of an index that an upgrade has replaced meanwhile are conflicts: read again."""
        gone = {}
        for index in {token.index for n in left if (token := chunk[n].token)}:
            alias = index.rpartition("-v")[0]

            def resolve(client: Elasticsearch, alias: str = alias) -> Any:
                return client.indices.get_alias(name=alias, filter_path="*.aliases")

            gone[index] = index not in self._connection.call(resolve, doing="find the index")
        still = []
        for n in left:
            token = chunk[n].token
            if token and gone[token.index]:
                outcomes[n] = Written(chunk[n], "conflict")
            else:
                still.append(n)
        return still

    def _resolve(self, outcomes: dict[int, Written], doubtful: set[int], doing: str) -> None:
        """Tell our own write, whose answer was lost, from another's: by the document that is there."""
        ours = [n for n in doubtful if outcomes[n].result == "conflict" and outcomes[n].action.version is None]
        for n in ours:
            action = outcomes[n].action
            (found,) = self._connection.mget(action.index, [{"_id": action.id}], doing=doing)
            if found.get("_source") == json.loads(action.document):
                outcomes[n] = Written(action, "written", token=Token.of(found))


def _outcome(action: Action, item: dict[str, Any]) -> Written | None:
    """What an item's answer means; None: try it again."""
    status = int(item.get("status", 503))
    if status < 300 or (action.op == "delete" and status == 404):
        return Written(action, "written", token=Token.of(item) if "_seq_no" in item else None)
    if status == 409 or (status == 404 and action.token):  # 404: the document that was decided on is gone
        return Written(action, "conflict")
    if status in PASSING or status in REFUSED or status == 404:  # 404: no index; `tocsin store init` makes it
        return None
    return Written(action, "rejected", reason_of(item.get("error")))


def _chain(first: list[Action], second: list[Action], rest: Iterator[list[Action]]) -> Iterator[list[Action]]:
    yield first
    yield second
    yield from rest
