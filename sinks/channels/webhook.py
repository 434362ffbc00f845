"""Signed JSON to an HTTP receiver, under the same address rules as feeds; redirects are not followed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from sinks.channels.environment import NotSet, secret
from transforms.fetch.guard import Dialler, Refused, Resolver, resolve
from transforms.notify.channel import Receipt
from transforms.notify.content import Message
from transforms.notify.payload import body, signed_headers

_FINAL = frozenset({400, 413, 422})  # about this message; other refusals are about the set-up and may be put right
_KNOWN = frozenset(HTTPStatus)
_FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpcore.UnsupportedProtocol)
_LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver. timeout: seconds for the whole exchange."""

    url: str
    secret_env: str
    allow_private: bool = False
    timeout: float = 20.0
    resolver: Resolver = resolve
    verify: ssl.SSLContext | None = None

    def __call__(self, message: Message, now: datetime) -> Receipt:
        """Send. 2xx is accepted, 410 ends it for good, 400, 413, 422 refuse this message; the rest comes again."""
        try:
            content = body(message)
            headers = signed_headers(message.key, content, secret(self.secret_env), now)
        except NotSet as error:
            return Receipt("later", str(error))
        try:
            return asyncio.run(self._post(content, headers, now))
        except TimeoutError:
            return Receipt("later", f"no answer within {self.timeout:g} s")
        except Refused as error:
            return Receipt("later", f"{error}; allow_private: true would allow it")
        except (*_FAILURES, OSError, ValueError) as error:
            return Receipt("later", str(error) or type(error).__name__)

    async def _post(self, content: bytes, headers: dict[str, str], now: datetime) -> Receipt:
        backend = _Backend(Dialler(allow_private=self.allow_private, resolver=self.resolver))
        context = self.verify or httpx.create_ssl_context()
        sent = {**headers, "content-type": "application/json", "user-agent": "tocsin-webhook/1"}
        # httpcore by itself: no redirects, and no proxy from the environment, which would resolve past the guard
        async with (
            asyncio.timeout(self.timeout),
            httpcore.AsyncConnectionPool(ssl_context=context, network_backend=backend) as pool,
            pool.stream("POST", self.url, headers=list(sent.items()), content=content) as answer,
        ):
            return _receipt(answer, now)  # the body is of no interest and is not read


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens httpcore's connections through the address guard."""

    def __init__(self, dialler: Dialler) -> None:
        self._dialler = dialler

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return await self._dialler.dial(host, port, timeout)


def _receipt(answer: httpcore.Response, now: datetime) -> Receipt:
    status = answer.status
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    phrase = f"{status} {HTTPStatus(status).phrase}" if status in _KNOWN else str(status)
    if 200 <= status < 300:
        return Receipt("accepted")
    if status == 410:
        return Receipt("gone", phrase)
    if status in _FINAL:
        return Receipt("refused", phrase)
    if 300 <= status < 400:
        return Receipt("later", f"{status} to {headers.get('location', 'nowhere')[:200]}: not followed")
    return Receipt("later", phrase, _wait(headers.get("retry-after", "").strip(), now))


def _wait(text: str, now: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date; nothing absurd."""
    if text.isdecimal() and len(text) < 9:
        wait = timedelta(seconds=int(text))
    else:
        try:
            wait = parsedate_to_datetime(text) - now
        except (ValueError, TypeError):
            return None
    return min(wait, _LONGEST_WAIT) if wait > timedelta(0) else None
