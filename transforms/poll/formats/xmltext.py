"""An XML text made safe and, where it must be, mended before it is parsed.

The document type declaration is cut out whole, so there is no entity to expand, no file to open and nothing to fetch.
"""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|(\d{1,10}));")
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,400}?\?>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(#\d{1,10};|#[xX][0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]{0,31};)?")
_MARK = re.compile(r"<!--|[\[\]>\"']")
_CLOSINGS = {"<!--": "-->", '"': '"', "'": "'"}
_XML_NAMES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def parse_xml(text: str) -> tuple[etree._Element | None, bool]:
    """The root element and whether the text had to be mended; None for what has no element at all. Never raises.

    Strict first: a sound feed is taken as it is. Then with entities and stray ampersands mended and libxml2 recovering.
    """
    clean, repaired = _legal(text)
    clean, cut = _without_doctype(clean)
    root = _parse(clean, recover=False)
    if root is not None:
        return root, repaired or cut
    mended = "".join(
        part if index % 2 else _AMPERSAND.sub(_entity, part) for index, part in enumerate(_CDATA.split(clean))
    )
    root = _parse(mended, recover=False)
    if root is None:
        root = _parse(mended, recover=True)
    return root, True


def strip_illegal(text: str) -> str:
    """A text without the characters that neither XML nor a store can carry (controls, lone surrogates)."""
    return _ILLEGAL.sub("", text)


def _legal(text: str) -> tuple[str, bool]:
    start = len(text) - len(text.lstrip("\ufeff\u200b \t\r\n\x00"))
    leading = text[:start].strip("\ufeff")
    clean = text[start:]
    if not clean.startswith("<"):  # a warning that some script printed before the feed
        opening = re.search(r"<\?xml|<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", clean[:20000])
        if opening:
            leading, clean = "x", clean[opening.start() :]
    repaired = bool(leading)
    if _ILLEGAL.search(clean):
        clean, repaired = _ILLEGAL.sub("", clean), True
    if "&#" in clean:
        legal = _REFERENCE.sub(_reference, clean)
        clean, repaired = legal, repaired or legal != clean
    return clean, repaired


def _reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if code > 0x10FFFF or _ILLEGAL.match(chr(code)):
        return ""
    return match[0]


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name[0] == "#" or name in _XML_NAMES:
        return match[0]
    # A name HTML does not know was defined in the declaration that was cut, if anywhere: it stands for nothing.
    return "".join(f"&#{ord(char)};" for char in html5.get(name, ""))


def _without_doctype(text: str) -> tuple[str, bool]:
    """The text without XML declaration and DOCTYPE, and whether the DOCTYPE declared anything of its own."""
    declaration = _DECLARATION.match(text)
    position = declaration.end() if declaration else 0
    begin = position
    while match := _PROLOG.match(text, position):
        if match.end() == position:
            break
        position = match.end()
    if text[position : position + 9].upper() != "<!DOCTYPE":
        return text[begin:], False
    depth, subset, index = 0, False, position + 9
    while match := _MARK.search(text, index):
        mark, index = match[0], match.end()
        if mark in _CLOSINGS:  # a quoted string or a comment: nothing in it counts
            closing = text.find(_CLOSINGS[mark], index)
            index = len(text) if closing < 0 else closing + len(_CLOSINGS[mark])
        elif mark == "[":
            depth, subset = depth + 1, True
        elif mark == "]":
            depth = max(0, depth - 1)
        elif not depth:
            return text[begin:position] + text[index:], subset
    return text[begin:position], True


def _parse(text: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
