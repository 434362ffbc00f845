"""What the codes of an event are called in a brief: plain words, short enough for a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pipeline.brief.world import state
from pipeline.explain.words import CATEGORIES, CREDIBILITIES, RELIABILITIES
from pipeline.page import clean
from transforms.claims.actors import catalogue
from transforms.notify.content import NAMED
from transforms.notify.names import is_state
from transforms.records import Amount, Category, Event, Money, Party, Stage, Standing, Voice
from transforms.spans import Span, parse

STAGES: dict[Stage, str] = {
    "requested": "Requested",
    "offered": "Offered",
    "announced": "Announced",
    "approved": "Approved",
    "contracted": "Contracted",
    "shipped": "Shipped",
    "delivered": "Delivered",
    "in_use": "In use",
    "seized": "Seized",
    "refused": "Refused",
    "unspecified": "Stage not told",
}
"""In the order in which a transfer runs; what stopped it comes after."""

STANDINGS: dict[Standing, str] = {
    "confirmed": "a party to the transfer says so itself",
    "asserted": "somebody else says so as a fact",
    "alleged": "said with a hedge only",
    "disputed": "one side says so, another denies it",
    "denied": "only the denial is told",
}
ROLES = {"origin": "Origin", "transit": "Transit", "seizure": "Seizure", "delivery": "Delivery", "use": "Use"}
_STEPS = ("stage", "standing", "quantity", "value", "denial", "place", "weapon", "date", "embargo", "review")
KINDS = {kind: NAMED[kind] for kind in _STEPS}
_CODED: dict[str, dict[str, str]] = {
    "stage": {str(key): name for key, name in STAGES.items()},
    "standing": {str(key): key.capitalize() for key in STANDINGS},
}
# "200,000– round" and "–50": bounds with one end.
_OPEN = re.compile(r"([\d,]*)–([\d,]*)(.*)")
_SUM = re.compile(r"([\d,]{1,30}) ([A-Z]{3})")
_SIZES = ((1e9, "bn"), (1e6, "m"))


def plain(text: str, most: int = 300) -> str:
    """Foreign text on one line, cut with an ellipsis."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def party(side: Party) -> str:
    """``North Korea``, ``Houthis``; the reported name of who is in no catalogue."""
    if side.iso3:
        return state(side.iso3)
    known = catalogue().get(side.actor or "")
    return known.name if known else plain(side.name or side.actor or "Unknown", 60)


def voice(speaker: Voice) -> str:
    """Who says it, with the state spoken for; the document's own narration is the report itself."""
    if speaker.name == "narration":
        return f"the report itself, by {state(speaker.iso3)}" if speaker.iso3 else "the report itself"
    if speaker.iso3 and is_state(speaker):
        return state(speaker.iso3)
    name = plain(speaker.name, 80)
    spoken = state(speaker.iso3) if speaker.iso3 else ""
    return f"{name} ({spoken})" if spoken and spoken.casefold() not in name.casefold() else name


def voices(speakers: Sequence[Voice]) -> tuple[str, ...]:
    """Each speaker once, in the order given; a surname alone is whoever has been named in full."""
    named = [(frozenset(v.name.casefold().split()), v.iso3) for v in speakers]
    kept = [v for v, (name, iso3) in zip(speakers, named, strict=True)
            if not any(name < other and iso3 == theirs for other, theirs in named)]  # fmt: skip
    return tuple(dict.fromkeys(map(voice, kept)))


def deniers(event: Event) -> tuple[str, ...]:
    """Who denies, in a word each: the state spoken for, else the name."""
    return tuple(dict.fromkeys(state(v.iso3) if v.iso3 else voice(v) for v in event.denied_by))


def goods(event: Event, most: int = 4) -> str:
    """The goods by name, most specific first as the event has them."""
    found = list(dict.fromkeys(plain(one.value, 80) for one in event.goods if one.value))
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more if found else "arms, kind not told"


def category(code: Category) -> str:
    """``Battle tanks (I)``: the number is the UN Register's."""
    name = CATEGORIES[code]
    name = name[:1].upper() + name[1:]
    return f"{name} ({code})" if code.strip("IV") == "" else name


def money(amount: Money | None) -> str:
    """``up to 4 bn USD``; empty where it is not told."""
    if amount is None:
        return ""
    sign = {"max": "up to ", "min": "at least ", "about": "about ", None: ""}[amount.bound]
    for size, name in _SIZES:
        if amount.amount >= size:
            return f"{sign}{amount.amount / size:,.4g} {name} {plain(amount.currency, 8)}"
    return f"{sign}{amount.amount:,.0f} {plain(amount.currency, 8)}"


def pieces(amount: Amount | None) -> float:
    """What a number sorts by; −1 where it is not told."""
    if amount is None:
        return -1.0
    return next((n for n in (amount.number, amount.min, amount.max) if n is not None), -1.0)


def when(value: str | None) -> str:
    """A date value in words, as fine as it is: ``2 January 2024``, ``May 2024``, ``2023``, ``3 – 9 July 2024``."""
    if not value:
        return ""
    start, slash, end = value.partition("/")
    first, last = _one(start), _one(end)
    return f"{first} – {last}" if slash and last and last != first else first or last


def _one(value: str) -> str:
    span = parse(value)
    if span is None:
        return plain(value, 24)
    first = date.fromordinal(span.first)
    if span.days == 1:
        return f"{first.day} {first:%B %Y}"
    if span.days == 7:
        return f"week of {first.day} {first:%B %Y}"
    return f"{first:%B %Y}" if span.days < 32 else f"{first.year}"


def span(event: Event) -> Span | None:
    """When it was, else when it was first reported."""
    return parse(event.date) or parse(event.published)


def grade(event: Event) -> str:
    """``B2``: the Admiralty grade of the best source and of what is told."""
    return f"{event.reliability}{event.credibility}"


def grade_words(event: Event) -> str:
    """What the grade means."""
    credibility = CREDIBILITIES[event.credibility - 1] if 1 <= event.credibility <= 6 else CREDIBILITIES[-1]
    return f"best source {RELIABILITIES[event.reliability]}, information {credibility}"


def told(kind: str, value: str | None) -> str:
    """One end of a change in words, out of the short text that the register has for it."""
    if value is None or value == "":
        return ""
    if kind == "date":
        return when(value)
    bound = _OPEN.fullmatch(value) if kind == "quantity" else None
    if bound and bool(bound[1]) != bool(bound[2]):
        return " ".join(("at least" if bound[1] else "at most", bound[1] or bound[2], plain(bound[3], 40))).strip()
    if kind == "value" and (sum := _SUM.fullmatch(value)):
        return money(Money(amount=float(sum[1].replace(",", "")), currency=sum[2]))
    return _CODED.get(kind, {}).get(value) or plain(value, 160)
