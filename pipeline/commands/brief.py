"""``tocsin brief``: what is new and what changed, as one file that can be sent."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store
from pipeline.errors import UserError


class Format(StrEnum):
    """Forms of a brief."""

    html = "html"
    md = "md"


_ENDINGS = {
    "": Format.html, ".html": Format.html, ".htm": Format.html, ".md": Format.md, ".markdown": Format.md,
}  # fmt: skip


def brief(
    store: StoreUrl = DEFAULT_STORE,
    since: Annotated[str, typer.Option("--since", metavar="PERIOD", help="7d, 2w, 24h, or a date.")] = "7d",
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="The end; now, unless given.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file instead of standard output.")
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="html or md; unless given, what the name of the file ends in, else html.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="At most so many transfers, the weightiest.")] = 500,
) -> None:
    """Write a brief of new and changed transfers: what, who to whom, who says so, who denies it, on what evidence."""
    from pipeline.brief.build import chosen_events, gather
    from pipeline.brief.period import period
    from pipeline.brief.render import html, markdown
    from pipeline.clock import utc_now
    from pipeline.exports.output import STDOUT
    from pipeline.exports.output import opened as opened_out

    try:
        about = period(since, utc_now(), until)
    except ValueError as error:
        raise UserError(str(error)) from None
    as_markdown = _format(format, out) is Format.md
    with closing(existing_store(store)) as opened:
        chosen, omitted = chosen_events(opened.iter_events(), about, most)
        text = (markdown if as_markdown else html)(chosen, omitted, gather(chosen, opened.articles), about)
    with opened_out(out) as stream:
        stream.write(text.encode("utf-8"))
    if out is None or out == STDOUT:
        return
    new = sum(one.why == "new" for one in chosen)
    told = f"{new} new and {len(chosen) - new} changed transfers, {about.words}: {out}"
    told += f", {len(text.encode('utf-8')) / 1000:,.0f} kB"
    Console(stderr=True).print(told, highlight=False, soft_wrap=True)


def _format(asked: Format | None, out: Path | None) -> Format:
    """The form of a brief: the one asked for, else what the file's name ends in. Raises UserError where that is none
    of a brief's: the file would not be what its name says."""
    if asked is not None or out is None:
        return asked or Format.html
    found = _ENDINGS.get(out.suffix.lower())
    if found is None:
        raise UserError(f"{out}: a brief is HTML or Markdown; name it .html or .md, or say which with --format")
    return found
