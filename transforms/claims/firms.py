"""Firms that the catalogue does not know, by the designation at the end of their names ("Orbit Trading FZE")."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.claims.model import Party, Unit
from transforms.recognise.context import Subject

_NAME = 6  # words of a firm's name at most
_SEAT = 9  # units after a name within which its seat is told
_BEFORE = 4  # units before a name among which the state of an adjective stands
_JOINTS = frozenset({"&", "-", ".", ","})


def firms(units: list[Unit], subject: Subject) -> list[Unit]:
    """Units with the names of firms drawn into one party each, of the state that the text seats the firm in."""
    out: list[Unit] = []
    for i, unit in enumerate(units):
        if unit.kind != "word" or "firm" not in unit.classes or not unit.capital:
            out.append(unit)
            continue
        first = len(out)
        while first and len(out) - first < _NAME and _part(out, first - 1):
            first -= 1
        while first < len(out) and (not out[first].capital or out[first].classes & {"article"}):
            first += 1
        if first == len(out):
            out.append(unit)
            continue
        host = _seat(units[i + 1 : i + 1 + _SEAT]) or _adjective(out[max(0, first - _BEFORE) : first])
        after = units[i + 1] if i + 2 < len(units) else None
        end = after.end if after is not None and after.low == "." and after.start == unit.end else unit.end  # "Ltd."
        text, _, _ = subject.original(out[first].start, end)
        name = " ".join(text.split())
        firm = Unit("party", name.lower(), out[first].start, end, party=Party("company", None, None, name, host))
        del out[first:]
        out.append(firm)
    return out


def _part(out: Sequence[Unit], at: int) -> bool:
    """Whether a unit may belong to a name that goes on after it."""
    unit = out[at]
    if unit.kind in ("word", "place"):
        return (unit.capital and unit.low[0].isalpha()) or unit.low in _JOINTS or unit.kind == "place"
    return unit.kind == "party" and unit.party is not None and unit.party.sort in ("state", "company")


def _seat(after: Sequence[Unit]) -> str | None:
    """The state after "based in", or right after "in"."""
    for i, unit in enumerate(after[:-1]):
        if "seated" not in unit.classes:
            continue
        far = "seated_part" not in after[i - 1].classes if i else False
        where = next((u for u in after[i + 1 : i + 4] if u.party is not None or u.place is not None), None)
        if where is None or (far and i > 1):
            continue
        if where.place is not None:
            return where.place.country
        if where.party is not None and where.party.sort == "state":
            return where.party.iso3
    return None


def _adjective(before: Sequence[Unit]) -> str | None:
    """The state of "the Turkish firm …", "Dubai-based …"."""
    for unit in reversed(before):
        if unit.party is not None and unit.party.adjective and unit.party.sort == "state":
            return unit.party.iso3
        if unit.place is not None:
            return unit.place.country
        if unit.low in (",", ".", ";"):
            return None
    return None
