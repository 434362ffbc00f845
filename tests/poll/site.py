"""A real HTTP server on loopback whose answers a test scripts, down to the bytes on the wire."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    path: str
    headers: Mapping[str, str]


@dataclass
class Answer:
    """An answer. cut: close the connection before this many of the body's bytes have gone out."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait: threading.Event | None = None


Script = Answer | Callable[[Asked], Answer]


class Site:
    """Answers by path; several for one path are given in turn, the last one for ever. No robots.txt unless scripted."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.release = threading.Event()
        self._scripts: dict[str, list[Script]] = defaultdict(list)
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_GET(self) -> None:
                asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()})
                site._answer(self, asked)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that hangs up on a bomb is what the tests are about

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def root(self) -> str:
        """The site's address without a trailing stroke."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return self.root + path

    def on(self, path: str, *answers: Script | bytes | str) -> None:
        """Script a path anew."""
        with self._lock:
            self._scripts[path] = [
                Answer(a.encode() if isinstance(a, str) else a) if isinstance(a, bytes | str) else a for a in answers
            ]

    def paths(self, *, robots: bool = False) -> list[str]:
        """The paths asked for, in order."""
        return [a.path for a in self.asked if robots or a.path != "/robots.txt"]

    def last(self, path: str) -> Asked:
        """The newest request for a path."""
        return [a for a in self.asked if a.path == path][-1]

    def _answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)
            scripts = self._scripts.get(asked.path)
            script = (scripts.pop(0) if len(scripts) > 1 else scripts[0]) if scripts else Answer(status=404)
        answer = script(asked) if callable(script) else script
        handler.send_response(answer.status)
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        for name, value in headers.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        handler.wfile.write(body)
        handler.wfile.flush()
        if answer.wait is not None:
            answer.wait.wait(20)
        if answer.cut is not None or answer.wait is not None:
            handler.close_connection = True
