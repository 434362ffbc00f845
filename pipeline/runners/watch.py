"""When a job is begun anew, and when one that is silent counts as dead. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass

FIRST, LONGEST = 1.0, 60.0
"""Seconds before a restart: the first, and at most."""
STEADY = 300.0
"""A job that ran so long (seconds) was well: its failure is the first of a new row."""
START, SILENT = 300.0, 120.0
"""Seconds until a job's first sign of life, and between two: shards wake every five, but one may have a large batch to
read in between, which took under a minute at most."""


def pause(failures: int, rng: random.Random) -> float:
    """Seconds to wait before the restart after the n-th failure in a row: doubled each time, varied by a quarter, so
    that several machines do not come back at one moment."""
    seconds = min(LONGEST, FIRST * 2.0 ** min(max(failures - 1, 0), 30))
    return seconds * rng.uniform(0.75, 1.25)


def in_a_row(failures: int, ran: float) -> int:
    """The failures in a row, with this one, of a job that ran so many seconds."""
    return 1 if ran >= STEADY else failures + 1


@dataclass(slots=True)
class Watch:
    """Tells a silent job from a working one by monotonic time: neither a jump of the clock nor a suspended laptop is
    silence. started: the monotonic moment of the start."""

    started: float
    last: int | None = None
    changed: float | None = None

    def silent(self, sign: int | None, now: float) -> float:
        """Take the newest sign of life (a number that changes); returns seconds of silence."""
        if sign is not None and sign != self.last:
            self.last, self.changed = sign, now
        return now - (self.started if self.changed is None else self.changed)

    def dead(self, sign: int | None, now: float) -> bool:
        """Whether the job has been silent for too long."""
        return self.silent(sign, now) > (START if self.changed is None else SILENT)
