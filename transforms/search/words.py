"""Tokens: the words of a text made alike, the same for what is searched and what is asked.

Case, accents, soft hyphens and vowel marks do not count; letters and digits are apart ("T-72B3", "T72 B3" and "t 72
b 3" are one), light endings are cut off by a table (endings.yaml). A store only has to compare tokens for equality.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from transforms.knowledge import load

LONGEST = 60
"""Characters of a token that count: far under what any index can hold."""
BREAK = "¶"
"""Parts two passages, so that no phrase runs across them; no text has it as a token."""
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


class Script(BaseModel):
    """What is cut off the words of one script; an ending may be put in another's place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: int
    keep: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    endings: dict[str, str]


class Endings(BaseModel):
    """endings.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    letters: dict[str, str]
    unspaced: frozenset[str]
    scripts: dict[str, Script]


@cache
def endings() -> Endings:
    """The table. Raises :class:`transforms.knowledge.KnowledgeError`."""
    return load(Path(__file__).with_name("endings.yaml"), TypeAdapter(Endings))


@cache
def _letters() -> dict[int, str]:
    return str.maketrans(endings().letters)


def fold(text: str) -> str:
    """Lower case without accents, marks and invisible characters; compatibility forms as their plain ones."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    # Composed again, so that a Hangul syllable is one sign; the marks are gone.
    return unicodedata.normalize("NFC", kept.translate(_letters()))


@lru_cache(8192)
def tokens(text: str) -> tuple[str, ...]:
    """The tokens of a text in order. Never raises; linear in the text."""
    return tuple(stem(word) for word in words(text))


def words(text: str) -> list[str]:
    """As :func:`tokens`, with their endings: for names, which are compared whole."""
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        word = match[0]
        if word.isdecimal():
            found.append("".join(str(unicodedata.digit(char)) for char in word)[:LONGEST])
        elif not word.isascii() and _script(word[0]) in endings().unspaced:
            found.extend(word)
        else:
            found.append(word[:LONGEST])
    return found


def plain(name: str) -> str:
    """A name whatever its case, accents, spaces and hyphens: what atoms are made of."""
    return "".join(words(name))


@lru_cache(65536)
def stem(word: str) -> str:
    """A folded word without its ending."""
    script = endings().scripts.get(_script(word[0]))
    if script is None or len(word) <= script.min:
        return word
    for prefix in script.prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= script.min:
            word = word[len(prefix) :]
            break
    if word.endswith(script.keep):
        return word
    table = _endings(_script(word[0]))
    for size in range(min(_LONGEST_ENDING, len(word) - script.min), 0, -1):
        if (put := table.get(word[len(word) - size :])) is not None:
            return word[: len(word) - size] + put
    return word


_LONGEST_ENDING = 4


@cache
def _endings(script: str) -> dict[str, str]:
    return {fold(ending): put for ending, put in endings().scripts[script].endings.items()}


@lru_cache(4096)
def _script(char: str) -> str:
    """The script's name as Unicode has it ("latin", "cjk")."""
    return unicodedata.name(char, "none").replace("-", " ").split(" ")[0].lower()
