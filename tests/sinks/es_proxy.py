"""A loopback proxy before a real server that answers late, short or not at all, as a test tells it to.

One request a connection: each is read whole, passed on, and its answer given to ``answer``, which may change it, hold
it back or cut it short. ``refuse`` may answer in the server's place.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType

Answer = Callable[[str, bytes], bytes]
Refuse = Callable[[str], bytes | None]
TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\nX-elastic-product: Elasticsearch\r\n"
TOO_MANY += (
    b'content-length: 58\r\nconnection: close\r\n\r\n{"error":{"type":"es_rejected_execution_exception"},"s":42}'
)


class Proxy:
    """Listens on a port of its own from the start of the block to its end; ``down`` closes it, ``up`` opens it."""

    def __init__(self, upstream: str, *, answer: Answer | None = None, refuse: Refuse | None = None) -> None:
        host, _, port = upstream.partition(":")
        self._upstream = (host, int(port))
        self.answer: Answer = answer or (lambda line, response: response)
        self.refuse: Refuse = refuse or (lambda line: None)
        self.requests: list[str] = []
        self._listener: socket.socket | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Proxy:
        self.up()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.down()

    def up(self) -> None:
        """Listen (again, on the same port)."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(64)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections."""
        if self._listener:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            request = _read_request(client)
            if not request:
                return
            line = request.split(b"\r\n", 1)[0].decode()
            self.requests.append(line)
            refused = self.refuse(line)
            client.sendall(refused if refused is not None else self.answer(line, self._pass_on(request)))

    def _pass_on(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(self._upstream) as server:
            server.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            return b"".join(iter(lambda: server.recv(65536), b""))


def _read_request(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := client.recv(65536)):
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        if not (more := client.recv(65536)):
            return b""
        body += more
    return head + b"\r\n\r\n" + body
