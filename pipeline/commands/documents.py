"""``tocsin extract``, ``backfill`` and ``explain``: documents in, readings out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, LogFormat, LogFormatOption, StoreUrl, open_store
from pipeline.errors import UserError
from pipeline.terminal import console

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
    documents: Annotated[Path, typer.Argument(metavar="DOCS.jsonl", help=_DOCS)],
    store: StoreUrl = DEFAULT_STORE,
    alert: Annotated[
        Path | None, typer.Option("--alert", metavar="SUBSCRIPTIONS", help="Alert its subscribers; else nobody is.")
    ] = None,
    log_format: LogFormatOption = LogFormat.text,
) -> None:
    """Send documents through the whole pipeline into the store. Documents already there are not read again."""
    from pipeline.logs import configure

    configure(log_format.value)
    from pipeline.backfill import backfill as work
    from pipeline.service import subscribed

    summary = work(documents, store, subscribed(alert) if alert else None)
    Console(stderr=True).print(summary.sentence(), highlight=False, soft_wrap=True)


def explain(
    what: Annotated[
        str | None, typer.Argument(metavar="[FILE|URL]", help="A text, HTML, extract's JSON or JSONL, or an address.")
    ] = None,
    id: Annotated[str | None, typer.Option("--id", help="Which document of a JSONL file.")] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="An event of the store instead.")] = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Show a text with its mentions and claims marked, or an event with all that is known of it, and why."""
    out = console(soft_wrap=True)
    if event is not None:
        from pipeline.explain_event import show_event

        show_event(console(), open_store(store), event)
        return
    if what is None:
        raise UserError("explain what? A FILE or URL, or --event ID")
    from pipeline import explain as module

    if what.startswith(("http://", "https://")):
        from pipeline.fetching import document_from_url

        document = document_from_url(what)
    else:
        path = Path(what)
        if path.is_dir():
            raise UserError(f"{what}: a folder; name one file")
        document = module.document_from_file(path, id)
    module.show(out, module.read_document(document))
