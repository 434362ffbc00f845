"""NotifySubscribers: what merged events changed goes into the outbox; then the entry may have its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam

from transforms.beam.bundle import BundleWorker, run_bundled
from transforms.beam.stage import Clock, Count
from transforms.contracts import Store, StoreFactory
from transforms.notify.announce import announce_all
from transforms.notify.current import Current
from transforms.records import Disposition, Registered

_LEFT = 1000
"""Events looked after at the start; what a sender finds left later, it announces as well."""


@dataclass(frozen=True, slots=True)
class _Notifier:
    store: Store
    current: Current
    clock: Clock
    count: Count

    def __call__(self, elements: Sequence[Registered]) -> Iterator[tuple[int, object]]:
        self.announce([event for element in elements for event in element.events])
        for n, element in enumerate(elements):
            yield n, Disposition(ticket=element.ticket, outcome=element.outcome)

    def announce(self, events: Sequence[str]) -> None:
        """Make the events' alerts and clear what was unannounced."""
        if events:
            self.count("alerts", announce_all(self.store, events, self.current.matcher(), self.clock()))

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class Notifies:
    """Builds the worker of NotifySubscribers. What a worker left that died before it announced is announced first:
    an event that was written is not written again in the replay, and so would not come by here."""

    factory: StoreFactory
    current: Current
    clock: Clock

    def __call__(self, count: Count) -> BundleWorker[Registered]:
        notifier = _Notifier(self.factory(), self.current, self.clock, count)
        notifier.announce(notifier.store.unannounced(_LEFT))
        return notifier


class NotifySubscribers(beam.PTransform):
    """Registered → nothing more on the main line; every entry leaves as a disposition, its changes in the outbox."""

    def __init__(self, factory: StoreFactory, current: Current, clock: Clock) -> None:
        super().__init__()
        self._build = Notifies(factory, current, clock)
        self._clock = clock

    def expand(self, registered: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_bundled(registered, "Notify", self._build, self._clock, Registered)
