"""MergeEvents measured: how well the generated register comes together, and what a claim costs as the register grows.

python -m benchmarks.merge quality [--seeds 1,2,3]
python -m benchmarks.merge speed [--sizes 1000,100000]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.register import Generated, generate
from sinks.sqlite import SqliteStore
from transforms.contracts import Store
from transforms.merge import merge_reading
from transforms.merge.facts import base_id
from transforms.records import Event, Reading


def pairwise(events: Iterable[Event], generated: Generated) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of claims that are in one event; copies count with their documents."""
    by_document = {r.article.id: generated.truth[c.id] for r in generated.readings for c in r.claims}
    found = together = 0
    sizes: Counter[str] = Counter(by_document.values())
    for event in events:
        labels = Counter(by_document[claim.document] for claim in event.claims)
        found += _pairs(labels.total())
        together += sum(_pairs(n) for n in labels.values())
    wanted = sum(_pairs(n) for n in sizes.values())
    precision, recall = together / max(found, 1), together / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def fill(store: Store, readings: Iterable[Reading]) -> None:
    """What WriteArticles and MergeEvents do with readings."""
    for reading in readings:
        store.put_articles([reading.article])
        store.put_claims(reading.article.id, reading.claims)
        merge_reading(store, reading, reading.article.first_seen)


def split_of(store: Store) -> set[frozenset[str]]:
    """The partition of documents and claims into events."""
    return {frozenset(f"{c.document} {base_id(c)}" for c in e.claims) for e in store.iter_events() if e.claims}


def quality(seeds: Iterable[int]) -> None:
    """Print precision, recall and F1 in order of date, and whether a shuffled order gives the same register."""
    for seed in seeds:
        generated = generate(seed)
        with tempfile.TemporaryDirectory() as folder:
            dated, shuffled = (SqliteStore(str(Path(folder) / f"{name}.db")) for name in ("dated", "shuffled"))
            orders = [list(generated.readings), list(generated.readings)]
            random.Random(seed).shuffle(orders[1])
            started = time.perf_counter()
            for store, order in zip((dated, shuffled), orders, strict=True):
                store.init()
                fill(store, order)
            seconds = time.perf_counter() - started
            precision, recall, f1 = pairwise(dated.iter_events(), generated)
            same = split_of(dated) == split_of(shuffled)
            count = sum(1 for e in dated.iter_events() if e.claims)
            print(
                f"seed {seed}: {len(generated.readings)} reports, {count} events of 200, precision {precision:.4f}, "
                f"recall {recall:.4f}, F1 {f1:.4f}, same when shuffled: {same}, "
                f"{1000 * seconds / 2 / len(generated.readings):.1f} ms a report"
            )
            dated.close()
            shuffled.close()


def main() -> None:
    """Run the part asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("quality",))
    parser.add_argument("--seeds", default="1,2,3")
    options = parser.parse_args()
    quality(int(seed) for seed in options.seeds.split(","))


if __name__ == "__main__":
    main()
