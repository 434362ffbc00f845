"""Whether the service is well, for an orchestrator: ``GET /health`` on a port of its own (``tocsin run --health``)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from pipeline.errors import UserError

State = Literal["starting", "running", "restarting", "draining"]
FAILURES = 3
"""Failures in a row from which on the service counts as ill; one or two are what restarts are for."""
SILENT = 1800.0
"""Seconds without a round or a sign of the job: the longest round seen took five minutes."""


@dataclass(slots=True)
class Health:
    """What the service knows of itself. Thread-safe."""

    runner: str
    clock: Callable[[], float] = time.monotonic
    _state: State = "starting"
    _failures: int = 0
    _sign: float | None = None
    _started: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._started = self.clock()

    def set(self, state: State, *, failures: int = 0) -> None:
        """What it does now, after how many failures in a row."""
        with self._lock:
            self._state, self._failures = state, failures

    def beat(self, ago: float = 0.0) -> None:
        """A round has ended, or a shard was awake ``ago`` seconds before."""
        with self._lock:
            self._sign = self.clock() - ago

    def report(self) -> tuple[bool, dict[str, object]]:
        """Whether it is well, and the details. Seconds."""
        with self._lock:
            now = self.clock()
            silent = now - (self._started if self._sign is None else self._sign)
            well = self._failures < FAILURES and silent < SILENT
            return well, {
                "status": "pass" if well else "fail",
                "state": self._state,
                "runner": self.runner,
                "uptime_seconds": round(now - self._started, 1),
                "last_sign_seconds": None if self._sign is None else round(silent, 1),
                "failures_in_a_row": self._failures,
            }


@contextmanager
def answering(address: str, health: Health) -> Iterator[int]:
    """Answer on ``[HOST:]PORT`` (host 127.0.0.1) until the block ends; gives the port (0: a free one).

    200 where the service is well, else 503; both with the details as JSON. Raises UserError for a port that cannot be
    used.
    """
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise UserError(f"--health {address}: expected [HOST:]PORT, as in --health 8075 or --health 0.0.0.0:8075")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path.rstrip("/") in {"", "/health"}
            well, details = health.report()
            body = json.dumps(details if known else {"error": "GET /health"}).encode()
            self.send_response((200 if well else 503) if known else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes come every few seconds and are nobody's news."""

    try:
        server = ThreadingHTTPServer((host.strip("[]") or "127.0.0.1", int(port)), Handler)
    except OSError as error:
        raise UserError(f"--health {address}: cannot be used: {error.strerror or error}") from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
