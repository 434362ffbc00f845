"""Writes through the Elasticsearch sink against the client's own ``helpers.parallel_bulk``, and both stores' rounds.

    python -m benchmarks.elasticsearch [--articles 4000] [--repeats 5] [--round 1000]

The same articles go to the same server in turn, sink and helper alternating which is first; the figure is the median of
the ratios, so that a busy machine slows both. Both build their documents from the records as they go. Exit code 1 where
the sink is under 0.9 of the helper. Then the writing stages bring one round of articles from the inbox to their
outcomes on SQLite and on Elasticsearch, in bundles of one and of fifty.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from benchmarks.register import generate
from sinks.elasticsearch import ElasticsearchStore, open_store
from sinks.elasticsearch.base import utc_now
from sinks.elasticsearch.documents import article_document
from sinks.urls import StoreAt
from tests.samples import NOW, article, entry
from tests.sinks.es_work import poll
from transforms.beam.bundle import BundleWorker
from transforms.beam.notify import Notifies
from transforms.beam.write import Finishes, Merges, WritesArticles
from transforms.contracts import StoreFactory
from transforms.notify.current import NOBODY
from transforms.records import Article, Reading, Ticket, Understood

SERVER = Path(__file__).parents[1] / "deploy" / "elasticsearch" / "server"
TARGET = 0.9
BATCH = 50
"""Entries that the pipeline leases at a time (pipeline/graph.py)."""


def articles(count: int) -> list[Article]:
    """Articles of the length of news, of random words."""
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdefghijklmnoprstuvwz", k=draw.randint(2, 11))) for _ in range(20_000)]

    def text() -> str:
        return " ".join(draw.choices(words, k=draw.randint(200, 900)))

    return [article(f"a{n:06}", text=text(), language="en", published="2024-06") for n in range(count)]


def by_sink(store: ElasticsearchStore, given: Sequence[Article]) -> None:
    """Through the store's own method."""
    store.put_articles(given)


def by_helper(client: Elasticsearch, index: str, given: Sequence[Article]) -> None:
    """Through the client's helper, with its defaults: four threads, 500 documents a request."""

    def actions() -> Iterator[dict[str, object]]:
        for record in given:
            yield {"_index": index, "_id": record.id, "_source": article_document(record, NOW)}

    for ok, _ in parallel_bulk(client, actions()):
        assert ok


def rate(write: Callable[[Sequence[Article]], None], given: Sequence[Article], empty: Callable[[], int]) -> float:
    """Documents a second into an empty index."""
    begun = time.perf_counter()
    write(given)
    seconds = time.perf_counter() - begun
    if (kept := empty()) != len(given):
        raise RuntimeError(f"{kept} of {len(given)} documents were there afterwards")
    return len(given) / seconds


def compare(store: ElasticsearchStore, client: Elasticsearch, count: int, repeats: int) -> float:
    """The median of sink to helper."""
    index = store.reader.alias("articles")
    given = articles(count)

    def empty() -> int:
        client.indices.refresh(index=index)
        kept = int(client.count(index=index)["count"])
        client.delete_by_query(index=index, query={"match_all": {}}, refresh=True, conflicts="proceed")
        client.indices.forcemerge(index=index, max_num_segments=1)
        return kept

    ways = {"sink": partial(by_sink, store), "helper": partial(by_helper, client, index)}
    ratios = []
    for repeat in range(repeats + 1):
        order = ["sink", "helper"] if repeat % 2 else ["helper", "sink"]
        # Ids of their own: the server remembers the versions of deleted documents for a while.
        named = {name: [replace(record, id=f"{name}{repeat}-{record.id}") for record in given] for name in order}
        found = {name: rate(ways[name], named[name], empty) for name in order}
        if repeat:  # the first warms the server's compiler up
            ratios.append(found["sink"] / found["helper"])
            print(f"  sink {found['sink']:6.0f} docs/s   helper {found['helper']:6.0f} docs/s   {ratios[-1]:.2f}")
    return statistics.median(ratios)


def reports(count: int) -> list[Reading]:
    """Readings of a generated register (benchmarks/register.py) whose articles have texts of the length of news; a copy
    has its lead's."""
    found = generate(seed=11, events=max(count // 9, 2), days=max(count // 14, 30)).readings[:count]
    texts = {one.id: one.text for one in articles(count)}
    words = {reading.article.id: texts[f"a{n:06}"] for n, reading in enumerate(found)}
    return [
        replace(
            reading,
            article=replace(
                reading.article,
                entry=f"e{n:04}",
                text=words[reading.article.copy_of or reading.article.id],
                story=None,
                copy_of=None,
            ),
        )
        for n, reading in enumerate(found)
        if (reading.article.copy_of or reading.article.id) in words
    ]


def one_round(factory: StoreFactory, found: Sequence[Reading], batch: int) -> float:
    """Seconds from a saved poll to the last outcome: the writing stages' workers, ``batch`` articles at a time."""
    store = factory()
    store.init()
    read = {reading.article.entry: reading for reading in found}
    begun = time.perf_counter()
    poll(store, [entry(id) for id in read])
    stages: list[BundleWorker[Any]] = [
        build(lambda name, amount: None)
        for build in (
            WritesArticles(factory, utc_now),
            Merges(factory, utc_now),
            Notifies(factory, NOBODY, utc_now),
            Finishes(factory, utc_now),
        )
    ]
    while leases := store.lease_entries(owner="bench", now=NOW, limit=BATCH, duration=timedelta(hours=1)):
        leased = [
            Understood(ticket=Ticket(entry=lease.entry.id, fence=lease.fence), reading=read[lease.entry.id])
            for lease in leases
        ]
        for start in range(0, len(leased), batch):
            bundle: list[Any] = list(leased[start : start + batch])
            for stage in stages:
                bundle = [result for _, result in stage(bundle)]
    seconds = time.perf_counter() - begun
    outcomes = store.outcomes()
    if sum(outcomes.values()) != len(found) or set(outcomes) - {"indexed", "copy"}:
        raise RuntimeError(f"the round of {len(found)} ended with {outcomes}")
    store.close()
    return seconds


def main() -> int:
    """Run both comparisons."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--round", type=int, default=1000)
    asked = parser.parse_args()
    name = f"bench-{os.getpid()}"
    start = [sys.executable, str(SERVER), "start", "--name", name, "--until", str(os.getpid())]
    told = subprocess.run(start, check=True, stdout=subprocess.PIPE, text=True).stdout
    url = next(line.partition("=")[2] for line in told.splitlines() if "TOCSIN_ES_URL" in line)
    store = open_store(f"{url}/bench")
    store.init()
    with Elasticsearch(url, request_timeout=120) as client:
        ratio = compare(store, client, asked.articles, asked.repeats)
    print(f"sink to helpers.parallel_bulk: {ratio:.2f} (at least {TARGET})")
    found = reports(asked.round)
    for batch in (1, BATCH):
        with tempfile.TemporaryDirectory() as folder:
            sqlite = one_round(StoreAt(f"sqlite:///{folder}/bench.db"), found, batch)
        search = one_round(StoreAt(f"{url}/bench{batch}"), found, batch)
        print(
            f"a round of {len(found)} articles in bundles of {batch}: SQLite {sqlite:.1f} s, "
            f"Elasticsearch {search:.1f} s ({1000 * search / len(found):.1f} ms an article); "
            f"SQLite is {search / sqlite:.1f} times as fast"
        )
    subprocess.run([sys.executable, str(SERVER), "stop", "--name", name, "--purge"], check=True)
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
