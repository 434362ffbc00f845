"""The store contract on Elasticsearch (:class:`transforms.contracts.Store`), put together from its parts."""

from __future__ import annotations

from sinks.elasticsearch.inbox import Inbox
from sinks.elasticsearch.outbox import Outbox
from sinks.elasticsearch.purge import Purging
from sinks.elasticsearch.register import Register
from sinks.elasticsearch.schema import Schema
from sinks.elasticsearch.search import Searching
from sinks.elasticsearch.texts import Texts


class ElasticsearchStore(Inbox, Texts, Register, Outbox, Searching, Purging):
    """A store in one Elasticsearch cluster.

    No step relies on a transaction across documents. What decides anything is read by key and written by
    compare-and-set on sequence numbers; searches find work and serve people.
    """

    def init(self) -> None:
        """See :meth:`Store.init`."""
        self.schema().init()
        self.refill()

    def schema(self) -> Schema:
        """What ``tocsin store`` works with."""
        return Schema(self.connection)

    def close(self) -> None:
        """See :meth:`Store.close`."""
        self.connection.close()
