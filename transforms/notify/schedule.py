"""When an alert is due: digests, quiet hours, retries. Local times follow their zone through changes of the clock.

A local time that does not exist (the clock jumps over it) is taken as much later as the clock jumps; one that exists
twice is its first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from transforms.notify.schema import Quiet, Subscription, When

_BACKOFF = (60, 120, 300, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)
"""Seconds before each further try: a receiver that is down over a weekend still gets its alerts, and a short failure
costs a minute."""
MOST_TRIES = len(_BACKOFF) + 1


def first_due(subscription: Subscription, now: datetime) -> datetime:
    """When an alert made now goes out: at once, or with the next digest, and not in quiet hours."""
    due = now if subscription.when == "immediate" else next_digest(subscription.when, now)
    return after_quiet(subscription.quiet, due)


def next_digest(when: When, now: datetime) -> datetime:
    """The end of the digest window that ``now`` is in: strictly later than ``now``."""
    if when.digest == "hourly":
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    zone = ZoneInfo(when.zone)
    day = now.astimezone(zone).date()
    while True:
        if when.digest == "daily" or day.weekday() == when.weekday:
            due = _at(day, when.at, zone)
            if due > now:
                return due
        day += timedelta(days=1)


def after_quiet(quiet: Quiet | None, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    if quiet is None:
        return moment
    zone = ZoneInfo(quiet.zone)
    local = moment.astimezone(zone).date()
    for day in (local - timedelta(days=1), local):
        start = _at(day, quiet.start, zone)
        end = _at(day if quiet.start < quiet.to else day + timedelta(days=1), quiet.to, zone)
        if start <= moment < end:
            return end
    return moment


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after the ``tries``-th failed try; None where it was the last."""
    return timedelta(seconds=_BACKOFF[tries - 1]) if tries <= len(_BACKOFF) else None


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
