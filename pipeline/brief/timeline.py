"""The timeline of a brief: a lane a stage, a dot an event, at the date of the transfer or else of its first report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from pipeline.brief import words
from pipeline.brief.arcs import style_of
from pipeline.brief.model import Dot, Lane, Timeline
from pipeline.brief.period import Period
from pipeline.brief.select import Selected

BINS = 60
_STEP = 9  # pixels from one dot to the next above it
_MOST = 14  # dots above each other; more are told by the number beside the stage
_ROOM = 22  # pixels of a lane for its name and base
_OUTSIDE = 0.1  # the share of events at either end that may lie beyond the axis
_EDGE = 3.0  # per cent at either end, kept for what lies beyond it
_STEPS = (1, 7, 31, 92, 366, 731, 1827, 3653, 7306)  # about so many days from tick to tick


def timeline(chosen: Sequence[Selected], period: Period) -> Timeline:
    """Lanes in the order in which a transfer runs, those of stages that are told."""
    days = {key: (s.first + s.last) // 2 for key, one in enumerate(chosen) if (s := words.span(one.event))}
    first, last = _axis(sorted(days.values()), period.until.date().toordinal())
    earlier = sum(day < first for day in days.values())
    later = sum(day > last for day in days.values())
    lanes = [lane for stage in words.STAGES if (lane := _lane(stage, chosen, days, first, last)).dots]
    told = ", ".join(f"{lane.name.lower()} {len(lane.dots)}" for lane in lanes)
    return Timeline(
        lanes=tuple(lanes),
        ticks=tuple((_x(day, first, last), text) for day, text in _ticks(first, last)),
        earlier=earlier,
        later=later,
        summary=f"Timeline of transfers by stage: {told}." if told else "No transfer of the period has a date.",
    )


def _axis(days: Sequence[int], today: int) -> tuple[int, int]:
    """The first and last day of the axis: all events, or, where a few lie far off, all but those."""
    if not days:
        return today - 30, today
    cut = int(len(days) * _OUTSIDE)
    inner = days[cut : len(days) - cut] or days
    width = max(inner[-1] - inner[0], 14)
    first = days[0] if days[0] >= inner[0] - width else inner[0] - width // 10
    last = days[-1] if days[-1] <= inner[-1] + width else inner[-1] + width // 10
    return (first, last) if last - first >= 14 else (first - 7, last + 7)


def _x(day: int, first: int, last: int) -> float:
    inside = (day - first) / (last - first) * (100 - 2 * _EDGE) + _EDGE
    return round(1.0 if day < first else 99.0 if day > last else inside, 2)


def _lane(stage: str, chosen: Sequence[Selected], days: dict[int, int], first: int, last: int) -> Lane:
    piled: Counter[int] = Counter()
    dots = []
    own = [key for key in days if chosen[key].event.stage == stage]
    for key in sorted(own, key=lambda key: (days[key], key)):
        x = _x(days[key], first, last)
        bin = min(BINS - 1, int(x / 100 * BINS))
        level = piled[bin]
        piled[bin] += 1
        event = chosen[key].event
        title = f"{words.party(event.supplier)} → {words.party(event.recipient)}: {words.goods(event, 2)}"
        at = words.when(event.date) or f"reported {words.when((event.published or '')[:10])}"
        style = style_of(event.standing)
        middle = round((bin + 0.5) / BINS * 100, 2)
        dots.append(Dot(key, middle, min(level, _MOST) * _STEP, style, f"{title}; {at}"))
    high = min(max(piled.values(), default=0), _MOST)
    return Lane(words.STAGES.get(stage, stage), _ROOM + high * _STEP, tuple(dots))  # type: ignore[call-overload]


def _ticks(first: int, last: int) -> list[tuple[int, str]]:
    """At most seven round dates."""
    step = next((step for step in _STEPS if (last - first) / step <= 6), _STEPS[-1])
    start, end = date.fromordinal(first), date.fromordinal(last)
    if step < 31:
        offset = 0 if step == 1 else (7 - start.weekday()) % 7
        return [(day, f"{(d := date.fromordinal(day)).day} {d:%b}") for day in range(first + offset, last + 1, step)]
    months = {31: 1, 92: 3}.get(step, 12 * round(step / 365.25))
    found = []
    number = start.year * 12 + start.month - 1
    number += -number % months
    while number <= end.year * 12 + end.month - 1:
        day = date(number // 12, number % 12 + 1, 1)
        if first <= day.toordinal() <= last:
            found.append((day.toordinal(), f"{day:%b %Y}" if months < 12 else f"{day.year}"))
        number += months
    return found
