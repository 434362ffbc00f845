"""``tocsin explain``: why a text or an event reads as it does."""

from __future__ import annotations

import re
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.clock import utc_now
from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store
from pipeline.errors import UserError
from pipeline.exports.output import STDOUT
from pipeline.exports.output import opened as opened_out
from pipeline.terminal import console
from transforms.records import Document


class Format(StrEnum):
    """How it is shown."""

    terminal = "terminal"
    html = "html"


def explain(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|URL]", help="A page (HTML, PDF), a text, extract's JSON or JSONL, or an address."
        ),
    ] = None,
    id: Annotated[str | None, typer.Option("--id", help="Which document of a JSONL file.")] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="An event of the store instead.")] = None,
    store: StoreUrl = DEFAULT_STORE,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="OUT.html", help="Write one self-contained page instead.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="html without --html goes to standard output.")] = (
        Format.terminal
    ),
) -> None:
    """Show a text with its mentions and claims marked, or an event with all that is known of it, and why."""
    page = html is not None or format is Format.html
    if event is not None:
        if what is not None:
            raise UserError(f"explain {what!r} or --event {event}? One of them")
        if page:
            from pipeline.explain.event_page import stored_event_page

            with closing(existing_store(store)) as opened:
                _put(stored_event_page(opened, event, utc_now()), html)
            return
        from pipeline.explain.event import show_event

        show_event(console(), existing_store(store), event)
        return
    if not what:
        raise UserError("explain what? A FILE or URL, or --event ID")
    from pipeline.explain import read_document, show

    explained = read_document(_document(what, id))
    if page:
        from pipeline.explain.page import article_page

        _put(article_page(explained, utc_now()), html)
    else:
        show(console(soft_wrap=True), explained)


def _document(what: str, id: str | None) -> Document:
    scheme = re.match(r"[a-z][a-z0-9+.-]*(?=://)", what, re.IGNORECASE)
    if scheme and scheme[0].lower() not in ("http", "https"):
        raise UserError(f"{what}: an address to read begins with https:// or http://")
    if scheme:
        if id is not None:
            raise UserError(f"--id {id}: picks a document of a .jsonl file")
        from pipeline.fetching import document_from_url

        return document_from_url(what)
    from pipeline.explain import document_from_file

    path = Path(what)
    if path.is_dir():
        raise UserError(f"{what}: a folder; name one file")
    return document_from_file(path, id)


def _put(page: str, path: Path | None) -> None:
    with opened_out(path) as stream:
        stream.write(page.encode("utf-8"))
    if path is None or path == STDOUT:
        return
    Console(stderr=True).print(f"Written to {path}", highlight=False, soft_wrap=True, markup=False)
