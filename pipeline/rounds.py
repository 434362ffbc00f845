"""One bounded round on the in-process runner, and what it did."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field

import apache_beam as beam

from pipeline.beam import options
from pipeline.graph import Parts, build

_TICK = 0.2
"""Seconds between two looks at whether a round is to end."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a round, by the names the stages count under."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.counts.get(name, 0)

    @property
    def all_failed(self) -> bool:
        """Whether sources were polled and every one failed."""
        return self["polled"] > 0 and self["polled"] == self["sources_failed"]

    def sentence(self) -> str:
        """The round in one line for people."""
        events = f"events {self['events_new']} new, {self['events_changed']} changed"
        failed = f"failed {self['sources_failed']} sources, {self['outcome_failed']} entries"
        return (
            f"polled {self['polled']}, unchanged {self['unchanged']}, new {self['entries_new']}, "
            f"relevant {self['relevant']}, {events}, {failed}"
        )


def run_round(parts: Parts, *, runner: str = "DirectRunner", extra: Sequence[str] = ()) -> Summary:
    """Run one round to its end. Raises what the runner raises where a bundle failed (the store not answering)."""
    pipeline = beam.Pipeline(options=options(runner, extra))
    build(pipeline, parts)
    result = pipeline.run()
    result.wait_until_finish()
    found = result.metrics().query(beam.metrics.MetricsFilter().with_namespace("tocsin"))["counters"]
    counts: dict[str, int] = {}
    for counter in found:
        name = counter.key.metric.name
        counts[name] = counts.get(name, 0) + int(counter.committed)
    return Summary(counts)


class CutOff(Exception):
    """A round was to end, and took longer than it was given. It goes on in its thread until the process ends."""


def cut_off(round: Callable[[], Summary], stop: threading.Event, grace: float) -> Summary:
    """Run a round in a thread of its own; once ``stop`` is set it has ``grace`` seconds left.

    Raises CutOff after these, and what the round raises. Polling ten thousand feeds takes minutes, one that hangs up to
    its timeout; nobody who stops the service waits for that, and nothing is lost (``tests/pipeline/test_kill.py``).
    """
    ended: Future[Summary] = Future()

    def work() -> None:
        try:
            ended.set_result(round())
        except BaseException as error:
            ended.set_exception(error)

    threading.Thread(target=work, name="round", daemon=True).start()
    while grace > 0:
        before = time.monotonic()
        if wait((ended,), _TICK).done:
            return ended.result()
        if stop.is_set():
            grace -= time.monotonic() - before
    raise CutOff
