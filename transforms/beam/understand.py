"""RecogniseMentions, AssembleClaims and Geocode: the text stages, the same for a stream and for ``tocsin extract``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import apache_beam as beam

from transforms.beam.stage import Clock, Count, Worker, run_stage
from transforms.judge import judge
from transforms.places import geocode_claims
from transforms.recognise.mentions import recognise, subject, subject_of
from transforms.recognise.relevance import first_pass
from transforms.records import Article, Disposition, Document, Understood


@cache
def warm_up() -> None:
    """Load all knowledge of the text stages, once a process.

    In ``setup``, not at the first article: a knowledge file that cannot be read is the installation's fault, and must
    stop the run with its message instead of failing entry after entry.
    """
    source = subject(Document(id="", text=""))
    mentions = recognise(source)
    judge(source, mentions, ())


def _ends_here(article: Article) -> bool:
    """Whether an irrelevant article needs no further stage. A later revision does: what its former one claimed must
    leave the register."""
    return article.revision == 1


@dataclass(frozen=True, slots=True)
class Recognise:
    """Builds the worker of RecogniseMentions.

    gate: in the stream, what cannot be arms-transfer reporting ends here as ``irrelevant``, before anything costly
    (about half of what news feeds bring); ``extract`` reports the mentions of every document.
    """

    gate: bool

    def __call__(self, count: Count) -> Worker[Understood]:
        warm_up()

        def work(element: Understood) -> Iterator[object]:
            reading = element.reading
            article = reading.article
            if self.gate and _ends_here(article) and not first_pass(f"{article.title}\n{article.text}"):
                count("irrelevant", 1)
                yield Disposition(ticket=element.ticket, outcome="irrelevant")
                return
            mentions = recognise(subject_of(reading.article))
            yield replace(element, reading=replace(reading, mentions=mentions))

        return work


@dataclass(frozen=True, slots=True)
class Assemble:
    """Builds the worker of AssembleClaims; what is not relevant has no claims, and in the stream (gate) ends here."""

    gate: bool

    def __call__(self, count: Count) -> Worker[Understood]:
        warm_up()

        def work(element: Understood) -> Iterator[object]:
            reading = element.reading
            source = subject_of(reading.article)
            relevant, claims = judge(source, reading.mentions, reading.article.passages)
            if self.gate and not relevant and _ends_here(reading.article):
                count("irrelevant", 1)
                yield Disposition(ticket=element.ticket, outcome="irrelevant")
                return
            count("relevant", int(relevant))
            count("claims", len(claims))
            yield replace(element, reading=replace(reading, relevant=relevant, claims=claims))

        return work


@dataclass(frozen=True, slots=True)
class PlaceClaims:
    """Builds the worker of Geocode: coordinates for the places of claims."""

    def __call__(self, count: Count) -> Worker[Understood]:
        def work(element: Understood) -> Iterator[object]:
            reading = element.reading
            claims = geocode_claims(reading.claims, reading.mentions)
            yield replace(element, reading=replace(reading, claims=tuple(claims)))

        return work


class _GatedStage(beam.PTransform):
    def __init__(self, clock: Clock, *, gate: bool) -> None:
        super().__init__()
        self._clock = clock
        self._gate = gate


class RecogniseMentions(_GatedStage):
    """Understood (an article) → Understood (with mentions), and dispositions."""

    def expand(self, articles: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(articles, "Recognise", Recognise(self._gate), self._clock, Understood)


class AssembleClaims(_GatedStage):
    """Understood (with mentions) → Understood (with relevance and claims), and dispositions."""

    def expand(self, readings: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(readings, "Assemble", Assemble(self._gate), self._clock, Understood)


class Geocode(beam.PTransform):
    """Understood (with claims) → Understood (claims with coordinates), and dispositions."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def expand(self, readings: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        return run_stage(readings, "PlaceClaims", PlaceClaims(), self._clock, Understood)
