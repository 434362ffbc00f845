"""Errors of a network by kind; one that nobody foresaw is logged with where it came from."""

from __future__ import annotations

import ssl

import httpcore
import httpx
import pytest

from transforms.fetch.answers import failure_of, fields_of
from transforms.fetch.guard import NotResolved, Refused
from transforms.poll.model import FailureKind

URL = "https://n.example:8443/feed"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("inside"), "refused"),
        (NotResolved("nowhere"), "dns"),
        (httpcore.ConnectTimeout("late"), "timeout"),
        (httpx.ReadTimeout("late"), "timeout"),
        (ssl.SSLError("old"), "tls"),
        (httpcore.ConnectError("TLS: certificate has expired"), "tls"),
        (httpcore.ReadError("reset"), "connect"),
        (ConnectionResetError("reset"), "connect"),
        (httpcore.RemoteProtocolError("odd"), "protocol"),
        (httpx.RemoteProtocolError("odd"), "protocol"),
    ],
)
def test_kinds(error: Exception, kind: FailureKind, caplog: pytest.LogCaptureFixture) -> None:
    failed = failure_of(URL, error)
    assert (failed.failure, failed.message, failed.status) == (kind, f"n.example:8443: {error}", 0)
    assert caplog.records == []


def test_what_nobody_foresaw_is_logged_whole(caplog: pytest.LogCaptureFixture) -> None:
    failed = failure_of(URL, KeyError("x"))
    assert (failed.failure, failed.message) == ("protocol", "n.example:8443: KeyError: 'x'")
    (record,) = caplog.records
    assert record.getMessage() == f"{URL}: an error that nobody foresaw"
    assert record.exc_info and record.exc_info[0] is KeyError


def test_fields_in_any_encoding_repeated_ones_joined() -> None:
    raw = [(b"Vary", b"a"), (b"VARY", b"b"), (b"x-name", "Ü".encode("latin-1")), (b"x-utf", "Ü".encode())]
    assert fields_of(raw) == {"vary": "a, b", "x-name": "Ü", "x-utf": "Ü"}
