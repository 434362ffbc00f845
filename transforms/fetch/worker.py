"""The asynchronous shells for a caller that is not: what a DoFn holds between ``setup`` and ``teardown``."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

from transforms.fetch.client import Client, Limits
from transforms.fetch.feeds import due_sources, poll_many, poll_source
from transforms.fetch.hosts import Hosts, recall
from transforms.fetch.pages import Outcome, Wanted, fetch_many, fetch_page
from transforms.fetch.politeness import Manners
from transforms.poll import PollOutcome
from transforms.records import FeedEntry, SourceState
from transforms.sources.schema import Source

ClientFactory = Callable[[], Client]
T = TypeVar("T")


def utc_now() -> datetime:
    """The clock of a worker that is given none."""
    return datetime.now(UTC)


class FetchWorker:
    """A client and its event loop for synchronous code; keeps connections, robots.txt and hosts' wishes between calls.

    Made lazily in the process and thread that uses it (nothing of it is ever pickled); one call at a time. The calls
    raise only for use after :meth:`close`.
    """

    def __init__(
        self, client_factory: ClientFactory, *, clock: Callable[[], datetime] = utc_now, seed: int | None = None
    ):
        self._factory = client_factory
        self._clock = clock
        self._rng = random.Random(seed)  # noqa: S311 (jitter)
        self._runner: asyncio.Runner | None = None
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and loop."""
        runner, client = self._runner, self._client
        self._runner = self._client = None
        if runner is not None:
            try:
                if client is not None:
                    runner.run(client.aclose())
            finally:
                runner.close()

    def poll_due(
        self,
        sources: Iterable[Source],
        states: Mapping[str, SourceState],
        deliver: Callable[[PollOutcome], None],
    ) -> int:
        """Poll every source that is due; hands over each outcome as it comes (save it: state and entries together)."""
        now = self._clock()
        listed = list(sources)
        due = due_sources(listed, states, now)
        if not due:
            return 0

        async def poll(client: Client) -> int:
            recall(client, [(s, states[s.id]) for s in listed if s.id in states], now)
            return await poll_many(client, due, self._clock, deliver, self._rng)

        return self._run(poll)

    def poll_now(self, source: Source, state: SourceState | None) -> PollOutcome:
        """Poll one source now, due or not, retired or not (``tocsin sources check``)."""
        return self._run(lambda client: poll_source(client, source, state, self._clock(), self._rng))

    def poll_each(
        self, pairs: Sequence[tuple[Source, SourceState | None]], deliver: Callable[[PollOutcome], None]
    ) -> int:
        """Poll the given sources now, due or not."""
        return self._run(lambda client: poll_many(client, pairs, self._clock, deliver, self._rng))

    def fetch(self, wanted: Sequence[Wanted], deliver: Callable[[Wanted, Outcome], None]) -> int:
        """Fetch the pages of entries; hands over each outcome as it comes."""
        if not wanted:
            return 0
        return self._run(lambda client: fetch_many(client, wanted, self._clock, deliver, self._rng))

    def fetch_one(self, entry: FeedEntry, source: Source, *, tries: int = 0) -> Outcome:
        """Fetch the page of one entry."""
        return self._run(
            lambda client: fetch_page(client, entry, source, tries=tries, now=self._clock(), rng=self._rng)
        )

    def _run(self, call: Callable[[Client], Coroutine[object, object, T]]) -> T:
        async def inside() -> T:
            if self._client is None:
                self._client = self._factory()
            return await call(self._client)

        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(inside())


def client_factory(user_agent: str, *, limits: Limits | None = None, manners: Manners | None = None) -> ClientFactory:
    """A factory of clients from what the configuration says (``Sources.user_agent``)."""
    return lambda: Client(user_agent, limits=limits, manners=manners, hosts=Hosts(public=_PUBLIC))


_PUBLIC = Hosts()
