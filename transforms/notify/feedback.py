"""What readers of alerts say of an event: useful, wrong (and why), or that they want to hear no more of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from transforms.codec import decode, encode
from transforms.contracts import Store
from transforms.records import Moment

Verdict = Literal["useful", "wrong", "mute", "unmute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One judgement. subscription: whose reader it was; null for an analyst, whose ``mute`` holds for everybody."""

    verdict: Verdict
    at: Moment
    subscription: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    feedback: tuple[Feedback, ...] = ()


def feedback_on(store: Store, events: Collection[str]) -> Mapping[str, tuple[Feedback, ...]]:
    """What has been said of events, oldest first; those nobody spoke of are missing."""
    notes = store.notes("feedback", events)
    return {event: told(note.value) for event, note in notes.items() if note.value}


def told(note: str) -> tuple[Feedback, ...]:
    """What a store's note on an event says, oldest first."""
    return decode(_Said, note).feedback


def give_feedback(store: Store, event: str, said: Feedback) -> None:
    """Keep a judgement with its event. Saying the same again changes nothing."""
    while True:
        note = store.notes("feedback", [event])[event]
        before = decode(_Said, note.value).feedback if note.value else ()
        if before and (before[-1].verdict, before[-1].subscription, before[-1].why) == (
            said.verdict,
            said.subscription,
            said.why,
        ):
            return
        if store.put_note("feedback", event, encode(_Said(feedback=(*before, said))), note.version):
            return


def is_muted(said: Sequence[Feedback], subscription: str) -> bool:
    """Whether a subscription hears no more of the event: the last word of its reader, or of an analyst, counts."""
    for one in reversed(said):
        if one.verdict in {"mute", "unmute"} and one.subscription in {None, subscription}:
            return one.verdict == "mute"
    return False
