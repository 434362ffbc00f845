"""An answer as WARC records (ISO 28500, WARC/1.1), built by warcio: pure, bytes out."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped, unused-ignore]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped, unused-ignore]

from transforms.archive.model import Capture
from transforms.codec import encode

VERSION = "1.1"
ENTRY_TYPE = "application/vnd.tocsin.entry+json"
"""Media type of the metadata record that has the feed's entry, so that a replay knows what the feed said."""
_NAMESPACE = uuid.UUID("e7f6c011-776e-5db7-8cd5-36b8b1d47a3e")
# The body is kept unpacked and whole, so what described its wire form would be false; a cookie is nobody's evidence.
_DROPPED = frozenset(
    {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive", "set-cookie", "set-cookie2"}
)
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]{1,100}", re.IGNORECASE)


def info_record(filename: str, lines: dict[str, str], now: datetime) -> bytes:
    """The record that a file begins with: who wrote it, with what."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    record = writer.create_warcinfo_record(filename, lines)
    record.rec_headers.replace_header("WARC-Date", date_text(now))
    record.rec_headers.replace_header("WARC-Record-ID", record_id("warcinfo", filename))
    writer.write_record(record)
    return out.getvalue()


def capture_records(capture: Capture, filename: str) -> tuple[bytes, int]:
    """The records of an answer, and where among these bytes its response record begins.

    The entry comes first, so that whoever reads the response knows it; each record is a gzip member of its own.
    """
    sha256 = hashlib.sha256(capture.body).digest()
    own = record_id("response", capture.url, date_text(capture.retrieved), sha256.hex())
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    common = {
        "WARC-Date": date_text(capture.retrieved),
        "WARC-Warcinfo-ID": record_id("warcinfo", filename),
    }
    url = _CONTROL.sub(lambda match: f"%{ord(match[0]):02X}", capture.url)
    if capture.entry is not None:
        payload = encode(capture.entry).encode("utf-8", "replace")
        writer.write_record(
            writer.create_warc_record(
                url,
                "metadata",
                payload=BytesIO(payload),
                length=len(payload),
                warc_content_type=ENTRY_TYPE,
                warc_headers_dict=common | {"WARC-Record-ID": record_id("metadata", own), "WARC-Concurrent-To": own},
            )
        )
    begins = out.tell()
    writer.write_record(
        writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            http_headers=StatusAndHeaders(_status(capture.status), list(_kept(capture)), protocol="HTTP/1.1"),
            warc_headers_dict=common
            | {
                "WARC-Record-ID": own,
                "WARC-Payload-Digest": f"sha256:{base64.b32encode(sha256).decode()}",
            },
        )
    )
    return out.getvalue(), begins


def date_text(moment: datetime) -> str:
    """A moment as WARC/1.1 writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record_id(*parts: str) -> str:
    """The id of a record: the UUIDv5 of what it is, so that equal answers have equal records."""
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, chr(0).join(parts))}>"


def _kept(capture: Capture) -> Iterable[tuple[str, str]]:
    for name, value in capture.headers:
        if name.lower() not in _DROPPED and _TOKEN.fullmatch(name):
            yield name, " ".join(value.split())
    yield "content-length", str(len(capture.body))


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
