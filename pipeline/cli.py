"""The ``tocsin`` command. Heavy imports happen inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.commands import (
    brief,
    browse,
    catalogue,
    curate,
    documents,
    explain,
    export,
    registry,
    run,
    search,
    sources,
    store,
    subscriptions,
)
from pipeline.errors import UserError
from pipeline.logs import quieten
from transforms.contracts import StoreError
from transforms.knowledge import KnowledgeError

app = typer.Typer(
    name="tocsin",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Turns news feeds and UN press releases into a register of arms-transfer events.",
)
app.command("run")(run.run)
app.command("brief")(brief.brief)
app.command("extract")(documents.extract)
app.command("backfill")(documents.backfill)
app.command("explain")(explain.explain)
app.command("browse")(browse.browse)
app.command("show")(registry.show)
app.command("search", context_settings={"ignore_unknown_options": True})(search.search)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(curate.app, name="curate")
app.add_typer(export.app, name="export")
app.add_typer(sources.app, name="sources")
app.add_typer(store.app, name="store")
app.add_typer(subscriptions.app, name="subscriptions")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tocsin {version('tocsin')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every command."""


def main() -> None:
    """Run a command; what a person did wrong is one message on standard error and exit code 2, never a traceback."""
    quieten()
    console = Console(stderr=True)
    try:
        app()
    except (UserError, StoreError, KnowledgeError) as error:
        console.print(f"[bold red]Error[/] {escape(str(error))}", soft_wrap=True, highlight=False)
        sys.exit(2)
    except KeyboardInterrupt:
        console.print("Stopped.")
        sys.exit(130)
    except BrokenPipeError:  # `tocsin export … | head`
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
