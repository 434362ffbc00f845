"""The decisions of polling: what to ask, and what an answer means. Pure; ``transforms.fetch`` does the requests.

A state moves forward only together with the entries of the same answer (``PollOutcome``): who saves both loses nothing.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from transforms.poll import failures, health, redirects, schedule, sitemaps, walls
from transforms.poll.formats import NotAFeed, RawFeed, SitemapIndex, read_feed
from transforms.poll.identity import Identified, identify
from transforms.poll.items import Draft, Unusable, drafts_of
from transforms.poll.memory import pack, unpack
from transforms.poll.model import Counts, PollOutcome, Problem, Request, Response
from transforms.records import FeedEntry, SourceState
from transforms.sources.schema import Source

# A server with a stuck validator answers 304 for ever; once a day it is asked without one.
REFETCH = timedelta(hours=24)
# Another feed is discovered in a page only for a source that never worked or has not for so long.
REDISCOVER = timedelta(days=3)
RECENT = 32


def plan(source: Source, state: SourceState | None, now: datetime) -> tuple[SourceState, Request]:
    """The state to go on from (a fresh one where there is none, or it was made for another address) and what to ask."""
    if state is None or not schedule.made_for(state, source):
        state = schedule.initial_state(source, now)
    fingerprint = source.reading
    if state.configured != fingerprint:  # other rules read the same body otherwise
        state = replace(
            state, configured=fingerprint, etag=None, last_modified=None, body_sha256=None, validated_since=None
        )
    # Either way: a moment in the future is a clock's that was ahead.
    stuck = state.validated_since is not None and abs(now - state.validated_since) >= REFETCH
    headers: list[tuple[str, str]] = []
    if not stuck:
        if state.etag:
            headers.append(("If-None-Match", state.etag))
        modified = schedule.http_date(state.last_modified) if state.last_modified else None
        # RFC 9110 13.1.3: a date in the future is no validator; servers that set one never change it.
        if state.last_modified and modified is not None and modified <= now + timedelta(hours=1):
            headers.append(("If-Modified-Since", state.last_modified))
    return state, Request(url=state.url, headers=tuple(headers))


def decide(source: Source, state: SourceState, response: Response, now: datetime, rng: random.Random) -> PollOutcome:
    """What an answer to :func:`plan`'s request comes to. Never raises for anything a server can send."""
    if response.failure == "held":
        # Each source of the host comes back at a time of its own, not all at the end of the hold.
        due = max(response.retry_at or now, now) + schedule.jittered(60, rng, share=0.9)
        return PollOutcome(state=replace(state, next_due=due), result="deferred")
    if response.failure is None and response.status == 304 and (state.etag or state.last_modified):
        # A 304 may bring newer validators (RFC 9110 15.4.5).
        validated = replace(
            state,
            last_polled=now,
            first_polled=state.first_polled or now,
            validated_since=state.validated_since or now,
            etag=response.validator("etag") or state.etag,
            last_modified=response.validator("last-modified") or state.last_modified,
        )
        return _unchanged(source, validated, response, now, rng)
    polled = replace(state, last_polled=now, first_polled=state.first_polled or now)
    if response.failure is None and response.status == 304:
        problem = Problem(kind="status", message="304 to an unconditional request", fatal=True)
        return failures.failed(source, polled, response, problem, now, rng)
    if response.failure is None and response.status == 200:
        return _body(source, polled, response, now, rng)
    return failures.no_body(source, polled, response, now, rng)


def _body(source: Source, state: SourceState, response: Response, now: datetime, rng: random.Random) -> PollOutcome:
    sha256 = hashlib.sha256(response.body).hexdigest()
    validated = replace(
        state,
        etag=response.validator("etag"),
        last_modified=response.validator("last-modified"),
        validated_since=None,
    )
    if sha256 == state.body_sha256 and not response.truncated:
        return _unchanged(source, validated, response, now, rng)
    try:
        feed = read_feed(response.body, response.headers.get("content-type", ""), source, response.url)
    except SitemapIndex as index:
        named = sitemaps.listed_in(index, response.url)
        if named and not response.truncated:
            indexed = replace(validated, body_sha256=sha256)
            return PollOutcome(state=indexed, follow=sitemaps.start(indexed, named))
        return _no_feed(source, state, response, index, now, rng)
    except NotAFeed as error:
        return _no_feed(source, state, response, error, now, rng)
    if response.truncated and feed.items:
        feed.items.pop()  # the last one may be cut anywhere
    return _feed(source, state, replace(validated, body_sha256=sha256), response, feed, now, rng)


def decide_parts(
    source: Source,
    before: SourceState,
    outcome: PollOutcome,
    response: Response,
    reading: sitemaps.Reading,
    now: datetime,
    rng: random.Random,
) -> PollOutcome:
    """What the sitemaps of an index come to, after all of them were asked for.

    before: the state before the poll; outcome, response: what :func:`decide` made of the index, and its answer.
    """
    if reading.failed and not reading.good:
        fatal = replace(reading.problems[0], fatal=True)
        return failures.failed(source, replace(before, last_polled=now), reading.failed[0], fatal, now, rng)
    state = replace(outcome.state, parts=sitemaps.remembered(reading.parts))
    if reading.changed:
        done = _feed(source, before, state, response, sitemaps.together(reading), now, rng, reading.unread)
    else:
        done = _settled_unchanged(source, state, response, now, rng)
    return replace(done, problems=(*done.problems, *reading.problems))


def _no_feed(
    source: Source, state: SourceState, response: Response, error: NotAFeed, now: datetime, rng: random.Random
) -> PollOutcome:
    failing_long = state.failing_since is not None and now - state.failing_since >= REDISCOVER
    if error.feeds and (state.last_success is None or failing_long):
        found = next((url for url in error.feeds if url not in (state.url, response.url)), None)
        if found:
            note = Problem(
                kind="discovered", message=f"is a page, not a feed; polled at {found}", remedy=f"set url to {found}"
            )
            moved = replace(state, url=found, etag=None, last_modified=None, body_sha256=None, next_due=now)
            return PollOutcome(state=moved, problems=(note,), again=True)
    if (barrier := walls.wall(response)) is not None and not error.feeds:
        problem = Problem(kind="blocked", message=f"{barrier}, not a feed", remedy=walls.REMEDY, fatal=True)
    else:
        problem = Problem(kind="not_a_feed", message=str(error), remedy=error.remedy, fatal=True)
    return failures.failed(source, state, response, problem, now, rng)


def _feed(
    source: Source,
    before: SourceState,
    state: SourceState,
    response: Response,
    feed: RawFeed,
    now: datetime,
    rng: random.Random,
    unread: Sequence[str] = (),
) -> PollOutcome:
    made = drafts_of(feed, source, fetched=response.url, now=now)
    drafts = [d for d in made if isinstance(d, Draft)]
    unusable = [d for d in made if isinstance(d, Unusable)]
    problems = [
        Problem(kind="item", message=f"item {u.index + 1} of {len(made)}: {u.reason}", item=u.index)
        for u in unusable
        if not u.skipped
    ]
    if made and not drafts and problems:
        reason = f"none of the {len(made)} items could be used: {problems[0].message}"
        fatal = Problem(kind="items", message=reason, remedy="look at the feed in a browser", fatal=True)
        return replace(failures.failed(source, before, response, fatal, now, rng), counts=Counts(listed=len(made)))
    identified, merged, memory = identify(drafts, source, unpack(before.memory), feed.site, now, unread)
    entries = [_entry(source, item, now) for item in identified if item.state != "known"]
    new = [item.remembered.id for item in identified if item.state == "new"]
    counts = Counts(
        listed=len(made),
        new=len(new),
        changed=len(entries) - len(new),
        known=len(identified) - len(entries),
        merged=len(merged),
        skipped=sum(u.skipped for u in unusable),
    )
    if response.truncated:
        # What came whole is taken; the validators and the memory of the rest stay, so that the next poll asks again.
        kept = replace(before, memory=pack([*memory]), daily=health.count_days(before.daily, _new(entries, new), now))
        problem = Problem(
            kind="truncated",
            message=f"the body broke off after {len(response.body)} bytes",
            remedy="if it stays so, tell the publisher",
            fatal=True,
        )
        return replace(
            failures.failed(source, kept, response, problem, now, rng),
            entries=tuple(entries), result="changed" if entries else "failed", counts=counts,
        )  # fmt: skip
    if not made:
        problems.append(Problem(kind="empty", message="the feed lists no items"))
    state = replace(
        state,
        memory=pack(memory),
        listed=tuple(item.id for item in memory if not item.gone),
        daily=health.count_days(before.daily, _new(entries, new), now),
        last_new=now if new else before.last_new,
        flags=("repaired",) if feed.repaired else (),
    )
    oldest = min((d.published for d in drafts if d.published), default=None)
    state, notes = _settled(source, state, response, now, rng, new=len(new), oldest=oldest)
    return PollOutcome(
        state=state, entries=tuple(entries), problems=(*problems, *notes),
        result="changed" if entries else "unchanged", counts=counts,
    )  # fmt: skip


def _unchanged(
    source: Source, state: SourceState, response: Response, now: datetime, rng: random.Random
) -> PollOutcome:
    if state.parts:  # an index may stand still while what it names goes on
        return PollOutcome(state=state, follow=sitemaps.start(state, None))
    return _settled_unchanged(source, state, response, now, rng)


def _settled_unchanged(
    source: Source, state: SourceState, response: Response, now: datetime, rng: random.Random
) -> PollOutcome:
    state, notes = _settled(source, state, response, now, rng, new=0, oldest=None)
    known = len(state.listed)
    return PollOutcome(state=state, problems=tuple(notes), counts=Counts(listed=known, known=known), quiet=True)


def _settled(
    source: Source,
    state: SourceState,
    response: Response,
    now: datetime,
    rng: random.Random,
    *,
    new: int,
    oldest: datetime | None,
) -> tuple[SourceState, Sequence[Problem]]:
    """The state after a poll that worked: its address, its next due time, its health."""
    state, moved = redirects.after_success(state, response, now)
    notes = [moved] if moved else []
    interval = schedule.adapt(state.interval, source.interval, new=new, listed=len(state.listed), recent=state.recent)
    wait = max(interval, min(schedule.max_age(response), source.interval.max))
    state = replace(
        state,
        interval=interval,
        next_due=now + schedule.spaced(wait, source.interval, rng),
        last_success=now,
        health="silent" if state.health == "silent" else "healthy",
        failures=0,
        failing_since=None,
        error=None,
        recent=(*state.recent, new)[-RECENT:],
        daily=health.count_days(state.daily, (), now),
    )
    if health.is_silent(source, state, now, oldest_listed=oldest):
        count, wanted = health.last_week(state, now), source.expect.min_per_week
        message = f"{count} entries in the last week, expected at least {wanted}"
        notes.append(Problem(kind="silent", message=message, remedy="see whether the publisher has another feed now"))
        return replace(state, health="silent", error=message), notes
    return (replace(state, health="healthy") if state.health == "silent" else state), notes


def _entry(source: Source, item: Identified, now: datetime) -> FeedEntry:
    d = item.draft
    return FeedEntry(
        id=item.remembered.id,
        source=source.id,
        url=d.url,
        canonical_url=d.canonical_url,
        guid=d.guid or None,
        title=d.title,
        summary=d.summary or None,
        content=d.content or None,
        author=d.author or None,
        published=d.published,
        published_raw=d.published_raw,
        updated=d.updated,
        language=d.language,
        flags=d.flags,
        first_seen=now,
    )


def _new(entries: Sequence[FeedEntry], new: Sequence[str]) -> list[FeedEntry]:
    ids = set(new)
    return [entry for entry in entries if entry.id in ids]
