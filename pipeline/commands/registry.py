"""``tocsin show``: what the register holds."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store
from pipeline.terminal import console


def show(
    store: StoreUrl = DEFAULT_STORE,
    limit: Annotated[int, typer.Option(min=1, help="At most so many events, the last changed first.")] = 20,
    ids: Annotated[bool, typer.Option("--ids", help="With each event's id, for explain, curate and export.")] = False,
) -> None:
    """Show the events of the register in a table."""
    from pipeline.show import events_table

    with closing(existing_store(store)) as opened:
        table = events_table(opened, limit, ids=ids)
    if table.rows:
        console().print(table)
    else:
        told = f"There are no events in the store yet; `tocsin run --store {store}` looks for some."
        Console(stderr=True, soft_wrap=True).print(told, markup=False, highlight=False)
