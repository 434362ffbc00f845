"""The HTTP client of feeds and articles: one pool a worker, every limit in one place, answers as plain data."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from transforms.fetch.address import Address, parse_address
from transforms.fetch.answers import failure_of, fields_of
from transforms.fetch.body import BadEncoding, Body, TooLarge
from transforms.fetch.guard import Dialler, Resolver, resolve
from transforms.fetch.hosts import Hosts
from transforms.fetch.politeness import Manners, Politeness
from transforms.fetch.robots import Robots
from transforms.fetch.transport import PlainClient, Transport
from transforms.poll.model import Hop, Response
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


@dataclass(slots=True, kw_only=True)
class _Asked:
    """What goes along a chain of redirects. left: seconds left of the time for the whole exchange.
    redirected: whether it is at an address that it was led to."""

    headers: tuple[tuple[str, str], ...]
    private: bool
    robots: bool
    left: float
    redirected: bool = False


class Client:
    """Fetches addresses politely and safely; an ``async with`` object, bound to one event loop.

    user_agent: the whole header, with a contact. resolver, clock: replaceable for tests. hosts: what is known of hosts
    already; nothing, where it is not given.
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
        hosts: Hosts | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.clock = clock
        self.politeness = Politeness(manners)
        self.hosts = hosts or Hosts()
        self.robots = Robots(AGENT, self.hosts)
        self._headers = (
            ("User-Agent", "".join(c for c in user_agent if " " <= c <= "~")),
            ("Accept-Encoding", "gzip, br, zstd, deflate"),
            ("Connection", "keep-alive"),
        )
        self._asked_for = {"timeout": httpx.Timeout(self.limits.read, connect=self.limits.connect, pool=None).as_dict()}
        self._led_to = {**self._asked_for, "redirected": True}
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
        asked = _Asked(headers=(("Accept", accept), *headers), private=private, robots=robots, left=self.limits.total)
        hops: list[Hop] = []
        seen = {url}
        at = url
        while True:
            response = await self._polite(at, asked)
            if hops:
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
            at, asked.redirected = target, True

    async def _polite(self, url: str, asked: _Asked) -> Response:
        private = asked.private
        try:
            address = parse_address(url)
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            return Response(url=url, failure="address", message=f"{url[:200]!r} is no address ({error})")
        if address.scheme not in {"http", "https"} or not address.host:
            return Response(url=url, failure="refused", message=f"{url[:200]!r}: only http and https are asked")
        name = address.name(private)
        if until := self.hosts.held(name, private=private, now=self.clock()):
            message = f"{address.host} asked to be left alone until {until:%F %T} UTC"
            return Response(url=url, failure="held", message=message, retry_at=until)
        if asked.robots and (forbidden := await self._forbidden(url, address, name, private)):
            return forbidden
        async with self.politeness.turn(name, private=private), self._slots:
            # Another one of this host may have been told to stop while this one waited.
            if until := self.hosts.held(name, private=private, now=self.clock()):
                message = f"{address.host} asked to be left alone"
                return Response(url=url, failure="held", message=message, retry_at=until)
            response = await self._in_time(url, address, asked)
        if response.status in {429, 503} and (wait := retry_after(response, self.clock())):
            self.hosts.hold(name, private=private, until=self.clock() + wait)
        return response

    async def _in_time(self, url: str, address: Address, asked: _Asked) -> Response:
        """One exchange within what is left of the time for all; waiting for one's turn was not counted."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout(asked.left):
                return await self._once(url, address, asked)
        except TimeoutError:
            return Response(url=url, failure="timeout", message=f"no whole answer within {self.limits.total:g} s")
        finally:
            asked.left = max(asked.left - (loop.time() - start), 0.001)

    async def _forbidden(self, url: str, address: Address, name: str, private: bool) -> Response | None:
        async def fetch(robots: str) -> Response:
            return await self.get(robots, accept="text/plain, */*;q=0.1", private=private, robots=False)

        rules = await self.robots.rules(address.origin, private, self.clock(), fetch)
        delay = rules.crawl_delay(AGENT)
        if delay:
            self.politeness.slow_down(name, private=private, delay=delay)
        verdict = rules.verdict(url, AGENT)
        if verdict == "no":
            return Response(url=url, failure="robots", message=f"robots.txt of {address.door} forbids it")
        if verdict == "later":
            return Response(url=url, failure="robots_later", message=rules.reason, retry_at=rules.until)
        return None

    async def _once(self, url: str, address: Address, asked: _Asked) -> Response:
        request = httpx.Request(
            "GET",
            address.url,
            headers=[*self._headers, *asked.headers],
            extensions=self._led_to if asked.redirected else self._asked_for,
        )
        try:
            answer = await self._client(asked.private).send(request)
        except Exception as error:
            return failure_of(url, error)
        try:
            return await self._receive(url, answer)
        except Exception as error:
            return failure_of(url, error)
        finally:
            await _quietly_close(answer)

    async def _receive(self, url: str, answer: httpx.Response) -> Response:
        headers = fields_of(answer.headers.raw)
        response = Response(url=url, status=answer.status_code, headers=headers)
        if answer.status_code in _BODILESS:
            return response
        if answer.status_code in _REDIRECTS:
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
            dialler = Dialler(allow_private=private, resolver=self._resolver)
            client = self._clients[private] = PlainClient(
                Transport(dialler, context, idle=self.limits.connections, keepalive=self.limits.keepalive)
            )
        return client


def _too_large(response: Response, message: str) -> Response:
    return replace(response, failure="too_large", message=message)


async def _quietly_close(answer: httpx.Response) -> None:
    try:
        await answer.aclose()
    except Exception:  # noqa: S110 (the answer is read; how its connection ends matters to nobody)
        pass
