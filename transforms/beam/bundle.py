"""The DoFn of stages that write: a bundle's elements are taken together, as a store writes many at the cost of one.

Elements wait until the bundle ends or ``MOST`` of them are there. What they become keeps their own time and window.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar, cast

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from transforms.beam.stage import ENDED, Clock, Count, StageFn, add, failure
from transforms.contracts import StoreUnavailable
from transforms.records import Disposition, Ticket

MOST = 100
"""Elements that wait at most: beyond a hundred a bulk's fixed cost is spread thin enough, and articles are large."""
In = TypeVar("In", contravariant=True)
T = TypeVar("T")
_log = logging.getLogger("tocsin.stage")


class BundleWorker(Protocol[In]):
    """From elements to pairs of an element's place among them and what it became, an exception included."""

    def __call__(self, elements: Sequence[In]) -> Iterable[tuple[int, object]]: ...


BundleBuilder = Callable[[Count], BundleWorker[T]]


class BundleFn(StageFn):
    """As :class:`StageFn`, for a worker that takes many elements; what one of them raises is that one's failure."""

    def start_bundle(self) -> None:
        """Begin with nothing: what a failed bundle left is brought again."""
        self._held: list[tuple[object, object, object]] = []

    def process(
        self, element: object, at: object = beam.DoFn.TimestampParam, window: object = beam.DoFn.WindowParam
    ) -> Iterator[object]:
        """Hold the element back, or work on all that are held."""
        self._held.append((element, at, window))
        if len(self._held) >= MOST:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[object]:
        """Work on what is held."""
        yield from self._flush()

    def _flush(self) -> Iterator[object]:
        held, self._held = self._held, []
        if not held:
            return
        for n, result in self._worked([element for element, _, _ in held]):
            element, at, window = held[n]
            if isinstance(result, Exception):
                result = self._failed(element, result)
            placed = WindowedValue(result, at, (window,))
            yield beam.pvalue.TaggedOutput(ENDED, placed) if isinstance(result, Disposition) else placed

    def _worked(self, elements: Sequence[object]) -> list[tuple[int, object]]:
        work = cast(BundleWorker[object], self._work)
        try:
            return list(work(elements))
        except StoreUnavailable:
            raise
        except Exception as error:
            if len(elements) == 1:
                return [(0, error)]
        # One of them did it: found by working on each alone. Every write is idempotent, so nothing is done twice.
        return [(n, result) for n, one in enumerate(elements) for _, result in self._worked([one])]

    def _failed(self, element: object, error: Exception) -> Disposition:
        ticket = cast(Ticket, getattr(element, "ticket"))  # noqa: B009 (every element of a writing stage has one)
        _log.error("%s failed on %s", self._name, ticket, exc_info=error)
        add("failed", 1)
        return failure(self._name, ticket, error, element, self._clock())


def run_bundled(
    pcoll: beam.PCollection, name: str, build: BundleBuilder[T], clock: Clock, output: type[object]
) -> tuple[beam.PCollection, beam.PCollection]:
    """Apply a worker to bundles; returns (main output of type ``output``, dispositions)."""
    results = pcoll | name >> beam.ParDo(BundleFn(name, cast(Any, build), clock)).with_outputs(ENDED, main="main")
    results.main.element_type = output
    results[ENDED].element_type = Disposition
    return results.main, results[ENDED]
