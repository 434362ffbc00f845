"""How long what nobody needs any more is kept. Articles, claims and events with their whole history are never removed,
nor is what decides which article belongs to which story."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.contracts import Store
from transforms.read.stories import WINDOW


@dataclass(frozen=True, slots=True)
class Retention:
    """alerts: after they were due, of rows sent, failed or dropped; entries: after they ended as irrelevant and unless
    their feed still lists them, for then they would come anew; bands: of what copies are found by, after the newest
    member, twice the window within which a copy is looked for."""

    alerts: timedelta = timedelta(days=90)
    entries: timedelta = timedelta(days=90)
    bands: timedelta = 2 * WINDOW + timedelta(days=2)


def purge(store: Store, retention: Retention, now: datetime) -> Counter[str]:
    """Remove what is older; how many of each kind. Safe beside everything else that uses the store, and repeatable."""
    listed = {id for state in store.source_states().values() for id in state.value.listed}
    return Counter(
        alerts=store.purge("alerts", before=now - retention.alerts),
        entries=store.purge("entries", before=now - retention.entries, keep=listed),
        story_bands=store.purge("story_bands", before=now - retention.bands),
    )
