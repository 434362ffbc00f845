"""The processes of one attempt at a job, in one process group: started together, and gone together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO


class Group:
    """A process group of its own, apart from the terminal's. Use from one thread.

    A process that has ended is reaped only by :meth:`kill`: until then its number, which may be the group's, is nobody
    else's.
    """

    def __init__(self) -> None:
        self._id = 0
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str] | None = None, pipe: bool = False
    ) -> IO[bytes] | None:
        """Start a process that dies with this one. pipe: its standard error is returned instead of shared.

        Raises OSError where it cannot be started.
        """
        leash = [sys.executable, "-m", "pipeline.runners.leash", str(os.getpid())]
        process = subprocess.Popen(  # noqa: S603 (our own commands)
            [*leash, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if pipe else None,
            stderr=subprocess.PIPE if pipe else None,
            env={**os.environ, **environment} if environment else None,
            process_group=self._id,
        )
        self._id = self._id or process.pid
        self._processes[name] = process
        return process.stderr

    @property
    def processes(self) -> Mapping[str, int]:
        """Process numbers by name."""
        return {name: process.pid for name, process in self._processes.items()}

    def ended(self) -> tuple[str, int] | None:
        """The first process found to have ended: its name and exit code (negative: the signal)."""
        for name, process in self._processes.items():
            found = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None:
                return name, found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
        return None

    def terminate(self, name: str) -> None:
        """Ask one process to end."""
        with suppress(ProcessLookupError):
            os.kill(self._processes[name].pid, signal.SIGTERM)

    def kill(self) -> None:
        """End every process of the group, children's children too, and wait for those started here."""
        if self._id:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._id, signal.SIGKILL)
        for process in self._processes.values():
            process.wait()
            if process.stderr:
                process.stderr.close()
        self._processes.clear()
        self._id = 0
