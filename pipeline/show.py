"""The register as a table in the terminal."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from rich.text import Text

from pipeline.terminal import Rows
from transforms.contracts import Store
from transforms.notify.counted import of_which
from transforms.notify.names import units, voice
from transforms.records import Amount, Event, Money, Party, Voice

STANDING = {"confirmed": "green", "asserted": "", "alleged": "yellow", "disputed": "bold red", "denied": "red"}
"""How each standing is coloured."""
PARTIES = "supplier → recipient"


def events_table(store: Store, limit: int, *, ids: bool = False) -> Rows:
    """The ``limit`` events that changed last, one row each."""
    latest = heapq.nlargest(limit, store.iter_events(), key=lambda event: (event.last_changed, event.id))
    return events_of(
        latest, title=f"{len(latest)} event{'' if len(latest) == 1 else 's'}, the last changed first", ids=ids
    )


def events_of(events: Sequence[Event], title: str | None = None, *, ids: bool = False) -> Rows:
    """Events as a table, one row each. ids: with a last column that can be copied from."""
    names = ("when", PARTIES, "goods", "how many", "stage", "standing", "says", "denies", "reports")
    columns: dict[str, dict[str, object]] = {name: {} for name in names}
    if ids:
        columns["id"] = {"min_width": 32}
    table = Rows(columns=columns, title=title, head=PARTIES, narrowest=140 if ids else 105)
    for event in events:
        table.add(
            safe(event.date or (event.published or "")[:10]),
            safe(f"{_party(event.supplier)} → {_party(event.recipient)}"),
            safe(", ".join(goods.value for goods in event.goods) or "not told"),
            safe(quantity(event)),
            event.stage.replace("_", " "),
            Text(event.standing, style=STANDING[event.standing]),
            safe(voices(event.asserted_by)),
            safe(voices(event.denied_by)),
            f"{event.articles} from {event.origins} {'origin' if event.origins == 1 else 'origins'}",
            *([safe(event.id)] if ids else []),
        )
    return table


def quantity(event: Event) -> str:
    """Pieces, of which goods where there are several, and value in a few words."""
    amount = event.quantity_delivered or event.quantity_ordered
    parts = [of_which(event, amount, _amount(amount)), _money(event.value)]
    return "; ".join(part for part in parts if part)  # a comma would make one number of "2, 700 m EUR"


def _amount(amount: Amount | None) -> str:
    if amount is None:
        return ""
    unit, about = units(amount.unit, amount.number), "~ " if amount.approx else ""
    if amount.number is not None:
        return f"{about}{amount.number:,.10g}{unit}"
    if amount.min is not None and amount.max is not None:
        return f"{about}{amount.min:,.10g}–{amount.max:,.10g}{unit}"
    return f"≥ {amount.min:,.10g}{unit}" if amount.min is not None else f"≤ {amount.max or 0:,.10g}{unit}"


def _money(money: Money | None) -> str:
    if money is None:
        return ""
    sign = {"max": "≤ ", "min": "≥ ", "about": "~ ", None: ""}[money.bound]
    for size, name in ((1e9, "bn"), (1e6, "m")):
        if money.amount >= size:
            return f"{sign}{money.amount / size:,.4g} {name} {money.currency}"
    return f"{sign}{money.amount:,.0f} {money.currency}"


def _party(party: Party) -> str:
    return party.iso3 or party.name or "?"


def voices(said: Sequence[Voice], limit: int = 3) -> str:
    """Who speaks, the first few by name."""
    names = list(dict.fromkeys(one.iso3 or voice(one) for one in said))
    return ", ".join(names[:limit]) + (f" +{len(names) - limit}" if len(names) > limit else "")


def safe(text: str) -> Text:
    """Text as it is, no markup, but for what would drive a terminal or turn the reading direction of what follows."""
    return Text("".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text))
