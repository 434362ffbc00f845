"""What belongs to which claim: quantities, sums, dates and places go to the trigger that they stand by."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.claims.match import Match
from transforms.claims.model import Sentence, Unit
from transforms.claims.tags import Tags, has
from transforms.records import Amount, ClaimPlace, Money, PlaceRole, QuantityMention

_DATELINE = 8  # units from the beginning within which a dash ends a dateline
_TOLD = 9  # units from a verb of saying to the date before its "that"
_REACH = 16  # units from a trigger's arguments to a sum or date of its own


def amount(quantity: QuantityMention | None) -> Amount | None:
    """The number of pieces a quantity mention tells."""
    if quantity is None:
        return None
    return Amount(
        number=quantity.number, min=quantity.min, max=quantity.max, unit=quantity.unit, approx=quantity.approx
    )  # fmt: skip


def money(quantity: QuantityMention) -> Money | None:
    """A sum with its bound; None where no number is told."""
    if quantity.currency is None:
        return None
    if quantity.number is not None:
        return Money(amount=quantity.number, currency=quantity.currency, bound="about" if quantity.approx else None)
    if quantity.max is not None:
        return Money(amount=quantity.max, currency=quantity.currency, bound="max")
    if quantity.min is not None:
        return Money(amount=quantity.min, currency=quantity.currency, bound="min")
    return None


def own(units: Sequence[Unit], kind: str, m: Match, rivals: Sequence[Match]) -> list[int]:
    """The units of a kind nearer to this match than to any other of the sentence."""
    out = []
    for i, unit in enumerate(units):
        if unit.kind != kind:
            continue
        distance = _distance(m, i)
        if distance <= _REACH and all(distance <= _distance(r, i) for r in rivals if r is not m):
            out.append(i)
    return sorted(out, key=lambda i: _distance(m, i))


def _distance(m: Match, i: int) -> int:
    if m.lo <= i < m.hi:
        return 0
    gap = m.lo - i if i < m.lo else i - m.hi + 1
    across = any(has(m.sentence.units[k], "breaker") for k in range(min(i, m.hi), max(i, m.lo)))
    return gap + (6 if across else 0)


def date(m: Match, rivals: Sequence[Match]) -> str | None:
    """The transfer's own date: the nearest that does not date a verb of saying."""
    units, tags = m.sentence.units, m.tags
    for i in own(units, "date", m, rivals):
        if not _of_report(units, tags, i, m):
            found = units[i].date
            return found.value if found is not None else None
    return None


def _of_report(units: Sequence[Unit], tags: Tags, i: int, m: Match) -> bool:
    """Whether a date stands by a verb of saying that is not the act itself ("announced a package on Monday")."""
    if not m.official and i + 1 < len(units) and i < _DATELINE and units[i + 1].low in ("-", "—", "–"):
        return True
    spoken = {k for a, b, tag in tags.denial if tag == "deny" for k in range(a, b)}
    told = i + 1 < len(units) and has(units[i + 1], "relative") and i < m.at
    for j in range(i - 1, max(-1, i - (_TOLD if told else 4)), -1):
        if told and (j in spoken or tags.speech_of.get(j) == "said"):
            return True
        if tags.speech_of.get(j) == "said":
            act = any(first <= j < past for first, past, mod in tags.before if mod is m.modifier)
            return not act
        if j in tags.trigger_at:
            return False
        if units[j].kind != "word" and not told:
            return False
    return False


def places(m: Match, sentence: Sentence) -> list[tuple[PlaceRole, Unit]]:
    """Places of the clause by role: by preposition, and by what the frame is about."""
    out: list[tuple[PlaceRole, Unit]] = []
    for i in range(m.left, m.right):
        unit = sentence.units[i]
        if unit.kind != "place":
            continue
        role = m.tags.governed(i)
        if m.trigger.sort == "use" or m.stage == "in_use" or "attributive" in m.notes:
            out.append(("use", unit))
        elif role == "source":
            out.append(("origin", unit))
        elif role == "via":
            out.append(("transit", unit))
        elif m.stage == "seized" and role in ("away", "of"):
            out.append(("seizure", unit))
        elif role == "to" and m.at < i:
            out.append(("delivery", unit))
        elif m.stage in ("shipped", "refused") and role in ("away", "of") and m.trigger.sort in ("carry", "bound"):
            out.append(("transit", unit))
    return out


def as_claim_place(role: PlaceRole, unit: Unit) -> ClaimPlace:
    """The record of a place in a role, with what the place recogniser already knew."""
    place = unit.place
    assert place is not None
    return ClaimPlace(
        role=role, text=place.text, start=place.start, end=place.end, value=place.value, country=place.country,
        lat=place.lat, lon=place.lon, radius_km=place.radius_km, place_type=place.place_type,
        confidence=place.confidence,
    )  # fmt: skip
