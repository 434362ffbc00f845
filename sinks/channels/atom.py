"""An Atom feed (RFC 4287) per channel, as a file that is replaced whole: any feed reader or web server can have it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from transforms.notify.channel import Receipt
from transforms.notify.content import Message
from transforms.notify.render import item_html, one_line, render_text

_ATOM = "http://www.w3.org/2005/Atom"
_DEFAULT: dict[str, str] = {None: _ATOM}  # type: ignore[dict-item]  # the stubs miss the default namespace
_KEPT = 200  # entries; readers poll at least daily, and an alert is no archive


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """One file. An entry's id is the message's key, so a repeat takes the place of the first."""

    path: Path

    def __call__(self, message: Message, now: datetime) -> Receipt:
        """Put the message at the top of the feed."""
        try:
            entry = _entry(message, now)
            id = entry.findtext(f"{{{_ATOM}}}id")
            kept = [old for old in self._entries() if old.findtext(f"{{{_ATOM}}}id") != id]
            feed = _feed(message, now, [entry, *kept][:_KEPT])
            self._replace(etree.tostring(feed, xml_declaration=True, encoding="utf-8"))
        except OSError as error:
            return Receipt("later", f"{self.path}: {error.strerror or error}")
        return Receipt("accepted")

    def _entries(self) -> list[etree._Element]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return list(etree.fromstring(self.path.read_bytes(), parser).iterfind(f"{{{_ATOM}}}entry"))
        except FileNotFoundError:
            return []
        except etree.XMLSyntaxError:  # somebody else's, or cut by a full disk: begin anew
            return []

    def _replace(self, content: bytes) -> None:
        """Readers see the old file or the new one, never half of one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)
            os.replace(name, self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def _feed(message: Message, now: datetime, entries: Iterable[etree._Element]) -> etree._Element:
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=_DEFAULT)
    _text(feed, "id", f"urn:tocsin:subscription:{message.subscription}:{message.channel}")
    _text(feed, "title", f"Tocsin: {message.who or message.subscription}")
    _text(feed, "updated", _when(now))
    author = etree.SubElement(feed, f"{{{_ATOM}}}author")
    _text(author, "name", "Tocsin")
    feed.extend(entries)
    return feed


def _entry(message: Message, now: datetime) -> etree._Element:
    entry = etree.Element(f"{{{_ATOM}}}entry", nsmap=_DEFAULT)
    _text(entry, "id", f"urn:tocsin:alert:{message.key}")
    _text(entry, "title", one_line(message.subject))
    _text(entry, "updated", _when(now))
    first = message.items[0] if message.items else None
    url = (first.link or next((q.url for q in first.quotes if q.url), "")) if first and message.single else ""
    if url:
        etree.SubElement(entry, f"{{{_ATOM}}}link", href=_allowed(url))
    _text(entry, "summary", "\n".join(one_line(item.headline) for item in message.items))
    content = etree.SubElement(entry, f"{{{_ATOM}}}content", type="html")
    content.text = _allowed("".join(item_html(item, message) for item in message.items) or render_text(message))
    return entry


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = _allowed(text)


def _allowed(text: str) -> str:
    """The text without what XML 1.0 cannot have: control characters, lone surrogates, U+FFFE and U+FFFF."""
    return "".join(
        char
        for char in text
        if char in "\t\n\r" or (" " <= char < "\ud800") or (char >= "\ue000" and char not in "\ufffe\uffff")
    )


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
