"""What hosts have asked for: until when they want to be left alone, and their robots.txt.

Of public hosts all clients of a process know the same (polls and pages have a client each, and a round makes new ones),
so that a host is asked for its robots.txt once a day and not once a round; what must outlive the process is in the
states of its sources (:func:`recall`, :func:`remembered`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from transforms.fetch.address import address_of
from transforms.fetch.robots import FRESH, Rules, rules_of
from transforms.poll.schedule import CLOCKS_DIFFER, RETRY_AFTER_CAP
from transforms.records import HostWishes, SourceState
from transforms.sources.schema import Source

if TYPE_CHECKING:
    from transforms.fetch.client import Client

MANY = 20_000  # hosts remembered, each a few KB; those asked about longest ago are forgotten
# No host is believed for longer: what says so was noted by a clock that was ahead and has been put back since.
_HELD = timedelta(seconds=RETRY_AFTER_CAP) + CLOCKS_DIFFER
_FRESH = FRESH + CLOCKS_DIFFER
_LONGEST = 8192  # characters of a robots.txt that are kept in a source's state


class Hosts:
    """Thread-safe. public: knows the public hosts instead; private ones are one's own."""

    def __init__(self, public: Hosts | None = None) -> None:
        self._public = public
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, bool], datetime] = OrderedDict()
        self._rules: OrderedDict[tuple[str, bool], Rules] = OrderedDict()

    def hold(self, host: str, *, private: bool, until: datetime) -> None:
        """A host asked to be left alone (429 or 503 with Retry-After): nothing goes there before ``until``."""
        its = self._of(private)
        with its._lock:
            known = its._held.get((host, private))
            if known is None or known < until:
                its._held[host, private] = until
                its._held.move_to_end((host, private))
            if len(its._held) > MANY:
                its._held.popitem(last=False)

    def held(self, host: str, *, private: bool, now: datetime) -> datetime | None:
        """Until when nothing is to be asked of a host; None where it may be asked now."""
        its = self._of(private)
        until = its._held.get((host, private))
        if until is None:
            return None
        if not now < until <= now + _HELD:
            with its._lock:
                its._held.pop((host, private), None)
            return None
        return until

    def rules(self, origin: str, *, private: bool, now: datetime) -> Rules | None:
        """The robots.txt of an origin, where it is known and still holds."""
        found = self._of(private)._rules.get((origin, private))
        return found if found is not None and now < found.until <= now + _FRESH else None

    def keep(self, origin: str, rules: Rules, *, private: bool) -> None:
        """Remember the robots.txt of an origin."""
        its = self._of(private)
        with its._lock:
            its._rules[origin, private] = rules
            its._rules.move_to_end((origin, private))
            if len(its._rules) > MANY:
                its._rules.popitem(last=False)

    def _of(self, private: bool) -> Hosts:
        return self if private or self._public is None else self._public


def recall(client: Client, known: Iterable[tuple[Source, SourceState]], now: datetime) -> None:
    """Let a client know what the hosts of sources asked for before this process was started.

    Give all sources of a host, not only those that are due: one that was told to wait is not due, and the others of
    its host are to wait with it.
    """
    for source, state in known:
        wishes = state.host
        if wishes is None or (address := address_of(state.url)) is None:
            continue
        private = source.allow_private
        if wishes.held_until and wishes.held_until > now:
            client.hosts.hold(address.name(private), private=private, until=wishes.held_until)
        if wishes.robots_until and wishes.robots_until > now:
            known_rules = client.hosts.rules(address.origin, private=private, now=now)
            if known_rules is None or known_rules.until < wishes.robots_until:
                rules = rules_of(wishes.robots, wishes.robots_until, wishes.robots_later)
                client.hosts.keep(address.origin, rules, private=private)


def remembered(client: Client, source: Source, state: SourceState, now: datetime) -> SourceState:
    """A source's state with what its host asked for."""
    address = address_of(state.url)
    if address is None:
        return state
    private = source.allow_private
    until = client.hosts.held(address.name(private), private=private, now=now)
    rules = client.hosts.rules(address.origin, private=private, now=now) if source.robots else None
    if rules is not None and rules.text is not None and len(rules.text) > _LONGEST:
        rules = None  # it is asked for again
    wishes = None
    if until or rules:
        wishes = HostWishes(
            held_until=until,
            robots=rules.text if rules else None,
            robots_until=rules.until if rules else None,
            robots_later=rules.reason if rules and rules.later else None,
        )
    return state if wishes == state.host else replace(state, host=wishes)
