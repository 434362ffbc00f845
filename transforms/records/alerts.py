"""What waits in the outbox to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.records.vocabulary import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A row of the outbox; id = hash of subscription, event, change number and channel, so that none is made twice.

    message: the key of the message that carries this row, fixed before the first try to send it, so that a repeat has
        the same key. digest: whether it waits to be told together with others (a digest, or the rest above a cap).
    """

    id: str
    subscription: str
    event: str
    change: int
    channel: str
    due: Moment
    state: Literal["pending", "sent", "failed", "dropped"] = "pending"
    tries: int = 0
    reason: str | None = None
    message: str | None = None
    digest: bool = False
