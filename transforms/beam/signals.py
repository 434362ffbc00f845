"""How a supervisor and its workers tell each other something, on one machine: files in a folder of the run.

A worker elsewhere (a cluster's) has no such folder: it is never asked to drain this way (the cluster has its own), and
its signs of life are seen by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one run; picklable. folder: None where there is no supervisor."""

    folder: Path | None = None

    def draining(self) -> bool:
        """Whether shards are to end at their next wake."""
        return self.folder is not None and (self.folder / "drain").exists()

    def drain(self) -> None:
        """Ask them to."""
        if self.folder is not None:
            (self.folder / "drain").touch()

    def beat(self) -> None:
        """A shard is awake."""
        if self.folder is not None:
            try:
                (self.folder / "beat").touch()
            except OSError:  # the folder is another machine's, or the supervisor is gone and this process soon will be
                pass

    def last(self) -> int | None:
        """A number that changes with each sign of life; None before the first."""
        if self.folder is None:
            return None
        try:
            return (self.folder / "beat").stat().st_mtime_ns
        except OSError:
            return None

    def clear(self) -> None:
        """Forget what the last attempt left."""
        if self.folder is not None:
            for name in ("drain", "beat"):
                (self.folder / name).unlink(missing_ok=True)
