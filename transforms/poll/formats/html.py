"""HTML pages at a source's address: a listing read by CSS selectors, or an ordinary page that names its feeds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector

from transforms.poll.formats.model import NotAFeed, RawFeed, RawItem
from transforms.poll.text import one_line
from transforms.sources.schema import Listing

_FEED_TYPES = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml|json)|text/(?:xml|rss)", re.IGNORECASE)


def parse_html(text: str) -> lxml_html.HtmlElement | None:
    """The tree of a page, or None for one without any element. Never raises, opens nothing."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return tree


def looks_like_html(text: str) -> bool:
    """Whether a text that is no feed is an HTML page (told by how it begins)."""
    head = text[:2000].lower()
    return "<html" in head or "<!doctype html" in head or "<head" in head or "<body" in head


def feeds_of(tree: lxml_html.HtmlElement, address: str) -> tuple[str, ...]:
    """The feeds that a page names, absolute, in its order, those of comments last."""
    base = _base(tree, address)
    found: dict[str, bool] = {}
    for link in tree.iter("link", "a"):
        rel = (link.get("rel") or "").lower().split()
        if "alternate" in rel and _FEED_TYPES.fullmatch((link.get("type") or "").strip()):
            try:
                url = urljoin(base, (link.get("href") or "").strip())
            except ValueError:
                continue
            comments = "comment" in (url + (link.get("title") or "")).lower()
            if url.lower().startswith(("http://", "https://")):
                found[url] = comments and found.get(url, True)
    return tuple(sorted(found, key=lambda url: found[url]))


def read_listing(text: str, listing: Listing, address: str) -> RawFeed:
    """The articles that a page lists. Raises :class:`NotAFeed` where the selectors find nothing.

    A selector that matches nothing is an error and not an empty listing: a redesign must not look like silence.
    """
    tree = parse_html(text)
    if tree is None:
        raise NotAFeed("an empty page", "look at the address in a browser")
    elements = _all(tree, listing.item)
    if not elements:
        raise NotAFeed(
            f"no element of the page matches listing.item {listing.item!r}",
            "the page was redesigned or is built by scripts; correct the selector",
        )
    feed = RawFeed(format="html", title=one_line(tree.findtext(".//title") or ""), site=address)
    feed.language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    base = _base(tree, address)
    for index, element in enumerate(elements):
        feed.items.append(_item(index, element, listing, base))
    if not any(item.link for item in feed.items):
        raise NotAFeed(
            f"none of the {len(elements)} elements that match listing.item {listing.item!r} has a link",
            "give listing.link, a selector of the link inside an item",
        )
    return feed


def _item(index: int, element: lxml_html.HtmlElement, listing: Listing, base: str) -> RawItem:
    item = RawItem(index=index, base=base, plain=True)
    link = _first(element, listing.link) if listing.link else _first_link(element)
    if link is not None and link.get("href") is None:
        link = _first_link(link)
    if link is not None:
        item.link = (link.get("href") or "").strip()
        item.title = _words(link) or (link.get("title") or "")
    if listing.title and (found := _first(element, listing.title)) is not None:
        item.title = _words(found)
    if listing.summary and (found := _first(element, listing.summary)) is not None:
        item.summary = _words(found)
    if listing.date and (found := _first(element, listing.date)) is not None:
        attribute = listing.date_attribute or ("datetime" if found.get("datetime") else "")
        item.published = (found.get(attribute) or "").strip() if attribute else _words(found)
    if not item.published and listing.url_date and (match := re.search(listing.url_date, item.link)):
        groups = match.groupdict()
        if groups.get("year") and groups.get("month") and groups.get("day"):
            item.published = f"{groups['year']}-{groups['month']}-{groups['day']}"
    return item


def _first_link(element: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    if element.tag == "a" and element.get("href"):
        return element
    links = [a for a in element.iter("a") if (a.get("href") or "").strip()]
    # A picture's link is the same address without words.
    return next((a for a in links if _words(a)), links[0] if links else None)


@lru_cache(maxsize=512)
def _select(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def _first(element: lxml_html.HtmlElement, css: str) -> lxml_html.HtmlElement | None:
    found = _all(element, css)
    return found[0] if found else None


def _all(element: lxml_html.HtmlElement, css: str) -> list[lxml_html.HtmlElement]:
    return cast("list[lxml_html.HtmlElement]", _select(css)(element))


def _words(element: lxml_html.HtmlElement) -> str:
    return " ".join("".join(str(t) for t in element.itertext()).split())


def _base(tree: lxml_html.HtmlElement, address: str) -> str:
    for element in tree.iter("base"):
        if element.get("href"):
            try:
                return urljoin(address, str(element.get("href")).strip())
            except ValueError:
                break
    return address
