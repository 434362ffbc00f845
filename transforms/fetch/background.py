"""One client and its event loop in a thread of its own, for callers that must not wait: polls and pages go on between
the calls that start and collect them. A process has one, so what is asked of a host is limited in one place.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TypeVar

from transforms.fetch.client import Client, Limits

T = TypeVar("T")

MANY = Limits(concurrency=512)
"""Requests under way at once. A host takes two (eight on one's own network), so only hundreds of hosts that answer
nothing could keep others waiting; a waiting request costs a socket and some 50 KB."""


class Background:
    """Runs requests. Thread-safe; raises RuntimeError for use after :meth:`close`."""

    def __init__(self, client_factory: Callable[[], Client]) -> None:
        self._factory = client_factory
        self._client: Client | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="requests", daemon=True)
        self._thread.start()

    def start(self, work: Callable[[Client], Coroutine[object, object, T]]) -> Future[T]:
        """Begin; the result, or what it raised, is in the future."""

        async def inside() -> T:
            if self._client is None:
                self._client = self._factory()
            return await work(self._client)

        return asyncio.run_coroutine_threadsafe(inside(), self._loop)

    def close(self) -> None:
        """Give up what is under way and close connections and loop."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
