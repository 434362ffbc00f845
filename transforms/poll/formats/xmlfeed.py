"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and (news) sitemaps, read from a parsed XML tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from lxml import etree

from transforms.poll.formats.model import RawFeed, RawItem, SitemapIndex

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(root: etree._Element, fetched: str) -> RawFeed | None:
    """The feed in a tree, or None where the outermost element is none that feeds have. ``fetched``: its address."""
    name = _name(root)
    if name in {"rss", "rdf", "channel"}:
        return _rss(root, fetched)
    if name == "feed":
        return _atom(root, fetched)
    if name == "urlset":
        return _sitemap(root)
    if name == "sitemapindex":
        raise SitemapIndex(tuple(_part(element) for element in _items(root, "sitemap")))
    return None


@lru_cache(maxsize=256)  # a feed has some ten tags and each of its items all of them
def _local(tag: object) -> str:
    if not isinstance(tag, str):  # a comment's or an instruction's is a function
        return ""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower()


@lru_cache(maxsize=256)
def _prefix(tag: object) -> str:
    if isinstance(tag, str):
        if tag.startswith("{"):
            return tag[1:].split("}", 1)[0].lower()
        if ":" in tag:
            return tag.split(":", 1)[0].lower()
    return ""


def _name(element: etree._Element) -> str:
    """Local name in lower case; an undeclared prefix is cut like a declared one."""
    return _local(element.tag)


def _space(element: etree._Element) -> str:
    """Namespace or undeclared prefix in lower case, "" for none."""
    return _prefix(element.tag)


@lru_cache(maxsize=256)
def _beside(space: str) -> bool:
    """Whether a namespace is one whose titles and credits are a picture's or an episode's, not the article's."""
    return any(part in space for part in ("mrss", "media", "itunes", "googleplay"))


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    if not len(element):
        return (element.text or "").strip()
    return "".join(str(t) for t in element.itertext()).strip()


def _markup(element: etree._Element) -> str:
    """The content of an element as HTML text: its text, or its child elements serialised (Atom's xhtml)."""
    if not len(element):
        return (element.text or "").strip()
    parts = [element.text or ""]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts).strip()


def _base(element: etree._Element, fetched: str) -> str:
    """What xml:base around an element makes of relative addresses; "" where none is given."""
    bases = [str(b) for e in (element, *element.iterancestors()) if (b := e.get(_BASE))]
    if not bases:
        return ""
    address = fetched
    for base in reversed(bases):
        try:
            address = urljoin(address, base)
        except ValueError:
            continue
    return address


def _rss(root: etree._Element, fetched: str) -> RawFeed:
    channel = next((e for e in root.iter() if _name(e) == "channel"), root)
    feed = RawFeed(format="rdf" if _name(root) == "rdf" else "rss", language=root.get(_LANG) or "")
    for child in channel:
        name = _name(child)
        if name == "title" and not feed.title:
            feed.title = _text(child)
        elif name == "link" and not feed.site and _text(child):
            feed.site = _text(child)
        elif name == "language":
            feed.language = _text(child) or feed.language
    for index, element in enumerate(_items(root, "item")):
        feed.items.append(_rss_item(index, element, fetched))
    return feed


def _items(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements of a name, but none inside another (a broken feed may nest what was not closed: those count too)."""
    for element in root.iter():
        if _name(element) == name:
            yield element


def _rss_item(index: int, element: etree._Element, fetched: str) -> RawItem:
    item = RawItem(index=index, base=_base(element, fetched), language=element.get(_LANG) or "")
    about = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}about")), "")
    permalink, atom_link, original = True, "", ""
    created = ""
    media = _Media()
    for child in element:
        name, space = _name(child), _space(child)
        media.see(child, name, space)
        if _beside(space) or name in {"item", "source", "image", "enclosure"}:
            continue
        if name == "title" and not item.title:
            item.title = _markup(child)
        elif name == "link":
            if child.get("href"):
                if (child.get("rel") or "alternate") == "alternate":
                    atom_link = atom_link or (child.get("href") or "").strip()
            else:
                item.link = item.link or _text(child)
        elif name == "origlink":
            original = _text(child)
        elif name in {"guid", "id"} and not item.guid:
            item.guid = _text(child)
            permalink = (child.get("isPermaLink") or child.get("ispermalink") or "true").strip().lower() != "false"
        elif name in {"description", "summary"}:
            item.summary = item.summary or _markup(child)
        elif name in {"encoded", "body"} or (name == "content" and _text(child)):
            item.content = item.content or _markup(child)
        elif name in {"author", "creator"}:
            item.author = item.author or _text(child)
        elif name in {"pubdate", "published", "issued"}:
            item.published = item.published or _text(child)
        elif name in {"date", "created"}:
            created = created or _text(child)
        elif name in {"updated", "modified"}:
            item.updated = item.updated or _text(child)
        elif name == "language":
            item.language = item.language or _text(child)
    item.published = item.published or created
    item.guid = item.guid or about
    item.link = original or item.link or atom_link
    if not item.link and (permalink or item.guid.lower().startswith(("http://", "https://"))):
        item.link = item.guid if item.guid.lower().startswith(("http://", "https://", "/")) else about
    return media.complete(item)


@dataclass(slots=True)
class _Media:
    """What an item says of its enclosures and pictures: used where it says nothing else."""

    document: str = ""
    url: str = ""
    title: str = ""
    text: str = ""

    def see(self, child: etree._Element, name: str, space: str) -> None:
        enclosed = name == "enclosure" or (name == "link" and (child.get("rel") or "").lower() == "enclosure")
        if enclosed or (name == "content" and _beside(space)):
            url = (child.get("url") or child.get("href") or "").strip()
            self.url = self.url or url
            kind = (child.get("type") or "").lower()
            if enclosed and ("pdf" in kind or "html" in kind or url.lower().partition("?")[0].endswith(".pdf")):
                self.document = self.document or url
        elif _beside(space) and name == "title":
            self.title = self.title or _text(child)
        elif _beside(space) and name in {"description", "summary"}:
            self.text = self.text or _text(child)

    def complete(self, item: RawItem) -> RawItem:
        item.link = item.link or self.document
        if not (item.link or item.title or item.summary or item.content):
            item.link, item.title, item.summary = self.url, self.title, self.text
        return item


def _atom(root: etree._Element, fetched: str) -> RawFeed:
    feed = RawFeed(format="atom", language=root.get(_LANG) or "")
    links: list[etree._Element] = []
    for child in root:
        if _name(child) == "title" and not feed.title:
            feed.title = _text(child)
        elif _name(child) == "link":
            links.append(child)
    feed.site = _alternate(links)
    for index, element in enumerate(_items(root, "entry")):
        feed.items.append(_atom_entry(index, element, fetched))
    return feed


def _alternate(links: list[etree._Element]) -> str:
    """The address of the article itself among an entry's links: the HTML one before any other kind."""
    ours = [link for link in links if (link.get("rel") or "alternate").lower() == "alternate"]
    ours.sort(key=lambda link: "html" not in (link.get("type") or "text/html"))
    return next((found for link in ours if (found := (link.get("href") or _text(link)).strip())), "")


def _atom_entry(index: int, element: etree._Element, fetched: str) -> RawItem:
    item = RawItem(index=index, base=_base(element, fetched), language=element.get(_LANG) or "")
    links: list[etree._Element] = []
    created = ""
    media = _Media()
    for child in element:
        name, space = _name(child), _space(child)
        media.see(child, name, space)
        if _beside(space):
            continue
        if name == "title" and not item.title:
            kind = (child.get("type") or "text").lower()
            item.plain = kind in {"text", "text/plain"}
            item.title = _text(child) if item.plain or kind == "xhtml" else _markup(child)
        elif name == "id":
            item.guid = item.guid or _text(child)
        elif name == "link":
            links.append(child)
        elif name == "summary":
            item.summary = item.summary or _markup(child)
        elif name == "content" and not child.get("src"):
            item.content = item.content or _markup(child)
        elif name == "author":
            item.author = item.author or _text(next((e for e in child if _name(e) == "name"), child))
        elif name in {"published", "issued"}:
            item.published = item.published or _text(child)
        elif name == "created":
            created = created or _text(child)
        elif name in {"updated", "modified"}:
            item.updated = item.updated or _text(child)
    item.published = item.published or created
    item.link = _alternate(links)
    if not item.link and item.guid.lower().startswith(("http://", "https://")):
        item.link = item.guid
    return media.complete(item)


def _part(element: etree._Element) -> tuple[str, str]:
    found = {_name(child): _text(child) for child in element}
    return found.get("loc", ""), found.get("lastmod", "")


def _sitemap(root: etree._Element) -> RawFeed:
    feed = RawFeed(format="sitemap")
    for index, element in enumerate(_items(root, "url")):
        item = RawItem(index=index, plain=True)
        for child in element.iter():
            name, space = _name(child), _space(child)
            if "image" in space or "video" in space:
                continue
            if name == "loc":
                item.link = item.link or _text(child)
            elif name == "lastmod":
                item.updated = item.updated or _text(child)
            elif name == "publication_date":
                item.published = item.published or _text(child)
            elif name == "title":
                item.title = item.title or _text(child)
            elif name == "language":
                item.language = item.language or _text(child)
        feed.items.append(item)
    return feed
