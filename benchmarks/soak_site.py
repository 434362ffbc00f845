"""What the soak and the latency benchmark poll: many feeds on loopback that change at random, and a receiver of alerts.

Every report is of a transfer of its own (a pair of states each), in words of its own, so that the order in which
reports are read decides nothing and the end state of two runs can be compared.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product

SUPPLIERS = (
    "Norway Sweden Germany France Italy Spain Turkey Iran Denmark Finland Israel Canada Australia Serbia".split()
)
RECIPIENTS = "Ukraine Egypt Morocco India Philippines Indonesia Brazil Chile Kenya Nigeria Vietnam Greece Peru".split()
GOODS = (
    "Leopard 2A4 tanks", "CV90 infantry fighting vehicles", "Caesar howitzers", "HIMARS rocket launchers",
    "M72 anti-tank weapons", "Javelin missiles", "Bayraktar TB2 drones", "Stinger missiles",
)  # fmt: skip
ANIMALS = "leopard otter heron badger lynx falcon seal beaver".split()
_SYLLABLES = "ba de fi go ku la me ni po ru sa te vi wo za".split()


@dataclass(frozen=True)
class Item:
    """One report. relevant: whether it tells of a transfer."""

    path: str
    title: str
    text: str
    published: datetime
    relevant: bool


@dataclass
class Site:
    """Feeds ``/feed/N`` and their pages. added: when each item appeared; polled: when each feed was asked; served: when
    each item was first in an answer; received: keys of alerts, and when (all monotonic)."""

    feeds: int
    seed: int
    items: dict[int, list[Item]] = field(default_factory=dict)
    added: dict[str, float] = field(default_factory=dict)
    polled: dict[int, list[float]] = field(default_factory=dict)
    served: dict[str, float] = field(default_factory=dict)
    received: list[tuple[str, float]] = field(default_factory=list)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        pairs = list(product(SUPPLIERS, RECIPIENTS))
        self.rng.shuffle(pairs)
        self.pairs = iter(pairs)
        self.items = {n: [] for n in range(self.feeds)}

    def add(self, *, relevant: bool | None = None) -> Item:
        """A new item in some feed."""
        rng, number = self.rng, len(self.added)
        published = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number)
        wanted = rng.random() < 0.6 if relevant is None else relevant
        pair = next(self.pairs, None) if wanted else None
        if pair:
            supplier, recipient = pair
            title = f"{recipient}: delivery from {supplier}"
            goods = rng.choice(GOODS)
            lead = f"{supplier} has delivered {rng.randint(3, 90)} {goods} to {recipient}, its defence ministry said."
        else:
            animal = rng.choice(ANIMALS)
            title = f"Zoo: {rng.randint(2, 9)} {animal} cubs"
            lead = f"A {animal} has had cubs at the zoo, keepers said on Tuesday."
        text = lead + "\n\n" + " ".join(self._filler() for _ in range(6))
        item = Item(f"/page/{number}", title, text, published, bool(pair))
        with self.lock:
            self.items[rng.randrange(self.feeds)].append(item)
            self.added[item.path] = time.monotonic()
        return item

    def _filler(self) -> str:
        """A sentence of no words: no two pages are near-duplicates."""
        rng = self.rng
        words = ("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(12))
        return " ".join(words).capitalize() + "."

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sources(self, interval: int) -> str:
        """A sources file: every feed is polled every ``interval`` seconds."""
        fixed = f"{{start: {interval}s, min: {interval}s, max: {interval}s}}"
        lines = [f"defaults: {{allow_private: true, full_text: page, robots: false, interval: {fixed}}}", "sources:"]
        lines += [f"  - {{id: feed-{n}, url: '{self.base}/feed/{n}', language: en}}" for n in range(self.feeds)]
        return "\n".join(lines) + "\n"

    def subscriptions(self) -> str:
        """One subscriber to everything, by webhook."""
        channel = f"{{name: cases, webhook: '{self.base}/alerts', secret_env: TOCSIN_SOAK_SECRET, allow_private: true}}"
        cap = "cap: {messages: 1000, per: 1h}"  # the usual twenty an hour would keep the rest waiting
        return f"subscriptions:\n  - {{id: all, who: soak, channels: [{channel}], hear: [new_event], {cap}}}\n"

    def feed(self, number: int) -> str:
        with self.lock:
            items = list(self.items[number])
            now = time.monotonic()
            self.polled.setdefault(number, []).append(now)
            for item in items:
                self.served.setdefault(item.path, now)
        listed = "".join(
            f"<item><title>{escape(item.title)}</title><link>{self.base}{item.path}</link>"
            f"<pubDate>{format_datetime(item.published)}</pubDate></item>"
            for item in items
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{listed}</channel></rss>'

    def page(self, path: str) -> str | None:
        with self.lock:
            item = next((one for listed in self.items.values() for one in listed if one.path == path), None)
        if item is None:
            return None
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in item.text.split("\n\n"))
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(item.title)}</title></head>'
            f"<body><article><h1>{escape(item.title)}</h1>{paragraphs}</article></body></html>"
        )


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve it on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path.startswith("/feed/"):
                self._answer(site.feed(int(self.path.removeprefix("/feed/"))), "application/rss+xml")
            else:
                self._answer(site.page(self.path), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with site.lock:
                site.received.append((self.headers["webhook-id"], time.monotonic()))
            self._answer(json.dumps({"ok": True}), "application/json")

        def _answer(self, text: str | None, kind: str) -> None:
            body = (text or "gone").encode()
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """A killed client is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    site.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, name="site", daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
