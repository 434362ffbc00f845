"""``tocsin sources``: the configured sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, SourcesFile, StoreUrl
from pipeline.errors import UserError
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


@app.command("import")
def import_(
    opml: Annotated[Path, typer.Argument(metavar="FILE.opml", help="Feeds as other readers export them.")],
    sources: SourcesFile = Path("sources.yaml"),
) -> None:
    """Print the feeds of an OPML file as sources, to be put into a sources file (whose ids are not used again)."""
    from transforms.sources import OpmlError, SourcesError, import_opml, load_sources, to_yaml

    try:
        taken = load_sources(sources).by_id if sources.exists() else {}
        found, left_out = import_opml(opml.read_bytes(), taken=taken)
    except OSError as error:
        raise UserError(f"{opml}: cannot be read: {error.strerror or error}") from None
    except (OpmlError, SourcesError) as error:
        raise UserError(f"{opml}: {error}") from None
    typer.echo(to_yaml(found), nl=False)
    for reason in left_out:
        typer.echo(f"left out: {reason}", err=True)


@app.command("export")
def export(sources: SourcesFile = Path("sources.yaml")) -> None:
    """Print the sources as OPML, for other readers."""
    from transforms.sources import SourcesError, export_opml, load_sources

    try:
        typer.echo(export_opml(load_sources(sources).sources).decode())
    except SourcesError as error:
        raise UserError(str(error)) from None
