"""The recogniser of dates: matches of the grammar, guarded, resolved in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from transforms.recognise.context import Subject
from transforms.recognise.dates.calendar import Reference, day_value
from transforms.recognise.dates.fallback import full_dates
from transforms.recognise.dates.grammar import MAIN, Match, grammar
from transforms.recognise.dates.guards import addresses, guards, inside, stands_free
from transforms.recognise.dates.resolve import Setting, resolve, told_year
from transforms.recognise.dates.schema import common, languages
from transforms.recognise.dates.tense import Tense
from transforms.recognise.dates.tokens import Tokens, tokens
from transforms.records import DateMention, Mention, QuantityMention

_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)(?:[/-](\d\d))?[/-]")
_HEAD = 1500
"""How far from the ends of a text its own date is looked for, where no publication date is given."""


@dataclass(frozen=True, slots=True)
class _Found:
    match: Match
    value: str


class DateRecogniser:
    """Finds dates and spans of time. See :class:`transforms.recognise.context.Recogniser`."""

    def __init__(self) -> None:
        self._guards = guards()
        self._tenses = {code: Tense(language) for code, language in languages().items()}
        self._joins = frozenset(common().joins)
        grammar(MAIN)

    def find(self, subject: Subject, before: Sequence[Mention] = ()) -> list[DateMention]:
        """The dates in the subject, ordered, without overlap, resolved against its publication date."""
        seen = tokens(subject.text)
        order = self._order(subject)
        counted = _counted(subject, before)
        matches = list(self._matches(subject, seen, counted))
        reference = (
            Reference.read(subject.document.published)
            or _in_address(subject.document.url)
            or _own_date(seen, matches, order)
        )
        found = [
            _mention(subject, seen.starts[one.match.first], seen.ends[one.match.end - 1], one.value)
            for one in self._resolved(subject, seen, matches, reference, order)
        ]
        if subject.language and subject.language not in self._guards:
            return _with_fallback(subject, found, subject.language, reference)
        return found

    def _matches(self, subject: Subject, seen: Tokens, counted: Sequence[tuple[int, int]]) -> Iterator[Sequence[Match]]:
        """At each place where a date may stand, the readings that pass their guards, best first."""
        rules = grammar(subject.language)
        fallback = self._guards[subject.language if subject.language in self._guards else MAIN]
        away = addresses(subject.text)
        at, size = 0, len(seen)
        while at < size:
            word = seen.words[at]
            if not (word in rules.starters or "0" <= word[0] <= "9" or word[0].isdigit()) or inside(
                away, seen.starts[at]
            ):
                at += 1
                continue
            kept = [
                match
                for match in rules.matches(seen, at)
                if stands_free(seen, match)
                and self._guards.get(match.rule.language, fallback).accepts(seen, match)
                and not _is_counted(seen, match, counted)
            ]
            if kept:
                yield kept
            at = kept[0].end if kept else at + 1

    def _resolved(
        self,
        subject: Subject,
        seen: Tokens,
        matches: Sequence[Sequence[Match]],
        reference: Reference | None,
        order: str,
    ) -> Iterator[_Found]:
        anchor: date | None = None
        last_year: int | None = None
        years: dict[tuple[int, int], int] = {}  # of days told without one: the same day is the same day throughout
        told: tuple[int, int] | None = None  # the sentence and year of the last month told with its year
        for index, readings in enumerate(matches):
            sentence = subject.view.sentence_at(seen.starts[readings[0].first])
            context = told[1] if told and told[0] == sentence else None
            if context and reference and context >= reference.year:
                context = None
            for match in readings:
                language = match.rule.language or subject.language or MAIN
                tense = self._tenses.get(language) or self._tenses[MAIN]
                setting = Setting(
                    reference=reference,
                    anchor=anchor,
                    future=tense.ahead(subject.view, seen, match.first, match.end),
                    order=order,
                    last_year=last_year,
                    year=self._shared_year(seen, matches, index, reference)
                    or context
                    or years.get((match.number("month") or 0, match.number("day") or 0)),
                )
                value = resolve(match, setting)
                if value:
                    year = told_year(match, reference)
                    if match.rule.kind == "absolute" and _day(value) and not year:
                        years[match.number("month") or 0, match.number("day") or 0] = int(value[:4])
                    if year and match.all("month"):
                        told = (sentence, year)
                    anchor = _day(value) or anchor
                    last_year = int(value[:4])
                    yield _Found(match, value)
                    break

    def _shared_year(
        self, seen: Tokens, matches: Sequence[Sequence[Match]], index: int, reference: Reference | None
    ) -> int | None:
        """The year of the date that this one is joined to ("24 February to 4 March 2022"), in either direction."""
        for here, there in ((index, index + 1), (index - 1, index)):
            if here < 0 or there >= len(matches):
                continue
            first, second = matches[here][0], matches[there][0]
            gap = seen.words[first.end : second.first]
            if not 0 < len(gap) <= 3 or not all(word in self._joins for word in gap):
                continue
            other = second if here == index else first
            slots = {value.slot for value in other.values}
            year = told_year(other, reference)
            if year and slots & {"month", "two", "dd"}:
                return year
        return None

    def _order(self, subject: Subject) -> str:
        """Of day and month in figures: the language's, or that of the publisher's domain."""
        own = languages().get(subject.language or MAIN) or languages()[MAIN]
        if own.order == "mdy" and subject.document.url:
            try:
                host = urlsplit(subject.document.url).hostname or ""
            except ValueError:
                return own.order
            return common().hosts.get(host.rpartition(".")[2], own.order)
        return own.order


def _counted(subject: Subject, before: Sequence[Mention]) -> list[tuple[int, int]]:
    locate = subject.view.folded.locate
    return sorted(locate(m.start, m.end) for m in before if isinstance(m, QuantityMention))


def _is_counted(seen: Tokens, match: Match, counted: Sequence[tuple[int, int]]) -> bool:
    """Whether figures without a month or weekday by name are a quantity already."""
    if not counted or any(value.slot in ("month", "weekday", "unit", "season", "shift") for value in match.values):
        return False
    return inside(counted, seen.starts[match.first])


def _in_address(url: str | None) -> Reference | None:
    """The date that many publishers put into an article's address."""
    match = _PATH.search(url or "")
    return Reference.read("-".join(filter(None, match.groups()))) if match else None


def _own_date(seen: Tokens, matches: Sequence[Sequence[Match]], order: str) -> Reference | None:
    """The first full date near the top of a text (its date line), else the last one near its end (its signature)."""
    signed = None
    for readings in matches:
        start = seen.starts[readings[0].first]
        if _HEAD < start < len(seen.text) - _HEAD:
            continue
        value = resolve(readings[0], Setting(reference=None, order=order))
        if value and _day(value):
            if start <= _HEAD:
                return Reference.read(value)
            signed = value
    return Reference.read(signed)


def _day(value: str) -> date | None:
    head = value.partition("T")[0]
    try:
        return date.fromisoformat(head) if len(head) == 10 and "/" not in head else None
    except ValueError:
        return None


def _mention(subject: Subject, start: int, end: int, value: str) -> DateMention:
    text, first, last = subject.original(start, end)
    return DateMention(text=text, start=first, end=last, value=value)


def _with_fallback(
    subject: Subject, found: list[DateMention], language: str, reference: Reference | None
) -> list[DateMention]:
    """Full dates of a language without a grammar, in place of the bare years that were found in them."""
    whole = [
        _mention(subject, start, end, day_value(day))
        for start, end, day in full_dates(subject.text, language, reference)
    ]
    kept = [m for m in found if not any(w.start < m.end and m.start < w.end for w in whole)]
    return sorted([*kept, *whole], key=lambda mention: mention.start)
