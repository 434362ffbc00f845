"""Run as a program: rounds beside another process on the same store, begun at one moment.

    python -m tests.pipeline.sharing_round STORE_PATH SOURCES_FILE READY_FILE GO_FILE

Prints how many entries it brought to an end itself.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipeline.graph import Parts
from pipeline.rounds import run_round
from sinks.urls import StoreAt
from tests.pipeline.killed_round import fixed_clock
from transforms import owner
from transforms.beam.understand import warm_up
from transforms.sources import load_sources


def main() -> None:
    """One round in batches of two, so that both have something to do."""
    store, sources, ready, go = sys.argv[1], load_sources(Path(sys.argv[2])), Path(sys.argv[3]), Path(sys.argv[4])
    warm_up()
    ready.touch()
    until = time.monotonic() + 120
    while not go.exists() and time.monotonic() < until:
        time.sleep(0.01)
    parts = Parts(store=StoreAt(f"sqlite:///{store}"), sources=sources, owner=owner.name(), clock=fixed_clock, batch=2)
    summary = run_round(parts)
    print(sum(count for name, count in summary.counts.items() if name.startswith("outcome_")))  # noqa: T201


if __name__ == "__main__":
    main()
