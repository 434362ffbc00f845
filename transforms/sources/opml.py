"""OPML in and out: the list of subscriptions that every feed reader exchanges."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

import yaml
from lxml import etree
from pydantic import ValidationError

from transforms.sources.schema import Source


class OpmlError(ValueError):
    """A file that is no OPML."""


def import_opml(data: bytes, *, taken: Iterable[str] = ()) -> tuple[list[Source], list[str]]:
    """The feeds of an OPML document as sources, and what was left out with the reason.

    Nested outlines give their heading as a note; one address twice is one source. ``taken`` are ids in use already.
    No entity is resolved and nothing is fetched. Raises :class:`OpmlError`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OpmlError(f"not OPML: {error}") from None
    if root is None or str(root.tag).lower() != "opml":
        raise OpmlError("not OPML: the outermost element is not <opml>")
    ids, urls = set(taken), set[str]()
    sources: list[Source] = []
    problems: list[str] = []
    for outline in root.iter("outline"):
        attributes = {str(k).lower(): str(v).strip() for k, v in outline.attrib.items()}
        url = attributes.get("xmlurl", "")
        if not url or url in urls:
            continue
        urls.add(url)
        name = attributes.get("title") or attributes.get("text") or url
        headings = [str(a.get("text") or a.get("title") or "") for a in outline.iterancestors("outline")]
        language = attributes.get("language", "").lower()[:2]
        try:
            source = Source(
                id=_free_id(name, url, ids),
                name=name[:300],
                url=url,
                language=language if re.fullmatch(r"[a-z]{2}", language) else None,
                notes=" / ".join(reversed([h for h in headings if h])) or None,
            )
        except ValidationError as error:
            problems.append(f"{name}: {str(error.errors()[0]['msg']).removeprefix('Value error, ')}")
            continue
        ids.add(source.id)
        sources.append(source)
    return sources, problems


def export_opml(sources: Iterable[Source], *, title: str = "Tocsin sources") -> bytes:
    """The sources as an OPML 2.0 document (UTF-8), grouped by publisher family."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for source in sources:
        parent = body
        if source.publisher:
            parent = groups.get(source.publisher, body)
            if parent is body:
                parent = groups[source.publisher] = etree.SubElement(body, "outline", text=source.publisher)
        attributes = {"type": "rss", "text": source.name or source.id, "title": source.name or source.id}
        attributes["xmlUrl"] = source.url
        if source.language:
            attributes["language"] = source.language
        etree.SubElement(parent, "outline", {k: _xml_safe(v) for k, v in attributes.items()})
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def to_yaml(sources: Iterable[Source]) -> str:
    """Sources as the ``sources:`` part of a sources file, with only what differs from the defaults."""
    plain = [{"id": s.id, **s.model_dump(mode="json", exclude_defaults=True)} for s in sources]
    return yaml.safe_dump({"sources": plain}, allow_unicode=True, sort_keys=False, width=120)


def _free_id(name: str, url: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    if not slug:
        slug = re.sub(r"[^a-z0-9]+", "-", urlsplit(url).netloc.lower()).strip("-")[:60] or "source"
    candidate, number = slug, 2
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate


def _xml_safe(text: str) -> str:
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c < "\ufffe"))
