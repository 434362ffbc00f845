"""How a catalogue name may be written otherwise: separators, Cyrillic letters, accents. See spelling.yaml."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load
from transforms.recognise.weapons.matchtext import match_form

_LETTER_DIGIT = re.compile(r"([^\W\d_])(\d)")
_MARK = re.compile(r"(?<=[^\W\d_]{4} \d)([a-z]\d)$")  # of "leopard 2a4": written apart, too
_SEPARATED = re.compile(r"(?<=[^\W\d_]) (?=\d)")


class Spelling(BaseModel):
    """spelling.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cyrillic_origins: frozenset[str]
    transliteration: dict[str, str]
    transliteration_also: dict[str, str]
    homoglyphs: dict[str, str]
    endings: frozenset[str]
    dropped: frozenset[str]
    arabic_prefixes: frozenset[str]
    arabic_conjunctions: frozenset[str]
    words: frozenset[str]
    lower_heads: frozenset[str]
    name_endings: dict[str, frozenset[str]]
    name_tails: dict[str, frozenset[str]]


@cache
def spelling() -> Spelling:
    """The spelling rules, loaded once."""
    return load(Path(__file__).with_name("spelling.yaml"), TypeAdapter(Spelling))


def name_ending(language: str | None, rest: str) -> bool:
    """Whether letters after a name in Latin script are its case or number in a language (ISO 639-1)."""
    return rest == "s" or rest in spelling().name_endings.get(language or "", frozenset())


def name_tail(language: str | None, rest: str) -> bool:
    """Whether letters after a name are a noun that the language writes together with it ("Patriotsystem")."""
    return rest in spelling().name_tails.get(language or "", frozenset())


_BLANKLESS = ("\u3040", "\u9fff")  # kana and Chinese characters


def has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def is_cyrillic(char: str) -> bool:
    return "\u0400" <= char <= "\u04ff"


def is_latin(char: str) -> bool:
    return char.isalpha() and char < "\u0250"


def is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff"


def parted(left: str, right: str) -> bool:
    """Whether a word may end between two characters; Chinese and Japanese write no blanks."""
    return (
        not (left.isalnum() and right.isalnum())
        or _BLANKLESS[0] <= left <= _BLANKLESS[1]
        or (_BLANKLESS[0] <= right <= _BLANKLESS[1])
    )


def variants(name: str, cyrillic: bool) -> set[str]:
    """The matching forms of a name. cyrillic: whether its states write their designations in Cyrillic too."""
    form = match_form(name)
    forms = {form}
    if has_digit(form):
        forms.add(_LETTER_DIGIT.sub(r"\1 \2", form, count=1))
        forms.add(_SEPARATED.sub("", form, count=1))
        forms.add(_SEPARATED.sub("", form))
        forms.add(_MARK.sub(r" \1", form))
        forms |= {written for one in forms for written in _cyrillic(one, cyrillic)}
    elif "-" in name and all(len(part) > 2 for part in re.split(r"[-\s/]", name)):
        forms.add(match_form(name.replace("-", "")))
    plain = "".join(c for c in unicodedata.normalize("NFD", form) if not unicodedata.combining(c))
    if plain != form and not is_cyrillic(form[-1]) and not is_cyrillic(form[0]) and not is_arabic(form[0]):
        forms.add(plain)
    return {f for f in forms if f}


def _cyrillic(form: str, transliterated: bool) -> list[str]:
    """A designation in Cyrillic: letter by letter where its states write so, and by the look of its letters."""
    rules = spelling()
    letters = [c for c in form if c.isalpha()]
    if not letters or not all(c.isascii() for c in letters):
        return []
    out = []
    if all(c in rules.homoglyphs for c in letters):
        out.append("".join(rules.homoglyphs.get(c, c) for c in form))
    if transliterated and len(letters) <= 6:
        written, position = [], 0
        while position < len(form):
            for size in (4, 2, 1):
                piece = form[position : position + size]
                if piece in rules.transliteration or (size == 1 and not piece.isalpha()):
                    written.append(rules.transliteration.get(piece, piece))
                    position += size
                    break
            else:
                return out
        out.append("".join(written))
        out.append("".join(rules.transliteration_also.get(c, c) for c in written))
    return out
