"""``tocsin extract``: the text stages over documents, as a bounded pipeline."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import apache_beam as beam

from pipeline.beam import options
from pipeline.clock import utc_now
from pipeline.documents import read_documents
from pipeline.errors import UserError
from transforms.beam.understand import AssembleClaims, Geocode, RecogniseMentions, warm_up
from transforms.predictions import prediction
from transforms.read import given_article
from transforms.records import Document, Reading, Ticket, Understood


def extract(input: Path, output: Path, *, runner: str = "DirectRunner") -> int:
    """Write one prediction a line, in the order of the documents; returns how many.

    The output appears whole or not at all. Raises UserError for bad input.
    """
    documents = list(read_documents(input))
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        pipeline = beam.Pipeline(options=options(runner))
        _graph(pipeline, documents, f"{folder}/predictions")
        pipeline.run().wait_until_finish()
        lines = {}
        for shard in sorted(Path(folder).iterdir()):
            for line in shard.read_text(encoding="utf-8").splitlines():
                lines[json.loads(line)["id"]] = line
    missing = [document.id for document in documents if document.id not in lines]
    if missing:
        raise UserError(f"{input}: no prediction for {', '.join(missing[:9])}: see the errors above")
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_text("".join(f"{lines[document.id]}\n" for document in documents), encoding="utf-8")
        draft.replace(output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror or error}") from None
    return len(documents)


def understood(document: Document) -> Understood:
    """A document as it enters the text stages; no inbox entry belongs to it."""
    article = given_article(document, first_seen=utc_now())
    return Understood(ticket=Ticket(entry=document.id, fence=0), reading=Reading(article=article, relevant=False))


def _line(element: Understood) -> str:
    return json.dumps(prediction(element.reading), ensure_ascii=False)


def _graph(pipeline: beam.Pipeline, documents: Iterable[Document], prefix: str) -> None:
    articles = pipeline | "Documents" >> beam.Create([understood(document) for document in documents])
    articles.element_type = Understood
    recognised, _ = articles | "RecogniseMentions" >> RecogniseMentions(utc_now, gate=False)
    claimed, _ = recognised | "AssembleClaims" >> AssembleClaims(utc_now, gate=False)
    placed, _ = claimed | "Geocode" >> Geocode(utc_now)
    lines = placed | "Predict" >> beam.Map(_line).with_output_types(str)
    lines | "Write" >> beam.io.WriteToText(prefix, file_name_suffix=".jsonl")
