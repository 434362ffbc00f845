"""What a feed listed last: how an item is recognised again though its address, guid or title has changed.

It is kept as long as the feed lists the item, without a cap, and some days longer, because feeds flap.
"""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

KEEP_GONE = 3 * 86400  # seconds an item is remembered after it left the feed: mirrors of one feed lag by hours
_WORDS = re.compile(r"[^\W_]+")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
MAX_GONE = 500  # and never more than this many of those, newest kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An item as it was seen last.

    keys: short hashes of everything it is known by. text: hash of title, summary and content. published: seconds since
    1970. number: a hash of host and article number. words: of the title, hashed. gone: when it left the feed, 0 while
    listed. part: a hash of the sitemap's address, where the source is a sitemap index.
    """

    id: str
    keys: tuple[str, ...]
    text: str
    published: int | None = None
    number: str = ""
    words: frozenset[str] = frozenset()
    gone: int = 0
    part: str = ""

    @property
    def body(self) -> str:
        """The hash of summary and content alone, "" where they are too short to tell anything."""
        return self.text.partition(".")[2]


def short(text: str) -> str:
    """A 66-bit hash in eleven characters: a thousand items of one source collide with a chance below 1 in 10¹³."""
    hashed = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).digest()
    return b2a_base64(hashed)[:11].translate(_URL_SAFE).decode("ascii")


def words(title: str) -> frozenset[str]:
    """The words of a title as hashes of two characters, enough to tell how many two titles share."""
    return frozenset(map(_word, _WORDS.findall(title[:200].lower())))


@lru_cache(maxsize=16_384)  # headlines share their words, within a feed and from feed to feed
def _word(word: str) -> str:
    return short(word)[:2]


def pack(items: Iterable[Remembered]) -> str:
    """Items as one string, so that a poll that brings nothing new carries it along unread.

    One item: fields parted by commas, items by semicolons; no character of it needs escaping in JSON.
    """
    return ";".join(
        ",".join((
            i.id, " ".join(i.keys), i.text, "" if i.published is None else str(i.published), i.number,
            " ".join(sorted(i.words)), str(i.gone or ""), *([i.part] if i.part else []),
        ))
        for i in items
    )  # fmt: skip


def unpack(packed: str) -> list[Remembered]:
    """The items of a packed string; what is no such item (an older or damaged state) is left out."""
    found = []
    for row in packed.split(";") if packed else ():
        fields = row.split(",")
        if len(fields) not in (7, 8):
            continue
        id_, keys, text, published, number, title, gone = fields[:7]
        try:
            found.append(
                Remembered(
                    id=id_,
                    keys=tuple(keys.split()),
                    text=text,
                    published=int(published) if published else None,
                    number=number,
                    words=frozenset(title.split()),
                    gone=int(gone) if gone else 0,
                    part=fields[7] if len(fields) == 8 else "",
                )
            )
        except ValueError:
            continue
    return found
