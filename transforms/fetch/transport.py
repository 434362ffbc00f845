"""httpx's transport: HTTP/1.1 of our own, HTTP/2 from httpcore, connections kept by origin.

httpcore's own pool looks at every connection of the pool, for each of them again, at every request, and so costs more
than the requests themselves. Here a request takes the connection of its origin that was used last.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable

import httpcore
import httpx

from transforms.fetch import http1
from transforms.fetch.guard import Dialler
from transforms.fetch.wire import Stream

Key = tuple[str, str, int]
# What a connection that was open and no longer is says to the next request; a new one may do better.
_RETRIED = (
    httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError, httpcore.ConnectionNotAvailable,
)  # fmt: skip
_PORTS = {"http": 80, "https": 443}


class Transport(httpx.AsyncBaseTransport):
    """Keeps at most ``idle`` connections of either protocol open that nobody uses, each at most ``keepalive`` seconds.

    HTTP/2 is used where TLS negotiates it; then requests to one origin share one connection.
    """

    def __init__(self, dialler: Dialler, context: ssl.SSLContext, *, idle: int, keepalive: float) -> None:
        context.set_alpn_protocols(["h2", "http/1.1"])
        self._dialler = dialler
        self._context = context
        self._limit = idle
        self._keepalive = keepalive
        self._idle: OrderedDict[http1.Connection, Key] = OrderedDict()
        self._by_origin: dict[Key, list[http1.Connection]] = {}
        self._shared: OrderedDict[Key, httpcore.AsyncHTTP2Connection] = OrderedDict()  # used longest ago first

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. A connection that turns out to have been closed meanwhile is replaced."""
        url = request.url
        key = (url.scheme, url.host, url.port or _PORTS[url.scheme])
        if (shared := self._shared.get(key)) is not None:
            self._shared.move_to_end(key)
            try:
                return await self._over(shared, key, request)
            except _RETRIED:
                await self._leave(key, shared)
        while (connection := await self._waiting(key)) is not None:
            try:
                return await self._ask(connection, key, request)
            except _RETRIED:
                continue
        stream = await self._open(key, request)
        if not _is_http2(stream):
            return await self._ask(http1.Connection(stream), key, request)
        origin = httpcore.Origin(key[0].encode(), url.raw_host, key[2])
        made = httpcore.AsyncHTTP2Connection(origin=origin, stream=stream, keepalive_expiry=self._keepalive)
        self._shared.setdefault(key, made)
        try:
            answer = await self._over(made, key, request)
        except BaseException:
            await self._leave(key, made)
            raise
        await self._tidy()
        return answer

    async def aclose(self) -> None:
        """Close every connection that nobody uses."""
        idle, shared = list(self._idle), list(self._shared.values())
        self._idle, self._by_origin, self._shared = OrderedDict(), {}, OrderedDict()
        for connection in idle:
            await connection.aclose()
        for many in shared:
            await many.aclose()

    async def _open(self, key: Key, request: httpx.Request) -> Stream:
        scheme, _, port = key
        host = request.url.raw_host.decode("ascii")
        timeout = request.extensions.get("timeout", {}).get("connect")
        stream = await self._dialler.dial(host, port, timeout, redirected=bool(request.extensions.get("redirected")))
        if scheme != "https":
            return stream
        return await stream.start_tls(self._context, server_hostname=host, timeout=timeout)

    # HTTP/1.1: a connection has one request at a time

    async def _ask(self, connection: http1.Connection, key: Key, request: httpx.Request) -> httpx.Response:
        try:
            head, body = await connection.ask(request)
        except BaseException:
            await connection.aclose()
            raise
        if body is None:
            await self._give_back(key, connection)
            return httpx.Response(head.status, headers=head.fields, stream=_NOTHING)
        timeout = request.extensions.get("timeout", {}).get("read")

        async def done() -> None:
            await self._give_back(key, connection)

        content = connection.content(head, body, timeout)
        return httpx.Response(head.status, headers=head.fields, stream=_Stream(content, done))

    async def _waiting(self, key: Key) -> http1.Connection | None:
        """An open connection to an origin that nobody uses."""
        while waiting := self._by_origin.get(key):
            connection = waiting.pop()
            if not waiting:
                del self._by_origin[key]
            del self._idle[connection]
            if not connection.dead and asyncio.get_running_loop().time() - connection.idle_since < self._keepalive:
                return connection
            await connection.aclose()
        return None

    async def _give_back(self, key: Key, connection: http1.Connection) -> None:
        if not connection.usable or connection.dead:
            await connection.aclose()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self._by_origin.setdefault(key, []).append(connection)
        self._idle[connection] = key
        while len(self._idle) > self._limit:
            oldest, its = self._idle.popitem(last=False)
            self._by_origin[its].remove(oldest)
            if not self._by_origin[its]:
                del self._by_origin[its]
            await oldest.aclose()

    # HTTP/2: requests to an origin share a connection

    async def _over(
        self, connection: httpcore.AsyncHTTP2Connection, key: Key, request: httpx.Request
    ) -> httpx.Response:
        """Send a request over a connection that may be shared. Raises httpcore's errors."""
        if connection.is_closed() or connection.has_expired() or not connection.is_available():
            raise httpcore.ConnectionNotAvailable
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        answer = await connection.handle_async_request(
            httpcore.Request(method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions)
        )

        async def done() -> None:
            await answer.aclose()
            if self._shared.get(key) is not connection and connection.is_idle():
                await connection.aclose()

        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer.aiter_stream(), done))

    async def _tidy(self) -> None:
        """Close what nobody will use: ten thousand polled hosts would each keep one until the server ends it."""
        spare = len(self._shared) - self._limit
        for key, connection in list(self._shared.items()):
            if connection.is_closed() or (connection.is_idle() and (spare > 0 or connection.has_expired())):
                spare -= 1
                await self._leave(key, connection)

    async def _leave(self, key: Key, connection: httpcore.AsyncHTTP2Connection) -> None:
        """Send nothing more over a connection; what is still under way on it closes it when it is done."""
        if self._shared.get(key) is connection:
            del self._shared[key]
        if connection.is_idle() or connection.is_closed():
            await connection.aclose()


def _is_http2(stream: Stream) -> bool:
    tls = stream.get_extra_info("ssl_object")
    return tls is not None and tls.selected_alpn_protocol() == "h2"


class _Nothing(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        return
        yield b""


_NOTHING = _Nothing()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, content: AsyncIterator[bytes], done: Callable[[], Awaitable[None]]) -> None:
        self._content = content
        self._finish: Callable[[], Awaitable[None]] | None = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._content:
                yield part
        except httpcore.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    async def aclose(self) -> None:
        finish, self._finish = self._finish, None
        if finish is not None:
            await finish()


class PlainClient(httpx.AsyncClient):
    """httpx's client without log-ins, cookies and redirects of its own.

    Sources are nobody's session, and each redirect is decided on by the caller; going without costs a third less a
    request. No proxy from the environment either: it would resolve names, past the address guard.
    """

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport=transport, trust_env=False)
        self._direct = transport

    async def send(self, request: httpx.Request, **_: object) -> httpx.Response:
        """Send a request; the answer's body is left to be read, and the answer to be closed."""
        response = await self._direct.handle_async_request(request)
        response.request = request
        return response
