"""The one place where the time of day comes from."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, in UTC; picklable, so that stages can be given it."""
    return datetime.now(UTC)
