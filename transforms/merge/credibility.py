"""How far an event can be believed: Admiralty credibility 1–6 by rule (docs/events.md), and a combined confidence."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.merge.support import Member
from transforms.records import Reliability, Standing

_MOST = 0.99


def credibility(standing: Standing, origins: int, reliability: Reliability) -> int:
    """1 confirmed, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged.

    origins: independent ones, so copies never raise it. reliability: of the best source.
    """
    reliable, usable = reliability in "AB", reliability in "ABC"
    match standing:
        case "denied":
            return 5
        case "disputed":
            return 3 if origins >= 3 and reliable else 4
        case "confirmed":
            return 1 if origins >= 2 and reliable else 2 if origins >= 2 or usable else 3
        case "alleged":
            return 3 if origins >= 2 and usable else 4
        case "asserted":
            if origins >= 3 and reliable:
                return 2
            return 3 if origins >= 2 or usable else 6


def confidence(members: Sequence[Member]) -> float:
    """That the event was rightly read: 1 − Π(1 − c) over the best claim of each independent origin, at most 0.99.

    It says nothing of whether what was read is true. Rounded to 4 digits and multiplied in order of size, so that the
    order of the claims is no matter.
    """
    by_origin: dict[str, float] = {}
    for member in members:
        by_origin[member.origin] = max(by_origin.get(member.origin, 0.0), member.claim.confidence)
    missed = 1.0
    for value in sorted(by_origin.values()):
        missed *= 1.0 - min(max(value, 0.0), 1.0)
    return round(min(1.0 - missed, _MOST), 4)
