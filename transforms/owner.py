"""Who holds a lease: a name for this process, by which another on the same host can tell whether it still lives."""

from __future__ import annotations

import os
import socket
import uuid

import psutil


def name() -> str:
    """``host/pid/start/random``: unique for this process, for one call each."""
    started = int(psutil.Process().create_time())
    return f"{socket.gethostname()}/{os.getpid()}/{started}/{uuid.uuid4().hex[:8]}"


def is_dead(owner: str) -> bool:
    """Whether an owner is surely gone: a process of this host that has ended (or whose number is another's now).

    False for what cannot be told: another host's owner, or a name of another form; those leases expire by time.
    """
    parts = owner.split("/")
    if len(parts) != 4 or parts[0] != socket.gethostname() or not (parts[1].isdigit() and parts[2].isdigit()):
        return False
    try:
        return abs(psutil.Process(int(parts[1])).create_time() - int(parts[2])) > 2
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
