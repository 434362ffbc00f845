"""The actors catalogue: groups, companies, bodies, media, and the organs and leaders that stand for a state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from transforms.knowledge import load

FOLDER = Path(__file__).with_name("actors")
Iso3Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Sort = Literal[
    "group", "company", "broker", "alliance", "un", "body", "medium", "research", "institution", "leader", "state"
]
_WORD = re.compile(r"\w+|[^\w\s]")


class Actor(BaseModel):
    """One record. kind: for organisations and media. host: the state it is seated in or chiefly operates in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    name: Name
    kind: Literal["alliance", "un", "body", "medium", "research"] | None = None
    host: Iso3Code | None = None
    state_arm: bool = False
    aliases: dict[str, list[Name]] = {}


class Publishers(BaseModel):
    """Government sites and names of sources: whose word a document's narration is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: dict[str, Iso3Code]
    endings: dict[str, Iso3Code]
    names: dict[str, Iso3Code]
    titles: list[Name]
    formulas: dict[str, Iso3Code] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for. iso3: the state it speaks or acts for; host: where a company or group is seated."""

    sort: Sort
    name: str
    id: str | None = None
    iso3: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An actor in a text, by folded offsets."""

    start: int
    end: int
    entry: Entry


class Names:
    """Finds the names of the catalogue in a text in one pass over its words."""

    def __init__(self, entries: list[tuple[str, Entry]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, Entry]]] = {}
        for alias, entry in entries:
            words = tuple(word.lower() for word in _WORD.findall(alias))
            self._by_first.setdefault(words[0], []).append((words, alias, entry))
        for group in self._by_first.values():
            group.sort(key=lambda item: -len(item[0]))

    def find(self, text: str) -> list[Found]:
        """The names in a text, longest first at each word, without overlap."""
        tokens = [(match.start(), match.end()) for match in _WORD.finditer(text)]
        low = [text[a:b].lower() for a, b in tokens]
        found, i = [], 0
        while i < len(tokens):
            for words, alias, entry in self._by_first.get(low[i], ()):
                n = len(words)
                if tuple(low[i : i + n]) == words and _cased(alias, text[tokens[i][0] : tokens[i + n - 1][1]]):
                    found.append(Found(tokens[i][0], tokens[i + n - 1][1], entry))
                    i += n - 1
                    break
            i += 1
        return found


def _cased(alias: str, text: str) -> bool:
    """Whether a text's capitals allow the alias: acronyms keep theirs, names begin with one, the rest is free."""
    if alias.isupper():
        return text == alias
    first = next((char for char in alias if char.isalpha()), "")
    return not first.isupper() or next((char for char in text if char.isalpha()), "a").isupper()


def _records(name: str) -> list[Actor]:
    return load(FOLDER / name, TypeAdapter(list[Actor]))


@cache
def catalogue() -> dict[str, Actor]:
    """All actors by id. Raises :class:`transforms.knowledge.KnowledgeError` for a file that is not right."""
    files = ("armed_groups.yaml", "companies.yaml", "brokers.yaml", "organisations.yaml", "media.yaml")
    return {record.id: record for name in files for record in _records(name)}


@cache
def names() -> Names:
    """The finder over the whole catalogue, organs and leaders of states included."""
    entries: list[tuple[str, Entry]] = []
    sorts: list[tuple[str, Sort]] = [
        ("armed_groups.yaml", "group"), ("companies.yaml", "company"), ("brokers.yaml", "broker"),
        ("organisations.yaml", "body"), ("media.yaml", "medium"),
    ]  # fmt: skip
    for file, sort in sorts:
        for record in _records(file):
            own: Sort = record.kind or sort
            entry = Entry(own, record.name, record.id, record.host if record.state_arm else None, record.host)
            if record.state_arm:
                entry = Entry("institution", record.name, None, record.host, record.host)
            forms = {alias for aliases in record.aliases.values() for alias in aliases} | {record.name}
            entries += [(form, entry) for form in sorted(forms)]
    states: list[tuple[str, Sort]] = [("institutions.yaml", "institution"), ("leaders.yaml", "leader")]
    for file, sort in states:
        for iso3, forms_of in load(FOLDER / file, TypeAdapter(dict[Iso3Code, list[Name]])).items():
            entries += [(form, Entry(sort, form, None, iso3, iso3)) for form in forms_of]
    return Names(entries)


@cache
def _publishers() -> Publishers:
    return load(FOLDER / "publishers.yaml", TypeAdapter(Publishers))


def government(url: str | None, source: str | None, title: str | None, head: str = "") -> str | None:
    """The state whose own site or office a document comes from: by its address, its source's name, a title such as
    "Statement from" a leader or organ of that state, or a formula of its acts near the document's beginning (head)."""
    known = _publishers()
    host = re.sub(r"^[a-z]+://", "", (url or "").lower()).split("/")[0].split(":")[0]
    for ending, iso3 in (*known.hosts.items(), *known.endings.items()):
        if host and (host == ending or host.endswith(ending if ending.startswith(".") else f".{ending}")):
            return iso3
    by_name = {name.lower(): iso3 for name, iso3 in known.names.items()}
    named = by_name.get((source or "").strip().lower())
    begins = " ".join(head.lower().split())
    named = named or next((iso3 for words, iso3 in known.formulas.items() if words.lower() in begins), None)
    if named is not None or not title:
        return named
    low = title.lower()
    if not any(phrase.lower() in low for phrase in known.titles):
        return None
    speakers = [hit.entry.iso3 for hit in names().find(title.title()) if hit.entry.sort in ("leader", "institution")]
    return speakers[0] if len(set(speakers)) == 1 else None
