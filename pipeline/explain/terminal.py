"""``tocsin explain``: a text in the terminal with its mentions and claims marked, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.explain.reading import Explained
from pipeline.explain.views import claim_view
from transforms.records import Claim, Mention

_STYLES = {
    "state": "bold cyan",
    "weapon": "bold red",
    "date": "green",
    "place": "bold yellow",
    "quantity": "magenta",
}


def show(console: Console, explained: Explained) -> None:
    """Print the marked text, then each claim with its evidence and reasons, then what was refused."""
    reading = explained.reading
    article = reading.article
    verdict = "[green]arms-transfer reporting[/]" if reading.relevant else "[dim]not arms-transfer reporting[/]"
    console.print(f"[bold]{escape(article.title or article.id)}[/]  {verdict}  [dim]{article.language or '?'}[/]")
    console.print(_marked(article.text, reading.mentions, reading.claims))
    console.print(_legend())
    for number, claim in enumerate(reading.claims, 1):
        console.print(claim_panel(number, claim))
    if not reading.claims:
        console.print("[dim]No claims.[/]")
    for reason in explained.refused:
        console.print(Text(f"refused  {printable(reason)}", style="dim"))


def _marked(text: str, mentions: Sequence[Mention], claims: Sequence[Claim]) -> Text:
    shown = Text(printable(text))
    for claim in claims:
        shown.stylize("underline", claim.start, claim.end)
    for mention in mentions:
        shown.stylize(_STYLES[mention.kind], mention.start, mention.end)
    return shown


def printable(text: str) -> str:
    """The text with control characters shown as a mark of the same length, so that it cannot drive the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _legend() -> Text:
    legend = Text()
    for kind, style in _STYLES.items():
        legend.append(f" {kind} ", style=style)
    legend.append(" claim ", style="underline")
    return legend


def claim_panel(number: int, claim: Claim) -> Panel:
    """A claim with its evidence and the reasons for it, in the words of the page (views.py)."""
    view = claim_view(claim, number, None, "elsewhere")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    rows = [
        ("stage", f"{view.stage}, {view.standing}"),
        *view.rows,
        ("evidence", f"“{view.quote}” [{claim.start}:{claim.end}]"),
        ("why", "; ".join(view.reasons)),
        ("confidence", f"{view.confidence:.2f}"),
    ]
    for name, value in rows:
        table.add_row(Text(name, style="dim"), Text(printable(value)))
    return Panel(table, title=escape(printable(f"{number}. {view.title}")), title_align="left")
