"""The second reader: feedparser, for what libxml2 finds no feed in.

It is some ten times slower than libxml2 and reads dates wrongly at times, so it only gets what
would else be lost, and only its texts are taken.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

from transforms.poll.formats.model import RawFeed, RawItem
from transforms.poll.formats.xmltext import strip_illegal

# Its regular expressions are not linear in hostile input: what is longer stays unread.
MAX_CHARACTERS = 250_000
_PROMISING = re.compile(r"<(?:[a-z]{1,10}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)\b[^>]{0,500}>?", re.IGNORECASE)


def read_leniently(text: str, fetched: str) -> RawFeed | None:
    """The feed in a text that is not well-formed, or None. Never raises; resolves no entity and fetches nothing."""
    if len(text) > MAX_CHARACTERS or not _PROMISING.search(text):
        return None
    import feedparser

    clean = _DOCTYPE.sub("", strip_illegal(text))
    clean = re.sub(r"^\s*<\?xml[^>]{0,400}\?>", "", clean)
    try:
        parsed = feedparser.parse(
            io.BytesIO(clean.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": fetched},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        items = [_item(index, entry) for index, entry in enumerate(parsed.entries)]
        head: Mapping[str, object] = parsed.feed
    except Exception:  # a parser for broken input breaks in ways of its own
        return None
    if not items:
        return None
    return RawFeed(
        format="lenient", title=_str(head, "title"), site=_str(head, "link"), language=_str(head, "language"),
        items=items, repaired=True,
    )  # fmt: skip


def _item(index: int, entry: Mapping[str, object]) -> RawItem:
    content = entry.get("content")
    first = content[0] if isinstance(content, list) and content else {}
    return RawItem(
        index=index,
        guid=_str(entry, "id"),
        link=_str(entry, "link"),
        title=_str(entry, "title"),
        summary=_str(entry, "summary"),
        content=_str(first, "value") if isinstance(first, Mapping) else "",
        author=_str(entry, "author"),
        published=_str(entry, "published"),
        updated=_str(entry, "updated") if "updated" in entry.keys() else "",  # noqa: SIM118 (feedparser maps "in")
    )


def _str(value: Mapping[str, object], key: str) -> str:
    found = value.get(key)
    return found.strip() if isinstance(found, str) else ""
