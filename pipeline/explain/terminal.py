"""``tocsin explain``: a text in the terminal with its mentions and claims marked, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.explain.reading import Explained
from transforms.records import Claim, Mention, Party, Voice

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
    """A claim with its evidence and the reasons for it."""
    table = Table.grid(padding=(0, 2))
    rows = [
        ("goods", ", ".join(f"{goods.value} ({goods.category})" for goods in claim.goods) or "not told"),
        ("stage", f"{claim.stage}, {claim.standing}"),
        ("says", _voices(claim.asserted_by)),
        ("denies", _voices(claim.denied_by)),
        ("number", _told(claim.quantity)),
        ("value", _told(claim.value)),
        ("date", claim.date or ""),
        ("places", ", ".join(f"{place.text} ({place.role})" for place in claim.places)),
        ("evidence", f"“{claim.quote}” [{claim.start}:{claim.end}]"),
        ("why", "; ".join((claim.frame, *claim.reasons))),
        ("confidence", f"{claim.confidence:.2f}"),
    ]
    for name, value in rows:
        if value:
            table.add_row(Text(name, style="dim"), Text(printable(value)))
    title = f"{number}. {_party(claim.supplier)} → {_party(claim.recipient)}"
    return Panel(table, title=escape(title), title_align="left")


def _party(party: Party) -> str:
    return party.iso3 or party.name or "unknown"


def _voices(voices: Sequence[Voice]) -> str:
    return ", ".join(f"{voice.name} ({voice.iso3})" if voice.iso3 else voice.name for voice in voices)


def _told(record: object) -> str:
    if record is None:
        return ""
    fields = {name: getattr(record, name) for name in getattr(record, "__slots__", ())}
    return " ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{value}" for name, value in fields.items() if value
    )
