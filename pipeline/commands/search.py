"""``tocsin search``: events by words and typed filters."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, cast

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store
from pipeline.errors import UserError
from pipeline.terminal import console


class Format(StrEnum):
    """What the events are shown as."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    ids = "ids"


class Order(StrEnum):
    """What the events are ordered by: the latest, or the most, first."""

    date = "date"
    changed = "changed"
    seen = "seen"
    origins = "origins"
    articles = "articles"
    confidence = "confidence"


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY",
            help="Words and filters that all hold: 'supplier:PRK recipient:RUS weapon:\"Geran-2\" -standing:denied'.",
            show_default=False,
        ),
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    format: Annotated[Format, typer.Option(help="A table for people, the rest for scripts.")] = Format.table,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many events; a table has 20.")] = None,
    sort: Annotated[Order, typer.Option(help="The latest, or the most, first.")] = Order.date,
    ascending: Annotated[bool, typer.Option("--ascending", help="The earliest, or the fewest, first.")] = False,
    fields: Annotated[
        bool, typer.Option("--fields", help="List the fields with examples, and search nothing.")
    ] = False,
) -> None:
    """Find events of the register. Exit code 1 where there are none, 2 where the query cannot be understood.

    Words stand for every name of what is called so, in any language:
    Geran-2 finds the Shahed-136. "In quotation marks" they are looked for
    as they are. field:a,b is either; a minus before anything means not.
    """
    from pipeline import search as module
    from pipeline.clock import utc_now
    from pipeline.exports.output import opened as stream_of
    from transforms.search.hints import requoted
    from transforms.search.parse import parse
    from transforms.search.query import QueryError

    if fields:
        console().print(module.fields_help())
        return
    try:
        query = parse(requoted(words or [""]), utc_now(), sort=sort.value, ascending=ascending)
    except QueryError as error:
        raise UserError(f"the query cannot be understood\n{error.pointed()}") from None
    err = Console(stderr=True, soft_wrap=True)
    for note in query.notes:
        err.print(f"Note: {note}", markup=False, highlight=False)
    opened = existing_store(store)
    try:
        total = opened.count(query)
        if format is Format.table and total:
            console().print(module.table(opened.search(query, limit=limit or 20), query, total))
        elif format is not Format.table:
            with stream_of(None) as stream:
                module.write(opened.search(query, limit=limit), cast(module.Format, format.value), stream)
        if not total:
            err.print(module.nothing(opened, query), markup=False, highlight=False)
            raise typer.Exit(1)
    finally:
        opened.close()
