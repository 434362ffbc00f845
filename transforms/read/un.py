"""United Nations documents: their symbol, body and meeting, and who speaks in meetings coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load
from transforms.read.lines import Line
from transforms.recognise.states.lexicon import lexicon, lower
from transforms.records import Passage, UnDocument

_HEAD = 3000
"""Characters in which a document says which it is."""
# SC/15741, GA/DIS/3700, S/PV.9667, S/2024/123, A/RES/78/1, S/RES/2231 (2015)
_SYMBOL = re.compile(
    r"(?<![\w/])((?:[A-Z]{1,6}|A/C\.\d)(?:/(?:[A-Z]{1,4}(?:\.\d)?|\d{4}|[A-Z]+\.\d{1,3})){0,3}"
    r"(?:/\d{1,5}(?:/(?:Rev|Add|Corr)\.\d{1,2})?|\.\d{1,5}))(?!\w)(\s\(\d{4}\))?"
)
_URL_SYMBOL = re.compile(r"/((?:ga|ag|sg|dsg)?[a-z]{1,6})(\d{2,6})(?:[._-]?(?:rev|corr)\d?)?(?:\.doc)?(?:\.html?)?/?$")
_PRESS = re.compile(r"(?m)^\W{0,3}([A-Z]{1,6}(?:/[A-Z]{1,6})?/\d{2,6})(?:-[A-Z]{1,5}/\d{1,6})*\W{0,3}$")
# A name in capitals: particles and initials included. Every repetition consumes a blank, so the match is linear.
_CAPS = r"[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯІЇЄҐ][A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯІЇЄҐ.'\u2019-]{0,30}"
_CAPITAL_NAME = re.compile(rf"((?:{_CAPS}\s){{1,6}}{_CAPS}|{_CAPS})\s?(?:\(([^()]{{2,90}})\)|,)")
_PROPER = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w.'\u2019-]{0,30}"
_PROPER_NAME = re.compile(rf"((?:{_PROPER}\s){{1,5}}{_PROPER})\s\(([^()]{{2,90}})\)")
_NAME_PART = re.compile(r"[^\s,;:.()'\u2019]*['\u2019]|[^\s,;:.()'\u2019]+|[,;:.()]")
_LEAD_IN = 45
"""Characters that may stand before "the representative of X" in its sentence ("For her part, ")."""
_STATE_WORDS = 8


class Representatives(BaseModel):
    """Cues before and after a state's name that make its delegate of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: list[str]
    before: list[str]


class Knowledge(BaseModel):
    """``data/un.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bodies: dict[str, list[str]]
    names: dict[str, list[str]]
    meetings: list[str]
    representatives: Representatives
    articles: list[str]
    titles: list[str]
    continues: list[str]


@dataclass(frozen=True, slots=True)
class _Known:
    bodies: dict[str, str]
    names: tuple[tuple[str, str], ...]
    meetings: tuple[re.Pattern[str], ...]
    cue: re.Pattern[str]
    articles: frozenset[str]
    title: re.Pattern[str]
    continues: tuple[str, ...]


@lru_cache(maxsize=1)
def _known() -> _Known:
    data = load(Path(__file__).with_name("data") / "un.yaml", TypeAdapter(Knowledge))
    after = "|".join(sorted(map(re.escape, data.representatives.after), key=len, reverse=True))
    before = "|".join(sorted(map(re.escape, data.representatives.before), key=len, reverse=True))
    titles = "|".join(map(re.escape, data.titles))
    return _Known(
        bodies={prefix.strip("/"): body for body, prefixes in data.bodies.items() for prefix in prefixes},
        names=tuple((name, body) for body, names in data.names.items() for name in names),
        meetings=tuple(re.compile(pattern) for pattern in data.meetings),
        cue=re.compile(rf"\b(?P<after>{after})\b|(?P<before>{before})\b", re.IGNORECASE),
        articles=frozenset(data.articles),
        title=re.compile(rf"(?:(?:{titles})\.?\s){{1,2}}", re.IGNORECASE),
        continues=tuple(f"{phrase}" for phrase in data.continues),
    )


def un_document(text: str, url: str, publisher: str) -> UnDocument | None:
    """What a document says of itself, if it is one of the United Nations: by its address, its publisher or its symbol.

    News about the United Nations is none, whatever it cites.
    """
    head = text[:_HEAD]
    official = publisher == "un" or publisher.startswith("un-") or _official(url)
    symbol = _from_url(url) if official else None
    own = _PRESS.search(head)
    if symbol is None and own and _body(own[1]):
        symbol = own[1]
    if symbol is None and official:
        symbol = next((m[0].strip() for m in _SYMBOL.finditer(head) if _body(m[1])), None)
    if symbol is None and not official:
        return None
    known = _known()
    body = _body(symbol) if symbol else None
    if body is None:
        places = [(head.find(name), body) for name, body in known.names if name in head]
        body = min(places)[1] if places else None
    meeting = next((_number(m[1]) for pattern in known.meetings if (m := pattern.search(head))), None)
    return UnDocument(symbol=symbol, body=body, meeting=meeting)


def _official(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host == "un.org" or host.endswith(".un.org")


def _from_url(url: str) -> str | None:
    """``…/en/2024/sc15741.doc.htm`` is SC/15741, ``…/gadis3700…`` is GA/DIS/3700."""
    match = _URL_SYMBOL.search(url.lower().split("?")[0])
    if not match:
        return None
    letters = match[1].upper()
    for prefix in sorted(_known().bodies, key=len, reverse=True):
        if prefix.replace("/", "") == letters:
            return f"{prefix}/{match[2]}"
    return None


def _body(symbol: str) -> str | None:
    parts = re.split(r"[/\s]", symbol)
    bodies = _known().bodies
    for length in range(min(3, len(parts)), 0, -1):
        for key in ("/".join(parts[:length]), "/".join(parts[:length]).rsplit(".", 1)[0]):
            if key in bodies:
                return bodies[key]
    return None


def _number(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))


@dataclass(frozen=True, slots=True)
class _Speaker:
    name: str
    iso3: str | None


def speakers_of(lines: Sequence[Line], *, official: bool) -> tuple[Passage, ...]:
    """The passages of speakers, in order. Outside official documents only where the text is plainly meetings coverage:
    two delegates by name and state, or three by "the representative of …"."""
    named = [_named(line.text, official) for line in lines]
    if not official and sum(speaker is not None and speaker.iso3 is not None for speaker in named) < 2:
        named = [None] * len(lines)
    delegates = [[] if named[i] else list(_delegates(line.text)) for i, line in enumerate(lines)]
    if not official and not any(named) and sum(map(len, delegates)) < 3:
        delegates = [[] for _ in lines]
    passages: list[Passage] = []
    current: _Speaker | None = None
    for line, speaker, spoken in zip(lines, named, delegates, strict=True):
        if speaker:
            current = speaker
            passages.append(_passage(line.start, line.end, speaker))
        elif spoken:
            current = None
            bounds = [start for start, _ in spoken] + [len(line.text)]
            for (start, delegate), end in zip(spoken, bounds[1:], strict=True):
                passages.append(_passage(line.offset(start), line.offset(end), delegate))
        elif current and _goes_on(line.text):
            passages.append(_passage(line.start, line.end, current))
        else:
            current = None
    return tuple(p for p in passages if p.start < p.end)


def _passage(start: int, end: int, speaker: _Speaker) -> Passage:
    return Passage(kind="speaker", start=start, end=end, speaker=speaker.name, iso3=speaker.iso3)


def _goes_on(text: str) -> bool:
    start = text[:40].lower().replace("\u2019", "'").lstrip("\"“«' ")
    return any(start.startswith(p) and not start[len(p) : len(p) + 1].isalnum() for p in _known().continues)


def _named(text: str, official: bool) -> _Speaker | None:
    """The speaker with whose name a paragraph begins: NAME (State), or NAME, Function of an official document."""
    head = text[:260]
    if head.isupper():
        return None
    title = _known().title.match(head)
    start = title.end() if title else 0
    match = _CAPITAL_NAME.match(head, start)
    if match is None and official:
        match = _PROPER_NAME.match(head, start)
    if match is None or len(match[1]) < 4:
        return None
    state = match[2] if match.lastindex and match.lastindex >= 2 else None
    if state is None:
        several = len(match[1].split()) >= 2
        return _Speaker(_cased(match[1]), None) if official and several else None
    iso3, _ = _state_at(state, 0)
    return _Speaker(_cased(match[1]), iso3) if iso3 or (official and match[1].isupper()) else None


def _cased(name: str) -> str:
    """VASSILY A. NEBENZIA as Vassily A. Nebenzia."""
    if not name.isupper():
        return name.strip()
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name).strip()


def _delegates(text: str) -> Iterator[tuple[int, _Speaker]]:
    """The sentences of a paragraph that begin with "the representative of X": where each begins, and who it is."""
    for cue in _known().cue.finditer(text):
        start = _sentence_start(text, cue.start())
        if cue.start() - start > _LEAD_IN:
            continue
        if cue["after"]:
            iso3, end = _state_at(text, cue.end())
            name = text[cue.start() : end]
        else:
            iso3, name = _state_before(text, cue.start()), text[start : cue.end()]
        if iso3 is not None:
            yield start, _Speaker(name.strip(), iso3)


def _sentence_start(text: str, position: int) -> int:
    # No farther back than matters, or a text of nothing but cues would take its square.
    floor = max(0, position - 2 * _LEAD_IN)
    found = max(text.rfind(mark, floor, position) for mark in (". ", "? ", "! ", ".” ", '." ', "» "))
    start = found + 1 if found >= 0 else floor
    while start < position and text[start] in ' ”"»':
        start += 1
    return start


def _state_at(text: str, position: int) -> tuple[str | None, int]:
    """The state whose name, in any language, is the longest at a position (articles skipped), and where it ends."""
    found = list(_NAME_PART.finditer(text[position : position + 90]))
    words = [lower(match[0]).replace("\u2019", "'") for match in found]
    articles = _known().articles
    first = 0
    while first < len(words) and words[first].strip("'") in articles | {""}:
        first += 1
    stop = next((i for i in range(first, len(words)) if words[i] in ",;:.()"), len(words))
    stop = min(stop, first + _STATE_WORDS)
    forms = lexicon().forms
    for last in range(stop, first, -1):
        name = " ".join(words[first:last]).replace("' ", "'")
        state = next((f.state for f in forms.get(name, ()) if f.kind in ("name", "exact")), None)
        if state:
            return state, position + found[last - 1].end()
    return None, position


def _state_before(text: str, position: int) -> str | None:
    words = lower(text[max(0, position - 60) : position]).replace("\u2019", "'").split()[-5:]
    forms = lexicon().forms
    for first in range(len(words)):
        name = " ".join(words[first:])
        found = next((f.state for f in forms.get(name, ()) if f.kind in ("name", "exact")), None)
        if found:
            return found
    return None
