"""``tocsin show``: what the register holds."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, open_store
from pipeline.terminal import console


def show(
    store: StoreUrl = DEFAULT_STORE,
    limit: Annotated[int, typer.Option(min=1, help="At most so many events, the last changed first.")] = 20,
) -> None:
    """Show the events of the register in a table."""
    from pipeline.show import events_table

    console().print(events_table(open_store(store), limit))
