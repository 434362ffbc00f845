"""Polling speed and memory, side by side with ``reader`` (PyPI) on the same feeds in the same run.

    python -m benchmarks.poll [--feeds 10000] [--rounds 3] [--reader-python PATH] [--json FILE]

A server process on loopback serves N feeds of 50 entries. Both sides poll all of them, in turns: everything new, then
rounds in which 5 % of the feeds have one more entry and the rest answer 304, then a round without validators, in which
an unchanged feed is the same body again. Each side stores what it gets in SQLite. Measured a round: feeds a CPU second
of the side's own process (the server's is not counted), feeds per second, peak memory so far. ``reader`` may live in
another environment (``--reader-python``); without it only Tocsin is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ENTRIES = 50
CHANGED = 0.05
WORKERS = 20


# --- the feeds -----------------------------------------------------------------------------------------------------


def version(feed: int, round_: int) -> int:
    """How many entries a feed has gained by a round: in each it gains one with a chance of 5 %."""
    chances = (hashlib.blake2b(f"{feed}/{r}".encode(), digest_size=4).digest() for r in range(1, round_ + 1))
    return sum(int.from_bytes(c) < CHANGED * 2**32 for c in chances)


def body(feed: int, newest: int) -> bytes:
    """An RSS feed of 50 entries, newest first."""
    items = "".join(
        f"<item><title>Feed {feed}, report {n} on a port call and its papers</title>"
        f"<link>http://news{feed}.example/{feed}/report-{n}</link><guid isPermaLink='false'>f{feed}-{n}</guid>"
        f"<pubDate>Tue, {1 + n % 28:02} Jul 2025 {n % 24:02}:15:00 GMT</pubDate>"
        f"<description>&lt;p&gt;Report {n}: a vessel of {n * 37} tonnes came in, with papers for machine parts; the "
        f"harbour office looked at {n % 9} containers and let it go on the next tide.&lt;/p&gt;</description></item>"
        for n in range(newest + ENTRIES, newest, -1)
    )
    head = f"<title>Feed {feed}</title><link>http://news{feed}.example/</link><description>x</description>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


class Server(asyncio.Protocol):
    """As little HTTP as both clients need."""

    round = 0
    validators = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            self.transport.write(self.answer(head.decode("latin-1")))  # type: ignore[attr-defined]

    def answer(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        if path.startswith("/control/"):
            _, _, round_, validators = path.split("/")
            Server.round, Server.validators = int(round_), validators == "1"
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        if not path.startswith("/f/"):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        feed = int(path[3:])
        newest = version(feed, Server.round)
        etag = f'"{feed}-{newest}"'
        if Server.validators and etag in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        content = body(feed, newest)
        lines = ["HTTP/1.1 200 OK", "Content-Type: application/rss+xml", f"Content-Length: {len(content)}"]
        if Server.validators:
            lines.append(f"ETag: {etag}")
        return "\r\n".join([*lines, "", ""]).encode() + content


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# --- the two sides, each in a process of its own, told over stdin when to do a round -----------------------------


def measured(one_round, count: int) -> None:  # type: ignore[no-untyped-def]
    """Do a round whenever a line comes in, and print what it cost."""
    print("ready", flush=True)
    for _ in sys.stdin:
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        new = one_round()
        after, seconds = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - start
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        row = {"new": new, "seconds": seconds, "cpu": cpu, "peak_mb": after.ru_maxrss / 1024,
               "feeds_per_cpu_second": count / cpu, "feeds_per_second": count / seconds}  # fmt: skip
        print(json.dumps(row), flush=True)


def tocsin_side(root: str, count: int, database: str) -> None:
    from datetime import UTC, datetime, timedelta

    from sinks.sqlite import SqliteStore
    from transforms.contracts import PollSaved
    from transforms.fetch import FetchWorker, Limits, client_factory
    from transforms.poll import PollOutcome
    from transforms.poll.saving import Saving
    from transforms.sources import Source

    sources = [Source(id=f"f{n}", url=f"{root}/f/{n}", allow_private=True) for n in range(count)]
    store = SqliteStore(database)
    store.init()
    now = datetime.now(UTC)
    worker = FetchWorker(client_factory("tocsin-benchmark (none)", limits=Limits(round=1e9)), clock=lambda: now)

    def one_round() -> int:
        nonlocal now
        now += timedelta(hours=1)  # not days: once a day an unchanged feed is fetched without conditions
        states = store.source_states()
        new = polled = 0

        def told(outcome: PollOutcome, saved: PollSaved | None) -> None:
            nonlocal new, polled
            assert saved is not None and outcome.result in {"changed", "unchanged"}, outcome.problems
            new += len(saved.new)
            polled += 1

        pairs = [(source, states[source.id].value if source.id in states else None) for source in sources]
        with Saving(store, {id_: s.version for id_, s in states.items()}, lambda: now, told) as saving:
            worker.poll_each(pairs, saving.add)
        assert polled == count, polled
        return new

    measured(one_round, count)


def reader_side(root: str, count: int, database: str) -> None:
    from reader import make_reader

    reader = make_reader(database)
    for n in range(count):
        reader.add_feed(f"{root}/f/{n}")

    def one_round() -> int:
        new = 0
        for result in reader.update_feeds_iter(scheduled=False, workers=WORKERS):
            value = result.value
            if isinstance(value, Exception):
                raise value
            new += value.new if value else 0
        return new

    measured(one_round, count)


class Side:
    """One side's process."""

    def __init__(self, name: str, python: str, root: str, count: int, folder: str) -> None:
        self.name = name
        command = [python, "-m", "benchmarks.poll", f"--side={name}", f"--root={root}", f"--feeds={count}"]
        self._process = subprocess.Popen(
            [*command, f"--database={folder}/{name}.sqlite"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early, see above")
        return line

    def round(self) -> dict[str, float]:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        row: dict[str, float] = json.loads(self._line())
        return row

    def close(self) -> None:
        self._process.communicate()


def has_reader(python: str) -> bool:
    try:
        return subprocess.run([python, "-c", "import reader"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def compare(count: int, rounds: int, reader_python: str) -> dict[str, object]:
    """Run both sides in turns and print a table as it goes."""
    import urllib.request

    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.poll", "--side=server"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    root = f"http://127.0.0.1:{int(server.stdout.readline())}"
    results: list[dict[str, object]] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            sides = [Side("tocsin", sys.executable, root, count, folder)]
            if has_reader(reader_python):
                sides.append(Side("reader", reader_python, root, count, folder))
            else:
                print(f"{reader_python} has no reader (pip install reader): measuring Tocsin alone")
            phases = [("all new", 0, 1), *((f"5 % changed {r}", r, 1) for r in range(1, rounds + 1))]
            phases += [("nothing changed, 304", rounds, 1), ("no validators", rounds, 0), ("same bodies", rounds, 0)]
            print(f"{'round':<24}{'side':<8}{'new':>8}{'CPU s':>9}{'feeds/CPU s':>13}{'feeds/s':>9}{'peak MB':>9}")
            for name, round_, validators in phases:
                urllib.request.urlopen(f"{root}/control/{round_}/{validators}").close()
                for side in sides:
                    row = side.round()
                    results.append({"round": name, "side": side.name, **row})
                    print(
                        f"{name:<24}{side.name:<8}{row['new']:>8.0f}{row['cpu']:>9.2f}{row['feeds_per_cpu_second']:>13.0f}"
                        f"{row['feeds_per_second']:>9.0f}{row['peak_mb']:>9.0f}",
                        flush=True,
                    )
            for side in sides:
                side.close()
    finally:
        server.terminate()
        server.wait()
    ratios: dict[str, float] = {}
    speed = {(r["round"], r["side"]): float(str(r["feeds_per_cpu_second"])) for r in results}
    for name, _, _ in phases:
        if (name, "reader") in speed:
            ratios[name] = speed[name, "tocsin"] / speed[name, "reader"]
            print(f"{name}: {ratios[name]:.1f} times reader's feeds per CPU second")
    return {"feeds": count, "entries": ENTRIES, "cores": os.cpu_count(), "rounds": results, "ratios": ratios}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader-python", default=sys.executable)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--side", choices=["server", "tocsin", "reader"], help=argparse.SUPPRESS)
    parser.add_argument("--root", help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side == "server":
        asyncio.run(serve())
    elif given.side == "tocsin":
        tocsin_side(given.root, given.feeds, given.database)
    elif given.side == "reader":
        reader_side(given.root, given.feeds, given.database)
    else:
        found = compare(given.feeds, given.rounds, given.reader_python)
        if given.json:
            given.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
