"""``tocsin sources``: the configured sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, SourcesFile, StoreUrl
from pipeline.terminal import console

app = typer.Typer(no_args_is_help=True, help="The sources that are polled.")


@app.callback()
def _sources() -> None:
    """The sources that are polled."""


@app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these sources.")] = None,
    sources: SourcesFile = Path("sources.yaml"),
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Poll sources now and show what is wrong with each and what to do; exit code 1 where one failed."""
    from pipeline.health import check_sources

    table, failed = check_sources(sources, store, ids or [])
    console().print(table)
    if failed:
        raise typer.Exit(1)
