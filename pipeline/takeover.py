"""What a process that died had leased is due again at once."""

from __future__ import annotations

import logging

from transforms import owner
from transforms.contracts import Store

_log = logging.getLogger("tocsin.run")


def take_over(store: Store, mine: str = "") -> int:
    """Release the leases of owners of this machine that are surely dead; returns how many entries. Those on other
    machines expire by time. Raises StoreUnavailable."""
    count = 0
    for other in store.lease_owners():
        if other != mine and owner.is_dead(other) and (released := store.release_leases(other)):
            _log.info("took up %d entries of a run that ended midway", released)
            count += released
    return count
