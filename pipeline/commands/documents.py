"""``tocsin extract`` and ``backfill``: documents in, readings out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, LogFormat, LogFormatOption, StoreUrl

_DOCS = "documents, one JSON object a line: id, url, title, published, lang, source, text"


def extract(
    input: Annotated[Path, typer.Option("--input", metavar="DOCS.jsonl", help=_DOCS)],
    output: Annotated[
        Path, typer.Option("--output", metavar="PREDICTIONS.jsonl", help="Where mentions and claims go.")
    ],
    log_format: LogFormatOption = LogFormat.text,
) -> None:
    """Recognise mentions and claims in documents."""
    from pipeline.logs import configure

    configure(log_format.value)  # before Beam is imported, which logs
    from pipeline import extract as module

    err = Console(stderr=True)
    with err.status(f"Reading {input}"):
        count = module.extract(input, output)
    err.print(f"{count} documents read, predictions in {output}", highlight=False, soft_wrap=True)


def backfill(
    documents: Annotated[
        Path,
        typer.Argument(
            metavar="DOCS.jsonl|FILE.warc[.gz]|FOLDER", help=f"{_DOCS}; or an archive, or a folder of archives"
        ),
    ],
    store: StoreUrl = DEFAULT_STORE,
    sources: Annotated[
        Path | None, typer.Option("--sources", metavar="FILE", help="How far the sources of these are trusted.")
    ] = None,
    alert: Annotated[
        Path | None, typer.Option("--alert", metavar="SUBSCRIPTIONS", help="Alert its subscribers; else nobody is.")
    ] = None,
    log_format: LogFormatOption = LogFormat.text,
) -> None:
    """Send documents or archived pages through the whole pipeline into the store, without network.

    What is already there is not read again.
    """
    from pipeline.logs import configure

    configure(log_format.value)
    from pipeline.backfill import backfill as work
    from pipeline.settings import load, subscribed

    known = load(sources) if sources else None
    summary = work(documents, store, subscribed(alert) if alert else None, known)
    Console(stderr=True).print(summary.sentence(), highlight=False, soft_wrap=True)
