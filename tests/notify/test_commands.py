"""``tocsin subscriptions``: the file edited in place, a rehearsal over the register, feedback."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline import subscriptions as module
from pipeline import subscriptions_file
from pipeline.cli import app
from pipeline.errors import UserError
from sinks.sqlite import SqliteStore
from tests.notify.samples import changed, parties, shipment, subscriptions
from tests.samples import NOW, alert, change, later
from transforms.contracts import StoreError
from transforms.notify import load_subscriptions
from transforms.notify.feedback import feedback_on
from transforms.notify.replay import replay
from transforms.records import Event

FILE = """\
# Who hears of what.
settings: {link: "https://register.example.org/{event}"}   # for people

subscriptions:
  # the first
  - id: one
    channels:
      - "atom:one.xml"   # a feed
    filter: {supplier: [PRK],
             stage: seized}
  # the second

  -
    id: two
    channels: ["atom:two.xml"]
    hear:
    - new_event
    - denial
  # the end
regions: {ours: [NOR]}
"""
TWO = """\
  -
    id: two
    channels: ["atom:two.xml"]
    hear:
    - new_event
    - denial
"""
ONE = """\
  - id: one
    channels:
      - "atom:one.xml"   # a feed
    filter: {supplier: [PRK],
             stage: seized}
"""
Run = Callable[..., str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "subs.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str, store: bool = False) -> str:
        options = ["--subscriptions", str(file)]
        options += ["--store", f"sqlite:///{tmp_path}/store.db"] if store else []
        result = CliRunner().invoke(app, ["subscriptions", words[0], *options, *words[1:]], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return call


@pytest.fixture
def register(tmp_path: Path) -> Callable[..., SqliteStore]:
    def fill(*events: Event) -> SqliteStore:
        store = SqliteStore(f"{tmp_path}/store.db")
        store.init()
        for one in events:
            assert store.put_event(one, "")
        return store

    return fill


def test_adding_leaves_everything_else_to_the_letter(run: Run, file: Path) -> None:
    run(
        "add", "three", "--channel", "atom:three.xml", "--channel", "https://hooks.example.org/x",
        "--secret-env", "HOOK", "--who", "Desk: Nähe",
        "--supplier", "PRK", "--supplier", "@gulf", "--near", "25,58.5,700", "--embargo",
        "--hear", "new_event", "--when", "daily", "--at", "22:00", "--zone", "Europe/Zurich",
        "--quiet", "22:30-06:00",
        "--throttle", "2h", "--cap", "5/1d",
    )  # fmt: skip
    text = file.read_text(encoding="utf-8")
    before, after = FILE.split("  # the end\n")
    assert text.startswith(before)
    assert text.endswith("  # the end\n" + after)
    three = load_subscriptions(file).by_id["three"]
    assert list(three.by_channel) == ["atom", "webhook"]
    assert (three.who, three.hear, three.filter.embargo) == ("Desk: Nähe", ("new_event",), True)
    assert three.when != "immediate"
    assert (three.when.at.hour, three.when.zone) == (22, "Europe/Zurich")
    assert three.quiet is not None
    assert (three.quiet.start.hour, three.quiet.start.minute, three.quiet.zone) == (22, 30, "Europe/Zurich")
    assert (three.throttle, three.cap.messages, three.cap.per) == (7200, 5, 86400)


def test_removing_what_was_added_gives_the_same_file(run: Run, file: Path) -> None:
    run("add", "three", "--channel", "atom:three.xml")
    run("remove", "three")
    assert file.read_text(encoding="utf-8").replace("\n\n  # the end", "\n  # the end") == FILE


def test_removing_leaves_the_comments(run: Run, file: Path) -> None:
    run("remove", "one")
    assert file.read_text(encoding="utf-8") == FILE.replace(ONE, "")
    run("remove", "two")
    assert list(load_subscriptions(file).by_id) == []
    assert file.read_text(encoding="utf-8") == FILE.replace(ONE, "").replace(TWO, "")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "# nothing yet\n",
        "settings: {}\n# to come\n",
        "# head\nsubscriptions: []  # none\n",
        "subscriptions:\n",
        "subscriptions: [{id: a, channels: 'atom:a'}]  # flow\n",
        "subscriptions:\n  - {id: a, channels: 'atom:a'}",
        "subscriptions:\n- id: a\n  channels: 'atom:a'\n- id: b\n  channels: 'atom:b'\n  who: |\n    a\n\n# end\n",
    ],
)
def test_every_form_of_file_can_be_added_to(run: Run, file: Path, text: str | None) -> None:
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    ids = list(load_subscriptions(file).by_id) if text is not None else []
    run("add", "new", "--channel", "atom:new.xml", "--who", "me")
    assert list(load_subscriptions(file).by_id) == [*ids, "new"]
    after = file.read_text(encoding="utf-8")
    comments = [part.split("\n")[0] for part in (text or "").split("# ")[1:]]
    assert all(f"# {comment}" in after for comment in comments)
    run("remove", "new")
    assert list(load_subscriptions(file).by_id) == ids


def test_what_is_not_valid_is_not_written(file: Path) -> None:
    for item, message in (
        ({"id": "one", "channels": ["atom:x"]}, "there is a subscription 'one' already"),
        ({"id": "new", "channels": ["atom:x"], "filter": {"supplier": ["XXX"]}}, "'XXX' is no state or party"),
        ({"id": "new", "channels": ["mailto:a@b.org"]}, "mail needs settings.mail"),
    ):
        with pytest.raises(UserError, match=message):
            subscriptions_file.add(file, item)
    with pytest.raises(UserError, match="no subscription has the id 'none'; it has one, two"):
        subscriptions_file.remove(file, "none")
    assert file.read_text(encoding="utf-8") == FILE
    assert [path.name for path in file.parent.iterdir()] == ["subs.yaml"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--channel", "nonsense", "--stage", "sold"],
         ["--channel: 'nonsense' is no channel", "--stage: 'sold' is not one of"]),
        (["--channel", "atom:x", "--near", "100,2,3", "--throttle", "soon"],
         ["--near: 100.0 is more than 90", "--throttle: 'soon' is no length of time"]),
        (["--channel", "atom:x", "--either", "@nobody"], ["--either: no group @nobody"]),
        (["--channel", "mailto:a@b.org"], ["--channel: mail needs settings.mail"]),
        (["--channel", "https://a.example/x"], ["--channel: a webhook needs --secret-env:"]),
        (["--channel", "atom:x", "--when", "daily", "--at", "27:00"], ["--at: '27:00' is no time of day"]),
        (["--channel", "atom:x", "--when", "dayly"], ["--when: 'dayly' is not one of"]),
        (["--channel", "atom:x", "--hear", "gossip"], ["--hear: 'gossip' is not one of"]),
        (["--channel", "atom:x", "--at", "07:30"], ["--at: is of a digest; add --when"]),
        (["--channel", "atom:x", "--day", "friday"], ["--day: is of a digest"]),
        (["--channel", "atom:x", "--zone", "Europe/Zurich"], ["--zone: is of a digest or of quiet hours"]),
        (["--channel", "atom:x", "--secret-env", "HOOK"], ["--secret-env: only a webhook"]),
        (["--channel", "atom:x", "--quiet", "22"], ["--quiet 22: write from and to, as 22:00-07:00"]),
    ],
)  # fmt: skip
def test_mistakes_are_told_by_the_option_that_made_them(file: Path, options: list[str], told: list[str]) -> None:
    words = ["subscriptions", "add", "three", "--subscriptions", str(file), *options]
    with pytest.raises(UserError) as caught:
        CliRunner().invoke(app, words, catch_exceptions=False)
    lines = str(caught.value).splitlines()
    if len(lines) > 1:
        assert lines.pop(0) == f"nothing was added to {file}"
    assert [line[: len(start)] for line, start in zip(lines, told, strict=True)] == told
    assert file.read_text(encoding="utf-8") == FILE


def test_a_strange_id_is_told_what_an_id_is(file: Path) -> None:
    with pytest.raises(UserError, match="the id: 'bad id!' is no id; letters, digits"):
        subscriptions_file.add(file, {"id": "bad id!", "channels": ["atom:x"]})


def test_the_files_mode_and_link_are_kept(file: Path, tmp_path: Path) -> None:
    file.chmod(0o600)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    subscriptions_file.remove(link, "one")
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(load_subscriptions(file).by_id) == ["two"]


def test_a_rehearsal_tells_what_would_have_been_sent_and_why(
    run: Run, register: Callable[..., SqliteStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "utc_now", lambda: later(days=1))
    seized = changed(shipment("v2"), "stage", later(hours=1), before="delivered", after="seized", stage="seized")
    old = replace(shipment("v0", stage="seized"), changes=(change(at=later(days=-60)),), last_changed=later(days=-60))
    register(old, shipment("v1"), seized, shipment("v3", **parties("IRN", "SYR"))).close()
    told = run("test", "one", store=True)
    assert "one in the last 30 days: 2 messages about 1 of 3 events that changed" in told
    assert "New: North Korea (PRK) → Russia (RUS): KN-25, seized (asserted)" in told
    assert "stage: wanted seized, is delivered" in told
    assert "supplier: wanted PRK, is IRN; stage: wanted seized, is delivered" in told
    told = run("test", "one", "--event", "v1", store=True)
    (stage,) = [line for line in told.splitlines() if "stage" in line]
    assert [cell.strip() for cell in stage.strip("│").split("│")] == ["stage", "seized", "delivered", "no"]


def test_a_rehearsal_applies_digest_throttle_and_cap() -> None:
    events = [shipment(f"v{n}") for n in range(5)]
    for n, event in enumerate(events):
        first = change(at=later(minutes=n))
        events[n] = replace(event, changes=(first,), unannounced=())
    file = subscriptions({"cap": {"messages": 2, "per": "1h"}}, {"when": "daily"})
    capped = replay(file, file.subscriptions[0], events, NOW)
    assert [(m.at - NOW, len(m.items)) for m in capped.messages] == [
        (timedelta(0), 1),
        (timedelta(minutes=1), 1),
        (timedelta(hours=1), 3),
    ]
    digest = replay(file, file.subscriptions[1], events, NOW)
    assert [len(message.items) for message in digest.messages] == [5]
    assert all(why.told for why in digest.events)


def test_feedback_is_kept_with_the_event_that_it_was_merged_into(
    run: Run, register: Callable[..., SqliteStore]
) -> None:
    store = register(shipment("v1", merged_into="v2"), shipment("v2"))
    run("mark", "v1", "wrong", "--why", "the tanks were Sudland's own", "--by", "one", store=True)
    run("mark", "v2", "mute", store=True)
    said = feedback_on(store, ["v1", "v2"])
    assert {id: [(f.verdict, f.subscription, f.why) for f in some] for id, some in said.items()} == {
        "v2": [("wrong", "one", "the tanks were Sudland's own"), ("mute", None, None)]
    }
    with pytest.raises(UserError, match="has no event 'v9'"):
        module.say(store, "v9", "useful", why=None, by=None)
    told = run("test", "one", "--event", "v2", store=True)
    assert "one: wrong the tanks were Sudland's own" in told


def test_a_mute_for_a_subscription_that_there_is_not_is_refused(
    run: Run, file: Path, register: Callable[..., SqliteStore]
) -> None:
    store = register(shipment("v1"))
    store.create_alerts([alert("a", subscription="gone")])
    with pytest.raises(UserError, match=r"--by nosuch: no subscription of .*; known are one, two, gone$"):
        run("mark", "v1", "mute", "--by", "nosuch", store=True)
    run("mark", "v1", "mute", "--by", "gone", store=True)  # the store knows it: its alerts name it
    assert [said.subscription for said in feedback_on(store, ["v1"])["v1"]] == ["gone"]


def test_reading_commands_want_a_file_and_make_no_store(
    run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert " 0 " in run("list", store=True)
    for words in (["mark", "v1", "mute"], ["test", "one"]):
        with pytest.raises(StoreError, match="there is no such file"):
            run(*words, store=True)
    assert [path.name for path in tmp_path.iterdir()] == ["subs.yaml"]
    file.write_text("settings: {}\n", encoding="utf-8")
    with pytest.raises(UserError, match="has no subscription yet"):
        run("list", store=True)
    file.unlink()
    for words in (["list"], ["test", "one"]):
        SqliteStore(f"{tmp_path}/store.db").init()
        with pytest.raises(UserError, match=r"subs\.yaml: there is no such file"):
            run(*words, store=True)


def test_the_list_has_the_state_of_deliveries(file: Path, register: Callable[..., SqliteStore]) -> None:
    store = register()
    store.create_alerts(
        [
            alert("a", subscription="one", state="sent"),
            alert("b", subscription="one", reason="503"),
            alert("c", subscription="two", state="failed", reason="550 no such user"),
        ]
    )
    console = Console(width=160, file=io.StringIO())
    with console.capture() as captured:
        console.print(module.listing(file, store))
    text = captured.get()
    one, two = [line for line in text.splitlines() if "atom" in line]
    assert [cell.strip() for cell in one.strip("│").split("│")] == [
        "one",
        "",
        "atom",
        "immediate",
        "1",
        "1",
        "0",
        "503",
    ]
    assert [cell.strip() for cell in two.strip("│").split("│")][-4:] == ["0", "0", "1", "550 no such user"]
