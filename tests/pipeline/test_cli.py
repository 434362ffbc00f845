"""The command as a person meets it: output, exit codes, and errors that say what would be right."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

from pipeline.cli import app
from pipeline.errors import UserError
from sinks.urls import StoreAt
from tests.pipeline.site import news_site, serve_articles, sources_for, write_sources
from tests.samples import NOW
from transforms.notify.feedback import Feedback, give_feedback
from transforms.sources import parse_sources

ROOT = Path(__file__).parents[2]
REPORT = {
    "id": "r1",
    "title": "Norway ships tanks",
    "published": "2024-06-28",
    "lang": "en",
    "source": "Wire",
    "text": "Norway has delivered eight Leopard 2A4 tanks to Ukraine, the Norwegian defence ministry said on Friday.",
}


def tocsin(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder; nothing of the repository's is found by chance."""
    command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def write_docs(path: Path, *documents: object) -> Path:
    path.write_text("".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents))
    return path


def test_extract_writes_a_prediction_a_line_in_order(tmp_path: Path) -> None:
    other = {"id": "r0", "text": "Two leopard cubs were born at the zoo."}
    docs = write_docs(tmp_path / "docs.jsonl", REPORT, other)
    done = tocsin("extract", "--input", docs, "--output", "out.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (first["id"], first["relevant"], second["id"], second["relevant"]) == ("r1", True, "r0", False)
    for mention in first["mentions"]:
        assert REPORT["text"][mention["start"] : mention["end"]] == mention["text"]
    (claim,) = first["claims"]
    assert (claim["supplier"], claim["recipient"], claim["weapons"]) == ("NOR", "UKR", ["Leopard 2A4"])
    assert second["claims"] == []


def test_backfill_and_export_keep_the_documents_ids(tmp_path: Path) -> None:
    docs = write_docs(tmp_path / "docs.jsonl", REPORT)
    store = f"sqlite:///{tmp_path}/t.db"
    for known in ("new 1", "new 0"):
        done = tocsin("backfill", docs, "--store", store, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert known in done.stderr
    (event,) = map(json.loads, tocsin("export", "events", "--store", store, cwd=tmp_path).stdout.splitlines())
    (claim,) = event["claims"]
    assert (claim["document"], claim["copy_of"], claim["supplier"], claim["recipient"]) == ("r1", None, "NOR", "UKR")
    assert claim["quote"] == REPORT["text"][claim["start"] : claim["end"]]
    (exported,) = map(json.loads, tocsin("export", "claims", "--store", store, cwd=tmp_path).stdout.splitlines())
    assert exported == claim
    (entry,) = map(json.loads, tocsin("export", "entries", "--store", store, cwd=tmp_path).stdout.splitlines())
    assert (entry["id"], entry["outcome"]) == ("r1", "indexed")
    (article,) = map(json.loads, tocsin("export", "articles", "--store", store, cwd=tmp_path).stdout.splitlines())
    assert (article["id"], article["text"]) == ("r1", REPORT["text"])


def test_documents_may_be_gzipped_and_keys_that_none_has_are_named(tmp_path: Path) -> None:
    line = json.dumps(REPORT | {"titel": "x", "note": 1}).encode()
    (tmp_path / "docs.jsonl.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + line))
    done = tocsin("extract", "--input", "docs.jsonl.gz", "--output", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == ["r1"]
    told = "passed over: 'titel' (1 line; did you mean title?), 'note' (1 line)"
    assert f"docs.jsonl.gz: keys that a document does not have were {told}" in done.stderr


def test_store_status_tells_how_much_there_is(tmp_path: Path) -> None:
    tocsin("backfill", write_docs(tmp_path / "docs.jsonl", REPORT), cwd=tmp_path)
    done = tocsin("store", "status", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = dict(line.strip().rsplit(maxsplit=1) for line in done.stdout.splitlines()[2:])
    assert (told["entries"], told["entries waiting to be read"]) == ("1", "0")
    assert (told["articles"], told["claims"], told["events"]) == ("1", "1", "1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("extract", "--input", "none.jsonl", "--output", "o"), "none.jsonl: cannot be read: No such file"),
        (("extract", "--input", "bad.jsonl", "--output", "o"), "bad.jsonl:2: not JSON: Expecting value, column 7; one"),
        (("extract", "--input", "field.jsonl", "--output", "o"), "field.jsonl:1: Document: text: Field required"),
        (("extract", "--input", "twice.jsonl", "--output", "o"), "twice.jsonl:2: id 'a' is already line 1's"),
        (("run", "--sources", "none.yaml"), "none.yaml: cannot be read"),
        (("run", "--sources", "wrong.yaml"), "wrong.yaml:2"),
        (("export", "events", "--store", "mysql://x"), "no store for 'mysql'; write sqlite:///tocsin.db"),
        (("explain", "nowhere.txt"), "nowhere.txt: cannot be read"),
    ],
)
def test_what_a_person_did_wrong_is_one_message(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "text": "b"}\n{"id": \n')
    (tmp_path / "field.jsonl").write_text('{"id": "a"}\n')
    (tmp_path / "twice.jsonl").write_text('{"id": "a", "text": "b"}\n' * 2)
    (tmp_path / "wrong.yaml").write_text("sources:\n  - {id: a, url: 'ftp://x.example/'}\n")
    done = tocsin(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("explain", "ftp://x.example/a"), "ftp://x.example/a: an address to read begins with https:// or http://"),
        (("explain", "empty.jsonl"), "empty.jsonl: has no document"),
        (("explain", "two.jsonl", "--id", "b"), "two.jsonl: no document has the id 'b'"),
        (("explain", "a.txt", "--id", "b"), "--id b: picks a document of a .jsonl file"),
        (("explain", ""), "explain what? A FILE or URL"),
        (("explain", "picture.png"), "picture.png: is no text; explain reads"),
        (("explain", "paper.pdf"), "paper.pdf: "),
        (("browse", "--store", "sqlite:///b.db", "--host", "no host"), "cannot listen on no host:0: "),
        (("backfill", "empty.jsonl"), "empty.jsonl: has no document"),
        (("backfill", "broken.jsonl.gz"), "broken.jsonl.gz: a broken gzip file"),
        (("backfill", "latin.jsonl"), "latin.jsonl:1: is not UTF-8 (byte 23 of the line)"),
        (("brief", "--out", "b.pdf"), "b.pdf: a brief is HTML or Markdown"),
        (("export", "events", "--bom"), "--bom: is of --format csv, and this is jsonl"),
        (("export", "claims", "--bom", "--format", "parquet"), "--bom: is of --format csv, and this is parquet"),
        (("export", "events", "--bundle", "5", "--format", "csv"), "--bundle: is of --format stix"),
        (("export", "events", "--lines"), "--lines: is of --format geojson"),
        (("export", "events", "--no-claims"), "--no-claims: is of --format parquet"),
    ],
)
def test_it_says_what_would_be_right(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.jsonl").write_text('{"id": "a", "text": "b"}\n')
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "latin.jsonl").write_bytes('{"id": "a", "text": "bé"}\n'.encode("latin-1"))
    (tmp_path / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"id": "a", "text": "b"}\n')[:20])
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7\n")
    StoreAt("sqlite:///b.db")().init()
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, UserError), done.output
    assert str(done.exception).startswith(message)


@pytest.mark.parametrize(
    "command",
    [
        ("show",),
        ("search", "tanks"),
        ("brief", "--out", "b.html"),
        ("export", "events"),
        ("explain", "--event", "v1"),
        ("store", "upgrade"),
        ("subscriptions", "test", "dprk-exports", "--subscriptions", str(ROOT / "subscriptions.yaml")),
    ],
    ids=lambda command: command[0],
)
def test_what_only_reads_makes_no_store(command: tuple[str, ...], tmp_path: Path) -> None:
    """A mistyped name must not pass for an empty register."""
    done = tocsin(*command, "--store", "sqlite:///typo.db", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--store sqlite:///typo.db: there is no such file" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_does_not_answer_is_a_failure_and_no_mistake(tmp_path: Path) -> None:
    done = tocsin("show", "--store", "http://127.0.0.1:1/t?patience=0", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Error http://127.0.0.1:1 (t-*): could not read the schema for 0 s: ConnectionError" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_disk_without_room_is_one_message(tmp_path: Path) -> None:
    done = tocsin("backfill", write_docs(tmp_path / "d.jsonl", REPORT), "--store", "sqlite:////dev/full", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Error /dev/full: " in done.stderr


@pytest.mark.parametrize("empty", ["--who", "--why"])
def test_a_judgement_has_an_author_and_grounds(empty: str) -> None:
    given = {"--who": "ana", "--why": "seen"} | {empty: " "}
    options = [text for option in given.items() for text in option]
    done = CliRunner().invoke(app, ["curate", "confirm", "v1", *options, "--store", "sqlite:///none.db"])
    assert done.exit_code == 2
    assert "a judgement has an author and grounds" in " ".join(done.output.replace("│", "").split())


def test_an_empty_register_is_said_and_no_empty_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    StoreAt("sqlite:///e.db")().init()
    done = CliRunner().invoke(app, ["show", "--store", "sqlite:///e.db"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "There are no events in the store yet; `tocsin run --store sqlite:///e.db`" in done.stderr


def test_messages_quote_what_was_written_without_emoji_or_control_characters(tmp_path: Path) -> None:
    assert "a:b:c\n^\n" in tocsin("search", "a:b:c", cwd=tmp_path).stderr
    done = tocsin("search", "\x1b[31mstage:", cwd=tmp_path)
    assert "\x1b" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "arguments",
    [("show",), ("search", "--format", "jsonl"), ("search",), ("export", "events"), ("brief", "--format", "md")],
)
def test_a_reader_that_has_enough_is_no_failure_and_a_full_disk_is_one(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    tocsin("backfill", write_docs(tmp_path / "docs.jsonl", REPORT), cwd=tmp_path)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    left = subprocess.run(command, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (left.returncode, "Traceback" in left.stderr) == (0, False), left.stderr
    with open("/dev/full", "wb") as full:
        failed = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert failed.returncode == 1, failed.stderr
    assert failed.stderr.startswith("Error standard output: No space left on device")


def test_a_locale_without_arrows_gets_their_codes(tmp_path: Path) -> None:
    tocsin("backfill", write_docs(tmp_path / "docs.jsonl", REPORT), cwd=tmp_path)
    plain = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "pipeline.cli", "show"]
    done = subprocess.run(command, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "NOR \\u2192 UKR" in done.stdout


def test_explain_marks_a_text_and_disarms_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "\x1b[2J Norway has delivered eight Leopard 2A4 tanks to Ukraine, its ministry said. "
        "The navy seized ten rifles."
    )
    done = tocsin("explain", path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b[2J" not in done.stdout
    assert "Norway (NOR) → Ukraine (UKR)" in done.stdout
    assert "Leopard 2A4 (battle tanks)" in done.stdout
    assert "refused" in done.stdout
    assert "neither side told" in done.stdout


def test_help_is_there_for_every_command(tmp_path: Path) -> None:
    for command in ("run", "extract", "backfill", "explain", "export", "show", "catalogue check", "sources check"):
        done = tocsin(*command.split(), "--help", cwd=tmp_path)
        assert done.returncode == 0, command
        assert "Usage" in done.stdout


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with news_site() as server:
        serve_articles(server, "/feed", {"/tanks": (REPORT["title"], REPORT["text"])})
        yield server


def test_once_exits_0_or_1_where_every_source_failed(site: HTTPServer, tmp_path: Path) -> None:
    good = write_sources(sources_for(site, {"wire": "/feed", "down": "/down"}), tmp_path / "good.yaml")
    bad = write_sources(sources_for(site, {"down": "/down"}), tmp_path / "bad.yaml")
    done = tocsin("run", "--once", "--sources", good, "--store", f"sqlite:///{tmp_path}/g.db", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "polled 2, unchanged 0, new 1, relevant 1, events 1 new, 0 changed, failed 1 sources" in done.stderr
    done = tocsin("run", "--once", "--sources", bad, "--store", f"sqlite:///{tmp_path}/b.db", cwd=tmp_path)
    assert done.returncode == 1, done.stderr


def test_run_goes_on_until_it_is_asked_to_stop(site: HTTPServer, tmp_path: Path) -> None:
    sources = write_sources(sources_for(site, {"wire": "/feed"}), tmp_path / "s.yaml")
    command = [sys.executable, "-m", "pipeline.cli", "run", "--sources", str(sources), "--log-format", "json"]
    process = subprocess.Popen(
        [*command, "--store", f"sqlite:///{tmp_path}/s.db"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            if json.loads(line)["message"].startswith("polled 1"):
                break
        os.kill(process.pid, signal.SIGTERM)
        rest = process.stderr.read()
    assert process.wait() == 0
    assert json.loads(rest.splitlines()[-1])["message"] == "stopped"


def test_a_server_that_never_answers_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    asked, free = threading.Event(), threading.Event()

    def hang(request: Request) -> Response:
        asked.set()
        free.wait()
        return Response(status=503)

    with news_site() as site:
        site.expect_request("/feed").respond_with_handler(hang)
        sources = write_sources(sources_for(site, {"wire": "/feed"}), tmp_path / "s.yaml")
        command = [sys.executable, "-m", "pipeline.cli", "run", "--sources", str(sources), "--log-format", "json"]
        process = subprocess.Popen(
            [*command, "--store", f"sqlite:///{tmp_path}/s.db"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        try:
            assert asked.wait(180)
            process.terminate()
            _, errors = process.communicate(timeout=180)
        finally:
            free.set()
            process.kill()
    assert process.returncode == 0
    assert json.loads(errors.splitlines()[-1])["message"] == "stopped"


def test_show_and_sources_check(site: HTTPServer, tmp_path: Path) -> None:
    sources = write_sources(sources_for(site, {"wire": "/feed", "down": "/down"}), tmp_path / "s.yaml")
    store = f"sqlite:///{tmp_path}/s.db"
    done = tocsin("sources", "check", "--sources", sources, "--store", store, cwd=tmp_path)
    assert done.returncode == 1
    assert "HTTP 500 from" in done.stdout
    assert "healthy" in done.stdout
    done = tocsin("sources", "check", "nobody", "--sources", sources, "--store", store, cwd=tmp_path)
    assert (done.returncode, "no source has the id nobody" in done.stderr) == (2, True)
    tocsin("run", "--once", "--sources", sources, "--store", store, cwd=tmp_path)
    shown = tocsin("show", "--store", store, cwd=tmp_path).stdout
    assert "NOR → UKR" in shown


def test_explain_an_event_with_its_reports_changes_and_feedback(tmp_path: Path) -> None:
    docs = write_docs(tmp_path / "docs.jsonl", REPORT)
    url = f"sqlite:///{tmp_path}/t.db"
    assert tocsin("backfill", docs, "--store", url, cwd=tmp_path).returncode == 0
    store = StoreAt(url)()
    (event,) = store.iter_events()
    give_feedback(store, event.id, Feedback(verdict="wrong", at=NOW, subscription="desk", why="no tanks\x1b[2J"))
    store.close()
    done = tocsin("explain", "--event", event.id, "--store", url, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for part in ("NOR → UKR", "Norway ships tanks", "new_event", "feedback: wrong, desk, 2024-06-28 12:00: no tanks"):
        assert part in done.stdout
    assert "\x1b[2J" not in done.stdout
    done = tocsin("explain", "--event", "nobody", "--store", url, cwd=tmp_path)
    assert (done.returncode, "nobody: there is no such event" in done.stderr) == (2, True)


def test_sources_go_out_as_opml_and_come_back(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(
        "sources:\n  - {id: wire, name: The Wire, url: 'https://wire.example/feed'}\n"
    )
    opml = tocsin("sources", "export", cwd=tmp_path)
    assert (opml.returncode, "https://wire.example/feed" in opml.stdout) == (0, True)
    (tmp_path / "feeds.opml").write_text(opml.stdout)
    (tmp_path / "other.yaml").write_text("sources:\n  - {id: the-wire, url: 'https://other.example/'}\n")
    back = tocsin("sources", "import", "feeds.opml", "--sources", "other.yaml", cwd=tmp_path)
    assert back.returncode == 0, back.stderr
    (source,) = parse_sources(back.stdout).sources
    assert (source.id, source.name, source.url) == ("the-wire-2", "The Wire", "https://wire.example/feed")
    (tmp_path / "feeds.opml").write_text("<html/>")
    done = tocsin("sources", "import", "feeds.opml", cwd=tmp_path)
    assert (done.returncode, "not OPML" in done.stderr) == (2, True)
