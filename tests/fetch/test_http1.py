"""HTTP/1.1 answers as servers send them, in whatever pieces they come; a raw server on loopback."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fetch import Client, Limits
from transforms.fetch.http1 import Body, Broken, Chunked, Counted, Head, UntilEnd, request_head
from transforms.poll import Response


def served(*answers: bytes, asks: int | None = None, close: bool = False) -> tuple[list[Response], int]:
    """Ask once for each answer (or ``asks`` times); returns the responses and how many connections were made."""
    turns = iter(answers)
    connections = itertools.count()

    async def run() -> list[Response]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            next(connections)
            try:
                while await reader.readuntil(b"\r\n\r\n"):
                    writer.write(next(turns, b""))
                    await writer.drain()
                    if close:
                        break
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, Client("t", limits=Limits(read=30)) as client:
            return [
                await client.get(f"{url}/{n}", private=True, robots=False) for n in range(asks or len(answers) or 1)
            ]

    return asyncio.run(run()), next(connections)


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none", 200, b"one"),
        (b"HTTP/1.1 200\r\ncontent-length:3\r\n\r\none", 200, b"one"),  # no reason, no space
        (b"HTTP/1.1 200 OK\nContent-Length: 3\n\none", 200, b"one"),  # bare line feeds
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\none", 200, b"one"),
        (b"HTTP/1.1 200 OK\r\nno header at all\r\n: x\r\nContent-Length: 3\r\n\r\none", 200, b"one"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n"
         b"Content-Length: 3\r\n\r\none", 200, b"one"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         b"2;x=1\r\non\r\n01\r\ne\r\n0\r\nT: x\r\n\r\n", 200, b"one"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n"
         b"3 \r\none\r\n0\r\n\r\n", 200, b"one"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n", 304, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b""),
    ],
)  # fmt: skip
def test_answers_of_many_kinds(answer: bytes, status: int, body: bytes) -> None:
    (first, second), _ = served(answer, answer)
    assert (first.failure, first.status, first.body) == (None, status, body)
    assert (second.failure, second.status, second.body) == (None, status, body)


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    (response,), _ = served(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\nall of it", close=True)
    assert response.body == b"all of it" and not response.truncated
    assert response.content_type == "text/xml"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
    ],
)
def test_a_body_that_breaks_off_is_kept_as_far_as_it_came(answer: bytes) -> None:
    (response,), _ = served(answer, close=True)
    assert response.failure is None and response.truncated and response.body == b"one"


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-none\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\none",
        b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\none",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70000,
        b"",
    ],
    ids=["other protocol", "no status", "two lengths", "negative length", "101", "long head", "silence"],
)
def test_what_is_no_answer_is_a_failure_with_a_reason(answer: bytes) -> None:
    (response,), _ = served(answer, close=True)
    assert response.failure == "protocol" and response.message


def test_a_connection_is_kept_while_answers_are_whole_and_nothing_follows_them() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
    assert served(whole, whole, whole)[1] == 1
    assert served(whole, whole.replace(b"200 OK\r\n", b"200 OK\r\nConnection: close\r\n"), whole)[1] == 2
    assert served(whole.replace(b"HTTP/1.1", b"HTTP/1.0"), whole)[1] == 2
    assert served(whole.replace(b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK\r\nConnection: keep-alive"), whole)[1] == 1


def test_what_a_server_says_unasked_is_nobodys_answer() -> None:
    """Bytes after an answer would be taken for the answer to the next request: another connection is made."""
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
    (one, two), connections = served(first + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", first)
    assert (one.body, two.body, connections) == (b"one", b"one", 2)


def test_a_connection_that_was_closed_meanwhile_is_replaced() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
    responses, connections = served(whole, whole, whole, close=True)
    assert [r.body for r in responses] == [b"one"] * 3 and connections == 3


def test_folded_and_repeated_headers_are_joined() -> None:
    head = Head(b"HTTP/1.1 200 OK\r\nX-A: one\r\n  two\r\nCache-Control: max-age=5\r\nContent-Type : text/html")
    assert head.fields == [(b"x-a", b"one two"), (b"cache-control", b"max-age=5"), (b"content-type", b"text/html")]


@pytest.mark.parametrize("field", [b"x\r\nHost: other", b"x\ny", b"x\x00"])
def test_no_header_breaks_out_of_its_line(field: bytes) -> None:
    with pytest.raises(httpcore.LocalProtocolError):
        request_head("GET", b"/", [(b"if-none-match", field)])


@pytest.mark.parametrize("target", [b"/a b", b"/a\r\nHost: other"])
def test_no_address_breaks_out_of_its_line(target: bytes) -> None:
    with pytest.raises(httpcore.LocalProtocolError):
        request_head("GET", target, [])


def test_a_request_is_written_as_it_should_be() -> None:
    assert request_head("GET", b"/x?y", [(b"Host", b"h")]) == b"GET /x?y HTTP/1.1\r\nHost: h\r\n\r\n"


def chunked(parts: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts if p) + b"0\r\n\r\n"


@given(st.lists(st.binary(max_size=40), max_size=6), st.lists(st.integers(1, 7), max_size=60), st.binary(max_size=9))
def test_chunks_are_the_same_in_whatever_pieces_they_come(parts: list[bytes], steps: list[int], after: bytes) -> None:
    wire, content = chunked(parts), b"".join(parts)
    bodies: list[tuple[Callable[[], Body], bytes]] = [(Chunked, wire), (lambda: Counted(len(content)), content)]
    for make, data in bodies:
        body, got, at = make(), b"", 0
        for step in (*steps, len(data)):
            if body.done:
                break
            piece = data[at : at + step]
            at += len(piece)
            got += body.feed(piece + after if at == len(data) else piece)
        assert (got, body.done, body.rest) == (content, True, after if data else b"")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_head_or_broken_and_any_a_body_or_broken(data: bytes) -> None:
    for head in (data, b"HTTP/1.1 200 OK\r\n" + data):
        try:
            body = Head(head).body()
        except Broken:
            continue
        assert body is None or isinstance(body, Counted | Chunked | UntilEnd)
    try:
        assert len(Chunked().feed(data)) <= len(data)
    except Broken:
        pass
