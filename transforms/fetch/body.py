"""Bodies as they come off the wire, unpacked within a limit.

Unpacking is done here and not by the HTTP library, because that unpacks whole: some kilobytes of brotli are gigabytes.
"""

from __future__ import annotations

import zlib
from typing import Protocol

_STEP = 65536
_BITE = 128
_MEMBERS = 10_000
"""gzip members of a body: a server that compresses block by block makes one of every 64 KB or so; a body of nothing but
empty members costs time for no text."""


class TooLarge(Exception):
    """More than the limit, on the wire or unpacked."""


class BadEncoding(Exception):
    """The body is not what its Content-Encoding says."""


class _Unpacker(Protocol):
    def feed(self, data: bytes) -> None: ...

    def finish(self) -> bool:
        """Whether the body was whole."""
        ...


class _Out:
    """Collects what is unpacked and refuses to hold more than the limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.parts: list[bytes] = []

    def put(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.limit:
            raise TooLarge(f"more than {self.limit:,} bytes unpacked")
        if data:
            self.parts.append(data)


class _Plain:
    def __init__(self, out: _Out) -> None:
        self._out = out

    def feed(self, data: bytes) -> None:
        self._out.put(data)

    def finish(self) -> bool:
        return True


class _Zlib:
    """gzip (several members one after the other, too) and deflate, with or without zlib's header."""

    def __init__(self, out: _Out, *, gzip: bool) -> None:
        self._out = out
        self._gzip = gzip
        self._start = b""
        self._object: zlib._Decompress | None = None
        self._members = 0

    def feed(self, data: bytes) -> None:
        # In pieces: at the end of a member zlib copies all that it was given beyond it.
        for start in range(0, len(data), _STEP):
            rest = data[start : start + _STEP]
            while rest:
                rest = self._feed(rest)

    def _feed(self, data: bytes) -> bytes:
        """Take a piece; what is left of it after the end of a member."""
        if self._object is None:
            self._start += data
            if len(self._start) < 2:
                return b""
            data, self._start = self._start, b""
            if self._members and (not self._gzip or not data.startswith(b"\x1f\x8b")):
                return b""  # padding after the last member
            if self._members >= _MEMBERS:
                raise BadEncoding(f"more than {_MEMBERS:,} gzip members")
            self._object = zlib.decompressobj(self._window(data))
        while data:
            try:
                self._out.put(self._object.decompress(data, _STEP))
            except zlib.error as error:
                raise BadEncoding(f"not {'gzip' if self._gzip else 'deflate'}: {error}") from None
            if self._object.eof:
                rest, self._object = self._object.unused_data, None
                self._members += 1
                return rest
            data = self._object.unconsumed_tail
        return b""

    def _window(self, data: bytes) -> int:
        if self._gzip:
            return 31
        return 15 if data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0 else -15

    def finish(self) -> bool:
        while self._object is not None and not self._object.eof:
            more = self._object.decompress(self._object.unconsumed_tail, _STEP)
            if not more:
                return False
            self._out.put(more)
        return self._members > 0


class _Brotli:
    def __init__(self, out: _Out) -> None:
        import brotli  # type: ignore[import-untyped]

        self._out = out
        self._error = brotli.error
        self._object = brotli.Decompressor()

    def feed(self, data: bytes) -> None:
        try:
            self._out.put(self._object.process(data, output_buffer_limit=_STEP))
            while not self._object.can_accept_more_data():
                self._out.put(self._object.process(b"", output_buffer_limit=_STEP))
        except self._error as error:
            raise BadEncoding(f"not brotli: {error}") from None

    def finish(self) -> bool:
        return bool(self._object.is_finished())


class _Zstd:
    def __init__(self, out: _Out) -> None:
        import zstandard

        self._out = out
        self._error = zstandard.ZstdError
        # 8 MiB is what RFC 9659 lets a server use; a larger window is memory for nothing.
        self._object = zstandard.ZstdDecompressor(max_window_size=2**23).decompressobj(write_size=_STEP)
        self._done = False

    def feed(self, data: bytes) -> None:
        # The object unpacks all it is given, at most 128 KiB for every four bytes: in small bites that stays bounded.
        for start in range(0, len(data), _BITE):
            if self._object.eof:
                return
            try:
                self._out.put(self._object.decompress(data[start : start + _BITE]))
            except self._error as error:
                raise BadEncoding(f"not zstd: {error}") from None

    def finish(self) -> bool:
        return bool(self._object.eof)


class Body:
    """A body being received. ``wire`` and ``unpacked`` are the limits in bytes."""

    def __init__(self, encoding: str, *, wire: int, unpacked: int) -> None:
        self._names = [n.strip().lower() for n in encoding.split(",") if n.strip() and n.strip().lower() != "identity"]
        self._wire_limit = wire
        self._unpacked = unpacked
        self._wire = 0
        self._start = b""
        self._out = _Out(unpacked)
        self._unpacker: _Unpacker | None = None

    def feed(self, data: bytes) -> None:
        """Take what came. Raises :class:`TooLarge` or :class:`BadEncoding`."""
        self._wire += len(data)
        if self._wire > self._wire_limit:
            raise TooLarge(f"more than {self._wire_limit:,} bytes on the wire")
        if self._unpacker is None:
            self._start += data
            if len(self._start) < 4:
                return
            self._unpacker, data, self._start = self._choose(self._start), self._start, b""
        self._unpacker.feed(data)

    def finish(self) -> tuple[bytes, bool]:
        """The body and whether it is whole. Raises as :meth:`feed` does."""
        if self._unpacker is None:
            if not self._start:
                return b"", True
            self._unpacker = self._choose(self._start)
            self._unpacker.feed(self._start)
        try:
            whole = self._unpacker.finish()
        except zlib.error as error:
            raise BadEncoding(f"broken compression: {error}") from None
        body = b"".join(self._out.parts)
        # A file that was stored compressed and then compressed again on the way, or served without the header.
        if whole and body[:3] == b"\x1f\x8b\x08" and not isinstance(self._unpacker, _Plain):
            return self._again(body)
        return body, whole

    def _again(self, body: bytes) -> tuple[bytes, bool]:
        out = _Out(self._unpacked)
        inner = _Zlib(out, gzip=True)
        inner.feed(body)
        whole = inner.finish()
        return b"".join(out.parts), whole

    def _choose(self, start: bytes) -> _Unpacker:
        """The unpacker by what the body is, and only then by what the header says: servers send either wrong."""
        if start.startswith(b"\x1f\x8b"):
            return _Zlib(self._out, gzip=True)
        if start.startswith(b"\x28\xb5\x2f\xfd"):
            return _Zstd(self._out)
        name = self._names[-1] if self._names else ""
        if not name or start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{"):
            return _Plain(self._out)
        if name in {"gzip", "x-gzip", "zstd"}:
            return _Plain(self._out)  # it would have begun with its magic number
        if name == "deflate":
            return _Zlib(self._out, gzip=False)
        if name == "br":
            return _Brotli(self._out)
        raise BadEncoding(f"unknown Content-Encoding {name!r}")
