"""Mail to a real SMTP server on loopback: STARTTLS, a login, refusals, threading, and text that cannot inject."""

from __future__ import annotations

import email
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from sinks.channels.mail import Mailbox
from tests.certificates import certificate
from tests.samples import NOW
from tests.sinks.channels import change_message, evil_message, messages, new_message, shipment
from transforms.notify.schema import Mail


@dataclass
class Post:
    """A server's script: what it answers to RCPT and DATA, and the mails it took."""

    rcpt: str = "250 OK"
    data: str = "250 Message accepted"
    mails: list[EmailMessage] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = email.message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.tls.append(session.ssl is not None)
        return self.data


def _login(server: Any, session: Any, envelope: Any, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"tocsin", b"secret"), handled=False)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


class Server(Controller):
    """A controller on whatever port is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post, pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mail]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    running = Server(
        post, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True,
        authenticator=_login, auth_required=True,
    )  # fmt: skip
    running.start()
    monkeypatch.setenv("SMTP_PASSWORD", "secret")
    try:
        yield _settings(running, pem)
    finally:
        running.stop()


def _settings(running: Controller, pem: Path, **keys: Any) -> Mail:
    return Mail.model_validate(
        {
            "host": "127.0.0.1", "port": running.port, "user": "tocsin", "password_env": "SMTP_PASSWORD",
            "from": "Tocsin <tocsin@alerts.example.org>", "ca_file": str(pem), **keys,
        }
    )  # fmt: skip


def test_a_mail_has_text_and_html_and_the_headers_clients_need(server: Mail, post: Post) -> None:
    message = new_message()
    assert Mailbox("desk@example.org", server)(message, NOW).result == "accepted"
    (mail,) = post.mails
    assert post.tls == [True]
    assert mail["Subject"] == "New: North Korea (PRK) → Russia (RUS): KN-25, delivered (asserted)"
    assert (mail["From"], mail["To"]) == ("Tocsin <tocsin@alerts.example.org>", "desk@example.org")
    assert mail["Message-ID"] == f"<{message.key}@alerts.example.org>"
    assert mail["References"] is None
    assert mail["List-Unsubscribe"] == "<mailto:tocsin@alerts.example.org?subject=unsubscribe%20s0>"
    assert mail["List-Id"] == "<s0.tocsin.alerts.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Fri, 28 Jun 2024 12:00:00 +0000"
    text, html = (part.get_content() for part in mail.iter_parts())
    for line in (
        "Supplier → recipient: North Korea (PRK) → Russia (RUS)",
        "Stage: delivered",
        "“Norland shipped forty launchers to Sudland in May.”",
        "wire, 2024-06-28 · Title of a1 · https://news.example/a1",
        "https://register.example.org/e/v1",
        "tocsin subscriptions mark v1 useful|wrong|mute --by s0",
    ):
        assert line in text
    assert 'name="viewport"' in html
    assert '<a href="https://news.example/a1">' in html


def test_changes_thread_under_their_event(server: Mail, post: Post) -> None:
    send = Mailbox("desk@example.org", server)
    first, second = new_message(), change_message()
    send(first, NOW)
    send(second, NOW)
    one, two = post.mails
    assert two["References"] == two["In-Reply-To"] == one["Message-ID"]
    assert two["Message-ID"] != one["Message-ID"]
    body = two.get_body(("plain",))
    assert body is not None
    assert "Stage: delivered → seized" in body.get_content()


def test_the_same_message_again_has_the_same_id(server: Mail, post: Post) -> None:
    send = Mailbox("desk@example.org", server)
    send(new_message(), NOW)
    send(new_message(), NOW)
    assert len({mail["Message-ID"] for mail in post.mails}) == 1


def test_hostile_texts_inject_neither_headers_nor_markup(server: Mail, post: Post) -> None:
    assert Mailbox("desk@example.org", server)(evil_message(), NOW).result == "accepted"
    (mail,) = post.mails
    assert mail["Bcc"] is None
    assert "<script>alert(1)</script>" in mail["Subject"]
    body = mail.get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in html
    assert "\x1b" not in html


@pytest.mark.parametrize(
    ("rcpt", "data", "result", "reason"),
    [
        ("450 4.2.1 mailbox busy", "250 OK", "later", "the recipient was refused: 450 4.2.1 mailbox busy"),
        ("550 5.1.1 no such user", "250 OK", "refused", "the recipient was refused: 550 5.1.1 no such user"),
        ("250 OK", "451 4.7.1 greylisted", "later", "the message was refused: 451 4.7.1 greylisted"),
        ("250 OK", "554 5.7.1 spam", "refused", "the message was refused: 554 5.7.1 spam"),
    ],
)
def test_refusals(server: Mail, post: Post, rcpt: str, data: str, result: str, reason: str) -> None:
    post.rcpt, post.data = rcpt, data
    receipt = Mailbox("desk@example.org", server)(new_message(), NOW)
    assert (receipt.result, receipt.reason) == (result, reason)
    assert post.mails == []


def test_a_wrong_or_missing_password_is_tried_again(server: Mail, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "wrong")
    receipt = Mailbox("desk@example.org", server)(new_message(), NOW)
    assert (receipt.result, (receipt.reason or "")[:14]) == ("later", "127.0.0.1: 535")
    monkeypatch.delenv("SMTP_PASSWORD")
    receipt = Mailbox("desk@example.org", server)(new_message(), NOW)
    assert (receipt.result, receipt.reason) == ("later", "the environment variable SMTP_PASSWORD is not set")


def test_an_unknown_certificate_is_not_trusted(server: Mail, post: Post) -> None:
    receipt = Mailbox("desk@example.org", server.model_copy(update={"ca_file": None}))(new_message(), NOW)
    assert receipt.result == "later"
    assert "certificate" in (receipt.reason or "").lower()
    assert post.mails == []


def test_a_server_without_starttls_is_not_used_unencrypted(post: Post, pem: Path) -> None:
    running = Server(post, hostname="127.0.0.1", port=0)
    running.start()
    try:
        plain = _settings(running, pem, user=None)
        receipt = Mailbox("desk@example.org", plain)(new_message(), NOW)
        assert (receipt.result, post.mails) == ("later", [])
        receipt = Mailbox("desk@example.org", plain.model_copy(update={"security": "none"}))(new_message(), NOW)
        assert (receipt.result, post.tls) == ("accepted", [False])
    finally:
        running.stop()


def test_nobody_at_home_is_tried_again(pem: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Mail.model_validate(
            {"host": "127.0.0.1", "port": taken.getsockname()[1], "from": "t@example.org", "security": "none"}
        )
        assert Mailbox("desk@example.org", nobody)(new_message(), NOW).result == "later"


def test_one_click_unsubscribe_where_an_address_is_configured(server: Mail, post: Post) -> None:
    clicked = server.model_copy(update={"unsubscribe": "https://example.org/out"})
    Mailbox("desk@example.org", clicked)(new_message(), NOW)
    assert post.mails[0]["List-Unsubscribe"] == "<https://example.org/out>"
    assert post.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_digest_is_no_reply(server: Mail, post: Post) -> None:
    (digest,) = messages(shipment(), when="daily")
    Mailbox("desk@example.org", server)(digest, NOW)
    assert post.mails[0]["Subject"] == "s0: 1 new event"
    assert post.mails[0]["References"] is None
