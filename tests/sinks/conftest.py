"""Fixtures of the tests of sinks."""

from tests.sinks.es_server import elasticsearch, fresh, prefix, secured, worker_prefix

__all__ = ["elasticsearch", "fresh", "prefix", "secured", "worker_prefix"]
