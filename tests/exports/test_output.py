"""Where exports go: whole files or none, quiet pipes; moments; the bar."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.errors import UserError
from pipeline.exports.formats import export
from pipeline.exports.options import Options
from pipeline.exports.output import opened
from pipeline.exports.progress import fraction, watched
from pipeline.exports.records import live_and_merged, records
from pipeline.exports.since import since
from sinks.urls import StoreAt
from tests.exports.samples import rich_event
from tests.samples import NOW, article, claim, entry, event, later, state
from transforms.contracts import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened_store = StoreAt(f"sqlite:///{tmp_path}/t.db")()
    opened_store.init()
    return opened_store


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with opened(out) as stream:
        stream.write(b"first")
        assert not out.exists()
    assert out.read_bytes() == b"first"
    half = opened(out)
    half.__enter__().write(b"half of the sec")
    assert not half.__exit__(RuntimeError, RuntimeError(), None)
    assert out.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_keeps_being_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    with opened(link) as stream:
        stream.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"


def test_a_place_that_cannot_be_written_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written: No such file"), opened(tmp_path / "none" / "out"):
        pass
    with pytest.raises(UserError, match="a folder; name a file"), opened(tmp_path):
        pass


def test_a_device_is_written_to_and_not_replaced() -> None:
    with opened(Path(os.devnull)) as stream:
        stream.write(b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("36h", NOW - timedelta(hours=36)),
        ("2W", NOW - timedelta(weeks=2)),
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2024-01-02T03:04+02:00", datetime(2024, 1, 2, 1, 4, tzinfo=UTC)),
        (None, None),
    ],
)
def test_since_is_a_moment_or_a_length(text: str | None, moment: datetime | None) -> None:
    assert since(text, NOW) == moment


def test_since_in_words_is_refused_with_what_would_be_right() -> None:
    with pytest.raises(UserError, match="--since yesterday: no moment; write 7d"):
        since("yesterday", NOW)


def test_records_are_cut_off_by_age(store: Store) -> None:
    store.put_event(event("v1", last_changed=NOW), "")
    store.put_event(event("v2", last_changed=later(days=2)), "")
    store.put_event(event("v3", last_changed=later(days=2), merged_into="v2"), "")
    store.put_articles([article("a1"), article("a2", first_seen=later(days=2))])
    store.put_claims("a1", [claim("c1", "a1")])
    store.put_claims("a2", [claim("c2", "a2"), claim("c3", "a2")])
    store.save_poll(state(), "", [entry("e1"), entry("e2", first_seen=later(days=2))], now=NOW)
    cut = later(days=1)
    assert [one.id for one in records(store, "events", cut)] == ["v2"]  # type: ignore[union-attr]
    assert [one.id for one in records(store, "events")] == ["v1", "v2"]  # type: ignore[union-attr]
    assert [one.id for one in live_and_merged(store, cut)] == ["v2", "v3"]
    assert [one.id for one in records(store, "articles", cut)] == ["a2"]  # type: ignore[union-attr]
    assert [one.id for one in records(store, "claims", cut)] == ["c2", "c3"]  # type: ignore[union-attr]
    assert [one.entry.id for one in records(store, "entries", cut)] == ["e2"]  # type: ignore[union-attr]


def test_every_format_of_a_store_is_told_what_it_leaves_out(store: Store) -> None:
    store.put_event(event("v1"), "")
    stream = io.BytesIO()
    told = export(store, "events", "geojson", stream, Options(), Console(file=io.StringIO()))
    assert told == "1 of 1 events have no place that is on a map, and are not in it"
    assert json.loads(stream.getvalue())["features"] == []


def test_an_id_tells_how_far_an_ordered_export_has_come() -> None:
    assert fraction("80000000" + "0" * 24) == 0.5
    assert fraction("40000000" + "0" * 24 + "@" + "f" * 32) == 0.25
    assert fraction("r1") is None


def test_the_bar_is_for_terminals_and_leaves_the_records_alone() -> None:
    events = [event(f"{n:032x}") for n in range(200)]
    screen, pipe = io.StringIO(), io.StringIO()
    assert list(watched(events, Console(file=screen, force_terminal=True), "events")) == events
    assert "events" in screen.getvalue()
    assert list(watched(events, Console(file=pipe), "events")) == events
    assert pipe.getvalue() == ""


def tocsin(*arguments: str | Path, cwd: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_command_writes_a_file_and_a_reader_that_goes_away_is_no_error(tmp_path: Path, store: Store) -> None:
    for n in range(400):
        store.put_event(rich_event(f"v{n:04}"), "")
    url = f"sqlite:///{tmp_path}/t.db"
    with tocsin("export", "events", "--store", url, "--format", "csv", "--bom", "--out", "e.csv", cwd=tmp_path) as done:
        out, err = done.communicate()
    assert (done.returncode, out, err) == (0, b"", b"")
    assert (tmp_path / "e.csv").read_bytes().count(b"\r\n") == 401

    with tocsin("export", "events", "--store", url, "--out", "-", cwd=tmp_path) as gone:
        assert gone.stdout is not None and gone.stderr is not None
        assert json.loads(gone.stdout.readline())["id"] == "v0000"
        gone.stdout.close()
        assert gone.stderr.read() == b""
        gone.stderr.close()
    assert gone.returncode == 0
