"""In which order the events of a decision are written, so that no claim is ever in none of them.

Every event is a document of its own, written by compare-and-set; a crash can come between any two writes, and other
writers work on the same events. The rule that holds against both: **a claim leaves an event only after another event
that has it was written in the same pass** (its *home*, where the decision puts it). A home that the decision leaves as
it is is written too, as it is (a *pin*): the write moves its version on.

Why that is enough: a pass reads everything before it writes anything, and no write succeeds over a version that it has
not read. Say a claim is in no event any more. Of all passes that took it out of one, look at the one that wrote its
home last. Whoever took the claim out of that home afterwards must have read it after that write; so it wrote its own
home of the claim later still, and the one looked at was not the last.

Events that exchange claims wait for each other. Then one of them is written with its new facts *and* the claims that it
is to give away; the pass after, which reads it again, takes them out. A crash in between leaves a claim in two events;
the next decision that sees them is the same as this one, and ends the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.merge.decide import Write
from transforms.records import Event


@dataclass(frozen=True, slots=True)
class Stage:
    """Events to be written together, once the stage before is written. pins: ids of those written as they were.
    unfinished: ids of those that keep claims which they are to lose; another pass takes them out."""

    events: tuple[Event, ...]
    pins: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()


def stages(writes: Sequence[Write], before: Mapping[str, Event]) -> Iterator[Stage]:
    """The writes of one pass in their order, each event once.

    before: the events that the decision was about, by id, as they were read.
    """
    left = {write.event.id: write.event for write in writes}
    home = {claim.id: id for id, event in sorted({**before, **left}.items()) for claim in event.claims}
    leaving = {id: _leaving(before.get(id), event, home) for id, event in left.items()}
    done: set[str] = set()

    def waits_for(id: str) -> set[str]:
        return {home[claim] for claim in leaving[id]} - done

    while left:
        ready = [event for id, event in left.items() if not waits_for(id)]
        if ready:
            stage = Stage(tuple(ready))
        else:
            _, first = min((len(waits_for(id)), id) for id in left)
            homes = sorted(waits_for(first))
            kept = {id: {claim for claim in leaving[id] if home[claim] not in done} for id in homes if id in left}
            partial = [keeping(left[id], before[id], claims) for id, claims in kept.items()]
            pins = [before[id] for id in homes if id not in kept]
            stage = Stage((*partial, *pins), frozenset(pin.id for pin in pins), frozenset(kept))
        yield stage
        done |= {event.id for event in stage.events}
        left = {id: event for id, event in left.items() if id not in done}


def _leaving(before: Event | None, after: Event, home: Mapping[str, str]) -> set[str]:
    """The claims that an event gives to another. (What is in no event afterwards was withdrawn: it has no home.)"""
    if before is None:
        return set()
    gone = {claim.id for claim in before.claims} - {claim.id for claim in after.claims}
    return {claim for claim in gone if claim in home}


def keeping(after: Event, before: Event, claims: set[str]) -> Event:
    """The event as decided, that still has some of the claims it had: listed last, with their reports, and without a
    part in what the event says. That they leave, is told when they do."""
    held = tuple(claim for claim in before.claims if claim.id in claims)
    listed = {report.article for report in after.reports}
    documents = {claim.document for claim in held} - listed
    told_later = [claim.quote for claim in held]
    changes = list(after.changes[: len(before.changes)])
    for change in after.changes[len(before.changes) :]:
        if change.kind == "withdrawn" and change.before in told_later:
            told_later.remove(change.before)
        else:
            changes.append(replace(change, number=len(changes) + 1))
    waiting = len(before.unannounced)
    return replace(
        after,
        claims=(*after.claims, *held),
        reports=(*after.reports, *(report for report in before.reports if report.article in documents)),
        changes=tuple(changes),
        unannounced=(*after.unannounced[:waiting], *changes[len(before.changes) :]),
    )
