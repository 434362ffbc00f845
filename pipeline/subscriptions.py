"""What ``tocsin subscriptions`` shows and keeps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.explain import printable
from pipeline.subscriptions_file import read
from pipeline.terminal import Rows
from transforms.contracts import Store
from transforms.notify.content import headline
from transforms.notify.feedback import Feedback, Verdict, feedback_on, give_feedback
from transforms.notify.plan import survivor
from transforms.notify.replay import Replay, replay
from transforms.notify.schema import Subscription, Subscriptions
from transforms.records import Event


def listing(path: Path, store: Store | None) -> Rows:
    """The subscriptions with the state of their deliveries (none yet, without a store). Raises UserError for a file
    that is missing or has none."""
    file = there(path)
    if not file.subscriptions:
        raise UserError(f"{path}: has no subscription yet; `tocsin subscriptions add` makes one")
    counts: Counter[tuple[str, str]] = Counter()
    problems: dict[str, str] = {}
    for row in store.iter_alerts() if store else ():
        counts[row.subscription, row.state] += 1
        if row.reason and row.state in {"pending", "failed"}:
            problems[row.subscription] = row.reason
    titles = ("id", "who", "channels", "when", "waiting", "sent", "failed", "last problem")
    table = Rows(columns={title: {} for title in titles}, head="id", narrowest=95)
    for one in file.subscriptions:
        table.add(
            one.id,
            Text(printable(one.who)),
            ", ".join(one.by_channel),
            ("" if one.enabled else "disabled, ") + (one.when if isinstance(one.when, str) else one.when.digest),
            *(str(counts[one.id, state]) for state in ("pending", "sent", "failed")),
            Text(printable(problems.get(one.id, ""))),
        )
    return table


def there(path: Path) -> Subscriptions:
    """What a file that must be there says: an empty answer would pass for a true one. Raises UserError."""
    if not path.exists():
        raise UserError(f"{path}: there is no such file; --subscriptions FILE names another")
    return read(path)[1]


def new_item(
    id: str,
    channels: Sequence[str],
    filter: Mapping[str, object],
    *,
    who: str,
    secret_env: str | None,
    near: Sequence[str] | None,
    hear: Sequence[str] | None,
    when: str,
    at: str | None,
    day: str | None,
    zone: str | None,
    quiet: str | None,
    throttle: str | None,
    cap: str | None,
) -> dict[str, object]:
    """A subscription as the file has it, from what was given on the command line. Raises UserError."""
    _in_company(when=when, at=at, day=day, zone=zone, quiet=quiet)
    if secret_env and not any(map(_is_web, channels)):
        raise UserError("--secret-env: only a webhook (--channel https://…) has a secret")
    item: dict[str, object] = {"id": id}
    if who:
        item["who"] = who
    item["channels"] = [
        {"webhook": one, **({"secret_env": secret_env} if secret_env else {})} if _is_web(one) else one
        for one in channels
    ]
    wishes = {key: value for key, value in filter.items() if value not in (None, [])}
    if near:
        wishes["places_within"] = [_circle(one) for one in near]
    if wishes:
        item["filter"] = wishes
    if hear:
        item["hear"] = list(hear)
    if when != "immediate":
        details = {"at": at, "day": day, "zone": zone}
        item["when"] = {"digest": when, **{key: value for key, value in details.items() if value}}
    if quiet:
        start, _, to = quiet.partition("-")
        item["quiet"] = {"from": start.strip(), "to": to.strip(), **({"zone": zone} if zone else {})}
    if throttle:
        item["throttle"] = throttle
    if cap:
        most, _, per = cap.partition("/")
        if not most.isdecimal():
            raise UserError(f"--cap {cap}: write the most messages and the window, as 20/1h")
        item["cap"] = {"messages": int(most), **({"per": per} if per else {})}
    return item


def _is_web(channel: str) -> bool:
    return channel.lower().startswith(("http://", "https://"))


def _in_company(*, when: str, at: str | None, day: str | None, zone: str | None, quiet: str | None) -> None:
    """An option that would say nothing by itself is a mistake, not to be swallowed. Raises UserError."""
    if when == "immediate":
        for name, value in (("--at", at), ("--day", day)):
            if value:
                raise UserError(f"{name}: is of a digest; add --when daily or --when weekly")
        if zone and not quiet:
            raise UserError("--zone: is of a digest or of quiet hours; add --when daily or --quiet 22:00-07:00")
    if quiet is not None and not re.fullmatch(r"\s*\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d\s*", quiet):
        raise UserError(f"--quiet {quiet}: write from and to, as 22:00-07:00")


def _circle(text: str) -> dict[str, float]:
    try:
        lat, lon, km = (float(part) for part in text.split(","))
    except ValueError:
        raise UserError(f"--near {text}: write latitude, longitude and km, as 25.0,58.5,700") from None
    return {"lat": lat, "lon": lon, "km": km}


def rehearse(
    path: Path, store: Store, id: str, *, days: float, limit: int, event: str | None
) -> Iterator[RenderableType]:
    """What a subscription would have sent, and why. Raises UserError for an id that is not there."""
    file = there(path)
    subscription = file.by_id.get(id)
    if subscription is None:
        raise UserError(f"{path}: no subscription has the id {id!r}; it has {', '.join(file.by_id) or 'none'}")
    since = utc_now() - timedelta(days=days)
    if event is None:
        changed = (one for one in store.iter_events() if one.last_changed >= since)
        yield from _rehearsal(replay(file, subscription, changed, since), subscription, days, limit)
        return
    found = _event(store, event)
    first = min(change.at for change in found.changes) if found.changes else since
    done = replay(file, subscription, [found], first)
    yield Text(printable(headline(found)))
    table = Table("condition", "wanted", "the event has", "holds")
    for condition in done.events[0].conditions if done.events else ():
        row = (condition.field, condition.wanted, condition.found)
        table.add_row(*(Text(printable(text)) for text in row), "yes" if condition.holds else "[red]no[/]")
    yield table
    for message in done.messages:
        yield Text(printable(f"{message.at:%Y-%m-%d %H:%M} UTC  {message.subject}"))
    for said in feedback_on(store, [found.id]).get(found.id, ()):
        told = f"{said.at:%Y-%m-%d %H:%M} UTC  {said.subscription or 'analyst'}: {said.verdict} {said.why or ''}"
        yield Text(printable(told.rstrip()))


def _rehearsal(done: Replay, subscription: Subscription, days: float, limit: int) -> Iterator[RenderableType]:
    matched = [why for why in done.events if why.told]
    messages = f"{len(done.messages):,} message{'' if len(done.messages) == 1 else 's'}"
    yield Text(
        f"{subscription.id} in the last {days:g} days: {messages} about {len(matched):,} of {len(done.events):,} events"
        " that changed"
    )
    if done.messages:
        columns: dict[str, dict[str, object]] = {
            name: {"no_wrap": True} for name in ("sent (UTC)", "channel", "events")
        }
        table = Rows(columns=columns | {"subject": {}}, title="Would have been sent", head="subject", narrowest=90)
        for message in done.messages[:limit]:
            count = len(message.items) + message.omitted
            table.add(f"{message.at:%Y-%m-%d %H:%M}", message.channel, str(count), Text(printable(message.subject)))
        yield table
    if done.events:
        # The id whole, to be copied.
        table = Rows(
            columns={"event": {"no_wrap": True}, "what": {}, "why": {}},
            title="Why, or why not",
            head="what",
            narrowest=100,
        )
        for why in [*matched, *(why for why in done.events if not why.told)][:limit]:
            style = "green" if why.told else "dim"
            table.add(why.event.id, Text(printable(headline(why.event))), Text(printable(why.reason), style=style))
        yield table


def say(
    store: Store,
    event: str,
    verdict: Verdict,
    *,
    why: str | None,
    by: str | None,
    path: Path = Path("subscriptions.yaml"),
) -> str:
    """Keep a judgement with an event, or with the one it was merged into; returns that one's id. Raises UserError.

    by: a subscription of the file at ``path``, or one that the store has alerts of (the file may be elsewhere).
    """
    if by is not None:
        known = list(read(path)[1].by_id)
        if by not in known and by not in (sent := {row.subscription for row in store.iter_alerts()}):
            named = ", ".join([*known, *sorted(sent - {*known})])
            raise UserError(f"--by {by}: no subscription of {path} or of the store; known are {named or 'none'}")
    found = _event(store, event)
    give_feedback(store, found.id, Feedback(verdict=verdict, at=utc_now(), subscription=by, why=why))
    return found.id


def _event(store: Store, id: str) -> Event:
    events: dict[str, Event] = {}
    wanted: str | None = id
    while wanted and wanted not in events:
        read_ = store.events([wanted]).get(wanted)
        if read_ is None:
            break
        events[wanted] = read_.value
        wanted = read_.value.merged_into
    found = survivor(id, events)
    if found is None:
        raise UserError(f"the register has no event {id!r}; `tocsin show --ids` lists the latest")
    return found
