"""A store through which events change without being announced: for a backfill."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast

from transforms.contracts import Store
from transforms.records import Event


def quietly(store: Store) -> Store:
    """The store, for writes that nobody is to be alerted of."""
    return cast(Store, _Quietly(store))


class _Quietly:
    """Passes everything on, but no change that is new in a write enters ``unannounced``.

    What waits to be announced already stays so. As the write itself leaves the changes out, no crash can let them slip
    into the outbox later.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def put_event(self, event: Event, version: str) -> bool:
        """See :meth:`Store.put_event`."""
        return not self.put_events([(event, version)])

    def put_events(self, writes: Sequence[tuple[Event, str]]) -> Collection[str]:
        """See :meth:`Store.put_events`."""
        known = self._store.events([event.id for event, _ in writes if event.unannounced])
        quiet, refused = [], []
        for event, version in writes:
            if event.unannounced:
                read = known.get(event.id)
                if (read.version if read else "") != version:
                    refused.append(event.id)
                    continue
                waiting = {change.number for change in read.value.unannounced} if read else set()
                event = replace(event, unannounced=tuple(c for c in event.unannounced if c.number in waiting))
            quiet.append((event, version))
        return [*refused, *self._store.put_events(quiet)]
