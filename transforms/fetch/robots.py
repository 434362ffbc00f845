"""robots.txt (RFC 9309): fetched once a day a host, read with protego."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from protego import Protego

from transforms.poll.decoding import decode
from transforms.poll.model import Response

Verdict = Literal["yes", "no", "later"]
FRESH = timedelta(hours=24)  # RFC 9309 2.4: not longer than a day
RETRY = timedelta(minutes=15)  # how soon a robots.txt that could not be had is asked for again
MAX_BYTES = 512_000  # RFC 9309 2.5: at least 500 KiB must be read
_MAX_HOSTS = 20_000


class _File(Protocol):
    """What of protego's parser is used."""

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says: rules, everything allowed (null), or ``later``; valid until ``until``."""

    rules: _File | None
    later: bool
    until: datetime
    reason: str = ""

    def verdict(self, url: str, agent: str) -> Verdict:
        """Whether an agent may fetch an address."""
        if self.later:
            return "later"
        return "yes" if self.rules is None or self.rules.can_fetch(url, agent) else "no"

    def crawl_delay(self, agent: str) -> float:
        """Seconds between requests that it asks for; 0 for none."""
        delay = self.rules.crawl_delay(agent) if self.rules is not None else None
        return float(delay) if delay else 0.0


class Robots:
    """The rules of each origin, asked for when first needed. Used from one event loop."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self._known: OrderedDict[tuple[str, bool], Rules] = OrderedDict()
        self._asking: dict[tuple[str, bool], asyncio.Task[Rules]] = {}

    async def rules(
        self, origin: str, private: bool, now: datetime, fetch: Callable[[str], Awaitable[Response]]
    ) -> Rules:
        """The rules of an origin (``https://host[:port]``). ``fetch`` gets an address, redirects followed."""
        key = (origin, private)
        known = self._known.get(key)
        if known is not None and known.until > now:
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(key, now, fetch))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, key: tuple[str, bool], now: datetime, fetch: Callable[[str], Awaitable[Response]]) -> Rules:
        rules = read_robots(await fetch(f"{key[0]}/robots.txt"), now)
        self._known[key] = rules
        self._known.move_to_end(key)
        if len(self._known) > _MAX_HOSTS:
            self._known.popitem(last=False)
        return rules


def read_robots(response: Response, now: datetime) -> Rules:
    """What an answer for robots.txt means: 2xx its rules, 4xx "no rules", the rest "not now"."""
    if response.failure == "refused":  # the guard: the request itself will be refused for the same reason
        return Rules(None, False, now + RETRY)
    if response.failure == "redirects":  # RFC 9309 2.3.1.2: more than five may be taken for "unavailable"
        return Rules(None, False, now + FRESH)
    if response.failure == "too_large":
        return Rules(None, True, now + RETRY, "robots.txt is too large")
    if response.failure is not None:
        return Rules(None, True, now + RETRY, f"robots.txt: {response.message or response.failure}")
    if response.status == 429 or response.status >= 500 or response.status < 200:
        return Rules(None, True, now + RETRY, f"robots.txt: HTTP {response.status}")
    if response.status >= 300:
        return Rules(None, False, now + FRESH)
    try:
        return Rules(
            Protego.parse(decode(response.body, response.headers.get("content-type", "")).text), False, now + FRESH
        )
    except Exception:  # a file that is no rules at all has no rules
        return Rules(None, False, now + FRESH)
