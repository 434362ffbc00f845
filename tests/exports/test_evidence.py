"""An evidence pack: quotes where it says they are, hashes that sha256sum checks, equal bytes for equal evidence."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.errors import UserError
from pipeline.exports.evidence import Bodies, Dossier, files, gather, write_zip
from pipeline.exports.evidence.citations import footnote, markdown
from pipeline.exports.evidence.gather import dossier, safe_name
from pipeline.exports.evidence.passages import AROUND, passage
from sinks.urls import StoreAt
from tests.archive.samples import Clock, capture
from tests.exports.samples import hostile, hostile_events, rich_event
from tests.samples import NOW, article, claim, event, report
from transforms.archive.files import WarcFiles
from transforms.archive.reading import responses
from transforms.records import Article, Event, Evidence, UnDocument

TEXT = (
    "A first paragraph that says nothing.\n\n"
    "It was told on Friday. Forty missiles were unloaded there, the ministry said. Nobody else saw them — so far.\n\n"
    "A last paragraph."
)
QUOTE = "Forty missiles were unloaded there, the ministry said."
START = TEXT.index(QUOTE)
BODY = b"<html><script>alert(1)</script><p>Forty missiles\xe2\x80\xa6</p></html>"


def evidence(archived: str | None = None, body: bytes = BODY) -> Evidence:
    return Evidence(
        retrieved=NOW,
        requested_url="https://news.example/a1",
        final_url="https://news.example/a1",
        status=200,
        sha256=hashlib.sha256(body).hexdigest(),
        archived=archived,
    )


def told_event() -> Event:
    claims = (
        claim("c1", "a1", start=START, end=START + len(QUOTE), quote=QUOTE),
        claim("c1@a2", "a2", start=START, end=START + len(QUOTE), quote=QUOTE, copy_of="a1"),
        claim("c3", "a3", start=0, end=9, quote="Withdrawn"),
    )
    reports = (
        report("a2", url="https://copy.example/a2", publisher="Copyist", copy_of="a1", published="2024-06-29"),
        report("a1", title="Missiles at the port", publisher="harbour", origin="reuters", published="2024-06-28"),
        report("a3", title="", published=None, publisher="../../Étranger: новости"),
    )
    return rich_event(claims=claims, reports=reports)


def articles(archived: str | None = None) -> dict[str, Article]:
    return {
        "a1": article("a1", text=TEXT, author="Jane Roe", site="Harbour Post", evidence=evidence(archived)),
        "a2": article("a2", text="Other words.", copy_of="a1"),
    }


def packed(told: Dossier, bodies: Bodies | None = None, *, texts: bool = True) -> dict[str, bytes]:
    stream = io.BytesIO()
    write_zip(files(told, bodies, texts=texts), stream)
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as pack:
        assert pack.testzip() is None
        return {info.filename: pack.read(info) for info in pack.infolist()}


def test_claims_have_their_passage_and_say_where_they_stand() -> None:
    pack = packed(dossier(told_event(), articles()))
    first, copy, gone = json.loads(pack["claims.json"])
    assert (first["note"], first["offsets_in"], first["quote_found_at_offsets"]) == (1, "a1", True)
    around = first["passage"]
    assert around["before"] == "It was told on Friday. "
    assert around["quote"] == QUOTE
    assert around["after"] == " Nobody else saw them — so far."
    text = pack["articles/001-2024-06-28-harbour.txt"].decode()
    assert text[around["start"] : around["end"]] == around["before"] + QUOTE + around["after"]
    assert text[first["start"] : first["end"]] == first["quote"]
    assert (copy["note"], copy["document"], copy["offsets_in"], copy["copy_of"]) == (2, "a2", "a1", "a1")
    assert copy["quote_found_at_offsets"] is True
    assert (gone["note"], gone["quote_found_at_offsets"], gone["passage"]) == (3, False, None)


def test_the_files_of_a_pack() -> None:
    pack = packed(dossier(told_event(), articles()))
    assert list(pack) == [
        "index.html",
        "README.md",
        "citations.md",
        "citations.txt",
        "event.json",
        "claims.json",
        "articles/001-2024-06-28-harbour.json",
        "articles/001-2024-06-28-harbour.txt",
        "articles/002-2024-06-29-copyist.json",
        "articles/002-2024-06-29-copyist.txt",
        "articles/003-etranger.json",
        "SHA256SUMS",
    ]
    metadata = json.loads(pack["articles/001-2024-06-28-harbour.json"])
    assert metadata["text_sha256"] == hashlib.sha256(pack["articles/001-2024-06-28-harbour.txt"]).hexdigest()
    assert metadata["article"]["evidence"]["sha256"] == hashlib.sha256(BODY).hexdigest()
    assert "text" not in metadata["article"]
    assert json.loads(pack["articles/003-etranger.json"])["article"] is None
    assert json.loads(pack["event.json"])["id"] == "v1"


def test_sha256sum_checks_the_pack(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_zip(files(dossier(told_event(), articles()), None), stream)
    with zipfile.ZipFile(stream) as pack:
        pack.extractall(tmp_path)
    check = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert check.returncode == 0, check.stderr
    assert check.stdout.count(b": OK") == len(list(tmp_path.rglob("*.*")))
    (tmp_path / "claims.json").write_text("[]")
    check = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)
    assert check.returncode == 1
    assert b"claims.json: FAILED" in check.stdout


def test_equal_evidence_is_an_equal_file() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_zip(files(dossier(told_event(), articles()), None), first)
    write_zip(files(dossier(told_event(), dict(reversed(articles().items()))), None), second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as pack:
        assert {info.date_time for info in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_footnotes() -> None:
    pack = packed(dossier(told_event(), articles()))
    assert pack["citations.txt"].decode().splitlines() == [
        "1. Jane Roe, “Missiles at the port,” Harbour Post, credited to reuters, June 28, 2024, "
        "https://news.example/a1 (retrieved June 28, 2024).",
        "2. “Title of a2,” Copyist, credited to wire, June 29, 2024, https://copy.example/a2 (copy of note 1).",
        "3. “Untitled,” ../../Étranger: новости, credited to wire, n.d., https://news.example/a3.",
    ]
    un = article("a1", un=UnDocument(symbol="SC/15741", body="Security Council"))
    assert footnote(report("a1", title="Council extends mandate?", published="2024-06"), un, None) == (
        "“Council extends mandate?” United Nations, Security Council, press release SC/15741, June 2024, "
        "https://news.example/a1."
    )
    script = report("a1", url="javascript:alert(1)", title="x")
    assert "javascript" not in footnote(script, None, None)


def test_the_page_marks_the_quote_and_lets_nothing_run() -> None:
    told = told_event()
    pack = packed(dossier(told, articles()))
    page = html.fromstring(pack["index.html"])
    assert [mark.text for mark in page.iter("mark")] == [QUOTE, QUOTE, "Withdrawn"]
    assert page.xpath("//h1/text()")[0].startswith("North Korea (PRK) → Russia (RUS)")
    assert page.xpath("//script") == []
    links = page.xpath("//a/@href")
    assert "https://news.example/a1" in links
    local = [link for link in links if not link.startswith(("#", "https://"))]
    assert set(local) <= set(pack)
    assert "changed since or is no longer kept" in page.text_content()
    readme = pack["README.md"].decode()
    assert "> Forty missiles were unloaded there, the ministry said." in readme
    assert "[note 1]" in readme


def test_archived_bodies_come_along_where_they_are_kept(tmp_path: Path) -> None:
    archive = WarcFiles(tmp_path, Clock())
    place = str(archive.put(capture(body=BODY)))
    archive.close()
    told = dossier(told_event(), articles(place))
    pack = packed(told, Bodies(tmp_path))
    assert pack["bodies/001-2024-06-28-harbour.html.txt"] == BODY
    metadata = json.loads(pack["articles/001-2024-06-28-harbour.json"])
    assert metadata["body_has_the_recorded_sha256"] is True
    record = tmp_path / "one.warc.gz"
    record.write_bytes(pack[metadata["body_record"]])
    (found,) = responses(record)
    assert found.capture.url == capture().url

    for path in tmp_path.iterdir():
        path.unlink()
    pack = packed(told, Bodies(tmp_path))
    assert not [name for name in pack if name.startswith("bodies/")]
    assert "thrown away, or elsewhere" in json.loads(pack["articles/001-2024-06-28-harbour.json"])["body_missing"]


def test_a_body_that_is_another_is_said_to_be(tmp_path: Path) -> None:
    archive = WarcFiles(tmp_path, Clock())
    place = str(archive.put(capture(body=b"other")))
    archive.close()
    pack = packed(dossier(told_event(), articles(place)), Bodies(tmp_path))
    assert json.loads(pack["articles/001-2024-06-28-harbour.json"])["body_has_the_recorded_sha256"] is False


@pytest.mark.parametrize("place", ["../../etc/passwd#0", "/etc/passwd#0", "nothing", "x#-1"])
def test_nothing_outside_of_the_archive_is_read(tmp_path: Path, place: str) -> None:
    assert "is no place in an archive" in str(Bodies(tmp_path).of(articles(place)["a1"]))


def test_whole_texts_can_be_left_out() -> None:
    pack = packed(dossier(told_event(), articles()), texts=False)
    assert not [name for name in pack if name.endswith(".txt") and name.startswith("articles/")]
    assert json.loads(pack["claims.json"])[0]["passage"]["quote"] == QUOTE
    assert b"Whole articles were left out" in pack["README.md"]


def test_the_store_leads_from_a_merged_event_to_its_pack(tmp_path: Path) -> None:
    store = StoreAt(f"sqlite:///{tmp_path}/t.db")()
    store.init()
    store.put_articles(list(articles().values()))
    store.put_event(told_event(), "")
    store.put_event(event("v0", merged_into="v1"), "")
    found = gather(store, "v0")
    assert (found.event.id, found.asked) == ("v1", "v0")
    assert [document.article and document.article.id for document in found.documents] == ["a1", "a2", None]
    with pytest.raises(UserError, match="v9: there is no such event"):
        gather(store, "v9")


@given(st.text(max_size=2000), st.integers(-5, 2100), st.integers(-5, 2100))
def test_a_passage_is_around_its_quote_and_bounded(text: str, start: int, end: int) -> None:
    found = passage(text, start, end)
    assert (found is not None) == (0 <= start < end <= len(text))
    if found is not None:
        assert text[found.start : found.end] == found.before + found.quote + found.after
        assert found.quote == text[start:end]
        assert max(len(found.before), len(found.after)) <= AROUND


@given(st.text())
def test_names_of_files_are_safe_everywhere(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", safe_name(text))
    assert len(safe_name(text)) <= 50


@given(hostile)
def test_markdown_shows_foreign_text_and_does_nothing(text: str) -> None:
    shown = markdown(text)
    assert "<" not in shown
    assert not re.search(r"(?<!\\)[\[\]*`_~]", shown.replace("\\\\", ""))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(hostile_events(), st.text(max_size=100))
def test_hostile_events_make_whole_packs(told: Event, text: str) -> None:
    known = {"a1": article("a1", text=text, author=text, site=text, title=text)}
    pack = packed(dossier(told, known))
    for line in pack["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(pack[name]).hexdigest() == digest
    assert html.fromstring(pack["index.html"]).xpath("//script") == []
