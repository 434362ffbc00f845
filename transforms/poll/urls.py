"""Addresses: made absolute, made canonical, and the UN document symbol that some of them stand for."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.sources.schema import UrlRules

MAX_LENGTH = 4096
_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset((string.ascii_letters + string.digits + "-._~").encode())
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|cgi|jsp|do|cfm|pl)$", re.IGNORECASE)
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+\s*")  # addresses are broken over lines where feeds are made by hand
_PLAIN_PATH = re.compile(r"[A-Za-z0-9\-._~/:@!$&'()*+,=]*")  # in no need of escapes, without a session in it
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")


@dataclass(frozen=True)
class _Tracking:
    names: frozenset[str]
    soft: frozenset[str]
    beginnings: tuple[str, ...]
    values: str


@dataclass(frozen=True)
class _UnAddress:
    host: frozenset[str]
    path: str = ""
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    series: str = ""


@dataclass(frozen=True)
class _Knowledge:
    tracking: _Tracking
    endings: tuple[str, ...]
    starts: tuple[str, ...]
    caches: tuple[re.Pattern[str], ...]
    hosts: tuple[str, ...]
    un: tuple[_UnAddress, ...]
    series: Mapping[str, str]
    un_languages: Mapping[str, str]


@cache
def _knowledge() -> _Knowledge:
    return load(Path(__file__).with_name("urls.yaml"), TypeAdapter(_Knowledge))


def absolute(link: str, *bases: str) -> str:
    """A link as an absolute http(s) address by the first base that makes it one; "" for none (javascript:, data:…)."""
    if not link.isprintable():
        link = _BREAKS.sub("", link)
    link = link.strip().replace(" ", "%20").replace("&amp;", "&")  # escaped once too often
    if not link or len(link) > MAX_LENGTH:
        return ""
    for base in ("", *bases):
        try:
            joined = urljoin(base, link) if base else link
            parts = urlsplit(joined)
            valid = parts.scheme.lower() in _PORTS and bool(parts.hostname) and parts.port != 0
        except ValueError:
            continue
        if valid:
            return joined
    return ""


_NO_RULES = UrlRules()


def canonical(url: str, rules: UrlRules = _NO_RULES) -> str:
    """The address under which an article is known: usable, without what only says where the reader came from.

    Scheme and host in lower case, no default port, user, fragment, tracking parameter, doubled or trailing slash;
    escapes in one form, parameters sorted. ``url`` itself where it cannot be taken apart. Never raises.
    """
    known = _knowledge()
    for copy in known.caches:
        if match := copy.fullmatch(url):
            url = f"https://{match['page']}"
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return url
    if not host:
        return url
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            pass
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _PORTS.get(scheme)) else f"{host}:{port}"
    path = parts.path
    if not _PLAIN_PATH.fullmatch(path):
        path = _escapes(_SESSION.sub("", path))
    path = _SLASHES.sub("/", path) or "/"
    if rules.ignore_case:
        path = path.lower()
    for start in known.starts:
        while path.lower().startswith(start) and len(path) > len(start):
            path = path[len(start) - 1 :]
    shorter = path.rstrip("/")
    lower = shorter.lower()
    for ending in known.endings:
        if lower.endswith(ending):
            shorter = shorter[: -len(ending)].rstrip("/")
            break
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((scheme, netloc, shorter or "/", _query(parts.query, shorter, rules), fragment))


def url_key(canonical_url: str) -> str:
    """What of a canonical address tells articles apart: http or https, www or mobile host are the same door."""
    scheme, _, rest = canonical_url.partition("://")
    if not rest:
        return scheme
    host, slash, path = rest.partition("/")
    for door in _knowledge().hosts:
        if host.startswith(door) and host.count(".") > 1:
            host = host[len(door) :]
            break
    return host + slash + path


@lru_cache(maxsize=4096)
def un_symbol(url: str) -> tuple[str, str] | None:
    """(symbol, language) of a UN document's address, for example ("SC/15741", "en"), or None.

    UN News stories have no symbol; they are known as ``NEWS/<number>``. A document address without a language is
    English: that is what the site gives to a program.
    """
    if len(url) > 500 or "un" not in url.lower():  # most addresses need not be taken apart
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if not host.endswith(("un.org", "undocs.org")):
        return None
    path = "".join(unquote_to_bytes(parts.path).decode("utf-8", "replace").rstrip("/").split())
    known = _knowledge()
    for address in known.un:
        if host not in address.host:
            continue
        if address.path and (match := re.fullmatch(address.path, path)):
            groups = match.groupdict()
            language = groups.get("language") or "en"
            if groups.get("symbol"):
                symbol = groups["symbol"]
            else:
                series = address.series or groups["series"]
                symbol = f"{known.series.get(series, series.upper())}/{groups['number']}{groups.get('rest') or ''}"
            return symbol.upper(), known.un_languages.get(language.lower(), language.lower())
        if address.query:
            query = {k.lower(): v for k, v in _pairs(parts.query)}
            symbol = next((query[k] for k in address.query["symbol"] if query.get(k)), "")
            symbol = "".join(symbol.split())  # "S/RES/1929 (2010)" is also written without the space
            prefix, _, rest = symbol.partition("/")
            if prefix in known.un_languages.values() and rest:  # undocs.org/pdf?symbol=en/S/2024/1
                query, symbol = {**query, "l": prefix}, rest
            if re.fullmatch(r"[A-Za-z.0-9]{1,12}/[A-Za-z0-9/().,*_-]{1,80}", symbol):
                language = next((query[k] for k in address.query["language"] if query.get(k)), "en").lower()
                return symbol.upper(), known.un_languages.get(language, language[:2])
    return None


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []


def _query(query: str, path: str, rules: UrlRules) -> str:
    if not query:
        return ""
    pairs = _pairs(query)
    if not pairs:
        return query
    tracking = _knowledge().tracking
    drop = tracking.names | {name.lower() for name in rules.drop_params}
    own_path = bool(path) and not _SCRIPT.search(path)
    if own_path:
        drop |= tracking.soft
    kept = []
    for name, value in pairs:
        lower = name.lower()
        if rules.keep_params is not None:
            if name in rules.keep_params:
                kept.append((name, value))
        elif own_path and re.fullmatch(tracking.values, value, re.IGNORECASE):
            continue
        elif lower not in drop and not lower.startswith(tracking.beginnings):
            kept.append((name, value))
    return urlencode(sorted(kept), quote_via=quote)


def _escapes(path: str) -> str:
    """Percent-escapes in one form: what needs none is written plainly, the rest in upper case."""

    def one(match: re.Match[str]) -> str:
        byte = int(match[0][1:], 16)
        return chr(byte) if byte in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(one, quote(path, safe="%/:@!$&'()*+,;=-._~"))
