"""The signed webhook against a real HTTP receiver on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from sinks.channels.webhook import Webhook
from tests.samples import NOW, later
from tests.sinks.channels import change_message, evil_message, new_message
from transforms.notify.payload import BadSignature, body, signed_headers, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    server = HTTPServer(host="127.0.0.1", port=0, threaded=True)
    server.start()
    try:
        yield server
    finally:
        server.clear()
        server.stop()


@pytest.fixture
def hook(receiver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Webhook:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    return Webhook(receiver.url_for("/alerts"), "HOOK_SECRET", allow_private=True)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's libraries, with its published signature."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        SECRET,
        NOW.replace(year=2021, month=2, day=25, hour=16, minute=42, second=10) - timedelta(0),
    )
    headers["webhook-timestamp"] = "1614265330"
    moment = later(seconds=1614265330 - NOW.timestamp())
    again = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', SECRET, moment)
    assert again["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_check_who_sent_what_and_when(receiver: HTTPServer, hook: Webhook) -> None:
    seen: list[tuple[str, dict[str, object]]] = []

    def take(request: Request) -> Response:
        key = verify(dict(request.headers), request.get_data(), SECRET, NOW)
        seen.append((key, json.loads(request.get_data())))
        return Response(status=204)

    receiver.expect_request("/alerts", method="POST").respond_with_handler(take)
    message = change_message()
    assert hook(message, NOW).result == "accepted"
    receiver.check_assertions()
    ((key, content),) = seen
    assert key == content["key"] == message.key
    assert (content["schema"], content["form"], content["subscription"]) == ("tocsin.alert/1", "alert", "s0")
    (event,) = content["events"]  # type: ignore[misc]
    assert event["supplier"] == {"iso3": "PRK", "actor": None, "name": None}
    assert event["changes"] == [
        {"what": "Denied by", "before": None, "after": "Sudland"},
        {"what": "Stage", "before": "delivered", "after": "seized"},
    ]
    assert event["evidence"][0]["url"] == "https://news.example/a1"
    assert content["references"] == list(message.references)


def test_what_is_forged_altered_or_replayed_does_not_verify() -> None:
    content = body(new_message())
    headers = signed_headers("k", content, SECRET, NOW)
    assert verify(headers, content, SECRET, later(minutes=4)) == "k"
    assert verify({name.title(): value for name, value in headers.items()}, content, SECRET, NOW) == "k"
    rotated = {**headers, "webhook-signature": "v1,AAAA " + headers["webhook-signature"]}
    assert verify(rotated, content, SECRET, NOW) == "k"
    for bad, what, at in (
        (headers, content + b" ", NOW),
        ({**headers, "webhook-id": "other"}, content, NOW),
        ({**headers, "webhook-timestamp": str(int(NOW.timestamp()) + 1)}, content, NOW),
        ({**headers, "webhook-timestamp": "now"}, content, NOW),
        ({}, content, NOW),
        (headers, content, later(minutes=6)),
        (headers, content, later(minutes=-6)),
    ):
        with pytest.raises(BadSignature):
            verify(bad, what, SECRET, at)
    with pytest.raises(BadSignature):
        verify(headers, content, "another secret", NOW)


@pytest.mark.parametrize(
    ("status", "headers", "result", "wait"),
    [
        (200, {}, "accepted", None),
        (202, {}, "accepted", None),
        (410, {}, "gone", None),
        (400, {}, "refused", None),
        (422, {}, "refused", None),
        (401, {}, "later", None),
        (404, {}, "later", None),
        (500, {}, "later", None),
        (503, {"Retry-After": "120"}, "later", timedelta(minutes=2)),
        (429, {"Retry-After": "Fri, 28 Jun 2024 13:00:00 GMT"}, "later", timedelta(hours=1)),
        (429, {"Retry-After": "99999999"}, "later", timedelta(days=1)),
        (503, {"Retry-After": "soon"}, "later", None),
    ],
)
def test_answers(
    receiver: HTTPServer, hook: Webhook, status: int, headers: dict[str, str], result: str, wait: timedelta | None
) -> None:
    receiver.expect_request("/alerts").respond_with_data("", status=status, headers=headers)
    receipt = hook(new_message(), NOW)
    assert (receipt.result, receipt.wait) == (result, wait)


def test_redirects_are_not_followed(receiver: HTTPServer, hook: Webhook) -> None:
    receiver.expect_request("/alerts").respond_with_data(
        "", status=307, headers={"Location": "http://169.254.169.254/latest"}
    )
    receipt = hook(new_message(), NOW)
    assert (receipt.result, receipt.reason) == ("later", "307 to http://169.254.169.254/latest: not followed")
    assert len(receiver.log) == 1


def test_a_receiver_that_does_not_answer_is_tried_again(receiver: HTTPServer, hook: Webhook) -> None:
    release = threading.Event()

    def hang(request: Request) -> Response:
        release.wait(30)
        return Response(status=200)

    receiver.expect_request("/alerts").respond_with_handler(hang)
    try:
        receipt = replace(hook, timeout=0.3)(new_message(), NOW)
    finally:
        release.set()
    assert (receipt.result, receipt.reason) == ("later", "no answer within 0.3 s")


def test_a_receiver_that_is_not_there_is_tried_again(receiver: HTTPServer, hook: Webhook) -> None:
    receiver.stop()
    try:
        assert hook(new_message(), NOW).result == "later"
    finally:
        receiver.start()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"])
def test_private_addresses_are_not_asked(receiver: HTTPServer, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """A name that resolves to a private address reaches nothing, unless the file allows it."""

    async def lookup(host: str, port: int) -> list[str]:
        return [address]

    monkeypatch.setenv("HOOK_SECRET", SECRET)
    url = f"http://hooks.example.org:{receiver.port}/alerts"
    receipt = Webhook(url, "HOOK_SECRET", resolver=lookup)(new_message(), NOW)
    assert receipt.result == "later"
    assert "not a public address" in (receipt.reason or "")
    assert receiver.log == []


def test_a_secret_that_is_not_set_is_named_and_nothing_is_sent(
    receiver: HTTPServer, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_SECRET")
    receipt = hook(new_message(), NOW)
    assert (receipt.result, receipt.reason) == ("later", "the environment variable HOOK_SECRET is not set")
    assert receiver.log == []


def test_hostile_texts_are_json_all_the_same(receiver: HTTPServer, hook: Webhook) -> None:
    receiver.expect_request("/alerts").respond_with_data("")
    assert hook(evil_message(), NOW).result == "accepted"
    ((request, _),) = receiver.log
    assert json.loads(request.get_data())["events"][0]["evidence"][0]["url"] == ""
