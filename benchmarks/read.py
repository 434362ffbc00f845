"""Speed and accuracy of ReadArticles.

    python -m benchmarks.read [speed|lookup|stories] [--stored 1000,10000,100000]

speed: articles a second and core from HTML to the written story, with trafilatura alone on the same pages side by
side (in turns within one run, so that a busy machine slows both). lookup: cost of finding an article's story among so
many stored ones. stories: pairwise precision, recall and F1 on the generated corpus.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from time import perf_counter, process_time

import trafilatura

from benchmarks.stories import Text, corpus
from sinks.sqlite import SqliteStore
from transforms.contracts import BucketItem, Store
from transforms.read import assign_story, given_article, read_page, warm_up
from transforms.read.fingerprint import fingerprint, keys
from transforms.read.lines import lines_of
from transforms.read.stories import BUCKET
from transforms.records import Article, Document, FeedEntry, Page
from transforms.sources import Source

NOW = datetime(2024, 6, 28, 12, 0, tzinfo=UTC)
_SOURCE = Source(id="bench", url="https://bench.example/feed", language="en", publisher="bench")


def page_of(text: Text, rng: random.Random) -> str:
    """A news page around a text: menus, scripts, related articles and structured data, some 60 KB as sites have it."""
    words = text.text.split()
    menu = "".join(f'<li><a href="/s/{i}">{escape(rng.choice(words))} {i}</a></li>' for i in range(120))
    teaser = "".join(
        f'<div class="card"><a href="/n/{i}"><img src="/i/{i}.jpg" alt=""><h3>{escape(" ".join(rng.sample(words, 6)))}'
        f"</h3></a><span>{i} hours ago</span></div>"
        for i in range(40)
    )
    script = f"<script>var data={json.dumps({f'k{i}': rng.random() for i in range(900)})};</script>"
    facts = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": text.title,
             "datePublished": "2024-06-28T09:30:00+02:00", "author": {"name": "A. Writer"}}  # fmt: skip
    body = "".join(f"<p>{escape(p)}</p>" for p in text.text.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(text.title)} | Bench</title>'
        f'<meta property="og:site_name" content="Bench"><script type="application/ld+json">{json.dumps(facts)}</script>'
        f"{script}</head><body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{escape(text.title)}</h1>"
        f'<div class="share"><button>Share</button></div>{body}</article><aside><h2>Related</h2>{teaser}</aside>'
        f"</main><footer><ul>{menu}</ul></footer>{script}</body></html>"
    )


@contextmanager
def temporary_store() -> Iterator[Store]:
    """An SQLite store that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(str(Path(folder) / "bench.db"))
        store.init()
        try:
            yield store
        finally:
            store.close()


def speed(texts: list[Text]) -> None:
    """Print articles a second and Tocsin's own share."""
    rng = random.Random(7)
    warm_up()
    pages = [page_of(text, rng) for text in texts]
    entries = [
        FeedEntry(id=f"e{i}", source="bench", url=f"https://bench.example/{i}", canonical_url="", title=text.title,
                  first_seen=NOW + timedelta(minutes=i), published=NOW)
        for i, text in enumerate(texts)
    ]  # fmt: skip
    alone, reading, story = [], [], []
    begun = perf_counter()
    with temporary_store() as store:
        for entry, html in zip(entries, pages, strict=True):
            start = process_time()
            trafilatura.bare_extraction(html, url=entry.url, with_metadata=True)
            alone.append(process_time() - start)
            start = process_time()
            article = read_page(Page(entry=entry, origin="page", content_type="text/html", body=html), _SOURCE)
            reading.append(process_time() - start)
            assert isinstance(article, Article)
            start = process_time()
            store.put_articles([assign_story(store, article, entry.first_seen)])
            story.append(process_time() - start)
    size = statistics.mean(map(len, pages)) / 1000
    whole = sum(reading) + sum(story)
    print(f"{len(pages)} pages of {size:.0f} KB, {perf_counter() - begun:.0f} s")
    print(f"trafilatura alone  {len(pages) / sum(alone):7.1f} articles/s a core  {_ms(alone)} ms")
    print(
        f"HTML to story      {len(pages) / whole:7.1f} articles/s a core  read {_ms(reading)} ms, story {_ms(story)} ms"
    )
    print(f"own share / trafilatura: {(whole - sum(alone)) / sum(alone):.2f}")


def lookup(sizes: list[int]) -> None:
    """Print the cost of one look-up by the number of stored stories, its ratio to the first, and whether copies are
    still found among so many."""
    probes = corpus(seed=99, topics=4)
    base = 0.0
    for size in sizes:
        with temporary_store() as store:
            _fill(store, size)
            times: list[float] = []
            found = _pairwise(store, probes, _originals_first(probes), times)
        median = statistics.median(times) * 1000
        base = base or median
        print(
            f"{size:7} stories stored: {median:.2f} ms an article (median), ratio {median / base:.2f}; {found}",
            flush=True,
        )


def _fill(store: Store, size: int) -> None:
    """Store so many articles with their buckets as :func:`assign_story` leaves them, in bulk: none is compared."""
    count, seed = 0, 1000
    while count < size:
        members: dict[str, list[BucketItem]] = {}
        articles = []
        for text in corpus(seed=seed, topics=100, stories=40, copies=0)[: size - count]:
            article = _article(f"s{count}", text)
            articles.append(replace(article, story=article.id))
            names = (*keys(fingerprint(article, lines_of(article.text))), f"story|{article.id}")
            for name in names:
                members.setdefault(name, []).append(BucketItem(id=article.id, at=NOW))
            count += 1
        store.put_articles(articles)
        stored = store.bucket("story_band", list(members))
        for name, items in members.items():
            store.put_bucket("story_band", name, [*stored[name].value, *items][-BUCKET:], stored[name].version)
        seed += 1


def _article(id: str, text: Text) -> Article:
    return given_article(Document(id=id, title=text.title, text=text.text, lang="en"), first_seen=NOW)


def stories(seeds: list[int]) -> None:
    """Print the pairwise figures, with the originals first (as agencies are) and in random order."""
    for seed in seeds:
        texts = corpus(seed)
        for name, order in (("originals first", _originals_first(texts)), ("any order", list(range(len(texts))))):
            with temporary_store() as store:
                print(f"seed {seed}, {name}: {_pairwise(store, texts, order)}", flush=True)


def _originals_first(texts: list[Text]) -> list[int]:
    return sorted(range(len(texts)), key=lambda i: texts[i].kind not in ("original", "series"))


def _pairwise(store: Store, texts: list[Text], order: list[int], times: list[float] | None = None) -> str:
    found: dict[int, str | None] = {}
    for number, i in enumerate(order):
        document = Document(id=f"text {i}", title=texts[i].title, text=texts[i].text)
        article = given_article(document, first_seen=NOW + timedelta(minutes=number))
        start = process_time()
        article = assign_story(store, article, article.first_seen)
        store.put_articles([article])
        if times is not None:
            times.append(process_time() - start)
        found[i] = article.story
    right = wrong = missed = 0
    for a, b in itertools.combinations(range(len(texts)), 2):
        same, told = texts[a].story == texts[b].story, found[a] == found[b]
        right += same and told
        wrong += told and not same
        missed += same and not told
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"P {precision:.4f} R {recall:.4f} F1 {f1:.4f} ({wrong} false pairs, {missed} missed of {right + missed})"


def _ms(times: list[float]) -> str:
    return f"{1000 * statistics.mean(times):.1f}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("speed", "lookup", "stories"))
    parser.add_argument("--stored", default="1000,10000", help="numbers of stored stories for lookup")
    parser.add_argument("--seeds", default="1,2,3", help="seeds of the generated corpus")
    options = parser.parse_args()
    if options.what in (None, "speed"):
        speed(corpus(seed=11, topics=4)[:150])
    if options.what in (None, "lookup"):
        lookup([int(size) for size in options.stored.split(",")])
    if options.what in (None, "stories"):
        stories([int(seed) for seed in options.seeds.split(",")])


if __name__ == "__main__":
    main()
