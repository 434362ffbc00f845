"""HTTP/1.1 as a client of feeds needs it: GET requests out, answers in (RFC 9112), nothing else.

h11 and httpcore's connection cost three times as much as all the rest of a conditional request (measured: 0.25 of
0.4 ms). :class:`Head` and the bodies are pure, :class:`Connection` reads them off a stream. Where servers break the
protocol in ways that browsers put up with (bare line feeds, lines that are no header), so does this; what would leave
it open where an answer ends is an error, or ends the connection.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import httpcore
import httpx

from transforms.fetch.wire import Stream

Fields = list[tuple[bytes, bytes]]
MAX_HEAD = 65536  # bytes; no server needs more for a head, or for the trailers of a chunked body
_MAX_LINE = 4096  # of a chunk's size and its extensions
_STATUS = re.compile(rb"HTTP/1\.([01])[ \t]{1,9}([1-5]\d\d)(?:[ \t]|$)")
_END = re.compile(rb"\r?\n\r?\n")
_FORBIDDEN = re.compile(rb"[\r\n\x00]")
_STEP = 65536


class Broken(httpcore.RemoteProtocolError):
    """The server said something that is no HTTP/1.1."""


class Head:
    """The head of an answer. fields: in order, names in lower case. keep: the connection may be used again after it."""

    __slots__ = ("fields", "keep", "status")

    def __init__(self, data: bytes) -> None:
        """Read a head without the empty line that ends it. Raises :class:`Broken`."""
        lines = data.split(b"\n")
        match = _STATUS.match(lines[0].rstrip(b"\r"))
        if match is None:
            raise Broken(f"the answer begins with {lines[0][:60]!r}, which is no HTTP/1.1")
        self.status = int(match[2])
        self.fields: Fields = []
        connection = b""
        for line in lines[1:]:
            if line[:1] in (b" ", b"\t"):  # a folded line (RFC 9112 5.2)
                if self.fields:
                    name, value = self.fields[-1]
                    self.fields[-1] = (name, b" ".join((value, _value(line))))
                continue
            name, colon, value = line.partition(b":")
            name = name.strip().lower()
            if not colon or not name or b" " in name:
                continue
            self.fields.append((name, _value(value)))
            if name == b"connection":
                connection += b"," + value.lower()
        said = {word.strip() for word in connection.split(b",")}
        self.keep = b"close" not in said and (match[1] == b"1" or b"keep-alive" in said)

    def values(self, name: bytes) -> list[bytes]:
        """Every value of a field, lists taken apart."""
        return [part.strip() for field, value in self.fields if field == name for part in value.split(b",")]

    def body(self) -> Body | None:
        """How the body ends; None where there is none. Raises :class:`Broken` where that cannot be told."""
        if self.status < 200 or self.status in (204, 304):
            return None
        codings = [coding.lower() for coding in self.values(b"transfer-encoding") if coding]
        lengths = set(self.values(b"content-length"))
        if codings:
            self.keep = self.keep and not lengths  # both may be an attack (RFC 9112 6.1)
            return Chunked() if codings[-1] == b"chunked" else UntilEnd()
        if not lengths:
            return UntilEnd()
        length = lengths.pop()
        if lengths or not length.isdigit() or len(length) > 18:
            raise Broken("the answer's Content-Length is no number")
        return Counted(int(length)) if int(length) else None


class Body(Protocol):
    """What a body is made of, as it comes off the wire. done: it is whole; rest: what came after it."""

    done: bool
    rest: bytes

    def feed(self, data: bytes) -> bytes:
        """Take what came, give what of it is content. Raises :class:`Broken`."""
        ...

    def end(self) -> bool:
        """The connection has ended: whether the body is whole."""
        ...


class Counted:
    """A body of a given length."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.done = not length
        self.rest = b""

    def feed(self, data: bytes) -> bytes:
        """See :class:`Body`."""
        if len(data) > self._left:
            data, self.rest = data[: self._left], data[self._left :]
        self._left -= len(data)
        self.done = not self._left
        return data

    def end(self) -> bool:
        """See :class:`Body`."""
        return self.done


class UntilEnd:
    """A body that ends with the connection."""

    done = False
    rest = b""

    def feed(self, data: bytes) -> bytes:
        """See :class:`Body`."""
        return data

    def end(self) -> bool:
        """See :class:`Body`; nobody can tell whether the server had more to say."""
        return True


class Chunked:
    """A body in chunks, each with its size before it (RFC 9112 7.1); trailers are dropped."""

    def __init__(self) -> None:
        self._buffer = b""
        self._left = -1  # bytes of this chunk still to come; -1: a size is next, -2: the break after a chunk
        self._trailers = -1  # bytes of trailers so far; -1: none yet
        self.done = False
        self.rest = b""

    def feed(self, data: bytes) -> bytes:
        """See :class:`Body`."""
        data = self._buffer + data if self._buffer else data
        self._buffer = b""
        at, parts = 0, []
        while at < len(data) and not self.done:
            if self._left > 0:
                part = data[at : at + self._left]
                at += len(part)
                self._left -= len(part)
                parts.append(part)
                if not self._left:
                    self._left = -2
                continue
            stop = data.find(b"\n", at)
            if stop < 0:
                if len(data) - at > (_MAX_LINE if self._trailers < 0 else MAX_HEAD):
                    raise Broken("a chunk's size has no end")
                self._buffer = data[at:]
                break
            self._line(data[at:stop].rstrip(b"\r"), stop + 1 - at)
            at = stop + 1
        if self.done:
            self.rest = data[at:]
        return b"".join(parts)

    def _line(self, line: bytes, length: int) -> None:
        if self._trailers >= 0:
            self._trailers += length
            if self._trailers > MAX_HEAD:
                raise Broken("the trailers have no end")
            self.done = not line
        elif self._left == -2:
            if line:
                raise Broken("a chunk is longer than its size")
            self._left = -1
        else:
            size = line.partition(b";")[0].strip()
            try:
                if not size or len(size) > 16 or not size.isalnum():
                    raise ValueError
                self._left = int(size, 16)
            except ValueError:
                raise Broken(f"a chunk's size is {size[:20]!r}") from None
            if not self._left:
                self._trailers = 0

    def end(self) -> bool:
        """See :class:`Body`."""
        return self.done


def request_head(method: str, target: bytes, fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A request as bytes. Raises httpcore.LocalProtocolError for what would break out of its line."""
    if _FORBIDDEN.search(target) or b" " in target:
        raise httpcore.LocalProtocolError("the address has a space or a line break in it")
    lines = [method.encode("ascii") + b" " + (target or b"/") + b" HTTP/1.1"]
    for name, value in fields:
        if _FORBIDDEN.search(value) or _FORBIDDEN.search(name):
            raise httpcore.LocalProtocolError(f"the header {name!r} has a line break in it")
        lines.append(name + b": " + value)
    lines += (b"", b"")
    return b"\r\n".join(lines)


class Connection:
    """One connection, one request at a time."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._rest = b""
        self.usable = True
        """Whether another request may go over it, as far as this side knows."""
        self.idle_since = 0.0

    @property
    def dead(self) -> bool:
        """Whether the server has closed it, or spoken without being asked (which nothing good comes of)."""
        return bool(self._rest) or self._stream.readable

    async def ask(self, request: httpx.Request) -> tuple[Head, Body | None]:
        """Send a request and read the head of its answer. Raises httpcore's errors; then the connection is no more."""
        timeouts = request.extensions.get("timeout", {})
        self.usable = False
        head = request_head(request.method, request.url.raw_path, request.headers.raw)
        await self._stream.write(head, timeouts.get("write"))
        while True:
            answer = Head(await self._head(timeouts.get("read")))
            if answer.status == 101:
                raise Broken("the server wants to speak another protocol")
            if answer.status >= 200:
                break
        body = answer.body()
        if body is None:
            self.usable = answer.keep and not self._rest
        return answer, body

    async def _head(self, timeout: float | None) -> bytes:
        data, searched = self._rest, 0
        while True:
            if found := _END.search(data, searched):
                self._rest = data[found.end() :]
                return data[: found.start()].lstrip(b"\r\n")
            if len(data) > MAX_HEAD:
                raise Broken(f"the head of the answer is longer than {MAX_HEAD} bytes")
            searched = max(0, len(data) - 3)
            more = await self._stream.read(_STEP, timeout)
            if not more:
                raise Broken("the server closed the connection " + ("in its answer" if data else "without an answer"))
            data = data + more if data else more

    async def content(self, head: Head, body: Body, timeout: float | None) -> AsyncIterator[bytes]:
        """The body as it comes. Raises httpx.RemoteProtocolError where it breaks off, httpcore.ReadTimeout."""
        data, self._rest = self._rest, b""
        while not body.done:
            if data:
                try:
                    content = body.feed(data)
                except Broken as error:
                    raise httpx.RemoteProtocolError(str(error)) from error
                if content:
                    yield content
                if body.done:
                    break
            try:
                data = await self._stream.read(_STEP, timeout)
            except httpcore.ReadError as error:
                raise httpx.RemoteProtocolError(f"the connection broke: {error}") from error
            if not data:
                if not body.end():
                    raise httpx.RemoteProtocolError("the connection ended before the body did")
                return
        self.usable = head.keep and not body.rest

    async def aclose(self) -> None:
        """Close the connection."""
        self.usable = False
        await self._stream.aclose()


def _value(raw: bytes) -> bytes:
    return raw.strip().replace(b"\r", b" ").replace(b"\x00", b" ")
