"""Bytes as text: which encoding they really have, and what had to be repaired."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})["']""")
_META = re.compile(rb"""<meta[^>]{0,500}?\bcharset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""\bcharset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# What browsers understand by these names (WHATWG Encoding): pages that say Latin-1 mean Windows-1252.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030",
          "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "tis-620": "cp874"}  # fmt: skip
_ESCAPED = frozenset({"iso2022_jp", "iso2022_jp_2", "iso2022_kr", "hz"})  # seven-bit: any of it is also valid UTF-8
_UNSAFE = frozenset({"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read with, and whether something had to be replaced or a declaration overruled."""

    text: str
    encoding: str
    repaired: bool


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read a feed or page. Never raises.

    Order: a byte order mark; UTF-8 where the whole body is valid UTF-8 (no other encoding looks so by chance); the
    document's own declaration; the header's charset (servers put a default there); else UTF-8 with the bad places
    replaced, unless most of what is not ASCII is bad, when the encoding is guessed.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(encoding, "replace")
            return Decoded(text, encoding, "\ufffd" in text)
    head = body[:4096]
    if len(head) >= 4 and head[:4].count(0) == 2:
        encoding = "utf-16-le" if head[1] == 0 else "utf-16-be"
        text = body.decode(encoding, "replace")
        return Decoded(text, encoding, "\ufffd" in text)
    said = _said(head, content_type)
    if not (said and said[0] in _ESCAPED and b"\x1b" in body):
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            overruled = bool(said) and "utf-8" not in said and not text.isascii()
            return Decoded(text, "utf-8", overruled)
    for name in said:
        if name == "utf-8" and _mostly_utf8(body):
            break
        if name != "utf-8":
            try:
                return Decoded(body.decode(name), name, "utf-8" in said)
            except (UnicodeDecodeError, LookupError, ValueError):
                continue
    if _mostly_utf8(body):
        return Decoded(body.decode("utf-8", "replace"), "utf-8", True)
    other = next((name for name in said if name != "utf-8"), None) or _guess(body)
    try:
        return Decoded(body.decode(other, "replace"), other, True)
    except (LookupError, ValueError):
        return Decoded(body.decode("cp1252", "replace"), "cp1252", True)


def _said(head: bytes, content_type: str) -> list[str]:
    """The encodings that the document and the header name, as Python knows them, the document's first."""
    names = [match[1].decode("ascii") for match in (_DECLARED.search(head), _META.search(head)) if match]
    header = _HEADER.search(content_type[:500])
    if header:
        names.append(header[1])
    known: list[str] = []
    for name in names:
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if info.name in _UNSAFE or not info._is_text_encoding:
            continue
        meant = _MEANT.get(info.name, info.name)
        # A UTF-16 declaration in a body whose declaration could be read as ASCII is wrong by that very fact.
        if not meant.startswith(("utf-16", "utf-32")) and meant not in known:
            known.append(meant)
    return known


def _mostly_utf8(body: bytes) -> bool:
    """Whether the valid characters beyond ASCII outnumber the bad places."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return beyond - bad > bad


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes  # only for what is broken: it costs 30 ms to import

    window = body[:65536]
    best = from_bytes(window, threshold=0.4).best()
    return best.encoding if best is not None else "cp1252"
