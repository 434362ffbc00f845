"""Consoles: what is printed for people."""

from __future__ import annotations

from rich.console import Console

_PIPED = 200
"""Columns where nobody's window tells: a table that is read by a pager or a test must not be squeezed to 80."""


def console(*, soft_wrap: bool = False) -> Console:
    """Standard output."""
    found = Console(soft_wrap=soft_wrap)
    return found if found.is_terminal else Console(soft_wrap=soft_wrap, width=_PIPED)
