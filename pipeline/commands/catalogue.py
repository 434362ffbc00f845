"""``tocsin catalogue``: the weapons catalogue checked, and shown for review."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from pipeline.terminal import console

app = typer.Typer(no_args_is_help=True, help="The weapons catalogue.")


@app.callback()
def _catalogue() -> None:
    """The weapons catalogue."""


@app.command()
def check(
    sample: Annotated[int, typer.Option(min=0, help="Also print so many records, drawn at random, for review.")] = 0,
    seed: Annotated[int, typer.Option(help="Which random draw.")] = 0,
) -> None:
    """Validate the catalogue; exit code 1 where something is wrong."""
    from transforms.recognise import weapons

    out = console(soft_wrap=True)
    problems = weapons.check_catalogue()
    if sample:
        for row in weapons.sample(sample, seed):
            name, rest = row.pop("name"), [f"[dim]{key}[/] {escape(value)}" for key, value in row.items() if value]
            out.print(f"[bold]{escape(name)}[/]  {'  '.join(rest)}", highlight=False)
    for problem in problems:
        out.print(problem, markup=False, highlight=False)
    out.print(f"{sum(1 for _ in weapons.records())} systems, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)
