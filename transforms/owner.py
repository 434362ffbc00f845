"""Who holds a lease: a name for this process, by which another on the same host can tell whether it still lives."""

from __future__ import annotations

import os
import socket
import uuid
from pathlib import Path

import psutil

_PROC = Path("/proc")
_ENDED = frozenset("ZXx")  # states of a process that has ended and waits for its parent to take note


def name() -> str:
    """``host/pid/start/random``: unique for this process, for one call each."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}/{uuid.uuid4().hex[:8]}"


def is_dead(owner: str) -> bool:
    """Whether an owner is surely gone: a process of this host that has ended (or whose number is another's now).

    False for what cannot be told: another host's owner, or a name of another form; those leases expire by time.
    """
    parts = owner.split("/")
    if len(parts) != 4 or parts[0] != socket.gethostname() or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return False
    pid = int(parts[1])
    try:
        return not psutil.pid_exists(pid) or _started(pid) != int(parts[2])
    except psutil.NoSuchProcess:
        return True
    except (psutil.AccessDenied, OSError):
        return False


def _started(pid: int) -> int:
    """When a process began, as a number that no other process of its number has, 0 for one that has ended.

    Linux: ticks since the machine started, behind the id of that start. Not the time of day, which psutil works out
    from the ticks by the clock: once the clock is set, every process would seem to have begun at another time, and a
    living one to be dead. Raises psutil.NoSuchProcess, psutil.AccessDenied, OSError.
    """
    try:
        boot = int((_PROC / "sys/kernel/random/boot_id").read_text()[:8], 16)
        told = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()  # a program's name may have spaces
    except FileNotFoundError:
        return int(psutil.Process(pid).create_time())
    return 0 if told[0] in _ENDED else boot * 10**15 + int(told[19])
