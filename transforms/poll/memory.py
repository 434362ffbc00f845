"""What a feed listed last: how an item is recognised again though its address, guid or title has changed.

It is kept as long as the feed lists the item, without a cap, and some days longer, because feeds flap.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

KEEP_GONE = 3 * 86400  # seconds an item is remembered after it left the feed: mirrors of one feed lag by hours
MAX_GONE = 500  # and never more than this many of those, newest kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An item as it was seen last.

    keys: short hashes of everything it is known by. text: hash of title, summary and content. published: seconds since
    1970. number: the article number in its address. title: cut to 120 characters. gone: when it left the feed, 0 while
    listed.
    """

    id: str
    keys: tuple[str, ...]
    text: str
    published: int | None = None
    number: str = ""
    title: str = ""
    gone: int = 0


def short(text: str) -> str:
    """A 64-bit hash as hex: a thousand items of one source collide with a chance below 1 in 10¹²."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def pack(items: Iterable[Remembered]) -> str:
    """Items as one string, so that a poll that brings nothing new carries it along unread."""
    rows = [[i.id, " ".join(i.keys), i.text, i.published, i.number, i.title, i.gone] for i in items]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str) -> list[Remembered]:
    """The items of a packed string; nothing for one that is not such a string (an older or damaged state)."""
    try:
        rows = json.loads(packed) if packed else []
        return [
            Remembered(
                id=str(row[0]),
                keys=tuple(str(row[1]).split()),
                text=str(row[2]),
                published=None if row[3] is None else int(row[3]),
                number=str(row[4]),
                title=str(row[5]),
                gone=int(row[6]),
            )
            for row in rows
        ]
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return []
