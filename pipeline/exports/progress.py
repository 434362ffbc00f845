"""How far an export has come, on a terminal's standard error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.exports.records import Record
from transforms.contracts import InboxRow

R = TypeVar("R", bound=Record)
_HEX = 8
_EVERY = 64


def watched(records: Iterable[R], console: Console, name: str) -> Iterator[R]:
    """The records as they are, with a bar on the console where that is a terminal.

    The store counts nothing beforehand and need not: ids are hashes and come in order, so an id's place among all
    possible ones is the share that is done. Ids of another kind (documents given by name) have a bar without an end.
    """
    if not console.is_terminal:
        yield from records
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]:,}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(name, total=None, done=0)
        for number, record in enumerate(records, 1):
            yield record
            if number % _EVERY == 0:
                share = fraction(record.entry.id if isinstance(record, InboxRow) else record.id)
                progress.update(task, done=number, total=None if share is None else 1.0, completed=share or 0.0)


def fraction(id: str) -> float | None:
    """Where an id stands among all hashes, 0–1; None where it is none."""
    id = id.partition("@")[0]  # a copy's claim is named original@copy
    if len(id) < 2 * _HEX or not all(c in "0123456789abcdef" for c in id):
        return None
    return float(int(id[:_HEX], 16)) / 16.0**_HEX
