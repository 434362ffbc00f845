"""When a source is polled next: adaptive interval, back-off, what servers ask for, the spread of what is due at once.

All lengths are seconds. Randomness is passed in, so that a decision can be repeated.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from transforms.poll.model import Response
from transforms.records import SourceState
from transforms.sources.schema import Interval, Source

RETRY_AFTER_CAP = 7 * 86400  # a server that asks for longer is mistaken more often than it means it
BACKOFF_CAP = 86400  # however long a source has failed, it is asked once a day, so that it recovers by itself
NEVER = timedelta(days=36500)  # a retired source's next poll
CLOCKS_DIFFER = timedelta(minutes=10)  # machines that share a store may differ by so much
_MAX_AGE = re.compile(r"(?:^|,)\s*(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def is_due(source: Source, state: SourceState | None, now: datetime) -> bool:
    """Whether a source is to be polled now. A retired one is not, until its address in the configuration changes."""
    if not source.enabled:
        return False
    if state is None or not made_for(state, source):
        return True
    if state.health == "retired":
        return False
    # A poll in the future: the clock was ahead then and has been put back, and so was the due time.
    ahead = state.last_polled is not None and state.last_polled - now > CLOCKS_DIFFER
    return ahead or state.next_due <= now


def made_for(state: SourceState, source: Source) -> bool:
    """Whether the state was made for the address that the configuration gives now."""
    return (state.configured or source.url).split(" ")[0] == source.url


def initial_states(
    sources: Iterable[Source], now: datetime, rng: random.Random, *, per_second: float = 20.0, spacing: float = 1.0
) -> list[SourceState]:
    """First states, due one after the other and not all at once: ``per_second`` overall, ``spacing`` apart on a host.

    40 sources are all due within two seconds; 10,000 within some eight minutes.
    """
    order = list(sources)
    rng.shuffle(order)
    hosts: dict[str, int] = {}
    states = []
    for index, source in enumerate(order):
        turn = hosts[source.host] = hosts.get(source.host, -1) + 1
        delay = max(index / per_second, turn * spacing)
        states.append(initial_state(source, now + timedelta(seconds=delay)))
    return sorted(states, key=lambda state: state.next_due)


def initial_state(source: Source, due: datetime) -> SourceState:
    """The state of a source that was never polled."""
    return SourceState(id=source.id, url=source.url, next_due=due, interval=source.interval.start)


def adapt(interval: int, bounds: Interval, *, new: int, listed: int, recent: Sequence[int]) -> int:
    """The next interval after a successful poll.

    Where at least half of what is listed is new, the feed moves faster than it is read and items may be missed: a
    quarter. With something new, two thirds; one poll without news says little, so growth starts at the second in a
    row and is slow (a quarter), because a missed hour costs more than a 304.
    """
    if not recent:  # at the first poll everything is new, which says nothing
        wanted = float(interval)
    elif new * 2 >= listed > 1:
        wanted = interval / 4
    elif new:
        wanted = interval / 1.5
    elif recent[-1] == 0:
        wanted = interval * 1.25
    else:
        wanted = float(interval)
    return max(bounds.min, min(bounds.max, round(wanted)))


def jittered(seconds: float, rng: random.Random, *, share: float = 0.1) -> timedelta:
    """A length varied by ± ``share``, so that sources of one host do not keep in step."""
    return timedelta(seconds=seconds * (1 + rng.uniform(-share, share)))


def spaced(seconds: float, bounds: Interval, rng: random.Random) -> timedelta:
    """A polling interval varied by up to a tenth either way, still within its bounds."""
    low, high = max(bounds.min, seconds * 0.9), min(bounds.max, seconds * 1.1)
    return timedelta(seconds=rng.uniform(low, max(low, high)))


def backoff(failures: int, bounds: Interval, rng: random.Random) -> timedelta:
    """How long to wait after the n-th failure in a row: doubled each time up to a day, varied by ± a quarter."""
    cap = max(BACKOFF_CAP, bounds.max)
    seconds = min(cap, bounds.min * 2.0 ** min(failures - 1, 30))
    return jittered(seconds, rng, share=0.25)


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for (seconds or a date), not negative, capped; None where it says nothing usable."""
    raw = response.headers.get("retry-after", "").strip()
    if not raw:
        return None
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", raw):
        seconds = float(raw)
    else:
        moment = http_date(raw)
        if moment is None:
            return None
        seconds = (moment - now).total_seconds()
    return timedelta(seconds=min(max(seconds, 0.0), RETRY_AFTER_CAP))


def max_age(response: Response) -> int:
    """For how many seconds the server says its answer stays fresh; 0 where it does not say."""
    control = response.headers.get("cache-control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return 0
    match = _MAX_AGE.search(control)
    if match is None:
        return 0
    age = response.headers.get("age", "")
    return max(0, int(match[1]) - (int(age) if age.isdecimal() and len(age) < 10 else 0))


def http_date(raw: str) -> datetime | None:
    """An HTTP date as a moment in UTC, or None."""
    try:
        moment = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
