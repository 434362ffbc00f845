"""``tocsin catalogue``: the weapons catalogue checked, and shown for review."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="The weapons catalogue.")


@app.command()
def check(
    sample: Annotated[int, typer.Option(min=0, help="Also print so many records, drawn at random, for review.")] = 0,
    seed: Annotated[int, typer.Option(help="Which random draw.")] = 0,
) -> None:
    """Validate the catalogue; exit code 1 where something is wrong."""
    from transforms.recognise.weapons import check_catalogue, sample_catalogue

    console = Console()
    report = check_catalogue()
    if sample:
        table = Table("name", "kind", "category", "origin", "years", "aliases", title=f"{sample} records (seed {seed})")
        for row in sample_catalogue(sample, seed):
            table.add_row(*row)
        console.print(table)
    for problem in report.problems:
        console.print(problem, markup=False)
    console.print(f"{report.systems} systems, {report.names} names and spellings, {len(report.problems)} problems")
    if report.problems:
        raise typer.Exit(1)
