"""Names that something introduces: quotation marks or a word for "type" after a weapon's noun, a word for "system"
before a doubtful name of the catalogue. What the catalogue does not know is taken by its noun, as said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load
from transforms.recognise.weapons.lexicon import Entry
from transforms.recognise.weapons.scan import Hit

_LONGEST = 32  # characters of a quoted name; more is a quotation
_LISTED = 8  # quoted names of one list
_OPEN, _CLOSE = "«\"„“'‘", "»\"”“'’"
# One word that begins with a capital (or a number), at most two more of the same kind.
_HEAD = r"[^\W\d_a-zß-öø-ÿа-яёіїєґ]"
_PART = rf"(?:{_HEAD}|\d)[\w-]*"
_QUOTED = re.compile(rf"[{_OPEN}](?P<name>{_PART}(?:[ .-]{_PART}){{0,2}})[{_CLOSE}](?!\w)")
_BARE = re.compile(rf"(?P<name>(?:{_HEAD}[\w/-]*|\d[\w/-]*[^\W\d_][\w/-]*)(?: \d{{1,4}}[A-Z]?\b)?)")
# Of ships the name in quotation marks is the ship's own; of arms in general it is whatever they are called.
_NOT_OF = frozenset({"VI", "generic"})


class Introducers(BaseModel):
    """introduced.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    types: tuple[str, ...]
    systems: tuple[str, ...]
    not_names: tuple[str, ...]
    of: tuple[str, ...]
    joints: tuple[str, ...]


@dataclass(frozen=True)
class _Compiled:
    data: Introducers
    types: re.Pattern[str]
    before: re.Pattern[str]
    joints: re.Pattern[str]
    of: re.Pattern[str]


@cache
def _compiled() -> _Compiled:
    data = load(Path(__file__).with_name("introduced.yaml"), TypeAdapter(Introducers))
    types = "|".join(map(re.escape, sorted(data.types, key=len, reverse=True)))
    every = "|".join(map(re.escape, sorted((*data.types, *data.systems), key=len, reverse=True)))
    joints = "|".join(map(re.escape, sorted(data.joints, key=len, reverse=True)))
    return _Compiled(
        data,
        re.compile(rf" (?:{types}) "),
        re.compile(rf"(?:^|[\s(،و])(?:{every}) [{_OPEN}]?$"),
        re.compile(rf"(?:{joints})(?=[{_OPEN}])"),
        re.compile(rf" (?:{'|'.join(map(re.escape, data.of))}) "),
    )


_FAR = 40  # characters looked back for a word that introduces a name


def introduced(hits: Sequence[Hit], text: str) -> list[Hit]:
    """The hits with what is introduced made sure or added. In order, without overlap; linear in the number of hits."""
    rules = _compiled()
    at = {h.start: n for n, h in enumerate(hits)}
    out = list(hits)
    added: list[Hit] = []
    for n, hit in enumerate(hits):
        if hit.role == "noun" and hit.entry.category not in _NOT_OF:
            for start, end, quoted in _named(text, hit.end, rules):
                known = at.get(start)
                if known is not None and hits[known].role == "name" and not hits[known].entry.cue:
                    out[known] = _sure(out[known])
                elif known is not None and hits[known].entry.cue == "joined":
                    written = text[start : hits[known].end]
                    out[known] = _unknown(start, hits[known].end, written, hit.entry, quoted)
                elif not _taken(hits, n, start, end) and not _refused(text[start:end], rules):
                    added.append(_unknown(start, end, text[start:end], hit.entry, quoted))
            of = rules.of.match(text, hit.end)
            known = at.get(of.end()) if of else None
            if known is not None and hits[known].role == "name":
                out[known] = _sure(out[known])
        elif hit.role == "name" and hit.weak and rules.before.search(text, max(0, hit.start - _FAR), hit.start):
            out[n] = _sure(out[n])
    return sorted([*out, *added], key=lambda h: h.start) if added else out


def _named(text: str, end: int, rules: _Compiled) -> Iterator[tuple[int, int, bool]]:
    """Spans of the names that a noun's end introduces: after a word for "type", or quoted, then the rest of a list."""
    said = rules.types.match(text, end)
    at = said.end() if said else end + 1
    if not said and text[end : end + 1] != " ":
        return
    quoted = _QUOTED.match(text, at, at + _LONGEST + 2)
    if not quoted:
        bare = _BARE.match(text, at, at + _LONGEST) if said else None
        if bare:
            yield *bare.span("name"), False
        return
    for _ in range(_LISTED):
        yield *quoted.span("name"), True
        joint = rules.joints.match(text, quoted.end())
        quoted = _QUOTED.match(text, joint.end(), joint.end() + _LONGEST + 2) if joint else None
        if not quoted:
            return


def _taken(hits: Sequence[Hit], n: int, start: int, end: int) -> bool:
    for hit in hits[n + 1 : n + 6]:
        if hit.start >= end:
            return False
        if hit.end > start:
            return True
    return False


def _refused(name: str, rules: _Compiled) -> bool:
    return name.lower().startswith(rules.data.not_names) or len(name) < 2


def _sure(hit: Hit) -> Hit:
    return replace(hit, weak=False, proper=False, introduced=True)


def _unknown(start: int, end: int, written: str, noun: Entry, quoted: bool) -> Hit:
    entry = Entry("name", written, noun.category, written=written, cue="introduced", kind=noun.kind)
    return Hit(start, end, entry, weak=True, introduced=quoted)
