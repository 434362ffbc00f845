"""What the process of a job is told: one JSON argument, no secret in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from transforms.archive.keeping import ON_REQUEST, Archiving
from transforms.poll.shards import SHARDS

JOB_NAME = "tocsin"
"""Under this name an earlier job that lost its submitter is found on a cluster, and ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """A job. flags: Beam's options. signals: the folder in which it and its supervisor talk. loopback: whether its
    worker is in the same process. master: of the Flink cluster, where an earlier job may still run. ticks: whether
    shards are woken by ticks of Flink's (transforms/beam/stream.py). archiving: which bodies are kept where."""

    id: str
    sources: str
    store: str
    flags: tuple[str, ...]
    subscriptions: str | None = None
    signals: str | None = None
    loopback: bool = False
    master: str | None = None
    ticks: bool = False
    shards: int = SHARDS
    archiving: Archiving = ON_REQUEST
    lease: timedelta = timedelta(minutes=15)
    log_format: str = "text"
