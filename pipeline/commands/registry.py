"""``tocsin export`` and ``show``: what the store holds."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, open_store
from pipeline.errors import UserError
from pipeline.terminal import console


class What(StrEnum):
    """What can be exported."""

    events = "events"
    articles = "articles"
    entries = "entries"
    claims = "claims"


class Format(StrEnum):
    """Export formats."""

    jsonl = "jsonl"


def export(
    what: Annotated[What, typer.Argument(help="Which records.")],
    store: StoreUrl = DEFAULT_STORE,
    format: Annotated[Format, typer.Option(help="One JSON object a line.")] = Format.jsonl,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file instead of standard output.")
    ] = None,
) -> None:
    """Write the store's records, ordered by id."""
    from pipeline.export import export as records

    opened = open_store(store)
    if out is None:
        for line in records(opened, what.value):
            typer.echo(line)
        return
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in records(opened, what.value))
    except OSError as error:
        raise UserError(f"{out}: cannot be written: {error.strerror or error}") from None


def show(
    store: StoreUrl = DEFAULT_STORE,
    limit: Annotated[int, typer.Option(min=1, help="At most so many events, the last changed first.")] = 20,
) -> None:
    """Show the events of the register in a table."""
    from pipeline.show import events_table

    console().print(events_table(open_store(store), limit))
