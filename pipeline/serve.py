"""A folder served on loopback while `tocsin run` works: the sample feeds need no internet."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import UserError
from transforms.sources import Sources


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".xml": "application/rss+xml; charset=utf-8",
        ".html": "text/html; charset=utf-8",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was polled is in the round's summary."""


@contextmanager
def serving(folder: Path, sources: Sources) -> Iterator[int]:
    """Serve ``folder`` on the loopback port that the sources name, until the block ends; gives the port.

    Raises UserError where no source is on loopback or the port is taken.
    """
    ports = {parts.port for parts in (urlsplit(s.url) for s in sources.sources) if parts.hostname == "127.0.0.1"}
    if len(ports) != 1 or None in ports:
        raise UserError(f"--serve {folder}: the sources name {len(ports)} ports of 127.0.0.1, not one to serve on")
    if not folder.is_dir():
        raise UserError(f"--serve {folder}: there is no such folder")
    port = ports.pop() or 0
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise UserError(f"--serve {folder}: port {port} of 127.0.0.1 cannot be used: {error.strerror}") from None
    thread = threading.Thread(target=server.serve_forever, name="samples", daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
