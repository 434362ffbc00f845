"""A feed as it was read, whatever its format: raw strings, nothing interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class RawItem:
    """One item. link is as written; base is what it is relative to. Dates are the feed's own strings.

    plain: the title is plain text by the format's rules (nothing in it is markup). part: address of the sitemap that
    lists it, where the source is a sitemap index.
    """

    index: int
    guid: str = ""
    link: str = ""
    base: str = ""
    title: str = ""
    plain: bool = False
    summary: str = ""
    content: str = ""
    author: str = ""
    published: str = ""
    updated: str = ""
    language: str = ""
    part: str = ""


@dataclass(slots=True, kw_only=True)
class RawFeed:
    """A whole feed. repaired: bytes or markup had to be mended. site: the feed's own link."""

    format: str
    title: str = ""
    site: str = ""
    language: str = ""
    items: list[RawItem] = field(default_factory=list)
    repaired: bool = False


class NotAFeed(Exception):
    """The body is no feed; the message says what it is, ``remedy`` what to do, ``feeds`` which ones it names."""

    def __init__(self, message: str, remedy: str = "", feeds: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.feeds = feeds


class SitemapIndex(NotAFeed):
    """The body is a sitemap index; ``parts`` are the addresses it names, as written, each with its ``lastmod``."""

    def __init__(self, parts: tuple[tuple[str, str], ...]) -> None:
        super().__init__(
            f"a sitemap index that names {len(parts)} sitemaps, none of them on its own host",
            "poll one of these instead: " + ", ".join(loc for loc, _ in parts[:3]) if parts else "",
        )
        self.parts = parts
