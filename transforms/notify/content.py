"""What a message says, as plain data: the same for mail, webhook, feed and chat. Nothing here is markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from transforms.notify import names
from transforms.notify.counted import of_which, so_many
from transforms.notify.outbox import alert_id
from transforms.notify.plan import Dispatch, Topic
from transforms.notify.schema import Settings
from transforms.records import Amount, Change, Claim, Event, Money, Report

MOST_TOPICS = 50  # told at length in a digest; what is above it is counted by parties
_MOST_QUOTES = 3
_MOST_NAMES = 4
_LONGEST_QUOTE = 400
NAMED = {
    "new_event": "New event",
    "new_claim": "Another report",
    "stage": "Stage",
    "standing": "Standing",
    "quantity": "How many",
    "value": "Value",
    "denial": "Denied by",
    "place": "Place",
    "weapon": "Goods",
    "date": "Date",
    "embargo": "Embargo",
    "merged": "Merged with another event",
    "parent": "Belongs to",
    "review": "Review",
    "withdrawn": "Withdrawn",
}
"""What each kind of change is called, in messages and in the brief."""


@dataclass(frozen=True, slots=True)
class Line:
    """A property of the event in a few words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that changed; either end may be missing."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that carries the event, with where it stands."""

    text: str
    title: str
    url: str
    by: str


@dataclass(frozen=True, slots=True)
class Item:
    """One event as told."""

    event: Event
    headline: str
    is_new: bool
    changes: tuple[Changed, ...]
    lines: tuple[Line, ...]
    quotes: tuple[Quote, ...]
    more_reports: int
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one channel. key: idempotency key, the same at every try. references: keys of the first messages
    about the event (mail threads by them). omitted: events above the most that are told, counted in ``rest``."""

    key: str
    subscription: str
    who: str
    channel: str
    single: bool
    subject: str
    at: datetime
    items: tuple[Item, ...]
    references: tuple[str, ...] = ()
    omitted: int = 0
    rest: tuple[tuple[str, int], ...] = field(default=())


def compose(dispatch: Dispatch, settings: Settings, now: datetime) -> Message:
    """The message of a dispatch."""
    topics = dispatch.topics
    items = tuple(_item(topic, settings) for topic in topics[:MOST_TOPICS])
    rest = Counter(parties(topic.event) for topic in topics[MOST_TOPICS:])
    return Message(
        key=dispatch.key,
        subscription=dispatch.subscription.id,
        who=dispatch.subscription.who,
        channel=dispatch.name,
        single=dispatch.single,
        subject=_subject(dispatch, items),
        at=now,
        items=items,
        references=_references(dispatch),
        omitted=len(topics) - len(items),
        rest=tuple(rest.most_common(20)),
    )


def _references(dispatch: Dispatch) -> tuple[str, ...]:
    """The key of the message that told of the event first; none for that one itself and for digests."""
    if not dispatch.single:
        return ()
    topic = dispatch.topics[0]
    ids = dict.fromkeys((*topic.ids, topic.event.id))
    keys = (alert_id(dispatch.subscription.id, id, 1, dispatch.name) for id in ids)
    return tuple(key for key in keys if key != dispatch.key)


def parties(event: Event) -> str:
    """Who → whom."""
    return f"{names.party(event.supplier)} → {names.party(event.recipient)}"


def headline(event: Event) -> str:
    """Who → whom: what, how far. How many stands there only before the one kind of goods that it can be of."""
    goods = _listed([goods.value for goods in event.goods]) or "arms"
    amount = event.quantity_delivered or event.quantity_ordered if len(event.goods) < 2 else None
    told = so_many(amount, how_many(amount), goods)
    stage = "" if event.stage == "unspecified" else f", {event.stage.replace('_', ' ')}"
    return f"{parties(event)}: {told}{stage} ({event.standing})"


def _subject(dispatch: Dispatch, items: Sequence[Item]) -> str:
    if dispatch.single:
        item = items[0]
        if item.is_new:
            return f"New: {item.headline}"
        kinds = _listed(list(dict.fromkeys(change.label.lower() for change in item.changes)))
        return f"Changed ({kinds}): {item.headline}"
    new = sum(any(change.kind == "new_event" for change in topic.changes) for topic in dispatch.topics)
    changed = len(dispatch.topics) - new
    parts = [f"{new:,} new" if new else "", f"{changed:,} changed" if changed else ""]
    events = "event" if len(dispatch.topics) == 1 else "events"
    return f"{dispatch.subscription.id}: {', '.join(filter(None, parts))} {events}"


def _item(topic: Topic, settings: Settings) -> Item:
    event = topic.event
    changes = tuple(_changed(change) for change in topic.changes if change.kind != "new_event")
    reports = {report.article: report for report in event.reports}
    quotes = _quotes(event, reports, topic.changes)
    return Item(
        event=event,
        headline=headline(event),
        is_new=any(change.kind == "new_event" for change in topic.changes),
        changes=changes,
        lines=tuple(Line(label, text) for label, text in _lines(event) if text),
        quotes=quotes,
        more_reports=max(0, len(event.reports) - len({quote.url for quote in quotes})),
        link=settings.link.replace("{event}", event.id) if settings.link else None,
    )


def _changed(change: Change) -> Changed:
    label = NAMED.get(change.kind, change.kind.replace("_", " "))
    return Changed(label, _short(change.before), _short(change.after))


def _lines(event: Event) -> list[tuple[str, str]]:
    ordered, delivered = (of_which(event, a, how_many(a)) for a in (event.quantity_ordered, event.quantity_delivered))
    origins = f"{event.origins} independent origin{'s' if event.origins != 1 else ''}"
    return [
        ("Supplier → recipient", parties(event)),
        ("End user", names.party(event.end_user) if event.end_user else ""),
        ("Through", _listed([names.party(side) for side in event.transit])),
        ("Broker", names.party(event.broker) if event.broker else ""),
        ("What", _listed([goods.value for goods in event.goods]) or "arms, kind not told"),
        ("How many", "; ".join(filter(None, (delivered, f"ordered: {ordered}" if ordered else "")))),
        ("Value", value(event.value)),
        ("Stage", event.stage.replace("_", " ")),
        ("Standing", event.standing),
        ("Says", _listed([names.voice(one) for one in event.asserted_by])),
        ("Denies", _listed([names.voice(one) for one in event.denied_by])),
        ("When", event.date or (f"not told; reported {event.published[:10]}" if event.published else "")),
        ("Where", _listed(list(dict.fromkeys(f"{p.value or p.text} ({p.role})" for p in event.places)))),
        ("Carried by", _listed([carrier for one in event.carriers if (carrier := one.name or one.registration or "")])),
        ("Sources", f"{origins}, {event.articles} article{'s' if event.articles != 1 else ''}, rated "
                    f"{event.reliability}{event.credibility}"),
        ("Embargo", _listed([f"{e.instrument} ({e.target}){', contested' if e.contested else ''}"
                             for e in event.embargoes])),
        ("Review", "" if event.review.state == "unreviewed" else event.review.state),
    ]  # fmt: skip


def _quotes(event: Event, reports: dict[str, Report], changes: Sequence[Change]) -> tuple[Quote, ...]:
    """The newest evidence first: that of the reports since the first change told, then what there was before."""
    since = min(change.at for change in changes)

    def newest(claim: Claim) -> tuple[bool, float]:
        report = reports.get(claim.document)
        seen = report.first_seen if report else event.first_seen
        return (seen < since, -seen.timestamp())

    found: dict[str, Quote] = {}
    for claim in sorted((c for c in event.claims if c.copy_of is None), key=newest):
        text = " ".join(claim.quote.split())
        report = reports.get(claim.document)
        if text and text not in found:
            by = ", ".join(filter(None, (report.publisher, (report.published or "")[:10]))) if report else ""
            found[text] = Quote(
                _short(text) or "", report.title if report else "", _web(report.url if report else ""), by
            )
    return tuple(found.values())[:_MOST_QUOTES]


def _web(url: str) -> str:
    """An address that may be made a link; anything else (``javascript:``) is none."""
    return url if url.lower().startswith(("https://", "http://")) else ""


def how_many(amount: Amount | None) -> str:
    """``about 300``, ``1,000–2,000 rounds``, ``at least 12``; empty where it is not told."""
    if amount is None:
        return ""
    unit = names.units(amount.unit, amount.number)
    about = "about " if amount.approx else ""
    if amount.number is not None:
        return f"{about}{amount.number:,.10g}{unit}"
    if amount.min is not None and amount.max is not None:
        return f"{about}{amount.min:,.10g}–{amount.max:,.10g}{unit}"
    if amount.min is not None:
        return f"at least {amount.min:,.10g}{unit}"
    return f"at most {amount.max:,.10g}{unit}" if amount.max is not None else ""


def value(money: Money | None) -> str:
    """``up to 4,000,000,000 USD``; empty where it is not told."""
    if money is None:
        return ""
    bound = {"max": "up to ", "min": "at least ", "about": "about ", None: ""}[money.bound]
    return f"{bound}{money.amount:,.0f} {money.currency}"


def _short(text: str | None) -> str | None:
    if text is None:
        return None
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"


def _listed(texts: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(filter(None, texts)))
    more = len(distinct) - _MOST_NAMES
    return ", ".join(distinct[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
