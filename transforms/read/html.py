"""The article in an HTML page: trafilatura's choice of what is text, a source's CSS where that goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import trafilatura
from lxml import html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from transforms.poll.text import legal, one_line
from transforms.read.metadata import Metadata, metadata_of
from transforms.sources.schema import TextRules

# It says on every page without text that there is none; the article's outcome says so too.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_MAX_CHARS = 2_000_000
"""Of a page: fifty times a long article; more is a dump or an attack."""
_SHORT = 200
"""Characters under which the article body of the structured data is looked at instead."""
_DATES = {"original_date": True, "extensive_search": False}
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul "
    "ab head item list quote row cell".split()  # trafilatura's own
)
_SILENT = frozenset("script style noscript template iframe svg head button select textarea input".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page gives. text: paragraphs parted by blank lines. metadata: what the page says of itself. cut: there was
    more than the limits allow."""

    text: str
    metadata: Metadata = field(default_factory=Metadata)
    cut: bool = False


def extract_html(body: str, url: str, rules: TextRules) -> Extracted:
    """The article of a page. Never raises; the text is empty where there is none."""
    cut = len(body) > _MAX_CHARS
    tree = _parse(body[:_MAX_CHARS])
    if tree is None:
        return Extracted(text="", cut=cut)
    metadata = metadata_of(tree)
    for selector in rules.remove:
        for element in _select(selector, tree):
            if element.getparent() is not None:
                element.drop_tree()
    title, author, date = (_first(rule, tree) for rule in (rules.title, rules.author, rules.date))
    metadata = metadata.preferring(title=title, author=author, published=date)
    text = ""
    if rules.body:
        text = "\n\n".join(part for element in _select(rules.body, tree) for part in blocks(element))
    if not text:
        text, found = _general(tree, url)
        metadata = metadata.completed(found)
    if len(text) < _SHORT and len(metadata.body) > max(len(text), _SHORT):
        text = fragment_text(metadata.body)
    return Extracted(text=legal(text), metadata=metadata, cut=cut)


def fragment_text(markup: str) -> str:
    """The text of a piece of HTML (a feed's summary or content), paragraphs parted by blank lines. Never raises."""
    tree = _parse(f"<div>{markup[:_MAX_CHARS]}</div>")
    return legal("\n\n".join(blocks(tree))) if tree is not None else ""


def _parse(body: str) -> HtmlElement | None:
    try:
        found = trafilatura.load_html(body)
        if found is None:
            found = html.fromstring(legal(body))
    except Exception:  # lxml raises of many kinds for what is no HTML
        return None
    return found if isinstance(found, HtmlElement) else None


def _general(tree: HtmlElement, url: str) -> tuple[str, Metadata]:
    try:
        found = trafilatura.bare_extraction(
            tree, url=url or None, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
        )
    except Exception:  # a fault of the library costs this page its text, not the run its life
        return "", Metadata()
    if found is None or isinstance(found, dict):
        return "", Metadata()
    parts = list(blocks(found.body)) if found.body is not None else []
    metadata = Metadata(
        title=_clean(found.title),
        author=_clean(found.author),
        published=_clean(found.date),
        site=_clean(found.sitename),
    )
    return "\n\n".join(parts) or (found.text or ""), metadata


def _clean(value: str | None) -> str | None:
    return one_line(value) or None if value else None


def blocks(element: HtmlElement) -> Iterator[str]:
    """The paragraphs under an element, in order, each one line. A table's row is one, its cells parted by " | "."""
    parts: list[str] = []

    def flush() -> Iterator[str]:
        text = re.sub(r"\s+", " ", "".join(parts)).strip(" |")
        parts.clear()
        if text:
            yield text

    # An explicit stack: pages nest deeper than Python may recurse.
    stack: list[tuple[HtmlElement, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else None
        if leaving:
            if tag in ("td", "th", "cell"):
                parts.append(" | ")
            elif tag in _BLOCKS:
                yield from flush()
        elif tag is None or tag in _SILENT:
            pass
        else:
            if tag in _BLOCKS and tag not in ("td", "th", "cell"):
                yield from flush()
            if tag in ("br", "lb"):
                parts.append(" ")
                if node.getnext() is not None and node.getnext().tag == tag and not (node.tail or "").strip():
                    yield from flush()
            parts.append(node.text or "")
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
            continue
        if node is not element:
            parts.append(node.tail or "")
    yield from flush()


@lru_cache(maxsize=1024)
def _selector(rule: str) -> CSSSelector:
    return CSSSelector(rule)


def _select(rule: str, tree: HtmlElement) -> Sequence[HtmlElement]:
    return cast(list[HtmlElement], _selector(rule)(tree))


def _first(rule: str | None, tree: HtmlElement) -> str | None:
    for element in _select(rule, tree) if rule else ():
        value = element.get("datetime") or element.get("content") or element.text_content()
        if value and value.strip():
            return one_line(value)
    return None
