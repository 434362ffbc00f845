"""The real Elasticsearch of the tests of sinks."""

from tests.sinks.es_server import elasticsearch, prefix, worker_prefix

__all__ = ["elasticsearch", "prefix", "worker_prefix"]
