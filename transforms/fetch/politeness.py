"""How a host is treated: so many requests at once, so far apart."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

_MAX_HOSTS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Limits of one host. spacing: seconds between the starts of two requests; crawl_delay_cap: the longest robots.txt
    ``Crawl-delay`` that is believed.

    Two at once a second apart is what a person with two tabs does; hosts on one's own network need no such care.
    """

    concurrency: int = 2
    spacing: float = 1.0
    private_concurrency: int = 8
    private_spacing: float = 0.0
    crawl_delay_cap: float = 30.0


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    next_start: float = 0.0
    spacing: float = 0.0
    users: int = field(default=0)


class _Turn:
    """A slot of a host, and the wait since the last start."""

    __slots__ = ("_host",)

    def __init__(self, host: _Host) -> None:
        self._host = host

    async def __aenter__(self) -> None:
        host = self._host
        host.users += 1
        try:
            await host.slots.acquire()
        except BaseException:
            host.users -= 1
            raise
        if host.spacing > 0:
            loop = asyncio.get_running_loop()
            start = max(loop.time(), host.next_start)
            host.next_start = start + host.spacing
            try:
                if (wait := start - loop.time()) > 0:
                    await asyncio.sleep(wait)
            except BaseException:
                await self.__aexit__()
                raise

    async def __aexit__(self, *_: object) -> None:
        self._host.slots.release()
        self._host.users -= 1


class Politeness:
    """Remembers hosts while the process lives. Used from one event loop."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()
        self._hosts: OrderedDict[tuple[str, bool], _Host] = OrderedDict()

    def turn(self, host: str, *, private: bool) -> _Turn:
        """Wait for one's turn at a host and keep a slot of it: ``async with``."""
        return _Turn(self._host(host, private))

    def slow_down(self, host: str, *, private: bool, delay: float) -> None:
        """Respect a ``Crawl-delay`` of robots.txt (seconds)."""
        entry = self._host(host, private)
        entry.spacing = max(entry.spacing, min(delay, self._manners.crawl_delay_cap))

    def _host(self, host: str, private: bool) -> _Host:
        key = (host, private)
        entry = self._hosts.get(key)
        if entry is None:
            m = self._manners
            entry = _Host(
                slots=asyncio.Semaphore(m.private_concurrency if private else m.concurrency),
                spacing=m.private_spacing if private else m.spacing,
            )
            self._hosts[key] = entry
            if len(self._hosts) > _MAX_HOSTS:
                for old in list(self._hosts)[: _MAX_HOSTS // 10]:
                    if not self._hosts[old].users:
                        del self._hosts[old]
        return entry
