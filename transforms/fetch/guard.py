"""The address guard: no request leaves for a private, local or metadata address unless the source allows it.

The check and the connection use the same address: the name is resolved here, once a connection, and the socket is
opened to the address that was checked. A name that resolves otherwise a moment later gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore

from transforms.fetch.wire import connect

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to addresses as text; raises OSError where the name does not resolve."""

# 64:ff9b::/96 (NAT64) and 2002::/16 (6to4) carry an IPv4 address inside, which is where a packet ends up.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Where nobody's feed is, but a cloud's metadata service: refused to a source on a private network, too.
_NEVER = tuple(ipaddress.ip_network(n) for n in ("0.0.0.0/8", "169.254.0.0/16", "::/128", "fe80::/10", "fd00:ec2::/32"))


class Refused(httpcore.ConnectError):
    """The address is not one that may be asked."""


class NotResolved(httpcore.ConnectError):
    """The host name has no address."""


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet."""
    try:
        ip: Address = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    ip = _inner(ip)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _inner(ip: Address) -> Address:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip.sixtofour:
            return ip.sixtofour
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _ever(address: str) -> bool:
    """Whether even a source on a private network may be there."""
    try:
        ip = _inner(ipaddress.ip_address(address.split("%", 1)[0]))
    except ValueError:
        return False
    return not ip.is_multicast and not any(ip.version == n.version and ip in n for n in _NEVER)


async def resolve(host: str, port: int) -> list[str]:
    """The system resolver's addresses of a host, in its order."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(self, *, allow_private: bool, resolver: Resolver = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolver

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check, connect: to the first address of the allowed ones that answers.

        Raises :class:`Refused` where none is allowed, :class:`NotResolved` where there is none.
        """
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotResolved(f"{host} does not resolve ({_reason(error)})") from error
        if not addresses:
            raise NotResolved(f"{host} has no address")
        check = _ever if self._allow_private else is_public
        allowed = [address for address in addresses if check(address)]
        if not allowed:
            raise Refused(f"{host} is at {', '.join(addresses[:3])}, which is not a public address")
        # Two are tried: a host with a dead IPv6 route must not cost a time-out for each of many addresses.
        last: Exception | None = None
        for address in _alternating(allowed)[:2]:
            try:
                return await connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                last = failed
        assert last is not None
        raise last

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Never: no source is a local socket."""
        raise Refused("a local socket is no source")

    async def sleep(self, seconds: float) -> None:
        """Wait (the pool's own retries)."""
        await asyncio.sleep(seconds)


def _alternating(addresses: list[str]) -> list[str]:
    """The first of each family first, so that the second try is by the other way."""
    first = addresses[0]
    other = next((a for a in addresses if (":" in a) != (":" in first)), None)
    return [first, *([other] if other else []), *(a for a in addresses[1:] if a != other)]


def _reason(error: Exception) -> str:
    return str(error.args[-1]) if error.args else type(error).__name__
