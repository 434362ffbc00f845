"""Consoles and tables: what is printed for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_PIPED = 200
"""Columns where nobody's window tells: a table that is read by a pager or a test must not be squeezed to 80."""


class Page(Console):
    """Standard output. What stands between colons in a report is no emoji, and a reader may leave."""

    def on_broken_pipe(self) -> None:
        """``| head`` has what it wanted: left to whoever called the command, who ends it quietly."""
        raise BrokenPipeError


def console(*, soft_wrap: bool = False) -> Console:
    """Standard output, as wide as its terminal."""
    found = Page(soft_wrap=soft_wrap, emoji=False)
    return found if found.is_terminal else Page(soft_wrap=soft_wrap, emoji=False, width=_PIPED)


@dataclass(kw_only=True)
class Rows:
    """A table; on a console narrower than ``narrowest`` columns, where its cells would be shreds, a list with one entry
    a row: the cell of the column ``head``, and under it what the others have.

    columns: their names, each with options of rich's columns where it has any.
    """

    columns: dict[str, dict[str, object]]
    narrowest: int
    head: str
    title: str | None = None
    caption: Text | None = None
    rows: list[tuple[Text, ...]] = field(default_factory=list)

    def add(self, *cells: Text | str) -> None:
        """Add a row. A text that is no :class:`Text` must be one's own: it is taken for markup by nobody."""
        self.rows.append(tuple(cell if isinstance(cell, Text) else Text(cell) for cell in cells))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """For rich."""
        if options.max_width >= self.narrowest:
            yield self._table()
        else:
            yield from self._list()

    def _table(self) -> Table:
        table = Table(title=self.title, title_justify="left", caption=self.caption, caption_justify="left")
        for name, wishes in self.columns.items():
            table.add_column(name, **{"overflow": "fold", **wishes})  # type: ignore[arg-type]
        for row in self.rows:
            table.add_row(*row)
        return table

    def _list(self) -> RenderResult:
        if self.title:
            yield Text(self.title, style="italic")
        names: Sequence[str] = list(self.columns)
        for row in self.rows:
            cells = dict(zip(names, row, strict=True))
            heading = cells.pop(self.head).copy()
            heading.stylize("bold")
            yield heading
            inner = Table.grid(padding=(0, 2, 0, 0))
            inner.add_column(no_wrap=True)
            inner.add_column(overflow="fold")
            for name, cell in cells.items():
                if cell.plain:
                    inner.add_row(Text(name, style="dim"), cell)
            yield Padding(inner, (0, 0, 1, 2), expand=False)
        if self.caption is not None:
            yield self.caption
