"""httpx's transport over httpcore's connections, kept by origin.

httpcore's own pool looks at every connection of the pool, for each of them again, at every request, and so costs more
than the requests themselves. Here a request takes the connection of its origin that was used last.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable

import httpcore
import httpx

Key = tuple[bytes, bytes, int | None]
_STALE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


class Transport(httpx.AsyncBaseTransport):
    """Keeps at most ``idle`` connections open that nobody uses, each at most ``keepalive`` seconds.

    HTTP/2 is used where TLS negotiates it; then requests to one origin share one connection.
    """

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext, *, idle: int, keepalive: float
    ) -> None:
        self._backend = backend
        self._context = context
        self._limit = idle
        self._keepalive = keepalive
        self._idle: OrderedDict[httpcore.AsyncHTTPConnection, Key] = OrderedDict()
        self._by_origin: dict[Key, list[httpcore.AsyncHTTPConnection]] = {}
        self._shared: dict[Key, httpcore.AsyncHTTPConnection] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. A connection that turns out to have been closed meanwhile is replaced once."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        key = (url.scheme, url.host, url.port)
        asked = httpcore.Request(
            method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions
        )
        while True:
            connection, used = await self._take(key, url)
            try:
                answer = await connection.handle_async_request(asked)
            except httpcore.ConnectionNotAvailable:  # a shared one that is full or about to close
                self._shared.pop(key, None)
                continue
            except BaseException as error:
                await self._give_up(key, connection)
                if used and isinstance(error, _STALE):
                    continue
                raise
            if connection.is_available():  # in use and available all the same: HTTP/2
                self._shared[key] = connection

            async def done(connection: httpcore.AsyncHTTPConnection = connection) -> None:
                await self._give_back(key, connection)

            return httpx.Response(
                answer.status, headers=answer.headers, stream=_Stream(answer, done), extensions=answer.extensions
            )

    async def aclose(self) -> None:
        """Close every connection that nobody uses."""
        connections = {**self._idle, **dict.fromkeys(self._shared.values())}
        self._idle, self._by_origin, self._shared = OrderedDict(), {}, {}
        for connection in connections:
            await connection.aclose()

    async def _take(self, key: Key, url: httpcore.URL) -> tuple[httpcore.AsyncHTTPConnection, bool]:
        """A connection to an origin, and whether it has been used before."""
        shared = self._shared.get(key)
        if shared is not None:
            if shared.is_available() and not shared.has_expired():
                return shared, True
            del self._shared[key]
        while waiting := self._by_origin.get(key):
            connection = waiting.pop()
            if not waiting:
                del self._by_origin[key]
            del self._idle[connection]
            if connection.is_available() and not connection.has_expired():
                return connection, True
            await connection.aclose()
        made = httpcore.AsyncHTTPConnection(
            origin=url.origin, ssl_context=self._context, keepalive_expiry=self._keepalive, http1=True, http2=True,
            network_backend=self._backend,
        )  # fmt: skip
        return made, False

    async def _give_back(self, key: Key, connection: httpcore.AsyncHTTPConnection) -> None:
        if self._shared.get(key) is connection:
            if connection.is_closed():
                del self._shared[key]
            return
        if not connection.is_idle() or connection.is_closed():
            await connection.aclose()
            return
        self._by_origin.setdefault(key, []).append(connection)
        self._idle[connection] = key
        while len(self._idle) > self._limit:
            oldest, its = self._idle.popitem(last=False)
            self._by_origin[its].remove(oldest)
            if not self._by_origin[its]:
                del self._by_origin[its]
            await oldest.aclose()

    async def _give_up(self, key: Key, connection: httpcore.AsyncHTTPConnection) -> None:
        if self._shared.get(key) is connection:
            if not connection.is_closed() and not connection.has_expired():
                return  # another stream of it may be well
            del self._shared[key]
        await connection.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, done: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._finish: Callable[[], Awaitable[None]] | None = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._answer.aiter_stream():
                yield part
        except httpcore.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    async def aclose(self) -> None:
        finish, self._finish = self._finish, None
        if finish is not None:
            await self._answer.aclose()
            await finish()


class PlainClient(httpx.AsyncClient):
    """httpx's client without log-ins, cookies and redirects of its own.

    Sources are nobody's session, and each redirect is decided on by the caller; going without costs a third less a
    request. No proxy from the environment either: it would resolve names, past the address guard.
    """

    def __init__(self, transport: Transport, *, headers: dict[str, str], timeout: httpx.Timeout) -> None:
        super().__init__(transport=transport, headers=headers, timeout=timeout, trust_env=False)
        self._direct = transport

    async def send(self, request: httpx.Request, **_: object) -> httpx.Response:
        """Send a request; the answer's body is left to be read, and the answer to be closed."""
        response = await self._direct.handle_async_request(request)
        response.request = request
        return response
