"""Which address a source is polled at: permanent redirects are believed once they have held, or the old one is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from transforms.poll.model import Problem, Response
from transforms.records import SourceState
from transforms.sources.schema import Source

# A captive portal, a parked domain or a mistake of an afternoon also answers 301.
PROBATION = timedelta(days=3)
_PERMANENT = frozenset({301, 308})
GONE = frozenset({404, 410})


def permanent_target(response: Response) -> str | None:
    """Where the chain of redirects leads permanently: its leading run of 301 and 308, as far as it goes."""
    target = None
    for hop in response.hops:
        if hop.status not in _PERMANENT:
            break
        target = hop.target
    return target


def after_success(state: SourceState, response: Response, now: datetime) -> tuple[SourceState, Problem | None]:
    """Put a permanent redirect on probation, adopt one that has held, forget one that is no more."""
    target = permanent_target(response)
    if target is None or target == state.url:
        if state.redirect_to is None:
            return state, None
        return replace(state, redirect_to=None, redirect_since=None), None
    if state.redirect_to != target or state.redirect_since is None:
        return replace(state, redirect_to=target, redirect_since=now), None
    if now - state.redirect_since < PROBATION:
        return state, None
    note = Problem(
        kind="moved",
        message=f"has moved permanently; now polled at {target}",
        remedy=f"set url to {target}",
    )
    return replace(state, url=target, redirect_to=None, redirect_since=None), note


def when_gone(source: Source, state: SourceState, response: Response) -> SourceState | None:
    """The state with another address to try at once, where the present one is gone; None where there is none.

    Gone is 404 or 410 from the address itself, or a host that no longer exists. A redirect on probation is adopted at
    once; an adopted or discovered address falls back to the configured one.
    """
    gone = not response.hops and (response.status in GONE or response.failure == "dns")
    if not gone:
        return None
    if state.redirect_to:
        return replace(state, url=state.redirect_to, redirect_to=None, redirect_since=None)
    if state.url != source.url:
        return replace(state, url=source.url, etag=None, last_modified=None, validated_since=None, body_sha256=None)
    return None
