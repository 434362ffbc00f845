"""Reads: by key at once (mget), and searches that page by a sort key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from sinks.elasticsearch.connection import Connection, reason_of
from sinks.elasticsearch.versions import document_id

PAGE = 500
Found = Mapping[str, Any]
"""A document as the server gives it: ``_id``, ``_source``, ``_seq_no``, ``_primary_term``, ``_index``."""


class Reader:
    """Reads over one connection; index names are aliases without the prefix (``events``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alias(self, kind: str) -> str:
        """The alias of a kind of document."""
        return f"{self._connection.settings.prefix}-{kind}"

    def get(self, kind: str, id: str) -> Found | None:
        """One document by its record's id, realtime."""
        return self.many(kind, [id]).get(id)

    def many(self, kind: str, ids: Collection[str], fields: str | None = None) -> dict[str, Found]:
        """Documents by their records' ids, realtime; those that do not exist are missing."""
        found: dict[str, Found] = {}
        for chunk in pages(dict.fromkeys(ids)):
            wanted = [
                {"_id": document_id(id), "_source": fields} if fields else {"_id": document_id(id)} for id in chunk
            ]
            answers = self._connection.mget(self.alias(kind), wanted, doing=f"read {kind}")
            found |= {id: answer for id, answer in zip(chunk, answers, strict=True) if answer.get("found")}
        return found

    def search(
        self,
        kind: str,
        query: Mapping[str, Any],
        sort: Sequence[str],
        *,
        page: int = PAGE,
        source: Sequence[str],
    ) -> Iterator[Found]:
        """Every hit of a query in the order of ``sort`` (ascending, the last one unique), page by page.

        Pages go by the last sort values, so a slow reader holds nothing open in the server.
        """
        after: list[Any] | None = None
        while True:

            def ask(client: Elasticsearch, after: list[Any] | None = after) -> Any:
                return client.search(
                    index=self.alias(kind),
                    query=query,
                    sort=[{field: "asc"} for field in sort],
                    size=page,
                    search_after=after,
                    source_includes=source,
                    track_total_hits=False,
                    allow_partial_search_results=False,
                )

            hits = self._connection.call(ask, doing=f"search {kind}")["hits"]["hits"]
            yield from hits
            if len(hits) < page:
                return
            after = hits[-1]["sort"]

    def aggregate(self, kind: str, query: Mapping[str, Any], aggregations: Mapping[str, Any]) -> Mapping[str, Any]:
        """The aggregations over a query's hits."""

        def ask(client: Elasticsearch) -> Any:
            return client.search(
                index=self.alias(kind),
                query=query,
                aggregations=aggregations,
                size=0,
                allow_partial_search_results=False,
            )

        found: Mapping[str, Any] = self._connection.call(ask, doing=f"count {kind}")["aggregations"]
        return found

    def refresh(self, kind: str) -> None:
        """Let searches see what was written, tried as long as the search itself would be: one that lags would pass for
        one that found nothing. Credentials that may only read (403) go without, and see everything a second later."""
        pauses = self._connection.pauses(f"refresh {kind}")

        def ask(client: Elasticsearch) -> Any:
            return client.options(ignore_status=403).indices.refresh(index=self.alias(kind))

        while failed := self._connection.call(ask, doing=f"refresh {kind}").get("_shards", {}).get("failures"):
            next(pauses)(reason_of(failed[0].get("reason")))


def pages(values: Iterable[str], size: int = PAGE) -> Iterator[list[str]]:
    """Cut into lists of at most ``size``."""
    chunk: list[str] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
