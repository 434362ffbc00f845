"""Archives of other tools: bodies as they came over the wire or as they were unpacked, and records that explode."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import brotli
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from transforms.archive.model import ArchiveError
from transforms.archive.reading import capture_at, responses
from transforms.archive.warc import ENTRY_TYPE

PAGE = b"<html><body><p>A barge of crates came in.</p></body></html>"


def crawl(path: Path, body: bytes, **headers: str) -> Path:
    """A WARC file of one answer, its body as it is given."""
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *fields], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                "https://n.example/1", "response", payload=BytesIO(body), length=len(body), http_headers=http
            )
        )
    return path


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    parts = (body[:half], body[half:], b"")
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.compress), ("identity", bytes)],
)
@pytest.mark.parametrize("in_chunks", [False, True])
@pytest.mark.parametrize("unpacked", [False, True])
def test_a_body_is_had_as_it_is_meant(
    tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes], in_chunks: bool, unpacked: bool
) -> None:
    """Whether the tool kept what came over the wire or left the headers on what it had unpacked."""
    body = PAGE if unpacked else pack(PAGE)
    headers = {"Content_Encoding": encoding} | ({"Transfer_Encoding": "chunked"} if in_chunks else {})
    path = crawl(tmp_path / "crawl.warc.gz", chunked(body) if in_chunks and not unpacked else body, **headers)
    assert capture_at(path, 0).body == PAGE
    assert [found.capture.url for found in responses(path)] == ["https://n.example/1"]


def test_a_packed_file_without_a_header_stays_as_it_is(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE)
    assert capture_at(crawl(tmp_path / "crawl.warc.gz", packed), 0).body == packed


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_body_that_explodes_is_refused_in_bounded_memory(tmp_path: Path, encoding: str) -> None:
    zeros = bytes(100_000_000)
    bomb = gzip.compress(zeros, 1) if encoding == "gzip" else brotli.compress(zeros, quality=3)
    del zeros
    path = crawl(tmp_path / "crawl.warc.gz", bomb, Content_Encoding=encoding)
    tracemalloc.start()
    try:
        with pytest.raises(ArchiveError, match="#0: a body of more than 30,000,000 bytes unpacked"):
            capture_at(path, 0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 80_000_000


def test_an_entry_that_explodes_costs_itself_and_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    answer = crawl(tmp_path / "answer.warc.gz", PAGE).read_bytes()
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(
            writer.create_warc_record(
                "https://n.example/1",
                "metadata",
                payload=BytesIO(bytes(40_000_000)),
                length=40_000_000,
                warc_content_type=ENTRY_TYPE,
            )
        )
        file.write(answer)
    assert [(found.capture.url, found.capture.entry) for found in responses(path)] == [("https://n.example/1", None)]
