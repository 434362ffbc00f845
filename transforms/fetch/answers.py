"""What a network brings as plain data: header fields, and what went wrong."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpcore
import httpx

from transforms.fetch.guard import NotResolved, Refused
from transforms.poll.model import FailureKind, Response

_log = logging.getLogger("tocsin.fetch")
# The first that fits is it: some are kinds of others.
_KINDS: tuple[tuple[type[Exception], FailureKind], ...] = (
    (Refused, "refused"),
    (NotResolved, "dns"),
    (httpcore.TimeoutException, "timeout"),
    (httpx.TimeoutException, "timeout"),
    (ssl.SSLError, "tls"),
    (httpcore.NetworkError, "connect"),
    (OSError, "connect"),
    (httpcore.ProtocolError, "protocol"),
    (httpcore.ConnectionNotAvailable, "protocol"),
    (httpx.HTTPError, "protocol"),
    (httpx.StreamError, "protocol"),
)


def fields_of(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by name in lower case, repeated ones joined."""
    fields: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def failure_of(url: str, error: Exception) -> Response:
    """The answer that an error stands for. One that nobody foresaw is logged whole: it may be a fault of ours."""
    kind = next((kind for of, kind in _KINDS if isinstance(error, of)), None)
    text = str(error) or type(error).__name__
    if kind is None:
        _log.error("%s: an error that nobody foresaw", url, exc_info=error)
        kind, text = "protocol", f"{type(error).__name__}: {text}"
    elif kind == "connect" and ("SSL" in text or "certificate" in text.lower()):
        kind = "tls"
    return Response(url=url, failure=kind, message=f"{urlsplit(url).netloc}: {text[:300]}")
