"""A small news site on loopback: feeds and articles for tests of the whole pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import format_datetime
from html import escape
from pathlib import Path

from pytest_httpserver import HTTPServer

from tests.samples import NOW
from transforms.sources import Sources, parse_sources

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>{title}</h1>{paragraphs}</article><footer>Contact</footer></body></html>"""


def html_page(title: str, text: str, lang: str = "en") -> str:
    """An article page; blank lines in the text part paragraphs."""
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in text.split("\n\n"))
    return PAGE.format(lang=lang, title=escape(title), paragraphs=paragraphs)


def rss(server: HTTPServer, items: Mapping[str, str]) -> str:
    """A feed of items: path → title."""
    listed = "".join(
        f"<item><title>{escape(title)}</title><link>{server.url_for(path)}</link>"
        f"<pubDate>{format_datetime(NOW)}</pubDate></item>"
        for path, title in items.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>t</title>{listed}</channel></rss>'


def serve_articles(server: HTTPServer, feed: str, articles: Mapping[str, tuple[str, str]]) -> None:
    """Serve a feed at ``feed`` and each article (path → title, text) as a page."""
    items = {path: title for path, (title, _) in articles.items()}
    server.expect_request(feed).respond_with_data(rss(server, items), content_type="application/rss+xml")
    for path, (title, text) in articles.items():
        server.expect_request(path).respond_with_data(html_page(title, text), content_type="text/html; charset=utf-8")


def sources_for(server: HTTPServer, feeds: Mapping[str, str], **more: str) -> Sources:
    """Sources by id → path of their feed, all allowed to be on loopback."""
    lines = ["defaults: {allow_private: true, full_text: page, robots: false}", "sources:"]
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    lines += [f"  - {{id: {id}, url: '{server.url_for(path)}', language: en{extra}}}" for id, path in feeds.items()]
    return parse_sources("\n".join(lines))


@contextmanager
def news_site() -> Iterator[HTTPServer]:
    """A server on a free loopback port."""
    server = HTTPServer(host="127.0.0.1", port=0, threaded=True)
    server.start()
    try:
        yield server
    finally:
        server.clear()
        server.stop()


def write_sources(sources: Sources, path: Path) -> Path:
    """The sources as a file that ``tocsin run --sources`` reads."""
    lines = ["defaults: {allow_private: true, full_text: page, robots: false}", "sources:"]
    lines += [f"  - {{id: {source.id}, url: '{source.url}', language: en}}" for source in sources.sources]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
