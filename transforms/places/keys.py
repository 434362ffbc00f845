"""The key under which a toponym is filed: one for all its spellings that differ only in what readers overlook."""

from __future__ import annotations

import re
import unicodedata

# Letters that do not decompose into a base and a mark.
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "œ": "oe", "þ": "th", "ħ": "h", "ŋ": "n",
    "ə": "a", "ё": "е", "ґ": "г", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ـ": None,
    "'": None, "’": None, "‘": None, "ʼ": None, "ʻ": None, "ʿ": None, "ʾ": None, "`": None, "´": None, "′": None,
    "ь": None, "ъ": None,
    "-": " ", "\u2010": " ", "\u2011": " ", "\u2013": " ", "\u2014": " ", "/": " ", ".": " ", ",": " ",
})  # fmt: skip
_SPACES = re.compile(r"\s+")
# й and ї are letters of their own, not и and і with a mark.
_KEEP = str.maketrans({"й": "\ue000", "ї": "\ue001"})
_BACK = str.maketrans({"\ue000": "й", "\ue001": "ї"})


def key(name: str) -> str:
    """The name in lower case without accents, apostrophes and hyphens; empty for a name of nothing but those."""
    low = name.casefold()
    if not low.isascii():
        low = unicodedata.normalize("NFC", low).translate(_KEEP)
        low = "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c)).translate(_BACK)
    low = low.translate(_LETTERS)
    return _SPACES.sub(" ", low).strip()
