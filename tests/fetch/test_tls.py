"""HTTP/2 where the server offers it, certificates checked: a real TLS server on loopback."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import ClassVar

import h2.config
import h2.connection
import h2.events
import pytest

from tests import certificates
from transforms.fetch import Client, Limits
from transforms.poll import Response


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    return certificates.certificate(tmp_path_factory.mktemp("tls"))


class Http2(asyncio.Protocol):
    """Answers every HTTP/2 request with its path."""

    connections = 0
    open: ClassVar[set[Http2]] = set()
    fewer: ClassVar[asyncio.Event]

    def connection_lost(self, error: Exception | None) -> None:
        Http2.open.discard(self)
        Http2.fewer.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Http2.connections += 1
        Http2.open.add(self)
        self.transport = transport
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.state.initiate_connection()
        self._send()

    def data_received(self, data: bytes) -> None:
        for event in self.state.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers)[b":path"]
                self.state.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/plain")])
                self.state.send_data(event.stream_id, b"you asked " + path, end_stream=True)
        self._send()

    def _send(self) -> None:
        self.transport.write(self.state.data_to_send())  # type: ignore[attr-defined]


class Http1(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")  # type: ignore[attr-defined]


def context_of(certificate: Path, offered: list[str]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(offered)
    return context


async def served(
    certificate: Path, protocol: type[asyncio.Protocol], offered: list[str], trusted: bool
) -> list[Response]:
    Http2.fewer = asyncio.Event()
    context = context_of(certificate, offered)
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=context)
    verify = ssl.create_default_context(cafile=str(certificate)) if trusted else ssl.create_default_context()
    root = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        async with Client("t", verify=verify) as client:
            first = await client.get(f"{root}/0", private=True, robots=False)
            rest = [client.get(f"{root}/{n}", private=True, robots=False) for n in range(1, 6)]
            return [first, *await asyncio.gather(*rest)]
    finally:
        server.close()
        await server.wait_closed()


def test_http_2_is_used_where_offered_over_one_connection(certificate: Path) -> None:
    Http2.connections = 0
    found = asyncio.run(served(certificate, Http2, ["h2", "http/1.1"], True))
    assert [r.body for r in found] == [f"you asked /{n}".encode() for n in range(6)]
    assert Http2.connections == 1


def test_http_1_is_used_where_it_is_not(certificate: Path) -> None:
    found = asyncio.run(served(certificate, Http1, ["http/1.1"], True))
    assert [(r.status, r.body) for r in found] == [(200, b"one")] * 6


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path) -> None:
    found = asyncio.run(served(certificate, Http1, ["http/1.1"], False))
    assert {r.failure for r in found} == {"tls"}


def test_of_many_http_2_hosts_only_so_many_connections_stay_open(certificate: Path) -> None:
    async def run() -> int:
        Http2.fewer = asyncio.Event()
        Http2.open.clear()
        loop, context = asyncio.get_running_loop(), context_of(certificate, ["h2"])
        servers = [await loop.create_server(Http2, "127.0.0.1", 0, ssl=context) for _ in range(5)]
        try:
            verify = ssl.create_default_context(cafile=str(certificate))
            async with Client("t", verify=verify, limits=Limits(connections=2)) as client:
                for server in servers:
                    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
                    assert (await client.get(url, private=True, robots=False)).body == b"you asked /x"
                while len(Http2.open) > 2:
                    Http2.fewer.clear()
                    await asyncio.wait_for(Http2.fewer.wait(), 60)
                return len(Http2.open)
        finally:
            for server in servers:
                server.close()

    assert asyncio.run(run()) == 2
