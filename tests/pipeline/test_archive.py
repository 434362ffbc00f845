"""What a round archived is replayed without network, and says the same."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.backfill import backfill
from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.graph import Parts
from pipeline.rounds import run_round
from sinks.sqlite import SqliteStore
from sinks.urls import StoreAt
from tests.pipeline.site import html_page, news_site, serve_articles, sources_for, write_sources
from transforms.archive.keeping import Archiving
from transforms.archive.model import Location
from transforms.archive.reading import capture_at
from transforms.records import Article, Event
from transforms.sources import Sources

TEXT = "Norway has delivered eight Leopard 2A4 tanks to Ukraine, the Norwegian defence ministry said on Friday."
ARTICLES = {
    "/tanks": ("Norway ships tanks", TEXT),
    "/cubs": (
        "Cubs at the zoo",
        "Two leopard cubs were born at the zoo on Tuesday. Their mother is well, keepers said.",
    ),
}


def archived_round(folder: Path, archiving: Archiving, **source: str) -> tuple[SqliteStore, Sources]:
    """One round over a site that is gone afterwards."""
    with news_site() as site:
        serve_articles(site, "/feed", ARTICLES)
        sources = sources_for(site, {"wire": "/feed"}, reliability="B", **source)
        url = f"sqlite:///{folder}/first.db"
        StoreAt(url)().init()
        run_round(Parts(store=StoreAt(url), sources=sources, owner="t", clock=utc_now, archiving=archiving))
    return SqliteStore(f"{folder}/first.db"), sources


def told(event: Event) -> object:
    """What an event says, without when this register learnt of it."""
    claims = tuple(replace(claim, id="") for claim in event.claims)
    return (event.supplier, event.recipient, event.goods, event.stage, event.standing, event.reliability, claims)


def without_flags(article: Article) -> Article:
    return replace(article, flags=())


def test_an_archive_gives_the_same_register_without_network(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    first, sources = archived_round(tmp_path, Archiving(folder=archive, everything=True))
    (article,) = first.iter_articles()
    assert article.evidence is not None and article.evidence.archived is not None
    place = Location.parse(article.evidence.archived)
    assert place is not None
    kept = capture_at(archive / place.file, place.offset)
    assert TEXT.encode() in kept.body
    assert kept.url == article.evidence.final_url

    url = f"sqlite:///{tmp_path}/second.db"
    for new in (2, 0):  # a second time everything is known
        assert backfill(archive, url, sources=sources)["entries_new"] == new
    second = SqliteStore(f"{tmp_path}/second.db")
    assert {row.entry.title: row.outcome for row in second.iter_inbox()} == {
        "Norway ships tanks": "indexed",
        "Cubs at the zoo": "irrelevant",
    }
    (again,) = second.iter_articles()
    assert without_flags(again) == without_flags(article)
    assert "replayed" in again.flags
    (event,), (event_again,) = first.iter_events(), second.iter_events()
    assert told(event_again) == told(event)
    assert event_again.unannounced == ()


@pytest.mark.parametrize(("everything", "archive", "kept"), [(False, "true", True), (True, "false", False)])
def test_a_source_says_whether_it_is_archived(tmp_path: Path, everything: bool, archive: str, kept: bool) -> None:
    store, _ = archived_round(tmp_path, Archiving(folder=tmp_path / "archive", everything=everything), archive=archive)
    (article,) = store.iter_articles()
    assert article.evidence is not None
    assert (article.evidence.archived is not None) == kept
    assert (tmp_path / "archive").exists() == kept


def test_a_folder_that_cannot_be_written_costs_the_archive_and_not_the_article(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    store, _ = archived_round(tmp_path, Archiving(folder=tmp_path / "file" / "archive", everything=True))
    (article,) = store.iter_articles()
    assert article.evidence is not None and article.evidence.archived is None
    assert "could not be archived" in caplog.text


def test_another_tools_archive_is_read_by_address(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    page = html_page("Norway ships tanks", TEXT).encode()
    kinds = {
        "/tanks": ("200 OK", "text/html", page),
        "/gone": ("404 Not Found", "text/html", page),
        "/pic": ("200 OK", "image/png", b"x"),
    }
    for name, (status, kind, body) in kinds.items():
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"https://www.paper.example{name}?utm_source=x",
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2024-06-28T12:00:00Z"},
        )
        writer.write_record(record)
    path.write_bytes(out.getvalue())
    backfill(path, f"sqlite:///{tmp_path}/s.db")
    store = SqliteStore(f"{tmp_path}/s.db")
    (row,) = store.iter_inbox()
    assert (row.outcome, row.entry.source) == ("indexed", "www.paper.example")
    assert row.entry.canonical_url == "https://www.paper.example/tanks"
    (article,) = store.iter_articles()
    assert article.title == "Norway ships tanks"
    assert article.evidence is not None
    assert article.evidence.archived == "crawl.warc.gz#0"
    assert article.evidence.retrieved.isoformat() == "2024-06-28T12:00:00+00:00"


def test_what_is_no_archive_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"has no \.warc or \.warc\.gz file"):
        backfill(tmp_path, f"sqlite:///{tmp_path}/s.db")
    bad = tmp_path / "bad.warc"
    bad.write_text("no archive\n")
    with pytest.raises(UserError, match="is no WARC file"):
        backfill(bad, f"sqlite:///{tmp_path}/s.db")


def test_the_command_archives_and_the_pack_has_the_body(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    with news_site() as site:
        serve_articles(site, "/feed", ARTICLES)
        write_sources(sources_for(site, {"wire": "/feed"}), tmp_path / "sources.yaml")
        tocsin("run", "--once", "--sources", "sources.yaml", "--store", url, "--archive", "bodies", cwd=tmp_path)
    (event,) = SqliteStore(f"{tmp_path}/t.db").iter_events()
    tocsin("export", "evidence", event.id, "--store", url, "--archive", "bodies", "--out", "pack.zip", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        (body,) = [name for name in pack.namelist() if name.startswith("bodies/") and name.endswith(".html.txt")]
        assert TEXT.encode() in pack.read(body)
        (claim,) = json.loads(pack.read("claims.json"))
    assert claim["quote_found_at_offsets"] is True


def tocsin(*arguments: str, cwd: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
