"""The shell around the polling core: ask, decide, hand over. Many sources at once, each host in its turn."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from transforms.fetch.client import ACCEPT_FEED, Client
from transforms.fetch.hosts import remembered
from transforms.poll import PollOutcome, Problem, Response, decide, decide_parts, is_due, plan, sitemaps
from transforms.poll.failures import failed
from transforms.records import SourceState
from transforms.sources.schema import Source

Clock = Callable[[], datetime]
# A discovered feed, or one that moved while its old address went away: one more request, not a chase.
_ROUNDS = 2


async def poll_source(
    client: Client, source: Source, state: SourceState | None, now: datetime, rng: random.Random
) -> PollOutcome:
    """Poll one source now, whatever its due time. Never raises for what a network, server or feed does."""
    notes: tuple[Problem, ...] = ()
    outcome: PollOutcome | None = None
    for _ in range(_ROUNDS):
        state, request = plan(source, state, now)
        response = await client.get(
            request.url, headers=request.headers, accept=ACCEPT_FEED, private=source.allow_private, robots=source.robots
        )
        try:
            outcome = decide(source, state, response, now, rng)
            if outcome.follow is not None:
                outcome = await _follow(client, source, state, outcome, response, now, rng)
        except Exception as error:  # a fault of ours must not take the other sources with it
            outcome = _broken(source, state, error, now, rng)
        state = outcome.state
        if not outcome.again:
            break
        notes += outcome.problems
    assert outcome is not None
    problems = outcome.problems if outcome.again else notes + outcome.problems
    state = remembered(client, source, outcome.state, now)
    # A rediscovered or moved feed starts from another state than the one that was read.
    return replace(outcome, state=state, problems=problems, quiet=outcome.quiet and not notes)


async def _follow(
    client: Client,
    source: Source,
    before: SourceState,
    outcome: PollOutcome,
    response: Response,
    now: datetime,
    rng: random.Random,
) -> PollOutcome:
    """Ask for the sitemaps of an index, one after the other."""
    reading = outcome.follow
    assert reading is not None
    while (following := sitemaps.next_request(reading, now)) is not None:
        part, depth, request = following
        answer = await client.get(
            request.url, headers=request.headers, accept=ACCEPT_FEED, private=source.allow_private, robots=source.robots
        )
        sitemaps.take(reading, part, depth, answer, source, now)
    return decide_parts(source, before, outcome, response, reading, now, rng)


async def poll_many(
    client: Client,
    due: Iterable[tuple[Source, SourceState | None]],
    clock: Clock,
    deliver: Callable[[PollOutcome], None],
    rng: random.Random,
) -> int:
    """Poll sources concurrently; each outcome is delivered as it comes, in the calling thread. Returns how many.

    Workers are as many as requests may be under way, so that ten thousand sources hold no more in memory than that.
    Sources of one host are spread over the queue, so that waiting for a host's turn does not idle the workers. After
    ``limits.round`` seconds no further source is taken; those left stay due.
    """
    queue = iter(_interleaved(due))
    count = 0
    loop = asyncio.get_running_loop()
    end = loop.time() + client.limits.round

    async def work() -> None:
        nonlocal count
        for source, state in queue:
            outcome = await poll_source(client, source, state, clock(), rng)
            count += 1
            deliver(outcome)
            if loop.time() > end:
                return

    await together(work, client.limits.concurrency * 2)
    return count


async def together(work: Callable[[], Coroutine[object, object, None]], count: int) -> None:
    """Run workers until all are done. What one raises (the store not answering) ends all and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def due_sources(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime
) -> list[tuple[Source, SourceState | None]]:
    """The sources to be polled now, with their states, longest due first."""
    due = [(s, states.get(s.id)) for s in sources if is_due(s, states.get(s.id), now)]
    return sorted(due, key=lambda pair: pair[1].next_due if pair[1] else now)


def _interleaved(due: Iterable[tuple[Source, SourceState | None]]) -> list[tuple[Source, SourceState | None]]:
    """In turns by host: the first of each, the second of each…"""
    turns: dict[str, int] = {}
    numbered = []
    for pair in due:
        turn = turns[pair[0].host] = turns.get(pair[0].host, -1) + 1
        numbered.append((turn, pair))
    return [pair for _, pair in sorted(numbered, key=lambda item: item[0])]


def _broken(source: Source, state: SourceState, error: Exception, now: datetime, rng: random.Random) -> PollOutcome:
    message = f"internal error: {type(error).__name__}: {str(error)[:200]}"
    problem = Problem(kind="internal", message=message, remedy="report this to Tocsin's developers", fatal=True)
    return failed(source, state, Response(url=state.url), problem, now, rng)
