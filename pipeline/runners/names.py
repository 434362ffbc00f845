"""The runners by name. Nothing heavy is imported here: ``tocsin run --help`` needs it."""

from __future__ import annotations

from enum import StrEnum

SHARDS = 16
"""Shards of hosts in a stream where nothing else is said (transforms/poll/shards.py)."""


class Runner(StrEnum):
    """What ``--runner`` may say. FnApiRunner is DirectRunner's engine by its own name."""

    direct = "DirectRunner"
    in_process = "FnApiRunner"
    prism = "PrismRunner"
    flink = "FlinkRunner"

    @property
    def streams(self) -> bool:
        """Whether it runs one job without an end; else bounded rounds are repeated."""
        return self in {Runner.prism, Runner.flink}
