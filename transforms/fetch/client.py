"""The HTTP client of feeds and articles: one pool a worker, every limit in one place, answers as plain data."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from transforms.fetch.body import BadEncoding, Body, TooLarge
from transforms.fetch.guard import GuardedBackend, NotResolved, Refused, Resolver, resolve
from transforms.fetch.politeness import Manners, Politeness
from transforms.fetch.robots import Robots
from transforms.fetch.transport import PlainClient, Transport
from transforms.poll.model import FailureKind, Hop, Response
from transforms.poll.schedule import retry_after

AGENT = "tocsin"
ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.8, "
    "text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_IGNORED = 65536  # bytes of a redirect's body that are read to keep its connection
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one request. Times in seconds, sizes in bytes.

    total: for the whole exchange with all redirects (a server that sends a byte a second never hits ``read``).
    wire, unpacked: the largest feeds of news sites are some 5 MB; five times that is a mistake or an attack.
    round: after so many seconds a round of polls takes no further source: a thousand feeds of one host, a second apart,
    must not keep the others waiting for their next poll.
    connections: kept open while nobody uses them; concurrency: requests under way at once.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    wire: int = 10_000_000
    unpacked: int = 30_000_000
    redirects: int = 8
    connections: int = 100
    keepalive: float = 15.0
    concurrency: int = 64
    round: float = 300.0


class Client:
    """Fetches addresses politely and safely; an ``async with`` object, bound to one event loop.

    user_agent: the whole header, with a contact. resolver, clock: replaceable for tests.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        limits: Limits | None = None,
        manners: Manners | None = None,
        resolver: Resolver = resolve,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.clock = clock
        self.politeness = Politeness(manners)
        self.robots = Robots(AGENT)
        self.requests = 0
        self._headers = {
            "User-Agent": "".join(c for c in user_agent if " " <= c <= "~"),
            "Accept-Encoding": "gzip, br, zstd, deflate",
        }
        self._resolver = resolver
        self._verify = verify
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._slots = asyncio.Semaphore(self.limits.concurrency)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    async def get(
        self,
        url: str,
        *,
        headers: Sequence[tuple[str, str]] = (),
        accept: str = ACCEPT_FEED,
        private: bool = False,
        robots: bool = True,
    ) -> Response:
        """Get an address, following redirects; each hop is checked, waits for its host's turn and obeys robots.txt.

        private: whether addresses that are not public may be asked. Never raises for what a network or server does.
        """
        try:
            async with asyncio.timeout(self.limits.total) as deadline:
                return await self._follow(url, headers, accept, private, robots, deadline)
        except TimeoutError:
            return Response(url=url, failure="timeout", message=f"no whole answer within {self.limits.total:g} s")

    async def _follow(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        accept: str,
        private: bool,
        robots: bool,
        deadline: asyncio.Timeout,
    ) -> Response:
        hops: list[Hop] = []
        seen = {url}
        at = url
        while True:
            response = await self._polite(at, headers, accept, private, robots, deadline)
            response = replace(response, hops=tuple(hops))
            location = response.headers.get("location", "")
            if response.failure is not None or response.status not in _REDIRECTS or not location:
                return response
            try:
                target = urljoin(at, location).split("#", 1)[0]
            except ValueError:
                target = ""
            hops.append(Hop(url=at, status=response.status, target=target))
            failed = replace(response, hops=tuple(hops), failure="redirects", body=b"")
            if not target:
                return replace(failed, message=f"{at} redirects to {location[:200]!r}, which is no address")
            if target in seen:
                return replace(
                    failed, message=f"redirects in a loop: {' → '.join([h.url for h in hops][:4])} → {target}"
                )
            if len(hops) > self.limits.redirects:
                return replace(failed, message=f"more than {self.limits.redirects} redirects, the last to {target}")
            seen.add(target)
            at = target

    async def _polite(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        accept: str,
        private: bool,
        robots: bool,
        deadline: asyncio.Timeout | None,
    ) -> Response:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            return Response(url=url, failure="address", message=f"{url[:200]!r} is no address ({error})")
        if parts.scheme.lower() not in {"http", "https"} or not host:
            return Response(url=url, failure="refused", message=f"{url[:200]!r}: only http and https are asked")
        name = host if not private or port is None else f"{host}:{port}"
        now = self.clock()
        if until := self.politeness.held(name, private=private, now=now):
            return Response(
                url=url,
                failure="held",
                message=f"{host} asked to be left alone until {until:%F %T} UTC",
                retry_at=until,
            )
        if robots:
            forbidden = await self._forbidden(url, parts.scheme.lower(), parts.netloc, name, private, now)
            if forbidden:
                return forbidden
        # The clock of the whole exchange stands still while one's turn is awaited: ten feeds of a host are no time-out.
        left = deadline.when() if deadline else None
        loop = asyncio.get_running_loop()
        remaining = left - loop.time() if left is not None else self.limits.total
        if deadline:
            deadline.reschedule(None)
        async with self.politeness.turn(name, private=private), self._slots:
            if deadline:
                deadline.reschedule(loop.time() + max(remaining, 0.0))
            # Another one of this host may have been told to stop while this one waited.
            if until := self.politeness.held(name, private=private, now=self.clock()):
                return Response(url=url, failure="held", message=f"{host} asked to be left alone", retry_at=until)
            response = await self._once(url, headers, accept, private)
        if response.status in {429, 503} and (wait := retry_after(response, self.clock())):
            self.politeness.hold(name, private=private, until=self.clock() + wait)
        return response

    async def _forbidden(
        self, url: str, scheme: str, netloc: str, name: str, private: bool, now: datetime
    ) -> Response | None:
        async def fetch(address: str) -> Response:
            return await self.get(address, accept="text/plain, */*;q=0.1", private=private, robots=False)

        origin = f"{scheme}://{netloc.rpartition('@')[2].lower()}"
        rules = await self.robots.rules(origin, private, now, fetch)
        delay = rules.crawl_delay(AGENT)
        if delay:
            self.politeness.slow_down(name, private=private, delay=delay)
        verdict = rules.verdict(url, AGENT)
        if verdict == "no":
            return Response(url=url, failure="robots", message=f"robots.txt of {netloc} forbids it")
        if verdict == "later":
            return Response(url=url, failure="robots_later", message=rules.reason, retry_at=rules.until)
        return None

    async def _once(self, url: str, headers: Sequence[tuple[str, str]], accept: str, private: bool) -> Response:
        self.requests += 1
        try:
            request = self._client(private).build_request("GET", url, headers=[("Accept", accept), *headers])
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            return Response(url=url, failure="address", message=f"{url[:200]!r} is no address ({error})")
        try:
            answer = await self._client(private).send(request)
        except Exception as error:
            return _failure(url, error)
        try:
            return await self._receive(url, answer)
        except Exception as error:
            return _failure(url, error)
        finally:
            await _quietly_close(answer)

    async def _receive(self, url: str, answer: httpx.Response) -> Response:
        headers = {k.lower(): v for k, v in answer.headers.items()}
        response = Response(url=url, status=answer.status_code, headers=headers)
        if answer.status_code in _BODILESS or answer.status_code in _REDIRECTS:
            size = 0
            async for part in answer.aiter_raw():  # an answer read to its end leaves its connection usable
                size += len(part)
                if size > _IGNORED:
                    break
            return response
        limits = self.limits
        length = headers.get("content-length", "")
        if length.isdecimal() and len(length) < 20 and int(length) > limits.wire:
            return _too_large(response, f"{int(length):,} bytes announced, more than {limits.wire:,}")
        body = Body(headers.get("content-encoding", ""), wire=limits.wire, unpacked=limits.unpacked)
        broken = False
        try:
            try:
                async for chunk in answer.aiter_raw():
                    body.feed(chunk)
            except httpx.RemoteProtocolError:  # the connection ended before the body did
                broken = True
            content, whole = body.finish()
        except TooLarge as error:
            return _too_large(response, str(error))
        except BadEncoding as error:
            return replace(response, failure="encoding", message=str(error))
        return replace(response, body=content, truncated=broken or not whole)

    def _client(self, private: bool) -> httpx.AsyncClient:
        """The pool for public addresses or that for sources that may be private: a connection is never shared."""
        client = self._clients.get(private)
        if client is None:
            context = self._verify or httpx.create_ssl_context()
            self._verify = context
            backend = GuardedBackend(allow_private=private, resolver=self._resolver)
            client = self._clients[private] = PlainClient(
                Transport(backend, context, idle=self.limits.connections, keepalive=self.limits.keepalive),
                headers=self._headers,
                timeout=httpx.Timeout(self.limits.read, connect=self.limits.connect, pool=None),
            )
        return client


def _too_large(response: Response, message: str) -> Response:
    return replace(response, failure="too_large", message=message)


def _failure(url: str, error: Exception) -> Response:
    kinds: list[tuple[type[Exception], FailureKind]] = [
        (Refused, "refused"),
        (NotResolved, "dns"),
        (httpcore.ConnectTimeout, "timeout"),
        (httpcore.TimeoutException, "timeout"),
        (httpx.TimeoutException, "timeout"),
        (ssl.SSLError, "tls"),
        (httpcore.ConnectError, "connect"),
        (httpcore.NetworkError, "connect"),
        (OSError, "connect"),
    ]
    kind: FailureKind = next((name for of, name in kinds if isinstance(error, of)), "protocol")
    text = str(error) or type(error).__name__
    if kind == "connect" and ("SSL" in text or "certificate" in text.lower()):
        kind = "tls"
    return Response(url=url, failure=kind, message=f"{urlsplit(url).netloc}: {text[:300]}")


async def _quietly_close(answer: httpx.Response) -> None:
    try:
        await answer.aclose()
    except Exception:  # noqa: S110 (the answer is read; how its connection ends matters to nobody)
        pass
