"""The headline figures of a brief, and the same in a few sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.brief.model import Card, Figure

_MOVED = {
    "Standing": "in standing", "Denied by": "by a denial", "Stage": "in stage", "How many": "in number",
    "Value": "in value", "Claims": "in the number of claims",
}  # fmt: skip


def figures(cards: Sequence[Card]) -> tuple[Figure, ...]:
    """How many are new, changed, contested, confirmed, flagged."""
    new = sum(card.why == "new" for card in cards)
    contested = [card for card in cards if card.contested]
    denied = sum(card.standing == "denied" for card in contested)
    told = f"{denied} of them with the denial only" if denied else "both sides told"
    confirmed = sum(card.standing == "confirmed" for card in cards)
    flagged = sum(bool(card.embargoes) for card in cards)
    single = sum(card.origins <= 1 for card in cards)
    return (
        Figure(new, "new", "first seen in the period", ("why", "new")),
        Figure(len(cards) - new, "changed", "known before, told differently now", ("why", "changed")),
        Figure(
            len(contested), "disputed or denied", told,
            ("standing", "contested"),
        ),
        Figure(confirmed, "confirmed", "by supplier or recipient itself", ("standing", "confirmed")),
        Figure(flagged, "under an embargo", "in force for the pair; a flag, no verdict", ("embargo", "yes")),
        Figure(single, "from one origin only", "not yet told by another", ("origins", "1")),
    )  # fmt: skip


def sentences(cards: Sequence[Card]) -> tuple[str, ...]:
    """What a reader in a hurry must know: the best supported new one, who denies what, what moved on."""
    found = [_new(cards), _contested(cards), _changed(cards), _flagged(cards)]
    return tuple(sentence for sentence in found if sentence)


def _new(cards: Sequence[Card]) -> str:
    new = [card for card in cards if card.why == "new"]
    if not new:
        return "No new transfer was reported."
    best = min(new, key=lambda card: (-card.origins, -card.articles, card.key))
    told = f"{best.pair}, {best.goods} ({best.stage.lower()}, {_count(best.origins, 'origin')})"
    lead = f"{_count(len(new), 'new transfer')} {'was' if len(new) == 1 else 'were'} reported"
    if len(new) == 1:
        return f"{lead}: {told}."
    if best.origins <= 1:
        return f"{lead}, none of them yet by more than one origin."
    return f"{lead}. The best supported: {told}."


def _contested(cards: Sequence[Card]) -> str:
    contested = [card for card in cards if card.contested]
    if not contested:
        return "Nobody is reported to deny any of them." if cards else ""
    by = Counter(name for card in contested for name in card.deniers)
    most = sorted(by.items(), key=lambda item: (-item[1], item[0]))
    told = _listed([f"{name} ({n})" if len(contested) > 1 else name for name, n in most[:4]], len(most) - 4)
    is_are = "is" if len(contested) == 1 else "are"
    return f"{_count(len(contested), 'transfer')} {is_are} disputed or denied" + (f", by {told}." if told else ".")


def _changed(cards: Sequence[Card]) -> str:
    changed = [card for card in cards if card.why != "new"]
    if not changed:
        return "No earlier transfer changed." if cards else ""
    kinds = Counter(label for card in changed for label in {change.label for change in card.changes})
    told = _listed([f"{kinds[label]} {text}" for label, text in _MOVED.items() if kinds[label]], 0)
    lead = f"{_count(len(changed), 'earlier transfer')} changed"
    if len(changed) > 1 and told:
        lead += f": {told}"
    for label in _MOVED:  # the weightiest kind of change, as an example
        for card in changed:
            for change in card.changes:
                if change.label == label and change.after:
                    step = f"{change.before} → {change.after}" if change.before else change.after
                    how = "" if len(changed) == 1 else "The weightiest: "
                    return f"{lead}{': ' if not how else '. '}{how}{card.pair}, {card.goods} ({label.lower()}: {step})."
    return f"{lead}."


def _flagged(cards: Sequence[Card]) -> str:
    flagged = [card for card in cards if card.embargoes]
    if not flagged:
        return ""
    # The party by its own name, as everywhere else in the brief; instruments have theirs ("DPRK").
    by = Counter(
        name
        for card in flagged
        for name in {card.supplier if flag.side == "supplier" else card.recipient for flag in card.embargoes}
    )
    most = sorted(by.items(), key=lambda item: (-item[1], item[0]))
    told = _listed([name for name, _ in most[:5]], len(most) - 5)
    touch = "touches" if len(flagged) == 1 else "touch"
    return f"{_count(len(flagged), 'transfer')} {touch} an embargo in force for the pair ({told})."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(texts: Sequence[str], more: int) -> str:
    found = [*texts, *([f"{more} more"] if more > 0 else [])]
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1] if found else "")))
