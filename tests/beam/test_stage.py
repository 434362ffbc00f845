"""The one DoFn: results go on, dispositions leave, exceptions become dead letters, an absent store is raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.beam import options
from tests.samples import NOW, article, entry
from transforms.beam.stage import Count, Worker, failure, run_stage
from transforms.contracts import StoreUnavailable
from transforms.records import DeadLetter, Disposition, Leased, Reading, Ticket, Understood

TICKET = Ticket(entry="e1", fence=2)
GOOD = Understood(ticket=TICKET, reading=Reading(article=article(), relevant=False))


def clock() -> datetime:
    return NOW


@dataclass(frozen=True)
class Build:
    """Builds a worker that does what its name says."""

    what: str

    def __call__(self, count: Count) -> Worker[object]:
        def work(element: object) -> Iterator[object]:
            if self.what == "raises":
                raise ValueError("half a date")
            if self.what == "no store":
                raise StoreUnavailable("the disk is gone")
            if self.what == "ends":
                yield Disposition(ticket=TICKET, outcome="irrelevant")
            yield element

        return work


@pytest.mark.parametrize(
    ("element", "kind", "what", "main", "ended"),
    [
        (GOOD, Understood, "passes", [GOOD], []),
        (GOOD, Understood, "ends", [GOOD], [Disposition(ticket=TICKET, outcome="irrelevant")]),
        (GOOD, Understood, "raises", [], [failure("Try", TICKET, "ValueError: half a date", GOOD, NOW)]),
    ],
)
def test_results_dispositions_and_failures(
    element: object, kind: type[object], what: str, main: list[object], ended: list[object]
) -> None:
    with beam.Pipeline(options=options("DirectRunner")) as pipeline:
        given = pipeline | beam.Create([element])
        results, dispositions = run_stage(given, "Try", Build(what), clock, kind)
        assert_that(results, equal_to(main), label="main")
        assert_that(dispositions, equal_to(ended), label="ended")


def test_a_failed_batch_fails_every_entry_in_it() -> None:
    tickets = (TICKET, Ticket(entry="e2", fence=1))
    batch = Leased(tickets=tickets, entries=(entry("e1"), entry("e2")))
    with beam.Pipeline(options=options("DirectRunner")) as pipeline:
        given = pipeline | beam.Create([batch])
        _, dispositions = run_stage(given, "Try", Build("raises"), clock, Leased)
        assert_that(dispositions | beam.Map(lambda d: d.ticket.entry), equal_to(["e1", "e2"]))


def test_a_store_that_does_not_answer_fails_the_bundle() -> None:
    pipeline = beam.Pipeline(options=options("DirectRunner"))
    run_stage(pipeline | beam.Create([GOOD]), "Try", Build("no store"), clock, Understood)
    with pytest.raises(Exception, match="the disk is gone"):
        pipeline.run().wait_until_finish()


def test_a_stage_that_fails_before_there_is_an_entry_fails_the_run() -> None:
    pipeline = beam.Pipeline(options=options("DirectRunner"))
    run_stage(pipeline | beam.Create([0]), "Try", Build("raises"), clock, Leased)
    with pytest.raises(Exception, match="half a date"):
        pipeline.run().wait_until_finish()


def test_a_failure_keeps_the_reason_and_the_payload_within_bounds() -> None:
    found = failure("Read", TICKET, "x" * 5000, article(text="y" * 100_000), NOW)
    assert isinstance(found.letter, DeadLetter)
    assert (len(found.letter.reason), len(found.letter.payload or "")) == (2000, 65536)
    assert found.reason is not None
    assert found.reason.startswith("Read: xxx")
