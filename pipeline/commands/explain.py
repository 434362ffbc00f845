"""``tocsin explain``: why a text or an event reads as it does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, open_store
from pipeline.errors import UserError
from pipeline.terminal import console


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
        from pipeline.explain.event import show_event

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
