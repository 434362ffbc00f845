"""The contract of a channel: it takes a message to its receiver once, and says what became of it. It never raises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from transforms.notify.content import Message
from transforms.notify.schema import Channel, Settings


@dataclass(frozen=True, slots=True)
class Receipt:
    """``accepted``; ``later`` (tried again, at the earliest after ``wait``); ``refused`` (this message never);
    ``gone`` (the receiver wants nothing any more)."""

    result: Literal["accepted", "later", "refused", "gone"]
    reason: str | None = None
    wait: timedelta | None = None


class Sends(Protocol):
    """Sends to one channel."""

    def __call__(self, message: Message, now: datetime) -> Receipt: ...


SenderOf = Callable[[Channel, Settings], Sends]
"""Makes the sender of a channel (implemented in ``sinks/channels``)."""
