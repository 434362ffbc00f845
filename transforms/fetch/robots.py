"""robots.txt (RFC 9309): fetched once a day a host, read with protego."""

from __future__ import annotations

import asyncio
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
MAX_BYTES = 512_000  # RFC 9309 2.5: at least 500 KiB must be read; what comes after is not


class _File(Protocol):
    """What of protego's parser is used."""

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


class Known(Protocol):
    """Where the rules of origins are remembered (:class:`transforms.fetch.hosts.Hosts`)."""

    def rules(self, origin: str, *, private: bool, now: datetime) -> Rules | None: ...

    def keep(self, origin: str, rules: Rules, *, private: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says: rules, everything allowed (null), or ``later``; valid until ``until``.

    text: what of the file concerns this agent, to be read again by :func:`rules_of`."""

    rules: _File | None
    later: bool
    until: datetime
    reason: str = ""
    text: str | None = None

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

    def __init__(self, agent: str, known: Known) -> None:
        self.agent = agent
        self._known = known
        self._asking: dict[tuple[str, bool], asyncio.Task[Rules]] = {}

    async def rules(
        self, origin: str, private: bool, now: datetime, fetch: Callable[[str], Awaitable[Response]]
    ) -> Rules:
        """The rules of an origin (``https://host[:port]``). ``fetch`` gets an address, redirects followed."""
        known = self._known.rules(origin, private=private, now=now)
        if known is not None:
            return known
        key = (origin, private)
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(key, now, fetch))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, key: tuple[str, bool], now: datetime, fetch: Callable[[str], Awaitable[Response]]) -> Rules:
        origin, private = key
        rules = read_robots(await fetch(f"{origin}/robots.txt"), now, self.agent)
        self._known.keep(origin, rules, private=private)
        return rules


def rules_of(text: str | None, until: datetime, later: str | None = None) -> Rules:
    """Rules as they were remembered: a text (null: everything is allowed), or why they could not be had."""
    if later is not None:
        return Rules(None, True, until, later)
    try:
        return Rules(Protego.parse(text) if text else None, False, until, text=text)
    except Exception:  # a file that is no rules at all has no rules
        return Rules(None, False, until)


def concerning(text: str, agent: str) -> str:
    """The lines of a robots.txt that may concern an agent: groups that name it or everybody, without comments."""
    kept: list[str] = []
    group: list[str] = []
    agents: list[str] = []
    ours = in_rules = False
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        field, _, value = line.partition(":")
        field, value = field.strip().lower(), value.strip()
        if field == "user-agent":
            if in_rules:
                kept += group if ours else []
                group, agents, ours, in_rules = [], [], False, False
            agents.append(value)
            group.append(f"User-agent: {value}")
            ours = ours or value == "*" or value.lower().partition("/")[0] in agent.lower()
        elif field in {"allow", "disallow", "crawl-delay", "request-rate", "visit-time"} and agents:
            in_rules = True
            group.append(f"{field.capitalize()}: {value}")
    kept += group if ours else []
    return "\n".join(kept)


def read_robots(response: Response, now: datetime, agent: str) -> Rules:
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
    body = response.body
    if len(body) > MAX_BYTES:  # to the last whole line: half a path would forbid more than it says
        body = body[: body.rfind(b"\n", 0, MAX_BYTES) + 1]
    text = decode(body, response.headers.get("content-type", "")).text
    return rules_of(concerning(text, agent), now + FRESH)
