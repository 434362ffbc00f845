"""``tocsin brief`` over a store: through the contract alone, files whole, what is wrong told in one message."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import UserError
from sinks.sqlite import SqliteStore
from tests.pipeline.brief.week import articles, events, page, text

ARGUMENTS = ("--since", "2026-03-09T08:00", "--until", "2026-03-16T08:00")


@pytest.fixture
def store(tmp_path: Path) -> str:
    opened = SqliteStore(f"{tmp_path}/store.db")
    opened.init()
    opened.put_articles(list(articles().values()))
    for event in events():
        assert opened.put_event(event, "")
    opened.close()
    return f"sqlite:///{tmp_path}/store.db"


def run(*arguments: str) -> tuple[int, str, BaseException | None]:
    result = CliRunner().invoke(app, ["brief", *arguments])
    return result.exit_code, result.stdout, result.exception


def test_a_file_says_what_the_events_say(store: str, tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    assert run("--store", store, *ARGUMENTS, "--out", str(out))[0] == 0
    assert out.read_text(encoding="utf-8") == page(events(), articles())


@pytest.mark.parametrize("arguments", [("--format", "md"), ("--out", "brief.md")])
def test_markdown_by_option_or_by_name(store: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    out = tmp_path / "brief.md"
    given = [str(out) if argument == "brief.md" else argument for argument in arguments]
    code, stdout, _ = run("--store", store, *ARGUMENTS, *given)
    assert code == 0
    assert (out.read_text(encoding="utf-8") if out.exists() else stdout) == text(events(), articles())


def test_since_counts_from_now(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.clock.utc_now", lambda: datetime(2026, 3, 16, 8, tzinfo=UTC))
    assert run("--store", store, "--since", "7d", "--format", "md")[1] == text(events(), articles())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--since", "soon"), "--since 'soon': write 7d, 2w, 24h or a date as 2026-11-18"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "the period is empty"),
        (("--out", "/nowhere/at/all.html"), "/nowhere/at/all.html: cannot be written: No such file or directory"),
    ],
)
def test_what_a_person_did_wrong_is_one_message(store: str, arguments: tuple[str, ...], message: str) -> None:
    _, _, error = run("--store", store, *arguments)
    assert isinstance(error, UserError)
    assert message in str(error)


@pytest.mark.parametrize(("name", "html"), [("b.HTM", True), ("brief", True), ("b.MD", False)])
def test_the_files_name_says_what_it_is(store: str, tmp_path: Path, name: str, html: bool) -> None:
    assert run("--store", store, *ARGUMENTS, "--out", str(tmp_path / name))[0] == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!doctype html>") is html
    assert [path.name for path in tmp_path.iterdir() if "store" not in path.name] == [name]


def test_a_form_that_was_asked_for_counts_whatever_the_name(store: str, tmp_path: Path) -> None:
    assert run("--store", store, *ARGUMENTS, "--format", "md", "--out", str(tmp_path / "b.txt"))[0] == 0
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == text(events(), articles())


def test_a_dash_is_standard_output(store: str) -> None:
    assert run("--store", store, *ARGUMENTS, "--format", "md", "--out", "-")[1] == text(events(), articles())
