"""Where the store is and how to get in: from its URL, and from environment or files for what must not be in a URL.

    http://localhost:9200            indices tocsin-*
    https://a:9200,b:9200/arms       several nodes of one cluster; indices arms-*
    ?shards=3&replicas=1&wait_for_active_shards=2&patience=300&timeout=30

Secrets come from TOCSIN_ES_API_KEY, or TOCSIN_ES_USER and TOCSIN_ES_PASSWORD (each also as …_FILE, a file that holds
it, read again when the server refuses it: so a key is rotated under a running process). TOCSIN_ES_CA names the file of
the certificate authority, TOCSIN_ES_CLOUD_ID takes the place of the URL's hosts. None is ever in a message or a log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from transforms.contracts import StoreError

_PREFIX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_NUMBERS = {"shards": (1, 1024), "replicas": (0, 16), "patience": (0, 86_400), "timeout": (1, 3600)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything about a store but its secrets; safe to show.

    prefix: of every index, alias and template. replicas: None lets the cluster have one where it has a second node.
    patience: seconds that a call keeps trying while the server does not answer, before StoreUnavailable.
    timeout: seconds for one request. active: copies of a shard that must be there before a write (``all``, a number).
    """

    hosts: tuple[str, ...]
    prefix: str = "tocsin"
    shards: int = 1
    replicas: int | None = None
    active: str | None = None
    patience: float = 120.0
    timeout: float = 60.0

    @property
    def shown(self) -> str:
        """For messages."""
        return f"{', '.join(self.hosts)} ({self.prefix}-*)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """How to get in; never shown (``repr`` is empty)."""

    api_key: str | None = field(default=None, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)
    ca: str | None = field(default=None, repr=False)
    cloud_id: str | None = field(default=None, repr=False)


def parse(url: str) -> Settings:
    """The settings in a store URL. Raises StoreError, which never repeats the URL's user part."""
    scheme, _, rest = url.partition("://")
    netloc, _, tail = rest.partition("/")
    netloc, _, query = netloc.partition("?")
    if "@" in netloc:
        raise StoreError(
            "store URL: a user or password in it would be seen in logs and process lists; "
            "set TOCSIN_ES_USER and TOCSIN_ES_PASSWORD, or TOCSIN_ES_API_KEY"
        )
    path, _, later = tail.partition("?")
    options = _options(query or later)
    prefix = path.strip("/") or "tocsin"
    if not _PREFIX.fullmatch(prefix):
        raise StoreError(f"store URL: {prefix!r} as the indices' prefix: lower-case letters, digits, '-', '_', '.'")
    replicas = options.get("replicas")
    return Settings(
        hosts=tuple(_host(scheme, host) for host in netloc.split(",")),
        prefix=prefix,
        shards=int(options.get("shards", 1)),
        replicas=int(replicas) if replicas else None,
        active=options.get("wait_for_active_shards"),
        patience=float(options.get("patience", 120)),
        timeout=float(options.get("timeout", 60)),
    )


def _host(scheme: str, host: str) -> str:
    try:
        parts = urlsplit(f"{scheme}://{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        name, port = None, None
    if not name:
        raise StoreError(f"store URL: {host!r} is no host; write http://localhost:9200 or https://a:9200,b:9200/prefix")
    shown = f"[{name}]" if ":" in name else name
    return f"{scheme}://{shown}:{port or (443 if scheme == 'https' else 9200)}"


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in options.items():
        if name == "wait_for_active_shards":
            if value != "all" and not value.isdecimal():
                raise StoreError(f"store URL: {name} is 'all' or a number")
        elif name not in _NUMBERS:  # the value may be a secret in the wrong place
            known = ", ".join(sorted([*_NUMBERS, "wait_for_active_shards"]))
            raise StoreError(f"store URL: no option {name!r}; there are {known}. Secrets go into the environment")
        else:
            low, high = _NUMBERS[name]
            if not value.isdecimal() or not low <= int(value) <= high:
                raise StoreError(f"store URL: {name} is a whole number from {low} to {high}")
    return options


def secrets(environment: Mapping[str, str] = os.environ) -> Secrets:
    """The secrets in the environment and the files it names. Raises StoreError naming the variable, never the value."""
    user, password = _told(environment, "TOCSIN_ES_USER"), _told(environment, "TOCSIN_ES_PASSWORD")
    if (user is None) != (password is None):
        raise StoreError("TOCSIN_ES_USER and TOCSIN_ES_PASSWORD go together; only one of them is set")
    api_key = _told(environment, "TOCSIN_ES_API_KEY")
    ca = environment.get("TOCSIN_ES_CA") or None
    if ca and not Path(ca).is_file():
        raise StoreError(f"TOCSIN_ES_CA: there is no file {ca}")
    return Secrets(
        api_key=api_key,
        basic=(user, password) if user and password and not api_key else None,
        ca=ca,
        cloud_id=environment.get("TOCSIN_ES_CLOUD_ID") or None,
    )


def _told(environment: Mapping[str, str], name: str) -> str | None:
    file = environment.get(f"{name}_FILE")
    if not file:
        return environment.get(name) or None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise StoreError(f"{name}_FILE: {file} cannot be read: {reason}") from None
