"""Elements of a bundle are worked on together; each has its own result, failure and window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.beam import options
from tests.samples import NOW, article
from transforms.beam.bundle import MOST, BundleWorker, run_bundled
from transforms.beam.stage import Count, failure
from transforms.contracts import StoreUnavailable
from transforms.records import Disposition, Reading, Ticket, Understood


def one(n: int) -> Understood:
    return Understood(ticket=Ticket(entry=f"e{n}", fence=1), reading=Reading(article=article(f"a{n}"), relevant=True))


def clock() -> datetime:
    return NOW


@dataclass(frozen=True)
class Build:
    """Builds a worker that marks each element with how many came with it, and does what its name says to e1."""

    what: str

    def __call__(self, count: Count) -> BundleWorker[Understood]:
        def work(elements: Sequence[Understood]) -> Iterator[tuple[int, object]]:
            for n, element in enumerate(elements):
                if element.ticket.entry != "e1" or self.what == "passes":
                    yield n, replace(element, ticket=replace(element.ticket, fence=len(elements)))
                elif self.what == "raises":
                    raise ValueError("half a date")
                elif self.what == "no store":
                    raise StoreUnavailable("the disk is gone")
                elif self.what == "ends":
                    yield n, Disposition(ticket=element.ticket, outcome="irrelevant")
                else:
                    yield n, ValueError("half a date")

        return work


def fenced(n: int, fence: int) -> Understood:
    return replace(one(n), ticket=Ticket(entry=f"e{n}", fence=fence))


FAILED = failure("Try", one(1).ticket, "ValueError: half a date", one(1), NOW)


@pytest.mark.parametrize(
    ("what", "main", "ended"),
    [
        ("passes", [fenced(0, 3), fenced(1, 3), fenced(2, 3)], []),
        ("ends", [fenced(0, 3), fenced(2, 3)], [Disposition(ticket=one(1).ticket, outcome="irrelevant")]),
        ("fails", [fenced(0, 3), fenced(2, 3)], [FAILED]),
        ("raises", [fenced(0, 1), fenced(2, 1)], [FAILED]),
    ],
)
def test_each_of_a_bundle_has_its_own_result(what: str, main: list[object], ended: list[object]) -> None:
    with beam.Pipeline(options=options("DirectRunner")) as pipeline:
        given = pipeline | beam.Create([3]) | beam.FlatMap(lambda n: [one(m) for m in range(n)])
        results, dispositions = run_bundled(given, "Try", Build(what), clock, Understood)
        assert_that(results, equal_to(main), label="main")
        assert_that(dispositions, equal_to(ended), label="ended")


def test_a_long_bundle_is_cut() -> None:
    with beam.Pipeline(options=options("DirectRunner")) as pipeline:
        given = pipeline | beam.Create([MOST + 1]) | beam.FlatMap(lambda n: [one(m) for m in range(n)])
        results, _ = run_bundled(given, "Try", Build("passes"), clock, Understood)
        sizes = results | beam.Map(lambda element: element.ticket.fence)
        assert_that(sizes, equal_to([MOST] * MOST + [1]))


def test_an_absent_store_fails_the_bundle() -> None:
    pipeline = beam.Pipeline(options=options("DirectRunner"))
    given = pipeline | beam.Create([3]) | beam.FlatMap(lambda n: [one(m) for m in range(n)])
    run_bundled(given, "Try", Build("no store"), clock, Understood)
    with pytest.raises(Exception, match="the disk is gone"):
        pipeline.run()
