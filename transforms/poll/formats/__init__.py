"""A body as a feed, whatever its format: told by the content, because servers label feeds as anything."""

from __future__ import annotations

import re

from transforms.poll.decoding import decode
from transforms.poll.formats.html import feeds_of, looks_like_html, parse_html, read_listing
from transforms.poll.formats.jsonfeed import read_json
from transforms.poll.formats.model import NotAFeed, RawFeed, RawItem, SitemapIndex
from transforms.poll.formats.second import read_leniently
from transforms.poll.formats.xmlfeed import read_xml
from transforms.poll.formats.xmltext import parse_xml
from transforms.poll.text import one_line
from transforms.sources.schema import Source

__all__ = ["NotAFeed", "RawFeed", "RawItem", "SitemapIndex", "read_feed"]

_ROOT = re.compile(r"<(?:[A-Za-z]{1,20}:)?(?:rss|feed|RDF|urlset|sitemapindex)[\s>]")


def read_feed(body: bytes, content_type: str, source: Source, fetched: str) -> RawFeed:
    """Read a body. ``fetched`` is the address it came from.

    Raises :class:`NotAFeed`, and nothing else, for what cannot be read.
    """
    decoded = decode(body, content_type)
    text = decoded.text
    if not text.strip("\ufeff \t\r\n\x00"):
        raise NotAFeed("an empty body", "if it stays empty, look for the feed's new address")
    if source.kind == "html" and source.listing is not None:
        feed = read_listing(text, source.listing, fetched)
    else:
        feed = _by_content(text, body, source, fetched)
    feed.repaired = feed.repaired or decoded.repaired
    return feed


def _by_content(text: str, body: bytes, source: Source, fetched: str) -> RawFeed:
    start = text.lstrip("\ufeff \t\r\n\x00")[:1]
    if start in {"{", "["}:
        return read_json(text.lstrip("\ufeff \t\r\n\x00"))
    if looks_like_html(text) and not _ROOT.search(text[:5000]):
        if source.listing is not None:
            return read_listing(text, source.listing, fetched)
        raise _page(text, fetched)
    root, repaired = parse_xml(text)
    feed = read_xml(root, fetched) if root is not None else None
    if feed is not None and (feed.items or not repaired):
        feed.repaired = repaired
        return feed
    lenient = read_leniently(text, fetched)
    if lenient is not None:
        return lenient
    if feed is not None:
        feed.repaired = True
        return feed
    if body.startswith(b"%PDF"):
        raise NotAFeed("a PDF file, not a feed", "set url to the feed's address")
    if root is not None and source.listing is None:
        raise _page(text, fetched)
    raise NotAFeed("neither XML nor JSON nor HTML", "set url to the feed's address")


def _page(text: str, fetched: str) -> NotAFeed:
    tree = parse_html(text)
    feeds = feeds_of(tree, fetched) if tree is not None else ()
    title = one_line(tree.findtext(".//title") or "", limit=80) if tree is not None else ""
    called = f" ({title!r})" if title else ""
    if feeds:
        return NotAFeed(f"an HTML page{called}, not a feed; it names {feeds[0]}", f"set url to {feeds[0]}", feeds)
    return NotAFeed(
        f"an HTML page{called}, not a feed, and it names none",
        "set url to a feed, or kind: html with listing: {item: …}",
    )
