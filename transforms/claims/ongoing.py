""" "Since August 2023": a date that something has gone on from, until the report."""

from __future__ import annotations

from transforms.claims.model import Sentence
from transforms.recognise.context import Subject
from transforms.recognise.dates.schema import languages
from transforms.records import DateValue
from transforms.spans import parse

_LONG = 90
"""Days from which a beginning and an end are told apart: what has gone on since Monday is of this week."""


def ongoing(value: DateValue | None, sentence: Sentence, subject: Subject) -> DateValue | None:
    """The interval from a date to the publication where the date stands behind a word for "since" (the date languages'
    ``past_before``) and lies a quarter or more before the publication; else the date as it is."""
    published, span = subject.document.published, parse(value)
    told = parse(published)
    known = languages().get(subject.language or "")
    if value is None or published is None or span is None or told is None or known is None or "/" in value:
        return value
    if told.first - span.last < _LONG:
        return value
    units = sentence.units
    for n, unit in enumerate(units):
        if unit.date is not None and unit.date.value == value and n and units[n - 1].low in known.past_before:
            return f"{value}/{published[:10] if 'W' in value else published[: len(value)]}"
    return value
