"""The ``tocsin`` command. Heavy imports happen inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

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
from transforms.contracts import StoreError, StoreUnavailable
from transforms.knowledge import KnowledgeError


class _Commands(TyperGroup):
    """All commands: how they end where standard output takes no more."""

    def invoke(self, ctx: Any) -> Any:
        """Run one. A reader that has enough (``| head``) is no failure; a full disk is one, in one message."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # else what is still buffered fails after the exit code is settled
        except BrokenPipeError:
            _hush()
            raise typer.Exit(0) from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            _hush()
            _say(f"{error.filename or 'standard output'}: {error.strerror}")
            raise typer.Exit(1) from None
        return result


app = typer.Typer(
    name="tocsin",
    cls=_Commands,
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a locale without arrows and Cyrillic gets their codes
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except StoreUnavailable as error:  # nothing was wrong with what was asked
        _say(str(error))
        sys.exit(1)
    except (UserError, StoreError, KnowledgeError) as error:
        _say(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped.")
        sys.exit(130)


def _say(problem: str) -> None:
    """One message on standard error; what it quotes is neither markup, nor emoji, nor drives the terminal."""
    shown = "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in problem)
    console = Console(stderr=True, emoji=False, soft_wrap=True)
    console.print(f"[bold red]Error[/] {escape(shown)}", highlight=False)


def _hush() -> None:
    """Nobody reads standard output: what is still buffered goes nowhere, instead of failing once more at exit."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    main()
