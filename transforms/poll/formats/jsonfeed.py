"""JSON Feed 1.0 and 1.1, and the lists of posts that WordPress gives (``/wp-json/wp/v2/posts``)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from transforms.poll.formats.model import NotAFeed, RawFeed, RawItem


def read_json(text: str) -> RawFeed:
    """The feed in a JSON text. Raises :class:`NotAFeed`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(
            f"JSON that cannot be read ({str(error)[:120]})", "ask the publisher; it may be cut off"
        ) from None
    if isinstance(value, list) and value and all(isinstance(post, Mapping) and "link" in post for post in value):
        return RawFeed(format="json", items=[_post(index, post) for index, post in enumerate(value)])
    items = value.get("items") if isinstance(value, Mapping) else None
    if not isinstance(items, list):
        raise NotAFeed("JSON, but no JSON Feed: it has no list of items", "set kind and url to the feed's own address")
    assert isinstance(value, Mapping)
    feed = RawFeed(
        format="json", title=_str(value, "title"), site=_str(value, "home_page_url"), language=_str(value, "language")
    )
    for index, entry in enumerate(items):
        if not isinstance(entry, Mapping):
            feed.items.append(RawItem(index=index))
            continue
        authors = entry.get("authors")
        author = authors[0] if isinstance(authors, list) and authors else entry.get("author")
        feed.items.append(
            RawItem(
                index=index,
                guid=_str(entry, "id"),
                link=_str(entry, "url") or _str(entry, "external_url"),
                title=_str(entry, "title"),
                plain=True,
                summary=_str(entry, "summary"),
                content=_str(entry, "content_html") or _str(entry, "content_text"),
                author=_str(author, "name") if isinstance(author, Mapping) else "",
                published=_str(entry, "date_published"),
                updated=_str(entry, "date_modified"),
                language=_str(entry, "language"),
            )
        )
    return feed


def _post(index: int, post: Mapping[object, object]) -> RawItem:
    """A post of WordPress's REST interface; its texts are HTML, its ``date_gmt`` is UTC without saying so."""

    def rendered(key: str) -> str:
        part = post.get(key)
        return _str(part, "rendered") if isinstance(part, Mapping) else _str(post, key)

    def utc(key: str) -> str:
        told = _str(post, f"{key}_gmt")
        return f"{told}Z" if told else _str(post, key)

    guid = rendered("guid") or _str(post, "id")
    return RawItem(
        index=index, guid=guid, link=_str(post, "link"), title=rendered("title"), summary=rendered("excerpt"),
        content=rendered("content"), published=utc("date"), updated=utc("modified"),
    )  # fmt: skip


def _str(value: Mapping[object, object], key: str) -> str:
    """A string field; an id may be a number (JSON Feed asks readers to coerce it)."""
    found = value.get(key)
    if isinstance(found, str):
        return found.strip()
    if isinstance(found, int | float) and not isinstance(found, bool):
        try:
            return str(found)
        except ValueError:  # an integer of thousands of digits
            return ""
    return ""
