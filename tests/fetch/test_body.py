"""Bodies unpacked within limits: every encoding, whole, broken, lying and exploding (pain 4)."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.poll.poller import Poller, item, rss
from tests.poll.site import Answer, Site
from transforms.fetch import Client, FetchWorker, Limits
from transforms.fetch.body import BadEncoding, Body, TooLarge


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "two gzip members": ("gzip", lambda d: gzip.compress(d[: len(d) // 2]) + gzip.compress(d[len(d) // 2 :])),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", lambda d: brotli.compress(d, quality=3)),  # the default takes minutes for a bomb
    "zstd": ("zstd", zstandard.compress),
    "identity": ("identity", bytes),
}


def unpack(data: bytes, encoding: str, *, step: int = 1000, limit: int = 10**7) -> tuple[bytes, bool]:
    body = Body(encoding, wire=limit, unpacked=limit)
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body.finish()


@pytest.mark.parametrize("name", list(PACKERS))
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_every_encoding_in_pieces_of_every_size(name: str, step: int) -> None:
    encoding, pack = PACKERS[name]
    data = "<rss>бочка</rss>".encode() * 500
    assert unpack(pack(data), encoding, step=step) == (data, True)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_breaks_off_is_told_from_a_whole_one(name: str) -> None:
    encoding, pack = PACKERS[name]
    data = bytes(range(256)) * 2000
    packed = pack(data)
    body, whole = unpack(packed[: len(packed) - 5], encoding)
    assert not whole and data.startswith(body)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_refused_in_bounded_memory(name: str) -> None:
    encoding, pack = PACKERS[name]
    bomb = pack(bytes(200_000_000))
    assert len(bomb) < 300_000
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="more than 1,000,000 bytes unpacked"):
            unpack(bomb, encoding, step=65536, limit=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_what_is_packed_twice_is_unpacked_twice() -> None:
    assert unpack(gzip.compress(gzip.compress(b"<rss/>")), "gzip") == (b"<rss/>", True)


@pytest.mark.parametrize("step", [1, 700, 100_000])
def test_many_gzip_members_are_one_body(step: int) -> None:
    members = b"".join(gzip.compress(b"<i>%d</i>" % n) for n in range(2000))
    assert unpack(members, "gzip", step=step) == (b"".join(b"<i>%d</i>" % n for n in range(2000)), True)


@pytest.mark.parametrize("packed_twice", [False, True])
def test_a_body_of_nothing_but_empty_members_is_refused_in_bounded_memory(packed_twice: bool) -> None:
    members = gzip.compress(b"") * 100_000
    tracemalloc.start()
    try:
        with pytest.raises(BadEncoding, match="more than 10,000 gzip members"):
            unpack(gzip.compress(gzip.compress(b"x") + members) if packed_twice else members, "gzip", step=65536)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "compress"])
def test_a_plain_body_under_a_packed_header_is_taken_as_it_is(encoding: str) -> None:
    assert unpack(b"<?xml version='1.0'?><rss/>", encoding) == (b"<?xml version='1.0'?><rss/>", True)


def test_a_packed_body_without_a_header_is_unpacked() -> None:
    assert unpack(gzip.compress(b"<rss/>"), "") == (b"<rss/>", True)
    assert unpack(zstandard.compress(b"<rss/>"), "") == (b"<rss/>", True)


@pytest.mark.parametrize("encoding", ["br", "deflate", "compress"])
def test_what_is_neither_is_an_error(encoding: str) -> None:
    with pytest.raises(BadEncoding):
        unpack(b"\xff\xfe\x00\x01garbage that is nothing" * 9, encoding)


def test_zero_bytes_after_gzip_are_padding() -> None:
    assert unpack(gzip.compress(b"<rss/>") + bytes(500), "gzip") == (b"<rss/>", True)


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "gzip", "br", "zstd", "deflate", "x, y", "gzip, br"]),
    st.integers(1, 50),
)
def test_any_bytes_are_a_body_or_one_of_two_errors(data: bytes, encoding: str, step: int) -> None:
    for start in (b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd"):
        try:
            body, _ = unpack(start + data, encoding, step=step, limit=100_000)
        except (TooLarge, BadEncoding):
            continue
        assert len(body) <= 100_000


@pytest.mark.parametrize("name", list(PACKERS))
def test_over_the_wire(site: Site, poller: Poller, name: str) -> None:
    encoding, pack = PACKERS[name]
    packed = pack(rss(item("Crates", guid="1")).encode())
    site.on("/feed", Answer(packed, headers={"Content-Encoding": encoding}))
    assert [e.title for e in poller.poll().entries] == ["Crates"]


def test_a_bomb_over_the_wire_is_a_clear_error(site: Site, poller: Poller) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    site.on("/feed", Answer(bomb, headers={"Content-Encoding": "gzip"}))
    outcome = poller.poll()
    assert outcome.result == "failed" and outcome.problems[0].kind == "too_large"
    assert outcome.problems[0].message == "more than 30,000,000 bytes unpacked"


@pytest.mark.parametrize("announced", [True, False])
def test_too_much_on_the_wire_is_a_clear_error(site: Site, announced: bool) -> None:
    limits = Limits(wire=10_000, unpacked=10_000)
    headers = {} if announced else {"Content-Length": "", "Connection": "close"}
    site.on("/feed", Answer(bytes(50_000), headers=headers))
    with Poller(site, limits=limits).worker as worker:
        assert isinstance(worker, FetchWorker)
        from transforms.sources import Source

        outcome = worker.poll_now(Source(id="s", url=site.url("/feed"), allow_private=True), None)
    expected = "50,000 bytes announced, more than 10,000" if announced else "more than 10,000 bytes on the wire"
    assert outcome.problems[0].message == expected


def test_the_client_of_these_tests_is_the_one_that_polls() -> None:
    assert Client("x").limits == Limits()
