"""What a page says of itself: schema.org NewsArticle data first, then its meta elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from transforms.poll.text import one_line

_ARTICLES = frozenset(
    "NewsArticle Article ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle "
    "ReviewNewsArticle AskPublicNewsArticle BlogPosting LiveBlogPosting Report PressRelease SocialMediaPosting".split()
)
_META = {
    "published": ("article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "dc.date",
                  "dcterms.created", "dcterms.date", "parsely-pub-date", "sailthru.date", "pubdate", "date"),
    "modified": ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "byl"),
    "site": ("og:site_name", "application-name"),
    "title": ("og:title", "twitter:title", "dc.title"),
    "language": ("content-language", "og:locale", "dc.language"),
}  # fmt: skip
_MAX_JSON = 1_000_000
_MAX_NODES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of its article. Dates are as written. body: the text in the structured data, if there is one.

    free: false where the structured data says that the article is not accessible for free.
    """

    title: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    site: str | None = None
    canonical: str | None = None
    language: str | None = None
    free: bool = True
    body: str = ""

    def preferring(self, **values: str | None) -> Metadata:
        """With these values in place of the page's, where they are not null."""
        return replace(self, **{name: value for name, value in values.items() if value})  # type: ignore[arg-type]

    def completed(self, other: Metadata) -> Metadata:
        """With the other's values where this has none."""
        missing = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **missing | {"free": self.free and other.free})


def metadata_of(tree: HtmlElement) -> Metadata:
    """Read it off a parsed page. Never raises for any page."""
    return _structured(tree).completed(_meta(tree))


def _structured(tree: HtmlElement) -> Metadata:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        source = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip()
        try:
            data = json.loads(source[:_MAX_JSON], strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if not _ARTICLES.isdisjoint(_strings(node.get("@type"))):
                return _article(node)
    return Metadata()


def _nodes(data: object) -> Iterator[dict[str, object]]:
    """All objects, the outer ones first; bounded, because the nesting is the page's to choose."""
    queue: list[object] = [data]
    seen = 0
    while queue and seen < _MAX_NODES:
        node = queue.pop(0)
        seen += 1
        if isinstance(node, dict):
            yield node
            queue.extend(v for v in node.values() if isinstance(v, dict | list))
        elif isinstance(node, list):
            queue.extend(node)


def _article(node: dict[str, object]) -> Metadata:
    body = node.get("articleBody")
    return Metadata(
        title=_text(node.get("headline")) or _text(node.get("name")),
        author=", ".join(dict.fromkeys(_names(node.get("author")))) or None,
        published=_text(node.get("datePublished")),
        modified=_text(node.get("dateModified")),
        site=next(iter(_names(node.get("publisher"))), None),
        canonical=_address(node.get("mainEntityOfPage")) or _address(node.get("url")),
        language=_text(node.get("inLanguage")),
        free=str(node.get("isAccessibleForFree", True)).lower() not in {"false", "0", "http://schema.org/false"},
        body=body if isinstance(body, str) else "",
    )


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [v.rsplit("/", 1)[-1] for v in values if isinstance(v, str)]


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return one_line(value) or None if isinstance(value, str) else None


def _names(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = _text(one.get("name")) if isinstance(one, dict) else _text(one)
        if name and not name.startswith("http"):
            yield name


def _address(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return _http(value) if isinstance(value, str) else None


def _http(value: str) -> str | None:
    try:
        parts = urlsplit(value.strip())
        return value.strip() if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _meta(tree: HtmlElement) -> Metadata:
    said: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = one_line(element.get("content") or "")
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name and content:
            said.setdefault(name.strip().lower(), content)
    values = {field: next((said[n] for n in names if n in said), None) for field, names in _META.items()}
    if values["author"] and values["author"].startswith("http"):
        values["author"] = None
    canonical = None
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            canonical = canonical or _http(link.get("href") or "")
    values["language"] = one_line(tree.get("lang") or "") or values["language"]
    return Metadata(canonical=canonical, **values)  # type: ignore[arg-type]
