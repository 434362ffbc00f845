"""The one DoFn: a worker function in a shell that turns exceptions into dead letters and counts what happened.

A stage is a *builder*, a small picklable object with the configuration; called in ``setup`` it returns the worker. So a
stage's logic is tested without Beam, and nothing heavy is pickled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar, cast

import apache_beam as beam

from transforms.beam import coders  # noqa: F401 (registers the record coders)
from transforms.codec import CodecError, encode
from transforms.contracts import StoreUnavailable
from transforms.records import DeadLetter, Disposition, Leased, Ticket

In = TypeVar("In", contravariant=True)
T = TypeVar("T")
Clock = Callable[[], datetime]
Count = Callable[[str, int], None]
ENDED = "ended"
_PAYLOAD = 65536
_log = logging.getLogger("tocsin.stage")


class Worker(Protocol[In]):
    """What a builder returns: from one element to what goes on, and to dispositions, which leave the main line."""

    def __call__(self, element: In) -> Iterable[object]: ...


class Builder(Protocol[In]):
    """Makes a worker in the process that will use it. ``count(name, n)`` adds to the round's figures."""

    def __call__(self, count: Count) -> Worker[In]: ...


class StageFn(beam.DoFn):
    """Runs a worker. What it raises becomes the entry's failure with a dead letter: bad data never fails a bundle.

    What is about no entry passes, and the bundle is to be tried again: StoreUnavailable, and whatever a stage raises
    that works on none yet (polling).
    """

    def __init__(self, name: str, build: Builder[object], clock: Clock) -> None:
        self._name = name
        self._build = build
        self._clock = clock

    def setup(self) -> None:
        """Build the worker where it will run."""
        self._work = self._build(add)

    def teardown(self) -> None:
        """Let the worker close what it holds."""
        close = getattr(getattr(self, "_work", None), "close", None)
        if close:
            close()

    def process(self, element: object) -> Iterator[object]:
        """Yield the worker's results; dispositions go to the ``ended`` output."""
        try:
            for result in self._work(element):
                yield beam.pvalue.TaggedOutput(ENDED, result) if isinstance(result, Disposition) else result
        except StoreUnavailable:
            raise
        except Exception as error:  # what the stage did not foresee
            tickets = _tickets(element)
            if not tickets:
                raise
            _log.exception("%s failed on %s", self._name, tickets)
            for ticket in tickets:
                add("failed", 1)
                yield beam.pvalue.TaggedOutput(ENDED, failure(self._name, ticket, error, element, self._clock()))


def failure(stage: str, ticket: Ticket, error: Exception | str, element: object, now: datetime) -> Disposition:
    """The disposition of an entry that a stage could not digest, with its dead letter."""
    reason = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    try:
        payload = encode(element)[:_PAYLOAD]
    except (CodecError, TypeError, ValueError):
        payload = None
    letter = DeadLetter(stage=stage, subject=ticket.entry, reason=reason[:2000], at=now, payload=payload)
    return Disposition(ticket=ticket, outcome="failed", reason=f"{stage}: {reason}"[:2000], letter=letter)


def run_stage(
    pcoll: beam.PCollection, name: str, build: Builder[T], clock: Clock, output: type[object]
) -> tuple[beam.PCollection, beam.PCollection]:
    """Apply a worker; returns (main output of type ``output``, dispositions)."""
    results = pcoll | name >> beam.ParDo(StageFn(name, cast(Builder[object], build), clock)).with_outputs(
        ENDED, main="main"
    )
    results.main.element_type = output
    results[ENDED].element_type = Disposition
    return results.main, results[ENDED]


def _tickets(element: object) -> tuple[Ticket, ...]:
    if isinstance(element, Leased):
        return element.tickets
    ticket = getattr(element, "ticket", None)
    return (ticket,) if isinstance(ticket, Ticket) else ()


_observers: list[Count] = []


@contextmanager
def observed(count: Count) -> Iterator[None]:
    """Tell ``count`` of every figure while the block runs: progress for people, where stages run in this process."""
    _observers.append(count)
    try:
        yield
    finally:
        _observers.remove(count)


def add(name: str, amount: int) -> None:
    """Count, from a thread in which Beam runs a DoFn; elsewhere only observers hear of it."""
    if amount:
        beam.metrics.Metrics.counter("tocsin", name).inc(amount)
        for observer in _observers:
            observer(name, amount)
