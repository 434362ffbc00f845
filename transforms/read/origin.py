"""Where a text comes from: the agency or wire that it is credited to, which corroboration counts once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load
from transforms.read.lines import Line

_DATELINE_LINES = 6
_DATELINE = 170
"""Characters of a paragraph in which a dateline ends: "UNITED NATIONS, June 28 (Reuters) - "."""
_END_LINES = 8
_CREDIT_LINE = 120


class Agency(BaseModel):
    """A family of texts: its id, and the names it is credited by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    names: list[str]
    credits: list[str] = []


class Agencies(BaseModel):
    """``data/agencies.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agencies: list[Agency]
    services: list[Agency]
    slugs: list[str]
    releases: list[str]
    before: list[str]
    pictures: list[str]


@dataclass(frozen=True, slots=True)
class _Known:
    by_name: dict[str, str]
    ids: dict[str, str]
    slugs: frozenset[str]
    bracketed: re.Pattern[str]
    dashed: re.Pattern[str]
    alone: re.Pattern[str]
    via: re.Pattern[str]
    credits: tuple[tuple[str, str], ...]
    releases: frozenset[str]
    pictures: tuple[str, ...]


@lru_cache(maxsize=1)
def _known() -> _Known:
    data = load(Path(__file__).with_name("data") / "agencies.yaml", TypeAdapter(Agencies))
    everyone = [*data.agencies, *data.services]
    by_name = {name.strip("/()"): one.id for one in everyone for name in one.names}
    # Longer names first, so that Interfax-Ukraine is not Interfax.
    names = "|".join(sorted(map(re.escape, by_name), key=len, reverse=True))
    before = "|".join(sorted(map(re.escape, data.before), key=len, reverse=True))
    ids = {name.casefold(): one for name, one in by_name.items()}
    ids.update({one.id: one.id for one in everyone})
    return _Known(
        by_name=by_name,
        ids=ids,
        slugs=frozenset(data.slugs),
        # (Reuters)  (AP Photo) is excluded below  /TASS/  (ACAN - EFE)  (dpa/AFP)
        bracketed=re.compile(rf"[(/\[]\s?({names})(?=\s?[)/\]]|\s?[,;–—-]|/)(?P<tail>[^()]{{0,30}})"),
        # "KYIV, 5 July — RIA Novosti." or "dpa - Berlin": the name between a dash and a stop, near the beginning
        dashed=re.compile(rf"(?:[–—-]|^)\s?({names})\s?(?:[.:–—-]|\s-)\s"),
        alone=re.compile(
            rf"^[\W_]*(?:[\w\s.-]{{2,40}},\s|[\w\s.-]{{2,40}}\s(?=(?i:{before})\s))?(?:(?i:{before})[\s:]{{1,3}}(?:\d{{4}}\s)?(?i:the\s)?)?({names})(?:\s(?:via|through|for)\s.{{2,60}}"
            rf"|\s\d{{4}}|[\s/,&+-]{{1,3}}[\w\s./-]{{2,40}})?[\W_]*$"
        ),
        via=re.compile(rf"(?:^|[\s(–—/])({names})\s(?:via|/)\s(?P<tail>[^\n]{{2,40}})"),
        credits=tuple((phrase.casefold(), one.id) for one in everyone for phrase in one.credits),
        releases=frozenset(release.casefold() for release in data.releases),
        pictures=tuple(word.casefold() for word in data.pictures),
    )


def credited(lines: Sequence[Line], author: str | None, site: str | None) -> str | None:
    """The family a text is credited to: in its dateline, its last lines, its byline. None where it names nobody.

    That an agency is quoted ("told Reuters") is no credit, and a picture's credit is none of the text.
    """
    known = _known()
    for line in lines[:_DATELINE_LINES]:
        head = line.text[:_DATELINE]
        for pattern in (known.bracketed, known.dashed):
            match = pattern.search(head)
            if match and not _picture(head[match.start() : match.end() + 30], known) and _is_dateline(head, match):
                return known.by_name[match[1]]
        found = _credit_line(line.text, known)
        if found:
            return found
    for line in reversed(lines[-_END_LINES:]):
        found = _credit_line(line.text, known) or _closing(line.text, known)
        if found:
            return found
    for byline in (author, site):
        match = known.alone.match(byline or "") or known.via.search(byline or "")
        if match:
            return known.by_name[match[1]]
    return None


def family_of(name: str) -> str | None:
    """The agency in a source's name or id ("AP (scrape)", "afp-via-daily"): the first one; None without."""
    known = _known()
    for token in re.split(r"[\s/(),&_.–—-]+", name):
        if token in known.by_name:
            return known.by_name[token]
        if token in known.slugs:
            return known.ids.get(token)
    return None


def is_release(lines: Sequence[Line]) -> bool:
    """Whether one of the first lines calls the text a press release."""
    releases = _known().releases
    return any(line.text.strip(" \t#*_:>-–—|").casefold() in releases for line in lines[:_DATELINE_LINES])


def _is_dateline(head: str, match: re.Match[str]) -> bool:
    """A credit in a dateline stands before the first sentence ends, and what precedes it is places and dates."""
    before = head[: match.start()]
    # A month may be in lower case ("3 juin"); more such words are a sentence.
    if (
        len(before.split()) > 9
        or sum(word[:1].islower() for word in before.split()) > 1
        or re.search(r"[a-zà-ÿ]{2,}[.!?]\s", before)
    ):
        return False
    # "the Palestinian Authority (PA) said" goes on with a word; a dateline with a dash, a colon or nothing.
    after = head[match.end() :]
    return (
        not after.strip() or bool(re.match(r"[^()\w]{0,3}[)/\]]?\s?(?:[.:–—|-]|\[)", after)) or match[0][-1].isspace()
    )


def _credit_line(text: str, known: _Known) -> str | None:
    if len(text) > _CREDIT_LINE:
        return None
    match = known.alone.match(text)
    return known.by_name[match[1]] if match and not _picture(text, known) else None


def _closing(text: str, known: _Known) -> str | None:
    lower = text.casefold()
    for phrase, id in known.credits:
        if phrase in lower:
            return id
    # "… (Reuters)" or "…, he said. Reuter" as the last words
    match = re.search(r"(?:[(\[–—-]|[.!?\"'”»]\s)\s?([^()\[\]–—.!?\"-]{2,40})[)\]]?\W{0,3}$", text[-60:])
    name = match[1].strip() if match else ""
    return known.by_name.get(name) if not _picture(lower[-80:], known) else None


def _picture(text: str, known: _Known) -> bool:
    lower = text.casefold()
    return any(word in lower for word in known.pictures)
