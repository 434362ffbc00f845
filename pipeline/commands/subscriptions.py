"""``tocsin subscriptions``: who is alerted to what."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store, is_there
from pipeline.errors import UserError
from pipeline.terminal import console

app = typer.Typer(no_args_is_help=True, help="Who is alerted to what.")
File = Annotated[Path, typer.Option("--subscriptions", metavar="FILE", help="The subscriptions.")]
Many = list[str] | None
DEFAULT = Path("subscriptions.yaml")


class Verdict(StrEnum):
    """What can be said of an event."""

    useful = "useful"
    wrong = "wrong"
    mute = "mute"
    unmute = "unmute"


def _each(help: str) -> Any:
    return typer.Option(help=f"{help} May be given several times.")


@app.callback()
def _subscriptions() -> None:
    """Who is alerted to what."""


@app.command("list")
def list_(subscriptions: File = DEFAULT, store: StoreUrl = DEFAULT_STORE) -> None:
    """Show the subscriptions, and what waits, was sent or failed."""
    from pipeline.subscriptions import listing

    console().print(listing(subscriptions, existing_store(store) if is_there(store) else None))


@app.command()
def add(
    id: Annotated[str, typer.Argument(help="The id of the new subscription.")],
    channel: Annotated[list[str], _each("mailto:ADDRESS, atom:FILE, an Apprise URL, or a webhook's https:// address.")],
    subscriptions: File = DEFAULT,
    who: Annotated[str, typer.Option(help="For people.")] = "",
    secret_env: Annotated[str | None, typer.Option(help="The variable that holds the webhook's secret.")] = None,
    supplier: Annotated[Many, _each("ISO code, actor, or @group.")] = None,
    recipient: Annotated[Many, _each("ISO code, actor, or @group.")] = None,
    either: Annotated[Many, _each("Any side: ISO code, actor, or @group.")] = None,
    weapon: Annotated[Many, _each("A system's name.")] = None,
    family: Annotated[Many, _each("A family of systems.")] = None,
    category: Annotated[Many, _each("UN Register category I–VII, or SALW, UAV …")] = None,
    stage: Annotated[Many, _each("How far the transfer has come.")] = None,
    standing: Annotated[Many, _each("Who stands behind it.")] = None,
    embargo: Annotated[bool | None, typer.Option(help="Whether an embargo touches a party.")] = None,
    near: Annotated[Many, _each("LAT,LON,KM.")] = None,
    minimum_confidence: Annotated[float | None, typer.Option(help="From 0 to 1.")] = None,
    minimum_origins: Annotated[int | None, typer.Option(help="Independent origins.")] = None,
    minimum_reliability: Annotated[str | None, typer.Option(help="Admiralty A–F.")] = None,
    carrier: Annotated[Many, _each("IMO number or registration.")] = None,
    languages: Annotated[Many, _each("ISO 639-1.")] = None,
    words: Annotated[Many, _each("A word or phrase in the evidence.")] = None,
    hear: Annotated[Many, _each("new_event, stage, standing, denial …")] = None,
    when: Annotated[str, typer.Option(help="immediate, hourly, daily or weekly.")] = "immediate",
    at: Annotated[str | None, typer.Option(help="Local time of a digest, as 07:30.")] = None,
    day: Annotated[str | None, typer.Option(help="Day of a weekly digest.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, as Europe/Zurich.")] = None,
    quiet: Annotated[str | None, typer.Option(help="Quiet hours, as 22:00-07:00.")] = None,
    throttle: Annotated[str | None, typer.Option(help="Least time between two messages about one event.")] = None,
    cap: Annotated[str | None, typer.Option(help="Most single messages a window, as 20/1h.")] = None,
) -> None:
    """Add a subscription to the file; everything else in it stays as it is."""
    from pipeline.subscriptions import new_item
    from pipeline.subscriptions_file import add as append

    filter = {
        "supplier": supplier, "recipient": recipient, "either": either, "weapon": weapon, "family": family,
        "category": category, "stage": stage, "standing": standing, "embargo": embargo,
        "minimum_confidence": minimum_confidence, "minimum_origins": minimum_origins,
        "minimum_reliability": minimum_reliability, "carrier": carrier, "languages": languages, "words": words,
    }  # fmt: skip
    item = new_item(
        id, channel, filter, who=who, secret_env=secret_env, near=near, hear=hear, when=when, at=at, day=day,
        zone=zone, quiet=quiet, throttle=throttle, cap=cap,
    )  # fmt: skip
    append(subscriptions, item)
    Console(stderr=True).print(f"{id} added to {subscriptions}", highlight=False)


@app.command()
def remove(id: Annotated[str, typer.Argument(help="The subscription's id.")], subscriptions: File = DEFAULT) -> None:
    """Take a subscription out of the file; what it had waiting is not sent."""
    from pipeline.subscriptions_file import remove as take_out

    take_out(subscriptions, id)
    Console(stderr=True).print(f"{id} removed from {subscriptions}", highlight=False)


@app.command("test")
def rehearse_(
    id: Annotated[str, typer.Argument(help="The subscription's id.")],
    subscriptions: File = DEFAULT,
    store: StoreUrl = DEFAULT_STORE,
    days: Annotated[float, typer.Option(min=0, help="How far back.")] = 30,
    limit: Annotated[int, typer.Option(min=0, help="Rows shown of each table.")] = 20,
    event: Annotated[str | None, typer.Option(help="Explain this event alone, condition by condition.")] = None,
) -> None:
    """Show what a subscription would have sent of the last days, and why an event matched or not. Sends nothing."""
    from pipeline.subscriptions import rehearse

    out = console()
    for part in rehearse(subscriptions, existing_store(store), id, days=days, limit=limit, event=event):
        out.print(part)


@app.command()
def mark(
    event: Annotated[str, typer.Argument(help="The event's id.")],
    verdict: Annotated[Verdict, typer.Argument(help="What to say of it.")],
    why: Annotated[str | None, typer.Option(help="What is wrong.")] = None,
    by: Annotated[str | None, typer.Option(help="Whose reader you are; a mute without it is for everybody.")] = None,
    subscriptions: File = DEFAULT,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Say that an alert was useful or wrong, or hear no more of its event. Kept with the event."""
    from pipeline.subscriptions import say

    if verdict is Verdict.wrong and not why:
        raise UserError("wrong: say what is, with --why")
    id = say(existing_store(store), event, verdict.value, why=why, by=by, path=subscriptions)
    Console(stderr=True).print(f"{id}: {verdict.value}", highlight=False)
