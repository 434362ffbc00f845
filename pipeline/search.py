"""``tocsin search``: events found in the store, for people and for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, Literal

from rich.table import Table
from rich.text import Text

from pipeline.errors import UserError
from pipeline.exports import csv, jsonl
from pipeline.exports.columns import EVENTS
from pipeline.show import PARTIES, STANDING, quantity, safe, voices
from pipeline.terminal import Rows
from transforms.contracts import Store
from transforms.notify import names
from transforms.records import Event
from transforms.search.fields import FIELDS
from transforms.search.hints import hints, term
from transforms.search.query import Query

Format = Literal["table", "json", "jsonl", "csv", "ids"]
_QUOTED = 160
"""Characters of a quotation that a row shows."""


def write(events: Iterable[Event], format: Format, stream: BinaryIO) -> None:
    """Events for scripts, streaming; ``json`` is one array, the rest a line each."""
    match format:
        case "jsonl":
            jsonl.write(events, stream)
        case "csv":
            csv.write(events, EVENTS, stream)
        case "ids":
            stream.writelines(f"{event.id}\n".encode("utf-8", "replace") for event in events)
        case "json":
            lines = (json.dumps(jsonl.event_json(event), ensure_ascii=False) for event in events)
            between = chain(["[\n"], _parted(lines), ["\n]\n"])
            stream.writelines(text.encode("utf-8", "replace") for text in between)
        case "table":
            raise UserError("a table is not written to a stream")


def _parted(lines: Iterable[str]) -> Iterator[str]:
    for n, line in enumerate(lines):
        yield f",\n{line}" if n else line


def table(events: Iterable[Event], query: Query, total: int) -> Rows:
    """Events for a person, one row each, with the quotation and report that a doubt begins at; below it the query as it
    was understood, for names were looked up."""
    rows = list(events)
    shown = f"{total:,} events" if total != 1 else "1 event"
    if len(rows) < total:
        shown += f", the first {len(rows)} shown (--limit for more)"
    asked = safe(" · ".join(map(term, query.clauses)) or "every event")
    columns: dict[str, dict[str, object]] = {"event": {"no_wrap": True}, "when": {"no_wrap": True}}
    columns |= {name: {} for name in (PARTIES, "goods", "how many", "stage", "standing", "says", "denies", "reports")}
    found = Rows(columns=columns, title=shown, caption=asked, head=PARTIES, narrowest=150)
    for event in rows:
        report = event.reports[0] if event.reports else None
        origins = f"{event.articles} from {event.origins} {'origin' if event.origins == 1 else 'origins'}"
        quote = f"\n“{_cut(event.claims[-1].quote)}”" if event.claims and event.claims[-1].quote else ""
        told = f"{origins}{quote}\n{report.title}\n{report.url}" if report else f"{origins}{quote}"
        found.add(
            safe(event.id),
            safe(event.date or (event.published or "")[:10] or "not told"),
            safe(f"{names.party(event.supplier)} → {names.party(event.recipient)}"),
            safe(", ".join(goods.value for goods in event.goods) or "not told"),
            safe(quantity(event)),
            safe(event.stage.replace("_", " ")),
            Text(event.standing, style=STANDING[event.standing]),
            safe(voices(event.asserted_by)),
            safe(voices(event.denied_by)),
            safe(told),
        )
    return found


def _cut(quote: str) -> str:
    """The beginning of a quotation, on one line."""
    line = " ".join(quote.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


def nothing(store: Store, query: Query) -> str:
    """What to tell where a query finds nothing."""
    if not query.clauses:
        return "There are no events in the store yet."
    lines = ["No events match."]
    if len(query.clauses) == 1:
        return safe(f"{lines[0]} Nothing in the register has {term(query.clauses[0])}.").plain
    lines.append("By themselves these terms have:")
    for hint in hints(query, store.count):
        more = f"; without it the rest has {hint.without:,}" if hint.without else ""
        lines.append(f"  {hint.term}  {hint.alone:,}{more}")
    return safe("\n".join(lines)).plain


def fields_help() -> Table:
    """Every field with its meaning and an example."""
    found = Table("field", "what it finds", "example", title="Fields of a search", title_justify="left")
    for field in FIELDS.values():
        found.add_row(field.name, field.meaning, f"{field.name}:{field.example}")
    found.add_row("text", "either of several words", "text:drone,missile")
    return found
