"""``tocsin run``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, LogFormat, LogFormatOption, SourcesFile, StoreUrl


def run(
    sources: SourcesFile = Path("sources.yaml"),
    store: StoreUrl = DEFAULT_STORE,
    once: Annotated[
        bool, typer.Option("--once", help="One round, then exit: 0, or 1 where every source failed.")
    ] = False,
    serve: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Serve this folder on the sources' loopback port meanwhile.")
    ] = None,
    subscriptions: Annotated[
        Path | None,
        typer.Option("--subscriptions", metavar="FILE", help="Who is alerted to what; read when it changes."),
    ] = None,
    runner: Annotated[str, typer.Option(help="The Beam runner.")] = "DirectRunner",
    log_format: LogFormatOption = LogFormat.text,
) -> None:
    """Poll the sources, read what is new, and keep the register of events, until stopped."""
    from pipeline.logs import configure

    configure(log_format.value)  # before Beam is imported, which logs
    from pipeline.service import Service

    service = Service(
        sources=sources,
        store=store,
        runner=runner,
        serve=serve,
        subscriptions=subscriptions,
        console=Console(stderr=True),
    )
    raise typer.Exit(service.run(once=once))
