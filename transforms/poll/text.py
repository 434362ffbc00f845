"""Short texts of feeds (titles, names) as plain text, and lengths of longer ones."""

from __future__ import annotations

import html
import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Markup, as against "a < b": a known tag name right after the bracket.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|cite|code|del|div|em|figcaption|figure|font|h[1-6]|hr|i|iframe|img|ins|li|mark|ol"
    r"|p|q|s|small|span|strike|strong|sub|sup|table|tbody|td|th|time|tr|tt|u|ul|wbr)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<!--|<(script|style)\b", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|li|h[1-6]|tr|td|blockquote|figure|ul|ol)\b", re.IGNORECASE)
_CONTROLS = re.compile("[\x80-\x9f]")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}


def legal(text: str) -> str:
    """A text without what no store and no XML can carry: control characters and lone surrogates."""
    if text.isprintable():  # none of these is, and most texts of a line are: told at a fifth of the cost
        return text
    return _ILLEGAL.sub("", text) if _ILLEGAL.search(text) else text


def one_line(text: str, *, plain: bool = False, limit: int = 1000) -> str:
    """A title or name in one line of plain text. ``plain``: the format says that it has no markup in it."""
    if not plain:
        if "<" in text:
            text = _TAG.sub(_gap, _without_hidden(text))
        if "&" in text:
            text = html.unescape(text)
            if "<" in text:  # escaped twice: &lt;b&gt;
                text = _TAG.sub(_gap, text)
    if not text.isprintable():
        if _CONTROLS.search(text):  # Windows-1252 quotes that a program took for Latin-1
            text = text.translate(_C1)
        text = legal(text)
    return " ".join(text.split())[:limit].rstrip()


def plain_text(markup: str, limit: int = 200_000) -> str:
    """Markup as text in one line, for comparing and measuring (not for reading: blocks run together)."""
    return one_line(markup[:limit], limit=limit)


def _without_hidden(text: str) -> str:
    """The text without comments, scripts and styles; one that is never closed hides the rest. Linear."""
    parts, position = [], 0
    lower = ""
    while match := _HIDDEN.search(text, position):
        parts.append(text[position : match.start()])
        if not match[1]:
            closing = text.find("-->", match.end())
            position = closing + 3
        else:
            lower = lower or text.lower()
            closing = lower.find(f"</{match[1].lower()}", match.end()) if len(lower) == len(text) else -1
            closing = text.find(">", closing) if closing >= 0 else -1
            position = closing + 1
        if closing < 0:
            return " ".join(parts)
    parts.append(text[position:])
    return " ".join(parts) if len(parts) > 1 else text


def _gap(match: re.Match[str]) -> str:
    return " " if _BLOCK.match(match[0]) else ""
