"""Search in Elasticsearch: the cards of events under ``find``, which every store matches alike.

``find.words`` holds Tocsin's own tokens, parted by blanks, so its analyser only cuts at them; what languages and
synonyms mean was decided before (transforms/search). The fields for Kibana (``search``, ``body.*``) are others.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from sinks.elasticsearch.base import Base
from sinks.elasticsearch.bulk import Action, as_json
from sinks.elasticsearch.fields import Fields
from sinks.elasticsearch.versions import Token
from transforms.codec import CodecError, decode_plain
from transforms.records import Event
from transforms.search.card import card, version
from transforms.search.query import Among, Clause, Query, Said, Within

_log = logging.getLogger("tocsin.elasticsearch")
_EVENTS = "events"
_PAGE = 200
_Asked = dict[str, Any]


def find_fields(event: Event) -> Fields:
    """The card of an event as fields."""
    made = card(event)
    fields: Fields = {column: value for column, value in made.numbers.items()}  # noqa: C416 (other keys' type)
    return fields | {
        "version": version(),
        "live": made.live,
        "atoms": list(made.atoms),
        "words": " ".join(made.words),
    }


def asked(query: Query) -> _Asked:
    """A query in Elasticsearch's language; nothing in it is scored."""
    return {
        "bool": {
            "filter": [{"term": {"find.live": True}}, *(_asked(x) for x in query.clauses if not x.negated)],
            "must_not": [_asked(clause) for clause in query.clauses if clause.negated],
        }
    }


def _asked(clause: Clause) -> _Asked:
    match clause:
        case Among(atoms=atoms):
            return {"terms": {"find.atoms": list(atoms)}}
        case Said(phrases=phrases, prefix=True):
            return _either([{"prefix": {"find.words": {"value": phrase[0]}}} for phrase in phrases])
        case Said(phrases=phrases):
            return _either(
                [
                    {"match_phrase": {"find.words": " ".join(phrase)}}
                    if len(phrase) > 1
                    else {"term": {"find.words": {"value": phrase[0]}}}
                    for phrase in phrases
                ]
            )
        case Within(bounds=bounds):
            ranges = [{"range": {f"find.{x.column}": {"gte" if x.op == ">=" else "lte": x.value}}} for x in bounds]
            return {"bool": {"filter": ranges}}


def _either(queries: list[_Asked]) -> _Asked:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


class Searching(Base):
    """The part of the contract under "search"."""

    def search(self, query: Query, *, limit: int | None = None) -> Iterator[Event]:
        """See :meth:`Store.search`."""
        self.reader.refresh(_EVENTS)
        hits = self._hits(query, _PAGE if limit is None else max(1, min(limit, _PAGE)))
        return (decode_plain(Event, hit["_source"]["tocsin"]["record"]) for hit in islice(hits, limit))

    def count(self, query: Query) -> int:
        """See :meth:`Store.count`."""
        self.reader.refresh(_EVENTS)

        def ask(client: Elasticsearch) -> Any:
            return client.count(index=self.reader.alias(_EVENTS), query=asked(query))

        return int(self.connection.call(ask, doing="count events")["count"])

    def _hits(self, query: Query, page: int) -> Iterator[Mapping[str, Any]]:
        """Every hit in the query's order; pages go by the last sort values."""
        sort = [{f"find.{query.column}": "asc" if query.ascending else "desc"}, {"tocsin.id": "asc"}]
        after: list[Any] | None = None
        while True:

            def ask(client: Elasticsearch, after: list[Any] | None = after) -> Any:
                return client.search(
                    index=self.reader.alias(_EVENTS),
                    query=asked(query),
                    sort=sort,
                    size=page,
                    search_after=after,
                    source_includes=["tocsin.record"],
                    track_total_hits=False,
                    allow_partial_search_results=False,
                )

            hits = self.connection.call(ask, doing="search events")["hits"]["hits"]
            yield from hits
            if len(hits) < page:
                return
            after = hits[-1]["sort"]

    def refill(self) -> None:
        """Give events the cards of this Tocsin where they have none or an older one's, by compare-and-set: who writes
        an event meanwhile gives it one."""
        stale: _Asked = {"bool": {"must_not": {"range": {"find.version": {"gte": version()}}}}}
        told = False
        while True:

            def ask(client: Elasticsearch) -> Any:
                return client.search(
                    index=self.reader.alias(_EVENTS),
                    query=stale,
                    size=_PAGE,
                    seq_no_primary_term=True,
                    ignore_unavailable=True,  # no index, no events
                    track_total_hits=False,
                    allow_partial_search_results=False,
                )

            hits = self.connection.call(ask, doing="look for events without a search card")["hits"]["hits"]
            if not hits:
                return
            if not told:
                told = True
                _log.info("%s: making the search cards of the events", self.connection.settings.shown)
            self._landed(self.bulk.write(map(self._carded, hits), doing="write search cards"), "search cards")
            self.reader.refresh(_EVENTS)

    def _carded(self, hit: Mapping[str, Any]) -> Action:
        """A document as it is, with its card."""
        token, source = Token.of(hit), hit["_source"]
        try:
            find = find_fields(decode_plain(Event, source["tocsin"]["record"]))
        except CodecError as error:  # no event that can be read: found by nothing
            _log.warning("%s: an event is not searched: %s", self.connection.settings.shown, error)
            find = {"version": version(), "live": False}
        return Action(index=token.index, id=str(hit["_id"]), document=as_json({**source, "find": find}), token=token)
