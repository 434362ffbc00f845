"""What stands before Datasette: nothing but reading, only under the server's own name, under a policy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Datasette's own pages have scripts and styles in them; they load nothing from elsewhere, and nothing may frame them.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """An ASGI application before another.

    hosts: the names it may be called by, lower case; None lets any through (bound to an address of the network, it
    cannot know). Without the check a page elsewhere could have its own name resolve to 127.0.0.1 and read the store
    through the reader's browser (DNS rebinding).
    """

    def __init__(self, app: App, *, start: str, hosts: Collection[str] | None) -> None:
        self._app = app
        self._start = start
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if self._hosts is not None and _name(headers.get(b"host", b"").decode("latin-1")) not in self._hosts:
            await _answer(send, 421, "This server answers to its own address only.")
        elif scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, "The store is open for reading only.", (b"allow", b"GET, HEAD"))
        elif scope["path"] == "/":
            await _answer(send, 302, "", (b"location", self._start.encode()))
        else:
            await self._app(scope, receive, _with_headers(send))


def _name(host: str) -> str:
    """The host without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *_HEADERS]}
        await send(message)

    return wrapped


async def _answer(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *_HEADERS, *headers]})
    await send({"type": "http.response.body", "body": text.encode("utf-8")})
