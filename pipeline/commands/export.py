"""``tocsin export``: what the store holds, for other tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store
from pipeline.errors import UserError
from pipeline.exports.options import BINARY, Options
from pipeline.exports.options import Format as FormatName
from pipeline.exports.records import What

app = typer.Typer(no_args_is_help=True, help="Write the store's records for other tools, ordered by id.")


class EventFormat(StrEnum):
    """What events are exported as."""

    jsonl = "jsonl"
    csv = "csv"
    geojson = "geojson"
    stix = "stix"
    parquet = "parquet"


class Format(StrEnum):
    """What other records are exported as."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="A file instead of standard output (-); whole or not at all."),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="Only what is as new: 7d, 36h, 2w, a date or a datetime.")
]
Bom = Annotated[bool, typer.Option("--bom", help="CSV: begin with a byte order mark, as Excel wants it for UTF-8.")]


@app.command()
def events(
    store: StoreUrl = DEFAULT_STORE,
    format: Annotated[EventFormat, typer.Option(help="jsonl has all there is.")] = EventFormat.jsonl,
    out: Out = None,
    since: Since = None,
    bom: Bom = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="GeoJSON: also a line from supplier to recipient, between states' centres.")
    ] = False,
    bundle: Annotated[
        int | None,
        typer.Option(
            "--bundle", min=1, metavar="N", help="STIX: a bundle of at most N events a line; else all in one."
        ),
    ] = None,
    claims: Annotated[bool, typer.Option("--claims/--no-claims", help="Parquet: events carry their claims.")] = True,
) -> None:
    """Events of the register."""
    _write("events", format.value, store, out, since, bom=bom, lines=lines, per_bundle=bundle, claims=claims)


def _plain(what: What, help: str) -> None:
    """The command that exports a kind of record that is no event."""

    @app.command(what, help=help)
    def command(
        store: StoreUrl = DEFAULT_STORE,
        format: Annotated[Format, typer.Option(help="jsonl has all there is.")] = Format.jsonl,
        out: Out = None,
        since: Since = None,
        bom: Bom = False,
    ) -> None:
        _write(what, format.value, store, out, since, bom=bom)


_plain("claims", "What each document says, one claim a record; --since goes by when its article was first seen.")
_plain("articles", "Articles with their text; --since goes by when one was first seen.")
_plain("entries", "What the feeds brought, with its outcome; --since goes by when it was first seen.")


@app.command()
def evidence(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id; one merged away leads on.")],
    store: StoreUrl = DEFAULT_STORE,
    out: Out = None,
    archive: Annotated[
        Path | None,
        typer.Option("--archive", metavar="FOLDER", help="Where bodies were archived.", envvar="TOCSIN_ARCHIVE"),
    ] = None,
    texts: Annotated[
        bool, typer.Option("--texts/--no-texts", help="Whole articles and bodies, or only quotes and their passages.")
    ] = True,
) -> None:
    """All that an event rests on, as a zip file that can be checked without Tocsin."""
    from pipeline.exports.evidence import Bodies, files, gather, write_zip
    from pipeline.exports.output import STDOUT, opened
    from transforms.archive.keeping import DEFAULT_FOLDER

    records = existing_store(store)
    try:
        dossier = gather(records, event)
        with opened(out, binary=True) as stream:
            write_zip(files(dossier, Bodies(archive or DEFAULT_FOLDER), texts=texts), stream)
        if out is not None and out != STDOUT:
            told = f"Evidence of event {dossier.event.id} written to {out}"
            Console(stderr=True).print(told, highlight=False, soft_wrap=True, markup=False)
    except BrokenPipeError:
        raise typer.Exit(0) from None
    finally:
        records.close()


def _write(
    what: What,
    format: FormatName,
    store: str,
    out: Path | None,
    since: str | None,
    *,
    bom: bool = False,
    lines: bool = False,
    per_bundle: int | None = None,
    claims: bool = True,
) -> None:
    from pipeline.clock import utc_now
    from pipeline.exports.formats import export
    from pipeline.exports.output import opened
    from pipeline.exports.since import since as moment

    for option, given, wanted in (
        ("--bom", bom, "csv"),
        ("--lines", lines, "geojson"),
        ("--bundle", per_bundle is not None, "stix"),
        ("--no-claims", not claims, "parquet"),
    ):
        if given and format != wanted:
            raise UserError(f"{option}: is of --format {wanted}, and this is {format}")
    console = Console(stderr=True)
    options = Options(since=moment(since, utc_now()), bom=bom, lines=lines, per_bundle=per_bundle, claims=claims)
    records = existing_store(store)
    try:
        with opened(out, binary=format in BINARY) as stream:
            told = export(records, what, format, stream, options, console)
    except BrokenPipeError:  # `tocsin export … | head` has what it wanted
        raise typer.Exit(0) from None
    finally:
        records.close()
    if told:
        console.print(told, highlight=False, soft_wrap=True)
