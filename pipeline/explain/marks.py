"""What a page tells of each mention: what it was read as, why, and which part it plays in which claim."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.explain import words
from transforms.claims.actors import Found, names
from transforms.notify.names import state
from transforms.records import (
    Amount,
    Claim,
    DateMention,
    Mention,
    Money,
    Party,
    PlaceMention,
    QuantityMention,
    StateMention,
    Voice,
    WeaponMention,
)

Kind = Literal["weapon", "party", "date", "place", "quantity"]
KINDS: dict[Kind, str] = {
    "party": "State or actor",
    "weapon": "Weapon",
    "quantity": "Quantity",
    "date": "Date",
    "place": "Place",
}
_ACTORS = {
    "group": "armed group",
    "company": "company",
    "broker": "broker",
    "alliance": "alliance",
    "un": "body of the United Nations",
    "body": "organisation",
    "medium": "news medium",
    "research": "research institute",
    "institution": "organ of state",
    "leader": "leader",
    "state": "state",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mention as a reader sees it.

    value: what it was read as. key: the same as a claim has it (ISO code, canonical name, date value).
    facts: labels and values. why: the rule or record behind it. roles: claim number and the part played in it.
    """

    start: int
    end: int
    kind: Kind
    text: str
    value: str
    key: str
    facts: tuple[tuple[str, str], ...] = ()
    why: str
    roles: tuple[tuple[int, str], ...] = ()


def marks_of(text: str, mentions: Sequence[Mention], claims: Sequence[Claim], published: str | None) -> list[Mark]:
    """All marks of a text in its order, with their parts in the claims, which are numbered from 1."""
    marks = [_mark(mention, published) for mention in mentions]
    taken = {(mark.start, mark.end) for mark in marks if mark.kind == "party"}
    marks += [
        _actor(text, found)
        for found in names().find(text)
        if (found.start, found.end) not in taken and found.entry.sort != "state"
    ]
    marks += _named_only(text, marks, claims)
    marks.sort(key=lambda mark: (mark.start, mark.end, mark.kind))
    roles: dict[int, list[tuple[int, str]]] = {}
    for number, claim in enumerate(claims, 1):
        for index, role in _roles(text, marks, claim):
            if (number, role) not in roles.setdefault(index, []):
                roles[index].append((number, role))
    return [replace(mark, roles=tuple(roles.get(index, ()))) for index, mark in enumerate(marks)]


def _mark(mention: Mention, published: str | None) -> Mark:
    facts: list[tuple[str, str]] = []
    match mention:
        case StateMention():
            kind: Kind = "party"
            value, key = state(mention.value), mention.value
            why = "a name of the state"
            if mention.metonym:
                why = "stands for the state's government"
            elif mention.adjective:
                why = "an adjective or demonym of the state"
        case WeaponMention():
            kind, value, key = "weapon", mention.value, mention.value
            facts.append(("category", words.category(mention.category)))
            facts.append(("family", mention.family or ""))
            facts.append(("developed or made in", ", ".join(map(state, mention.origins))))
            why = "a noun for goods"
            if mention.named:
                why = "a system of the catalogue, by name" if mention.known else "a designation by its form only"
        case DateMention():
            kind, value, key = "date", mention.value, mention.value
            why = f"read against the date of publication, {published}" if published else "no date of publication known"
        case PlaceMention():
            kind, value, key = "place", mention.value, mention.value
            facts.append(("country", state(mention.country) if mention.country else ""))
            facts.append(("position", _position(mention)))
            facts.append(("type", mention.place_type or ""))
            facts.append(("confidence", f"{mention.confidence:.2f}" if mention.confidence is not None else ""))
            why = "resolved by the gazetteer" if mention.lat is not None else "not resolved to one place"
        case QuantityMention():
            kind, value, key = "quantity", _number(mention), ""
            facts.append(("class", mention.quantity_class))
            facts.append(("counts", mention.of or ""))
            why = "counts the weapon beside it" if mention.target is not None else "a number with its unit"
    told = tuple((label, fact) for label, fact in facts if fact)
    return Mark(
        start=mention.start, end=mention.end, kind=kind, text=mention.text, value=value, key=key, facts=told, why=why
    )


def _actor(text: str, found: Found) -> Mark:
    entry = found.entry
    facts = [("kind", _ACTORS[entry.sort]), ("speaks or acts for", state(entry.iso3) if entry.iso3 else "")]
    if not entry.iso3:
        facts.append(("seated in", state(entry.host) if entry.host else ""))
    return Mark(
        start=found.start,
        end=found.end,
        kind="party",
        text=text[found.start : found.end],
        value=entry.name,
        key=entry.id or entry.iso3 or entry.name,
        facts=tuple((label, fact) for label, fact in facts if fact),
        why="a name of the actors catalogue",
    )


def _named_only(text: str, marks: Sequence[Mark], claims: Sequence[Claim]) -> Iterator[Mark]:
    """Parties and speakers that a claim names though no catalogue knows them, where the text has the name."""
    seen = {(mark.start, mark.end) for mark in marks if mark.kind == "party"}
    for claim in claims:
        for party in (claim.supplier, claim.recipient, claim.broker, claim.end_user, *claim.transit):
            if party is None or party.key != "unknown" or not party.name:
                continue
            start = _nearest_text(text, party.name, claim)
            if start >= 0 and (start, start + len(party.name)) not in seen:
                seen.add((start, start + len(party.name)))
                yield _plain(start, party.name, "named by the sentence; in no catalogue")
        for voice in (*claim.asserted_by, *claim.denied_by):
            start = _speaker(text, voice, claim)
            if start >= 0 and (start, start + len(voice.name)) not in seen:
                seen.add((start, start + len(voice.name)))
                yield _plain(start, voice.name, "named as who asserts or denies", voice.iso3)


def _plain(start: int, name: str, why: str, iso3: str | None = None) -> Mark:
    facts = (("speaks for", state(iso3)),) if iso3 else ()
    end = start + len(name)
    return Mark(start=start, end=end, kind="party", text=name, value=name, key=name, facts=facts, why=why)


def _roles(text: str, marks: Sequence[Mark], claim: Claim) -> Iterator[tuple[int, str]]:
    """Which marks the claim rests on: those in its sentence first, else the nearest of the same meaning."""

    def best(kind: Kind, fits: Callable[[Mark], bool]) -> int | None:
        found = [(_distance(mark, claim), i) for i, mark in enumerate(marks) if mark.kind == kind and fits(mark)]
        return min(found)[1] if found else None

    def play(role: str, kind: Kind, fits: Callable[[Mark], bool]) -> Iterator[tuple[int, str]]:
        if (index := best(kind, fits)) is not None:
            yield index, role

    sides: list[tuple[str, Party | None]] = [("supplier", claim.supplier), ("recipient", claim.recipient)]
    sides += [("broker", claim.broker), ("end user", claim.end_user), *(("transit", party) for party in claim.transit)]
    for role, party in sides:
        if party is not None:
            yield from play(role, "party", _is(party))
    for goods in claim.goods:
        yield from play("goods", "weapon", lambda mark, value=goods.value: mark.key == value)  # type: ignore[misc]
    if claim.quantity:
        yield from play("number", "quantity", lambda mark: mark.value == _number(claim.quantity))
    if claim.value:
        yield from play("value", "quantity", lambda mark: _worth(claim.value) in mark.value)
    if claim.date:
        yield from play("date", "date", lambda mark: mark.key == claim.date)
    for place in claim.places:
        for index, mark in enumerate(marks):
            if mark.start < place.end and place.start < mark.end and mark.kind in ("place", "party"):
                yield index, f"place of {place.role}" if place.role != "use" else "place of use"
    for role, voices in (("asserts", claim.asserted_by), ("denies", claim.denied_by)):
        for voice in voices:
            start = _speaker(text, voice, claim)
            covered = [i for i, m in enumerate(marks) if m.kind == "party" and _overlap(m, start, len(voice.name))]
            if start >= 0 and covered:
                yield max(covered, key=lambda i: marks[i].end - marks[i].start), role


def _is(party: Party) -> Callable[[Mark], bool]:
    key = party.name if party.key == "unknown" else party.key
    return lambda mark: key is not None and mark.key == key


def _overlap(mark: Mark, start: int, size: int) -> bool:
    return mark.start < start + size and start < mark.end


def _distance(mark: Mark, claim: Claim) -> tuple[int, int]:
    """Least within the claim's span; before it, the nearest, counts less than after it, since a text refers back."""
    if mark.end <= claim.start:
        return 1, claim.start - mark.end
    if mark.start >= claim.end:
        return 2, mark.start - claim.end
    return 0, mark.start


def _nearest_text(text: str, name: str, claim: Claim) -> int:
    """Where the text has a name nearest to a claim: in its span, else after it, else before; -1 for nowhere."""
    return _first(text, name, (claim.start, claim.end), (claim.end, len(text)), (0, claim.start))


def _speaker(text: str, voice: Voice, claim: Claim) -> int:
    """Where the text names who speaks: outside of what is claimed first, where the supplier may bear the same name."""
    return _first(text, voice.name, (claim.end, len(text)), (0, claim.start), (claim.start, claim.end))


def _first(text: str, name: str, *stretches: tuple[int, int]) -> int:
    """The first whole occurrence of a name in any of the stretches, tried in turn; -1 for none."""
    for start, end in stretches:
        at = text.find(name, start, end) if name else -1
        while at >= 0:
            if not (
                _joined(text[at - 1 : at], name[0]) or _joined(text[at + len(name) : at + len(name) + 1], name[-1])
            ):
                return at
            at = text.find(name, at + 1, end)
    return -1


def _joined(beside: str, edge: str) -> bool:
    """Whether two neighbouring characters belong to one word, as "a" and "n" of "Russian" do; Han has no such words."""
    return beside.isalnum() and edge.isalnum() and unicodedata.east_asian_width(beside) not in "WF"


def _position(place: PlaceMention) -> str:
    if place.lat is None or place.lon is None:
        return ""
    radius = f" ± {place.radius_km:g} km" if place.radius_km else ""
    return f"{place.lat:.3f}, {place.lon:.3f}{radius}"


def _number(amount: QuantityMention | Amount | None) -> str:
    if amount is None:
        return ""
    if amount.number is not None:
        told = f"{amount.number:,.10g}"
    elif amount.min is not None and amount.max is not None:
        told = f"{amount.min:,.10g}–{amount.max:,.10g}"
    elif amount.min is not None:
        told = f"at least {amount.min:,.10g}"
    else:
        told = f"at most {amount.max or 0:,.10g}"
    about = "about " if amount.approx else ""
    return f"{about}{told} {amount.unit}" if amount.unit and amount.unit != "piece" else f"{about}{told}"


def _worth(money: Money | None) -> str:
    return f"{money.amount:,.10g} {money.currency}" if money else ""
