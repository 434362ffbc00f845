"""What a subscriptions file may say, and how mistakes in it are named."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from transforms.notify import Subscriptions, SubscriptionsError, load_subscriptions, parse_subscriptions
from transforms.notify.current import Current

WHOLE = """
settings:
  mail: {host: smtp.example.org, port: 587, user: tocsin, password_env: SMTP_PASSWORD, from: "Tocsin <t@example.org>"}
  link: https://register.example.org/events/{event}
regions: {ours: [NOR, SWE, houthis]}
subscriptions:
  - id: everything
    channels: ["mailto:desk@example.org", "mailto://second@example.org", "atom:feeds/all.xml", "slack://${A}/b/c"]
  - id: some
    who: a desk
    channels: {name: hook, webhook: https://hooks.example.org/x, secret_env: HOOK_SECRET}
    filter:
      supplier: [PRK, "@gulf", "@ours"]
      stage: seized
      carrier: [IMO 9123456, EP-ABC]
      places_within: {lat: 25.0, lon: 58.5, km: 700, roles: seizure}
    hear: [new_event, denial]
    when: {digest: weekly, at: "07:30", day: friday, zone: Europe/Zurich}
    quiet: {from: 22:00, to: 07:00, zone: UTC}
    throttle: 6h
    cap: {messages: 5, per: 1d}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SubscriptionsError) as caught:
        parse_subscriptions(text, "subs.yaml")
    return caught.value.problems


def one(body: str) -> str:
    return f"subscriptions:\n  - id: a\n    channels: ['atom:a.xml']\n    {body}"


def test_a_whole_file() -> None:
    file = parse_subscriptions(WHOLE)
    everything, some = file.subscriptions
    assert list(everything.by_channel) == ["mail", "mail-2", "atom", "apprise"]
    assert everything.hear == ("new_event", "stage", "standing", "denial")
    assert everything.when == "immediate"
    assert (everything.cap.messages, everything.cap.per) == (20, 3600)
    assert list(some.by_channel) == ["hook"]
    assert file.members(some.filter.supplier) == {
        *("PRK ARE BHR IRN IRQ KWT OMN QAT SAU NOR SWE".split()),
        "houthis",
    }
    assert some.filter.carrier == ("9123456", "EP-ABC")
    assert some.filter.places_within[0].roles == ("seizure",)
    assert some.quiet is not None
    assert (some.quiet.start, some.quiet.to) == (time(22), time(7))
    assert (some.throttle, some.cap.per) == (21600, 86400)
    assert some.when != "immediate"
    assert (some.when.weekday, some.when.at) == (4, time(7, 30))


@pytest.mark.parametrize("text", ["", "subscriptions:\n", "settings:\nsubscriptions: []\n", "# nothing yet\n"])
def test_a_file_may_have_none(text: str) -> None:
    assert parse_subscriptions(text) == Subscriptions()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            one("filter: {suplier: [PRK]}"),
            "subs.yaml:4: subscriptions.0.filter.suplier: unknown key; did you mean 'supplier'?",
        ),
        (
            one("filter: {supplier: [PKR]}"),
            "4: subscriptions.0.filter.supplier.0: 'PKR' is no state or party; did you mean ",
        ),
        (
            one("filter: {recipient: houtis}"),
            "4: subscriptions.0.filter.recipient: 'houtis' is no state or party; did you mean Houthis",
        ),
        (
            one("filter: {weapon: Shahead-136}"),
            "4: subscriptions.0.filter.weapon: no catalogue has the weapon 'Shahead-136'; did you mean Shahed-136",
        ),
        (one("filter: {family: Iskandr}"), "4: subscriptions.0.filter.family: no catalogue has the family 'Iskandr'"),
        (one("hear: [new_evnt]"), "did you mean 'new_event'?"),
        (
            one("filter: {supplier: ['@nowhere']}"),
            "4: subscriptions.0.filter.supplier: no group @nowhere; known are asean, ",
        ),
        (one("when: monthly"), "4: subscriptions.0.when: 'monthly' is not one of 'hourly', 'daily' or 'weekly'"),
        (one("when: {digest: daily, zone: Europe/Zuerich}"), "is no time zone; write a name such as Europe/Zurich"),
        (one("when: {digest: daily, at: 25:00}"), "subs.yaml:4: subscriptions.0.when.at: "),
        (one("quiet: {from: 22:00, to: 22:00}"), "quiet hours from and to the same time would be no hours or all"),
        (one("throttle: soon"), "'soon' is no length of time; write seconds, or 15m, 2h, 1d"),
        (one("filter: {carrier: [Titanic]}"), "'TITANIC' is no IMO number (seven digits) and no aircraft registration"),
        (one("filter: {minimum_confidence: 2}"), "subs.yaml:4: subscriptions.0.filter.minimum_confidence: "),
        ("subscriptions:\n  - id: a\n    channels: []\n", "subs.yaml:3: subscriptions.0.channels: "),
        ("subscriptions:\n  - id: a\n", "subs.yaml:2: subscriptions.0: channels is missing"),
        (
            "subscriptions:\n  - id: a\n    channels: ['mailto:x@y.org']\n",
            "subs.yaml:3: subscriptions.0.channels: mail needs settings.mail",
        ),
        ("subscriptions:\n  - id: a\n    channels: ['https://x.org']\n", "a webhook needs its secret"),
        (
            "subscriptions:\n  - id: a\n    channels: [{webhook: 'http://x.org', secret_env: A}]\n",
            "is an https:// address",
        ),
        ("subscriptions:\n  - id: a\n    channels: [{webhook: 'https://x.org'}]\n", "a webhook needs secret_env"),
        ("subscriptions:\n  - id: a\n    channels: ['json://10.0.0.1/x']\n", "would send unsigned to any address"),
        ("subscriptions:\n  - id: a\n    channels: ['atom:../x.xml']\n", "below the folder"),
        (
            "subscriptions:\n  - {id: a, channels: 'atom:a'}\n  - {id: a, channels: 'atom:a'}\n",
            "subs.yaml:3: subscriptions.1.id: 'a' is already the id of subscription 1",
        ),
        ("subscriptions: {a: 1}\n", "subs.yaml:1: subscriptions: "),
        ("- a\n", "subs.yaml:1: expected settings:, regions: and subscriptions:, found list"),
        ("a: [\n", "subs.yaml:2: not YAML: "),
        ("at: 2024-13-45\n", "subs.yaml:1: not YAML: "),
    ],
)
def test_mistakes_are_named_by_line_and_key(text: str, expected: str) -> None:
    found = problems(text)
    assert any(expected in problem for problem in found), found


def test_every_mistake_is_named_at_once() -> None:
    found = problems("subscriptions:\n  - {id: a, channels: 'atom:a', x: 1}\n  - {id: b, channels: 'atom:b', y: 1}\n")
    assert [problem.split(": ", 2)[:2] for problem in found] == [
        ["subs.yaml:2", "subscriptions.0.x"],
        ["subs.yaml:3", "subscriptions.1.y"],
    ]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(SubscriptionsError, match=r"none\.yaml: cannot be read: No such file"):
        load_subscriptions(tmp_path / "none.yaml")


def test_a_changed_file_is_taken_up_and_a_broken_one_is_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "subs.yaml"
    current = Current(path)
    with pytest.raises(SubscriptionsError):
        current.matcher()
    path.write_text(one("who: me"), encoding="utf-8")
    assert len(current.matcher()) == 1
    assert current.matcher() is Current(path).matcher()
    path.write_text("subscriptions: [1]", encoding="utf-8")
    assert len(current.matcher()) == 1
    assert "the former one stays in force" in caplog.text
    path.write_text("subscriptions: []", encoding="utf-8")
    assert len(current.matcher()) == 0


def test_the_example_at_the_root_is_valid() -> None:
    assert len(load_subscriptions(Path(__file__).parents[2] / "subscriptions.yaml").subscriptions) >= 3


def test_of_a_list_whose_only_entry_is_wrong_it_is_not_said_that_it_is_empty() -> None:
    text = "subscriptions:\n  - id: a\n    channels: [nonsense]\n    hear: [gossip]"
    assert [line.split(": ")[1] for line in problems(text)] == ["subscriptions.0.channels.0", "subscriptions.0.hear.0"]
    assert problems("subscriptions:\n  - id: a\n    channels: []") == [
        "subs.yaml:3: subscriptions.0.channels: is empty; give at least one"
    ]
    assert problems(one("filter: {minimum_confidence: 3}")) == [
        "subs.yaml:4: subscriptions.0.filter.minimum_confidence: 3 is more than 1.0"
    ]
