"""MergeEvents measured: how well the generated register comes together, and what a claim costs as the register grows.

python -m benchmarks.merge quality [--seeds 1,2,3]
python -m benchmarks.merge speed [--sizes 1000,100000,1000000] [--elasticsearch] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.register import Generated, generate, original, transfer_of
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from transforms.contracts import BucketItem, Store, StoreFactory
from transforms.merge import merge_reading
from transforms.merge.decide import Situation, decide
from transforms.merge.facts import base_id
from transforms.merge.keys import filed
from transforms.merge.neighbourhood import BUCKET, CROWD
from transforms.merge.story import report_of
from transforms.records import Event, Reading

_PAIRS = [(f"{a}{b}S", f"{c}{d}R") for a in "ABCDEF" for b in "ABCDEF" for c in "ABCDEF" for d in "ABCDEF"][:1200]
_CHUNK = 1000
_WRITERS = 4
_SINGLY = 500
"""Events, the last, that are put into a register one by one."""
_WARM = 20
_ZIPF = [rank**-0.75 for rank in range(1, 1201)]


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


def speed(factories: Mapping[int, StoreFactory], rate: float, claims: int) -> None:
    """Print what one more claim costs in registers of these sizes.

    rate: events a day, the same for every size, as a register grows with time and not by telling more of each day.
    """
    for size, factory in factories.items():
        stock(factory, size, rate)
    measure({size: factory() for size, factory in factories.items()}, rate, claims)


def measure(stores: Mapping[int, Store], rate: float, claims: int) -> None:
    """Print what one more claim costs, side by side, in turns: by the clock, and in this process (which a busy machine
    changes less, and which leaves out a server's work)."""
    times: dict[int, list[float]] = {size: [] for size in stores}
    spent: dict[int, list[float]] = {size: [] for size in stores}
    for n in range(-_WARM, claims):
        for size, store in stores.items():
            reading = _reading(random.Random(f"new {n}"), f"new-{n}", _day(size, rate))
            store.put_articles([reading.article])
            store.put_claims(reading.article.id, reading.claims)
            started, before = time.perf_counter(), time.process_time()
            merge_reading(store, reading, reading.article.first_seen)
            if n >= 0:
                times[size].append(time.perf_counter() - started)
                spent[size].append(time.process_time() - before)
    for what, found in (("by the clock", times), ("in the process", spent)):
        middle = {size: statistics.median(one) * 1000 for size, one in found.items()}
        mean = {size: statistics.fmean(one) * 1000 for size, one in found.items()}
        first = min(middle)
        for size in stores:
            print(
                f"{size:>9} events, {what}: median {middle[size]:.2f} ms a claim ({middle[size] / middle[first]:.2f}×),"
                f" mean {mean[size]:.2f} ms ({mean[size] / mean[first]:.2f}×)"
            )
    for store in stores.values():
        store.close()


def kept(folder: Path, sizes: Iterable[int], rate: float, claims: int) -> None:
    """:func:`speed` on SQLite, with registers that stay in a folder: one that is there is not stocked again, and what
    is measured is done to copies."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as copies:
        for size in sizes:
            file = folder / f"{size}.db"
            if not file.exists():
                made = Path(copies) / "made.db"
                stock(StoreAt(f"sqlite:///{made}"), size, rate)
                made.rename(file)
            shutil.copy(file, Path(copies) / file.name)
        measure({size: StoreAt(f"sqlite:///{copies}/{size}.db")() for size in sizes}, rate, claims)


def stock(factory: StoreFactory, size: int, rate: float) -> None:
    """Put ``size`` events of one claim each into a store, as merging would, a thousand at a time by several writers;
    the last by themselves, so that every register is in the state that single merges leave."""
    bulk = max(size - _SINGLY, 0)
    starts = list(range(0, bulk, _CHUNK))
    started = time.perf_counter()
    first = factory()
    first.init()
    first.close()
    ends = [min(start + _CHUNK, bulk) for start in starts]
    with ProcessPoolExecutor(_WRITERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_stock_some, [factory] * len(starts), starts, ends, [rate] * len(starts)))
    store = factory()
    for made in _made(bulk, size, rate):
        _put(store, [made])
    store.close()
    print(f"{size} events stocked in {time.perf_counter() - started:.0f} s", flush=True)


def _stock_some(factory: StoreFactory, start: int, end: int, rate: float) -> None:
    store = factory()
    _put(store, _made(start, end, rate))
    store.close()


def _made(start: int, end: int, rate: float) -> list[tuple[Event, frozenset[str]]]:
    """Some of the events, each with the keys it is filed under."""
    rng = random.Random(f"old {start}")
    made = []
    for n in range(start, end):
        reading = _reading(rng, f"old-{n}", _day(n, rate))
        reports = {reading.article.id: report_of(reading.article, None)}
        (write,) = decide(Situation(events={}, fresh=reading.claims, reports=reports), reading.article.first_seen)
        made.append(
            (replace(write.event, unannounced=()), frozenset(k for facts in write.gained for k in filed(facts)))
        )
    return made


def _put(store: Store, made: Sequence[tuple[Event, frozenset[str]]]) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    buckets: dict[str, list[str]] = {}
    for event, keys in made:
        for key in sorted(keys):
            buckets.setdefault(key, []).append(event.id)
    left = set(buckets)
    while left:  # another writer may have been faster
        known = store.bucket(BUCKET, left)
        items = {
            key: ([*known[key].value, *(BucketItem(id=id, at=at) for id in buckets[key])][: CROWD + 1], read.version)
            for key, read in known.items()
        }
        left = set(store.put_buckets(BUCKET, items))
    if store.put_events([(event, "") for event, _ in made]):
        raise RuntimeError("somebody else writes into the benchmark's register")


def _day(n: int, rate: float) -> date:
    return date(1950, 1, 1) + timedelta(days=int(n / rate))


def _reading(rng: random.Random, id: str, day: date) -> Reading:
    """A report of a transfer between a pair drawn by Zipf: exponent 0.75 over 1,200 pairs gives the hottest 5 %."""
    supplier, recipient = rng.choices(_PAIRS, _ZIPF)[0]
    truth = transfer_of(rng, rng.randrange(10**9), (supplier, recipient), 1)
    return original(rng, id, replace(truth, phases=(("done", day),)), first=rng.random() < 0.5)


@contextmanager
def elasticsearch() -> Iterator[str]:
    """The URL of a server of the benchmark's own."""
    server, name = Path(__file__).parents[1] / "deploy" / "elasticsearch" / "server", f"merge-{os.getpid()}"
    start = [sys.executable, str(server), "start", "--name", name, "--until", str(os.getpid())]
    told = subprocess.run(start, check=True, stdout=subprocess.PIPE, text=True).stdout
    try:
        yield next(line.partition("=")[2] for line in told.splitlines() if "TOCSIN_ES_URL" in line)
    finally:
        subprocess.run([sys.executable, str(server), "stop", "--name", name, "--purge"], check=True)


def main() -> None:
    """Run the part asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("quality", "speed"))
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--sizes", default="1000,100000", help="stored events")
    parser.add_argument("--rate", type=float, default=40, help="events a day")
    parser.add_argument("--claims", type=int, default=200, help="claims measured in each register")
    parser.add_argument("--elasticsearch", action="store_true", help="registers in Elasticsearch, not SQLite")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the registers there, and use those kept")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.part == "quality":
        quality(int(seed) for seed in options.seeds.split(","))
    elif options.elasticsearch:
        with elasticsearch() as url:
            speed({size: StoreAt(f"{url}/merge{size}") for size in sizes}, options.rate, options.claims)
    elif options.keep:
        kept(options.keep, sizes, options.rate, options.claims)
    else:
        with tempfile.TemporaryDirectory() as folder:
            kept(Path(folder), sizes, options.rate, options.claims)


if __name__ == "__main__":
    main()
