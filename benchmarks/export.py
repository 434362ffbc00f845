"""Memory and speed of exports, and what an archive costs.

    python -m benchmarks.export [--small 10000] [--large 100000] [--formats csv,geojson,jsonl,parquet] [--stix 10]
    python -m benchmarks.export archive

Generated events (one to four claims and reports each) go into SQLite stores of two sizes; each export runs in a process
of its own, and its peak resident memory on the large store is told as a ratio to that on the small one. Streaming means
that the ratio stays near 1. STIX is measured on stores a tenth as large (``--stix``), because its library takes
milliseconds an event. Exit code 1 where a ratio is above 1.25. ``archive``: time and bytes a page.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

from rich.console import Console

from benchmarks.read import page_of
from benchmarks.stories import corpus
from pipeline.exports.formats import export
from pipeline.exports.options import Format, Options
from pipeline.exports.output import opened
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from tests.samples import NOW, claim, entry
from transforms.archive.files import WarcFiles
from transforms.archive.model import Capture
from transforms.codec import digest
from transforms.read import read_page, warm_up
from transforms.records import Amount, ClaimPlace, Event, Goods, Page, Party, Report, Voice
from transforms.sources import Source

SOURCE = Source(id="bench", url="https://bench.example/feed", language="en")
MOST = 1.25
"""The allocator's own growth over ten times the events is some per cent; a list of them all would be tenfold."""
FORMATS: tuple[Format, ...] = ("jsonl", "csv", "geojson", "parquet")
_WRITTEN = 20_000
_STATES = "USA RUS CHN FRA DEU ITA GBR ISR ESP KOR TUR PRK IRN SWE NLD UKR POL SAU IND EGY".split()
_WORDS = "missiles were unloaded at the port on Friday the ministry said while others saw nothing of it".split()


def event(draw: random.Random, n: int) -> Event:
    """A generated event with the shape of real ones."""
    supplier, recipient = draw.sample(_STATES, 2)
    number = draw.randint(1, 4)
    documents = [digest([n, k]) for k in range(number)]
    place = ClaimPlace(
        role="delivery",
        text="Port",
        start=0,
        end=4,
        value=f"Port {draw.randint(1, 2000)}",
        country=recipient,
        lat=draw.randint(-600, 600) / 10,
        lon=draw.randint(-1700, 1700) / 10,
        radius_km=5.0,
    )
    goods = (Goods(value=f"system {draw.randint(1, 300)}", category="III"),)
    claims = tuple(
        claim(
            digest([document, "c"]),
            document,
            supplier=Party(iso3=supplier),
            recipient=Party(iso3=recipient),
            goods=goods,
            quote=" ".join(draw.choices(_WORDS, k=25)),
            end=140,
            asserted_by=(Voice(name=f"Ministry {draw.randint(1, 50)}", iso3=recipient),),
            places=(place,),
            reasons=("trigger delivered", "subject supplier"),
        )
        for document in documents
    )
    reports = tuple(
        Report(
            article=document,
            url=f"https://paper{draw.randint(1, 99)}.example/{document}",
            title=" ".join(draw.choices(_WORDS, k=9)),
            source="wire",
            publisher="wire",
            origin="wire",
            reliability="C",
            language="en",
            published="2024-06-28",
            first_seen=NOW,
        )
        for document in documents
    )
    return Event(
        id=digest(["event", n]),
        supplier=Party(iso3=supplier),
        recipient=Party(iso3=recipient),
        goods=goods,
        quantity_delivered=Amount(number=draw.randint(1, 900)),
        stage="delivered",
        standing="asserted",
        asserted_by=claims[0].asserted_by,
        date="2024-06",
        published="2024-06-28",
        first_seen=NOW,
        last_changed=NOW + timedelta(seconds=n),
        places=(place,),
        claims=claims,
        reports=reports,
        articles=number,
        origins=1,
    )


def fill(path: Path, count: int) -> None:
    """A store of ``count`` events; those above the first 20,000 are these again, under ids of their own.

    An export only reads rows in the order of their ids: copies leave the search index and others out, so that a million
    take minutes to make and not an hour.
    """
    store = SqliteStore(str(path))
    store.init()
    draw = random.Random(1)
    for n in range(min(count, _WRITTEN)):
        store.put_event(event(draw, n), "")
    store.close()
    if count <= _WRITTEN:
        return
    with closing(sqlite3.connect(path)) as rows, rows:
        for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                                    " AND tbl_name = 'events'").fetchall():  # fmt: skip
            rows.execute(f"DROP INDEX {name}")
        first = rows.execute("SELECT id, body FROM events LIMIT ?", (count - _WRITTEN,)).fetchall()
        for turn in range(1, -(-count // _WRITTEN)):
            rows.executemany(
                "INSERT INTO events (id, version, merged, unannounced, body) VALUES (?, 1, 0, 0, ?)",
                ((new := digest([id, turn]), body.replace(id, new)) for id, body in first[: count - turn * _WRITTEN]),
            )


def one(url: str, format: Format) -> None:
    """Export once and tell seconds and peak memory (for a process of its own)."""
    store = StoreAt(url)()
    start = time.process_time()
    with opened(Path("/dev/null")) as stream:
        export(store, "events", format, stream, Options(), Console(file=StringIO()))
    print(json.dumps({"seconds": time.process_time() - start, "mb": peak_mb()}))


def peak_mb() -> float:
    """Peak resident memory of this process. What getrusage tells begins with the parent's, which a spawned process
    inherits: what filled the store would be taken for the export."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(path: Path, format: Format) -> dict[str, float]:
    """What a process of its own took."""
    command = [sys.executable, "-m", "benchmarks.export", "one", f"sqlite:///{path}", format]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result: dict[str, float] = json.loads(told)
    return result


def exports(small: int, large: int, formats: list[Format], stix: int) -> int:
    """Each format on both sizes; the exit code."""
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        groups = [(small, large, formats)]
        if stix:
            groups.append((small // stix, large // stix, ["stix"]))
        for few, many, wanted in groups:
            paths = {count: Path(folder) / f"{count}.db" for count in (few, many)}
            for count, path in paths.items():
                if not path.exists():
                    fill(path, count)
            for format in wanted:
                less, more = measured(paths[few], format), measured(paths[many], format)
                ratio = more["mb"] / less["mb"]
                worst = max(worst, ratio)
                print(
                    f"{format:8} {few:>7,} events {less['mb']:5.0f} MB, {many:>7,} events {more['mb']:5.0f} MB, "
                    f"ratio {ratio:.2f}, {many / more['seconds']:,.0f} events/s",
                    flush=True,
                )
    print(f"worst ratio {worst:.2f}, at most {MOST}")
    return int(worst > MOST)


def archive(count: int = 150) -> int:
    """What keeping pages takes: time a page beside that of reading it, side by side, and bytes on disk."""
    rng = random.Random(7)
    warm_up()
    pages = [page_of(text, rng) for text in corpus(seed=11, topics=4)[:count]]
    keeping = reading = 0.0
    with tempfile.TemporaryDirectory() as folder:
        files = WarcFiles(Path(folder), lambda: NOW)
        for n, html in enumerate(pages):
            own = entry(f"e{n}")
            start = time.process_time()
            read_page(Page(entry=own, origin="page", content_type="text/html", body=html), SOURCE)
            middle = time.process_time()
            headers = (("content-type", "text/html; charset=utf-8"),)
            files.put(Capture(url=own.url, retrieved=NOW, headers=headers, body=html.encode(), entry=own))
            reading, keeping = reading + middle - start, keeping + time.process_time() - middle
        files.close()
        kept = sum(path.stat().st_size for path in Path(folder).iterdir())
    size = sum(len(html.encode()) for html in pages)
    print(
        f"{count} pages of {size / count / 1000:.0f} KB: {kept / count / 1000:.1f} KB each in the archive "
        f"({kept / size:.0%})"
    )
    print(f"{keeping / count * 1000:.1f} ms to keep, {reading / count * 1000:.1f} ms to read: {keeping / reading:.2f}")
    return 0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--stix", type=int, default=10)
    options = parser.parse_args()
    match options.what:
        case ["one", url, format]:
            one(url, format)
            return 0
        case ["archive"]:
            return archive()
        case _:
            return exports(options.small, options.large, options.formats.split(","), options.stix)


if __name__ == "__main__":
    sys.exit(main())
