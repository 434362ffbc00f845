"""The Atom feed as a feed reader sees it, and chats through Apprise."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from sinks.channels import Channels
from sinks.channels.atom import AtomFeed
from sinks.channels.chat import Chat
from sinks.channels.mail import Mailbox
from sinks.channels.webhook import Webhook
from tests.samples import NOW, later
from tests.sinks.channels import change_message, evil_message, new_message
from transforms.notify.schema import Channel, Settings

# Apprise imports a module of the standard library that is deprecated
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def test_a_reader_finds_the_alerts_newest_first(tmp_path: Path) -> None:
    send = AtomFeed(tmp_path / "feeds" / "all.xml")
    assert send(new_message(), NOW).result == "accepted"
    assert send(change_message(), later(hours=1)).result == "accepted"
    feed = feedparser.parse(send.path.read_bytes())
    assert not feed.bozo
    assert (feed.version, feed.feed.title) == ("atom10", "Tocsin: the desk")
    assert feed.feed.updated == "2024-06-28T13:00:00Z"
    assert [entry.title[:7] for entry in feed.entries] == ["Changed", "New: No"]
    assert feed.entries[1].link == "https://register.example.org/e/v1"
    assert "Norland shipped forty launchers" in feed.entries[1].content[0].value
    assert len({entry.id for entry in feed.entries}) == 2


def test_a_repeat_takes_the_place_of_the_first(tmp_path: Path) -> None:
    send = AtomFeed(tmp_path / "all.xml")
    send(new_message(), NOW)
    send(new_message(), later(hours=1))
    (entry,) = feedparser.parse(send.path.read_bytes()).entries
    assert entry.updated == "2024-06-28T13:00:00Z"


def test_the_oldest_entries_go(tmp_path: Path) -> None:
    send = AtomFeed(tmp_path / "all.xml")
    message = new_message()
    for n in range(203):
        send(replace(message, key=f"k{n}"), NOW)
    entries = feedparser.parse(send.path.read_bytes()).entries
    assert (len(entries), entries[0].id, entries[-1].id) == (200, "urn:tocsin:alert:k202", "urn:tocsin:alert:k3")
    assert [path.name for path in tmp_path.iterdir()] == ["all.xml"]


def test_hostile_texts_leave_it_well_formed_and_without_scripts(tmp_path: Path) -> None:
    send = AtomFeed(tmp_path / "all.xml")
    assert send(evil_message(), NOW).result == "accepted"
    content = send.path.read_bytes()
    etree.fromstring(content)
    html = feedparser.parse(content, sanitize_html=False).entries[0].content[0].value
    assert "<script" not in html
    assert "javascript:" not in html


def test_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    send = AtomFeed(tmp_path / "all.xml")
    send.path.write_text("<feed>")
    assert send(new_message(), NOW).result == "accepted"
    assert len(feedparser.parse(send.path.read_bytes()).entries) == 1


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("a file")
    assert AtomFeed(tmp_path / "feeds" / "all.xml")(new_message(), NOW).result == "later"


def test_a_chat_gets_short_text_by_apprise(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise's own JSON service stands for the chats: all of them go the same way."""
    httpserver.expect_request("/chat").respond_with_data("")
    monkeypatch.setenv("CHAT_PATH", "chat")
    chat = Chat(f"json://127.0.0.1:{httpserver.port}/${{CHAT_PATH}}")
    assert chat(change_message(), NOW).result == "accepted"
    ((request, _),) = httpserver.log
    told = json.loads(request.get_data())
    assert told["title"].startswith("Changed (denied by, stage): North Korea (PRK) → Russia (RUS)")
    assert "· Stage: delivered → seized" in told["message"]
    assert "tocsin subscriptions mark v1" in told["message"]


def test_a_chat_that_fails_is_tried_again_with_a_reason(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/chat").respond_with_data("", status=503)
    receipt = Chat(f"json://127.0.0.1:{httpserver.port}/chat")(new_message(), NOW)
    assert receipt.result == "later"
    assert "503" in (receipt.reason or "")


def test_an_address_apprise_does_not_know_is_refused_and_an_unset_secret_named() -> None:
    receipt = Chat("nosuch://a/b")(new_message(), NOW)
    assert (receipt.result, receipt.reason) == ("refused", "Apprise knows no nosuch:// or misses a part of it")
    receipt = Chat("slack://${TOCSIN_NOT_SET}/b/c")(new_message(), NOW)
    assert (receipt.result, receipt.reason) == ("later", "the environment variable TOCSIN_NOT_SET is not set")


def test_channels_makes_the_sender_of_each_kind(tmp_path: Path) -> None:
    channels = Channels(tmp_path)
    settings = Settings.model_validate({"mail": {"host": "h", "from": "t@example.org"}})

    def kind(value: object) -> object:
        return channels(Channel.model_validate(value), settings)

    assert kind("atom:feeds/a.xml") == AtomFeed(tmp_path / "feeds/a.xml")
    assert isinstance(kind("mailto:a@example.org"), Mailbox)
    assert isinstance(kind({"webhook": "https://example.org", "secret_env": "S"}), Webhook)
    assert kind("ntfy://topic") == Chat("ntfy://topic")
