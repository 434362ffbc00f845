"""The address guard: no request leaves for a private, local or metadata address unless the source allows it.

The check and the connection use the same address: the name is resolved here, once a connection, and the socket is
opened to the address that was checked. A name that resolves otherwise a moment later gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpcore

from transforms.fetch.wire import Stream, connect

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to addresses as text; raises OSError where the name does not resolve."""

# 64:ff9b::/96 (NAT64) and 2002::/16 (6to4) carry an IPv4 address inside, which is where a packet ends up.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What is not global either, and what this Python's ipaddress may not know of: IETF protocol assignments (RFC 6890),
# site-local addresses (RFC 3879), documentation (RFC 9637).
_SPECIAL = tuple(ipaddress.ip_network(n) for n in ("192.0.0.0/24", "fec0::/10", "3fff::/20"))
# Where no feed can be, whatever a source says.
_NEVER = tuple(ipaddress.ip_network(n) for n in ("0.0.0.0/8", "::/128", "255.255.255.255/32"))
# Link-local networks and the addresses of clouds' metadata services, which hand credentials to whoever asks. A source
# that may be private may be configured there, but no redirect leads there.
_METADATA = tuple(
    ipaddress.ip_network(n) for n in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32")
)


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
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or _among(ip, _SPECIAL):
        return False
    return ip.is_global


def _inner(ip: Address) -> Address:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip.sixtofour:
            return ip.sixtofour
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def may_be_private(address: str, *, redirected: bool) -> bool:
    """Whether a source that says ``allow_private`` may be at an address, or be led there by a redirect."""
    try:
        ip = _inner(ipaddress.ip_address(address.split("%", 1)[0]))
    except ValueError:
        return False
    if ip.is_multicast or _among(ip, _NEVER):
        return False
    return not (redirected and _among(ip, _METADATA))


def _among(ip: Address, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    return any(ip.version == n.version and ip in n for n in networks)


async def resolve(host: str, port: int) -> list[str]:
    """The system resolver's addresses of a host, in its order."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class Dialler:
    """Opens connections to checked addresses only."""

    def __init__(self, *, allow_private: bool, resolver: Resolver = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolver

    async def dial(self, host: str, port: int, timeout: float | None, *, redirected: bool = False) -> Stream:
        """Resolve, check, connect: to the first address of the allowed ones that answers.

        redirected: the host was not asked for but led to. Raises :class:`Refused` where no address is allowed,
        :class:`NotResolved` where there is none.
        """
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotResolved(f"{host} does not resolve ({_reason(error)})") from error
        if not addresses:
            raise NotResolved(f"{host} has no address")
        if self._allow_private:
            allowed = [address for address in addresses if may_be_private(address, redirected=redirected)]
        else:
            allowed = [address for address in addresses if is_public(address)]
        if not allowed:
            what = "where no redirect may lead" if self._allow_private and redirected else "not a public address"
            raise Refused(f"{host} is at {', '.join(addresses[:3])}, which is {what}")
        # Two are tried: a host with a dead IPv6 route must not cost a time-out for each of many addresses.
        last: Exception | None = None
        for address in _alternating(allowed)[:2]:
            try:
                return await connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                last = failed
        assert last is not None
        raise last


def _alternating(addresses: list[str]) -> list[str]:
    """The first of each family first, so that the second try is by the other way."""
    first = addresses[0]
    other = next((a for a in addresses if (":" in a) != (":" in first)), None)
    return [first, *([other] if other else []), *(a for a in addresses[1:] if a != other)]


def _reason(error: Exception) -> str:
    return str(error.args[-1]) if error.args else type(error).__name__
