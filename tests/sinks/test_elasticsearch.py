"""Elasticsearch passes the store contract, on a real server."""

from __future__ import annotations

import pytest

from tests.sinks.contract import Factory, StoreContract
from tests.sinks.es_server import Served, settle, store_at
from transforms.contracts import Store


class TestElasticsearch(StoreContract):
    @pytest.fixture
    def factory(self, elasticsearch: Served, prefix: str) -> Factory:
        return lambda: store_at(elasticsearch.url, prefix)

    def settle(self, store: Store) -> None:
        settle(store)
