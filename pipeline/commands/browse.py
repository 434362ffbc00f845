"""``tocsin browse``: the embedded store in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, StoreUrl
from pipeline.errors import UserError
from pipeline.terminal import console


def browse(
    store: StoreUrl = DEFAULT_STORE,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = ("127.0.0.1"),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    open: Annotated[bool, typer.Option("--open", help="Open it in the web browser.")] = False,
) -> None:
    """Look through the register in a web browser: tables, search, map, SQL. Nothing is written while it runs."""
    from sinks.urls import is_elasticsearch, sqlite_path

    if is_elasticsearch(store):
        raise UserError(
            "browse is for the embedded store (--store sqlite:///…); a store in Elasticsearch is looked through in"
            " Kibana (deploy/kibana)"
        )
    path = sqlite_path(store)
    from pipeline.browse.database import bring_up_to_date
    from pipeline.browse.server import is_loopback, serve

    bring_up_to_date(path, store)
    out = console(soft_wrap=True)

    def ready(address: str) -> None:
        out.print(f"The register is at {address}  (read-only; Ctrl-C ends it)", highlight=False, markup=False)
        if not is_loopback(host):
            out.print("[yellow]Everybody who reaches this address can read the store.[/]")
        if open:
            typer.launch(address)

    serve(path, host, port, ready)
