"""Run as a program: becomes another program that the kernel kills when this one's parent dies.

    python -m pipeline.runners.leash PARENT COMMAND…

So a supervisor that is killed (SIGKILL, out of memory) leaves no orphan. Linux only; elsewhere the command just
runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Bind this process to its parent and become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it could be watched
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 (the supervisor's own command)


if __name__ == "__main__":
    main()
