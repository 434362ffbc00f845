"""What becomes of a source when no usable answer came."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

from transforms.poll import redirects, schedule
from transforms.poll.model import FailureKind, PollOutcome, Problem, Response
from transforms.poll.walls import REMEDY, wall
from transforms.records import SourceState
from transforms.sources.schema import Source

_REMEDIES: dict[FailureKind, str] = {
    "address": "correct url",
    "connect": "the host refuses connections; it is tried again by itself",
    "dns": "check the host name in url",
    "encoding": "the server compresses wrongly; tell the publisher",
    "protocol": "the server breaks the HTTP protocol; tell the publisher",
    "redirects": "look where the address leads in a browser and set url to it",
    "refused": "set allow_private: true if the source is meant to be on a private network",
    "robots": "the site asks not to be polled there; ask the publisher, or set robots: false with its consent",
    "robots_later": "robots.txt cannot be had now; it is tried again by itself",
    "timeout": "the host is slow or down; it is tried again by itself",
    "tls": "the host's certificate is not valid; check it in a browser",
    "too_large": "poll a smaller feed of this publisher",
}
_STATUSES = {
    401: "needs a log-in; choose a public feed",
    403: "the site refuses programs; ask the publisher, or choose another feed",
    404: "look for the feed's new address",
    410: "the publisher has ended the feed; remove it or set a new url",
    429: "polled too often; raise interval.min",
}


def no_body(source: Source, state: SourceState, response: Response, now: datetime, rng: random.Random) -> PollOutcome:
    """What an answer without a body to read comes to: another address, retirement, or a later try."""
    other = redirects.when_gone(source, state, response)
    if other is not None:
        note = Problem(kind="moved", message=f"{state.url} is gone; now polled at {other.url}")
        return PollOutcome(state=replace(other, next_due=now), problems=(note,), again=True)
    if response.failure is not None:
        problem = Problem(
            kind=response.failure,
            message=response.message or response.failure,
            remedy=_REMEDIES.get(response.failure, ""),
            fatal=True,
        )
    elif (barrier := wall(response)) is not None:
        message = f"HTTP {response.status} from {response.url}: {barrier}"
        problem = Problem(kind="blocked", message=message, remedy=REMEDY, fatal=True)
    else:
        problem = Problem(
            kind="status",
            message=f"HTTP {response.status} from {response.url}",
            remedy=_STATUSES.get(response.status, "it is tried again by itself"),
            fatal=True,
        )
    # Only the address itself can say that it is gone for good, or one it leads to permanently.
    permanent = len(response.hops) == 0 or redirects.permanent_target(response) == response.url
    if response.failure is None and response.status == 410 and permanent:
        message = "HTTP 410: the publisher says the feed is gone for good"
        retired = replace(
            state, health="retired", error=message, failures=state.failures + 1,
            failing_since=state.failing_since or now, next_due=now + schedule.NEVER,
        )  # fmt: skip
        return PollOutcome(state=retired, problems=(replace(problem, message=message),), result="retired")
    return failed(source, state, response, problem, now, rng)


def failed(
    source: Source, state: SourceState, response: Response, problem: Problem, now: datetime, rng: random.Random
) -> PollOutcome:
    """A failure that may pass: counted, and tried again after a growing time, not before ``Retry-After``.

    Validators, memory and everything else that is known of the source stay as they were.
    """
    count = state.failures + 1
    wait = schedule.backoff(count, source.interval, rng)
    asked = schedule.retry_after(response, now)
    if asked is not None:  # a little later than asked, each source by its own time
        wait = max(wait, asked + schedule.jittered(60, rng, share=0.9))
    broken = replace(
        state, health="failing", failures=count, failing_since=state.failing_since or now, error=problem.message,
        next_due=now + wait,
    )  # fmt: skip
    return PollOutcome(state=broken, problems=(problem,), result="failed")
