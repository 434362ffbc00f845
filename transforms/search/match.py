"""What a query means: which cards it finds and in which order. Stores answer from indices, but answer the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.search.card import Card
from transforms.search.query import Among, Bound, Clause, Phrase, Query, Said, Within


def matches(query: Query, card: Card) -> bool:
    """Whether a query finds a card."""
    return card.live and all(_holds(clause, card) != clause.negated for clause in query.clauses)


def ordered(query: Query, cards: Iterable[Card]) -> list[Card]:
    """The cards that a query finds, in its order."""
    found = sorted((card for card in cards if matches(query, card)), key=lambda card: card.id)
    return sorted(found, key=lambda card: card.numbers[query.column], reverse=not query.ascending)


def _holds(clause: Clause, card: Card) -> bool:
    match clause:
        case Among(atoms=atoms):
            return not set(atoms).isdisjoint(card.atoms)
        case Said(phrases=phrases, prefix=True):
            return any(word.startswith(phrase[0]) for phrase in phrases for word in card.words)
        case Said(phrases=phrases):
            return any(_said(phrase, card.words) for phrase in phrases)
        case Within(bounds=bounds):
            return all(_within(bound, card) for bound in bounds)


def _said(phrase: Phrase, words: Sequence[str]) -> bool:
    size = len(phrase)
    return any(tuple(words[n : n + size]) == phrase for n in range(len(words) - size + 1))


def _within(bound: Bound, card: Card) -> bool:
    value = card.numbers[bound.column]
    return value >= bound.value if bound.op == ">=" else value <= bound.value
