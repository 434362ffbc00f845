"""The same register gives the same brief from either store."""

from __future__ import annotations

from pathlib import Path

from pipeline.brief.build import chosen_events, gather
from pipeline.brief.render import html
from sinks.sqlite import SqliteStore
from tests.pipeline.brief.week import PERIOD, articles, events, page
from tests.sinks.es_server import Served, store_at
from transforms.contracts import Store


def brief_from(store: Store) -> str:
    store.init()
    store.put_articles(list(articles().values()))
    for event in events():
        assert store.put_event(event, "")
    chosen, omitted = chosen_events(store.iter_events(), PERIOD)
    text = html(chosen, omitted, gather(chosen, store.articles), PERIOD)
    store.close()
    return text


def test_from_sqlite(tmp_path: Path) -> None:
    assert brief_from(SqliteStore(f"{tmp_path}/store.db")) == page(events(), articles())


def test_from_elasticsearch(elasticsearch: Served, prefix: str) -> None:
    assert brief_from(store_at(elasticsearch.url, prefix)) == page(events(), articles())
