"""Addresses taken apart as the client needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address taken apart. door: host with the port where one is given; origin: scheme and door."""

    url: httpx.URL
    scheme: str
    host: str
    door: str
    origin: str

    def name(self, private: bool) -> str:
        """What counts as one host: on a private network every port is a machine of its own."""
        return self.door if private else self.host


@lru_cache(maxsize=16384)  # taking an address apart costs as much as asking for it; sources are asked again and again
def parse_address(url: str) -> Address:
    """Raises httpx.InvalidURL, ValueError or UnicodeError for what is no address."""
    parts = urlsplit(url)
    scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    door = host if port is None else f"{host}:{port}"
    origin = f"{scheme}://{parts.netloc.rpartition('@')[2].lower()}"
    return Address(url=httpx.URL(url), scheme=scheme, host=host, door=door, origin=origin)


def address_of(url: str) -> Address | None:
    """An address, or None for what is none."""
    try:
        return parse_address(url)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        return None
