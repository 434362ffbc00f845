"""The production store: one Elasticsearch 9 cluster, any number of hosts."""

from sinks.elasticsearch.connection import Connection
from sinks.elasticsearch.settings import parse
from sinks.elasticsearch.store import ElasticsearchStore


def open_store(url: str) -> ElasticsearchStore:
    """The store at an ``http://`` or ``https://`` URL. Connects at the first call. Raises StoreError for a URL that is
    not understood; what it says never repeats a secret."""
    return ElasticsearchStore(Connection(parse(url)))


__all__ = ["ElasticsearchStore", "open_store"]
