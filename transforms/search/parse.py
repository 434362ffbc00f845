"""From what a person writes to a :class:`~transforms.search.query.Query`; pure but for the catalogues.

``word word`` both; ``"exact words"``; ``word*`` begins so; ``field:value,value`` either value; ``-`` before any of
them: not. Words outside quotes stand for every name of what is called so ("Geran-2" finds the Shahed-136).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.search import names
from transforms.search.fields import FIELDS, TEXT, Value
from transforms.search.query import Among, Clause, Phrase, Query, QueryError, Said, Sort, Within
from transforms.search.words import tokens

_LONGEST = 4000
"""Characters of a query: more is a mistake, not a question."""
_MOST_VALUES = 1000
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "”": "”"}
_FIELD = re.compile(r"([A-Za-z][A-Za-z_-]*):")
_OPERATORS = {
    "AND": "words and fields beside each other all hold, so leave it out",
    "OR": "either of two values is written with a comma: supplier:PRK,IRN or text:drone,missile",
    "NOT": "what must not be is written with a minus: -supplier:RUS",
}


@dataclass(frozen=True, slots=True)
class _Word:
    """A piece of the query, with where it stands."""

    text: str
    at: int
    end: int
    quoted: bool


def parse(text: str, now: datetime, *, sort: Sort = "date", ascending: bool = False) -> Query:
    """The query that a text means; an empty one finds every event. ``now`` is what ``since:7d`` counts from.

    Raises QueryError, which names the position and what would be right; KnowledgeError for a catalogue that is not.
    """
    if len(text) > _LONGEST:
        raise QueryError(f"the query has {len(text)} characters; at most {_LONGEST} are read", text[:80], 0, 1)
    return _Parser(text, now).run(sort, ascending)


class _Parser:
    def __init__(self, text: str, now: datetime) -> None:
        self._text = text
        self._now = now
        self._clauses: list[Clause] = []
        self._notes: list[str] = []
        self._run: list[_Word] = []

    def run(self, sort: Sort, ascending: bool) -> Query:
        position = self._blank(0)
        while position < len(self._text):
            position = self._blank(self._item(position))
        self._end_run()
        return Query(clauses=tuple(self._clauses), sort=sort, ascending=ascending, notes=tuple(self._notes))

    def _blank(self, position: int) -> int:
        while position < len(self._text) and self._text[position].isspace():
            position += 1
        return position

    def _item(self, start: int) -> int:
        """One item with its minus; returns where it ends."""
        text = self._text
        negated = text[start] in "-−" and start + 1 < len(text) and not text[start + 1].isspace()
        position = start + negated
        if found := _FIELD.match(text, position):
            self._end_run()
            return self._field(found, negated, start)
        word = self._piece(position, stops="")
        if word.quoted or negated or word.text.endswith("*"):
            self._end_run()
            self._clauses.append(replace(self._said(word), negated=negated))
        elif hint := _OPERATORS.get(word.text):
            raise QueryError(f"{word.text} is no operator here: {hint}", text, word.at, word.end)
        else:
            self._said(word)  # must have something to search for
            self._run.append(word)
        return word.end

    def _piece(self, start: int, stops: str) -> _Word:
        """A quoted or bare piece from ``start``; a bare one ends before a blank or one of ``stops``."""
        text = self._text
        if start < len(text) and (closing := _QUOTES.get(text[start])):
            # A German quotation ends with the mark that opens an English one; any closing mark will do.
            ends = [at for mark in {closing, '"'} if (at := text.find(mark, start + 1)) >= 0]
            if not ends:
                raise QueryError("the quotation is not closed", text, start, len(text))
            return _Word(text[start + 1 : min(ends)], start, min(ends) + 1, quoted=True)
        end = start
        while end < len(text) and not text[end].isspace() and text[end] not in stops:
            end += 1
        return _Word(text[start:end], start, end, quoted=False)

    # words

    def _said(self, word: _Word) -> Said:
        """A word, quotation or beginning of a word as a clause."""
        prefix = not word.quoted and word.text.endswith("*")
        made = tokens(word.text)
        if not made:
            raise QueryError(f"{word.text!r} has no letter or digit to search for", self._text, word.at, word.end)
        if prefix and (len(made) > 1 or len(made[0]) < 2):
            raise QueryError(
                "the beginning of a word is one word of at least two letters or digits", self._text, word.at, word.end
            )
        phrases = (made,) if word.quoted or prefix else _with_others(made)
        return Said(phrases=phrases, prefix=prefix, shown=self._text[word.at : word.end])

    def _end_run(self) -> None:
        """The bare words so far: where some beside each other are a name, they are looked for as that."""
        run, self._run = self._run, []
        made = [tokens(word.text) for word in run]
        start = 0
        while start < len(run):
            size = _name_at(made, start)
            last = run[start + size - 1]
            name: Phrase = tuple(token for part in made[start : start + size] for token in part)
            shown = self._text[run[start].at : last.end]
            self._clauses.append(Said(phrases=_with_others(name), shown=shown))
            start += size

    # fields

    def _field(self, found: re.Match[str], negated: bool, start: int) -> int:
        name = found[1].lower().replace("_", "-")
        if name != TEXT and name not in FIELDS:
            close = difflib.get_close_matches(name, [*FIELDS, TEXT], n=2)
            hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join([*FIELDS, TEXT])}"
            raise QueryError(
                f"there is no field {found[1]!r}; {hint} (words with a colon go in quotation marks)",
                self._text, found.start(), found.end() - 1,
            )  # fmt: skip
        words = self._values(name, found.end())
        if name == TEXT:
            phrases = tuple(dict.fromkeys(phrase for word in words for phrase in self._plain_said(word).phrases))
            shown = self._text[found.start() : words[-1].end]
            self._clauses.append(Said(phrases=phrases, negated=negated, shown=shown))
            return words[-1].end
        values = [self._value(name, word) for word in words]
        self._notes += [value.note for value in values if value.note]
        shown = f"{name}:{', '.join(value.shown for value in values)}"
        if values[0].bounds:
            self._clauses.append(Within(bounds=values[0].bounds, negated=negated, shown=shown))
        else:
            atoms = tuple(dict.fromkeys(made for value in values for made in value.atoms))
            if len(atoms) > _MOST_VALUES:
                raise QueryError(f"more than {_MOST_VALUES} values", self._text, start, words[-1].end)
            self._clauses.append(Among(atoms=atoms, negated=negated, shown=shown))
        return words[-1].end

    def _values(self, name: str, start: int) -> list[_Word]:
        text, words, position = self._text, list[_Word](), start
        while True:
            word = self._piece(position, stops=",")
            if not word.text.strip():
                example = FIELDS[name].example if name in FIELDS else "drone,missile"
                raise QueryError(f"{name}: needs a value, for example {name}:{example}", text, start, position + 1)
            words.append(word)
            position = word.end
            if position >= len(text) or text[position] != ",":
                break
            if name in FIELDS and not FIELDS[name].several:
                raise QueryError(f"{name}: takes one value", text, position, position + 1)
            position += 1
        if position < len(text) and not text[position].isspace():
            raise QueryError("a blank is missing after the quotation", text, position, position + 1)
        return words

    def _plain_said(self, word: _Word) -> Said:
        if not word.quoted and word.text.endswith("*"):
            raise QueryError("the beginning of a word stands by itself, outside a field", self._text, word.at, word.end)
        return self._said(word)

    def _value(self, name: str, word: _Word) -> Value:
        try:
            return FIELDS[name].read(word.text.strip(), self._now)
        except ValueError as error:
            raise QueryError(str(error), self._text, word.at, word.end) from None


def _with_others(name: Phrase) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys((name, *names.others(name))))


def _name_at(made: Sequence[Phrase], start: int) -> int:
    """How many words from ``start`` on are the longest name of a catalogue; 1 where they are none."""
    for size in range(min(len(made) - start, names.longest()), 1, -1):
        if names.others(tuple(token for part in made[start : start + size] for token in part)):
            return size
    return 1
