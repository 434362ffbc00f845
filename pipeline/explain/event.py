"""``tocsin explain --store URL --event ID``: an event of the register, its reports, claims, changes and feedback."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from pipeline.errors import UserError
from pipeline.explain.terminal import claim_panel, printable
from pipeline.show import events_of
from pipeline.terminal import Rows
from transforms.contracts import Store
from transforms.merge.curate import JudgementError, live_event
from transforms.notify.feedback import Feedback, feedback_on
from transforms.records import Event


def show_event(console: Console, store: Store, id: str) -> None:
    """Print an event; one that was merged away leads to the one it became. Raises UserError for an unknown id."""
    try:
        event = live_event(store, id)
    except JudgementError as error:
        raise UserError(str(error)) from None
    if event.id != id:
        console.print(f"[dim]{id} was merged into {event.id}[/]", highlight=False)
    console.print(events_of([event]))
    for number, claim in enumerate(event.claims, 1):
        console.print(claim_panel(number, claim))
    console.print(_reports(event))
    console.print(_changes(event))
    for said in feedback_on(store, [event.id]).get(event.id, ()):
        console.print(_feedback(said))
    if event.review.state != "unreviewed":
        why = f": {event.review.why}" if event.review.why else ""
        console.print(Text(printable(f"review: {event.review.state} by {event.review.who or 'nobody named'}{why}")))


def _reports(event: Event) -> Rows:
    names = ("published", "publisher", "origin", "grade", "title", "address")
    table = Rows(columns={name: {} for name in names}, title="reports", head="title", narrowest=120)
    for report in event.reports:
        copy = " (copy)" if report.copy_of else ""
        row = (
            report.published or "",
            report.publisher,
            report.origin + copy,
            report.reliability,
            report.title or report.url,
            report.url,
        )
        table.add(*(Text(printable(cell)) for cell in row))
    return table


def _changes(event: Event) -> Rows:
    names = ("number", "when", "what", "before", "after")
    table = Rows(columns={name: {} for name in names}, title="changes", head="what", narrowest=70)
    for change in event.changes:
        row = (str(change.number), f"{change.at:%Y-%m-%d %H:%M}", change.kind, change.before or "", change.after or "")
        table.add(*(Text(printable(cell)) for cell in row))
    return table


def _feedback(said: Feedback) -> Text:
    who = said.subscription or "an analyst"
    why = f": {said.why}" if said.why else ""
    return Text(printable(f"feedback: {said.verdict}, {who}, {said.at:%Y-%m-%d %H:%M}{why}"))
