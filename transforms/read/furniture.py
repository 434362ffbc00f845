"""Page furniture in a text: menus, buttons, "Related Articles" and the titles under it, credits, stamps.

It is marked, not removed: offsets stay those of the text, and mentions in it can be told apart. What it is by language
is data (``data/furniture``); here is only how a line is compared, and what follows from where it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load
from transforms.read.lines import Line
from transforms.records import Passage

_FOLDER = Path(__file__).with_name("data") / "furniture"
_SHORT_LINE = 200
"""Characters; a longer line is a paragraph, whatever it begins with."""
_STAMP_LINE = 90
_MENU_WORDS = 4
_MENU_RUN = 3
"""A menu: at the beginning or end, at least so many lines of at most so many words, without figures or full stops."""
_CREDIT_WORDS = 6
_REPEATED = 3
"""A running head: the same short line so often."""
# Bullets, heading marks, quotes, arrows and brackets around a line; what is left of a link is its text.
_EDGE = " \t#*_>`~|•·–—-+\"'«»“”„:;,.…!?→←↑▲▼()[]{}\\/"
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\((?:[^()\s]|\([^()\s]{0,100}\)){0,600}(?:\s\"[^\"]{0,300}\")?\)")
_LONE_URL = re.compile(r"(?:https?://|www\.)\S{1,500}")
_SHORTCODE = re.compile(r"\{\{.{0,300}\}\}|\[/?ad_\d\]|\[/?[a-z_]{2,20}\]|<!--.{0,100}")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{1,2}/\d{1,2}/\d{4}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[.!?。؟…][\"'»”)\]]{0,2}(?:\s|$)")


class Phrases(BaseModel):
    """One language's furniture; ``data/furniture/README.md`` says what each list is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: list[str] = []
    starts: list[str] = []
    has: list[str] = []
    ends: list[str] = []
    stamps: list[str] = []
    sections: list[str] = []
    credits: list[str] = []
    walls: dict[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class Furniture:
    """The phrases of all languages, ready to be compared. starts and stamps are indexed by their first word."""

    lines: frozenset[str]
    starts: dict[str, tuple[str, ...]]
    has: tuple[str, ...]
    ends: tuple[str, ...]
    stamps: dict[str, tuple[str, ...]]
    sections: frozenset[str]
    credits: re.Pattern[str]
    walls: dict[str, tuple[str, ...]]


def _by_first(phrases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for phrase in sorted(set(phrases)):
        table.setdefault(_first(phrase), []).append(phrase)
    return {first: tuple(values) for first, values in table.items()}


def _first(text: str) -> str:
    match = re.match(r"\W*(\w*)", text)
    return match[1] if match else ""


@lru_cache(maxsize=1)
def furniture() -> Furniture:
    """The knowledge, loaded once. Raises :class:`transforms.knowledge.KnowledgeError` for a file against its schema."""
    kind = TypeAdapter(Phrases)
    languages = [load(path, kind) for path in sorted(_FOLDER.glob("*.yaml"))]
    clean = [p.casefold().translate({0x2019: "'"}) for x in languages for p in x.starts]
    credit_words = sorted({re.escape(c) for x in languages for c in x.credits}, key=len, reverse=True)
    walls: dict[str, list[str]] = {}
    for language in languages:
        for what, phrases in language.walls.items():
            walls.setdefault(what, []).extend(p.casefold() for p in phrases)
    return Furniture(
        lines=frozenset(_bare(p) for x in languages for p in x.lines),
        starts=_by_first(clean),
        has=tuple(p.casefold() for x in languages for p in x.has),
        ends=tuple(p.casefold() for x in languages for p in x.ends),
        stamps=_by_first([p.casefold() for x in languages for p in x.stamps]),
        sections=frozenset(_bare(p) for x in languages for p in x.sections),
        credits=re.compile(
            rf"(?:^|[\s(–—|/-])(?:{'|'.join(credit_words)})\s?:\s?(?P<who>[^:\n]{{2,60}})$", re.IGNORECASE
        ),
        walls={what: tuple(phrases) for what, phrases in walls.items()},
    )


def furniture_of(lines: Sequence[Line], title: str = "") -> tuple[Passage, ...]:
    """The furniture of a text by its paragraphs, ordered, not overlapping. The title's own line is never furniture."""
    known = furniture()
    head = _bare(title)
    marked = [_is_furniture(line.text, known) for line in lines]
    own = [bool(head) and _bare(line.text) == head for line in lines]
    for i, line in enumerate(lines):
        if own[i]:
            marked[i] = False
        elif _bare(line.text) in known.sections:
            marked[i] = True
            _under(lines, marked, i + 1)
    _repeated(lines, marked)
    prose = [i for i, line in enumerate(lines) if not marked[i] and _is_prose(line.text)]
    if prose:
        _menu(lines, marked, own, range(prose[0]))
        _menu(lines, marked, own, range(len(lines) - 1, prose[-1], -1))
    return tuple(_passages(lines, marked, known))


def wall_of(text: str) -> str | None:
    """Which wall a short text is: ``paywall``, ``consent`` or ``blocked``; the one with most phrases found."""
    clean = " ".join(text.casefold().translate({0x2019: 0x27, 0x2C: None}).split())
    found = {what: sum(phrase in clean for phrase in phrases) for what, phrases in furniture().walls.items()}
    best = max(found, key=lambda what: (found[what], what), default=None)
    return best if best is not None and found[best] else None


def _is_furniture(text: str, known: Furniture) -> bool:
    shown = _LINK.sub(r"\1", text) if "](" in text else text
    shown = _SHORTCODE.sub("", shown) if shown[:1] in "[{<" else shown
    bare = _bare(shown)
    if not bare:
        return True  # a rule, an image, a bullet without text
    if bare in known.lines:
        return True
    if len(shown) > _SHORT_LINE:
        return False
    if shown != text and not _LINK.sub("", text).strip(_EDGE) and not _is_prose(shown):
        return True  # nothing but links
    if _LONE_URL.fullmatch(bare):
        return True
    lower = shown.casefold().strip(_EDGE + "©")
    whole = shown.casefold().translate({0x2019: "'"}).lstrip(" \t#*_>`~|•·–—-+[")
    if any(_begins(whole, phrase) for phrase in known.starts.get(_first(whole), ())):
        return True
    if "©" in shown[:3] or any(phrase in whole for phrase in known.has):
        return True
    if lower.endswith(known.ends):
        return True
    if len(shown) > _STAMP_LINE or not any(c.isdigit() for c in shown):
        return False
    if any(_begins(lower, phrase) for phrase in known.stamps.get(_first(lower), ())):
        return len(_WORD.findall(lower)) <= 8 and (text.rstrip()[-1] not in ".!?" or bool(_CLOCK.search(text)))
    return bool(_CLOCK.search(shown)) and len(_WORD.findall(shown)) <= 4 and "(" not in shown


def _begins(text: str, phrase: str) -> bool:
    if not text.startswith(phrase):
        return False
    return len(text) == len(phrase) or not phrase[-1].isalnum() or not text[len(phrase)].isalnum()


def _under(lines: Sequence[Line], marked: list[bool], start: int) -> None:
    """Titles and links after a section's heading, until a paragraph of prose."""
    for i in range(start, len(lines)):
        if _is_prose(lines[i].text):
            return
        marked[i] = True


def _is_prose(text: str) -> bool:
    """Whether a paragraph is made of sentences, and not a title, a link or a label."""
    words = len(text.split())
    return words >= 8 and bool(_SENTENCE.search(text)) and len(text) >= 50


def _menu(lines: Sequence[Line], marked: list[bool], own: Sequence[bool], order: range) -> None:
    """A run of labels at an end of the text is a menu. A list of goods has figures or punctuation, a menu has none."""
    run: list[int] = []
    labels = 0
    for i in order:
        text = lines[i].text
        label = len(text.split()) <= _MENU_WORDS and not any(c.isdigit() for c in text) and text[-1] not in ".;,:!?-"
        if own[i] or not (marked[i] or label):
            if len(run) >= _MENU_RUN:
                break
            run, labels = [], 0
            continue
        run.append(i)
        labels += label
    if len(run) >= _MENU_RUN and labels >= 2:
        for i in run:
            marked[i] = True


def _repeated(lines: Sequence[Line], marked: list[bool]) -> None:
    counts = Counter(line.text for line in lines if len(line.text) <= _STAMP_LINE)
    for i, line in enumerate(lines):
        if counts[line.text] >= _REPEATED and not _is_prose(line.text):
            marked[i] = True


def _passages(lines: Sequence[Line], marked: Sequence[bool], known: Furniture) -> Iterator[Passage]:
    start = end = -1
    for line, furniture_line in zip(lines, marked, strict=True):
        if furniture_line:
            start, end = (start if start >= 0 else line.start), line.end
            continue
        if start >= 0:
            yield Passage(kind="furniture", start=start, end=end)
            start = -1
        credit = known.credits.search(line.text[-120:]) if ":" in line.text[-120:] else None
        if credit and len(credit["who"].split()) <= _CREDIT_WORDS:
            first = max(0, len(line.text) - 120) + credit.start()
            yield Passage(kind="furniture", start=line.offset(first), end=line.end)
    if start >= 0:
        yield Passage(kind="furniture", start=start, end=end)


def _bare(text: str) -> str:
    return " ".join(text.translate({0x2019: 0x27}).strip(_EDGE).casefold().split())
