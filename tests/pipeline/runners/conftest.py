"""Fixtures shared with the stores' tests."""

from tests.sinks.es_server import elasticsearch, prefix, worker_prefix

__all__ = ["elasticsearch", "prefix", "worker_prefix"]
