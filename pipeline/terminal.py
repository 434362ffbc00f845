"""Consoles: what is printed for people."""

from __future__ import annotations

from rich.console import Console

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
