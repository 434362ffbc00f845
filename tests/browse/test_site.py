"""``tocsin browse`` over real HTTP and in a real browser: what is found and linked, and that nothing is written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import expect

from pipeline.browse.database import NAME
from pipeline.browse.plugin import render_cell
from pipeline.browse.server import SETTINGS
from tests.browse.seeded import HOSTILE, events, seed, url_of
from tests.browser import View, overflow, violations
from tests.samples import NOW, change, event
from transforms.contracts import Store

PATIENCE = 90.0
"""Seconds after which something is taken to hang: a guard, not a claim about speed."""


class Site:
    """A running ``tocsin browse``, and the store it reads, which tests may write to meanwhile."""

    def __init__(self, base: str, path: Path, store: Store) -> None:
        self.base, self.path, self.store = base, path, store
        self.client = httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False)

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.client.get(f"{path}?{urlencode(query)}" if query else path)

    def json(self, path: str, **query: str) -> Any:
        done = self.get(f"{path}.json", _shape="objects", **query)
        assert done.status_code == 200, done.text
        return done.json()

    def found(self, **query: str) -> list[str]:
        return sorted(row["event"] for row in self.json("/tocsin/events", **query)["rows"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("browse") / "t.db"
    store = seed(path)
    command = [sys.executable, "-m", "pipeline.cli", "browse", "--store", url_of(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            assert said.startswith("The register is at http://127.0.0.1:"), said
            opened = Site(said.split()[4].removesuffix("/tocsin"), path, store)
            with opened.client:
                yield opened
        finally:
            process.terminate()
            process.wait(PATIENCE)
            store.close()


def test_the_front_page_leads_everywhere(site: Site) -> None:
    start = site.client.get("/")
    assert (start.status_code, start.headers["location"]) == (302, "/tocsin")
    text = site.get("/tocsin").text
    for told in (
        "New this week",
        "Disputed and denied",
        "Sources failing or silent",
        "Dead letters",
        "Events",
        "/-/map",
    ):
        assert told in text


def test_events_have_facets(site: Site) -> None:
    facets = site.json("/tocsin/events")["facet_results"]
    counts = {name: {one["value"]: one["count"] for one in facet["results"]} for name, facet in facets.items()}
    assert counts["recipient"] == {"RUS": 2, "UKR": 2, "houthis": 1}
    assert counts["standing"] == {"asserted": 2, "disputed": 2, "confirmed": 1}
    assert counts["stage"] == {"delivered": 4, "announced": 1}
    assert counts["review"] == {"unreviewed": 4, "confirmed": 1}
    assert counts["category"] == {"ammunition": 1, "I": 1}
    assert site.found(recipient="UKR", standing="confirmed") == ["tanks"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("shells", ["shells"]),
        ("supplier:Germany", ["old", "tanks"]),
        ('weapon:"Leopard 2A4" -standing:disputed', ["tanks"]),
        ("standing:disputed", ["shells", "v1"]),
        ("denies:RUS", ["shells"]),
        ("nothing-of-the-sort", []),
    ],
)
def test_the_search_box_has_the_language_of_tocsin_search(site: Site, asked: str, expected: list[str]) -> None:
    found = site.found(_search=asked)
    assert [id for id in found if id != "v1" or "v1" in expected] == expected


@pytest.mark.parametrize("asked", ["1) --", "x' --", 'x") --', "?", ":tq0", "x\\"])
def test_a_search_is_never_sql(site: Site, asked: str) -> None:
    for table in ("events", "articles"):
        done = site.get(f"/tocsin/{table}.json", _search=asked)
        assert done.status_code == 400 or done.json()["rows"] == []


def test_a_search_that_cannot_be_understood_is_answered_with_what_would_be_right(site: Site) -> None:
    done = site.get("/tocsin/events", _search="supplyer:RUS")
    assert done.status_code == 400
    assert "there is no field" in done.text and "Traceback" not in done.text


@pytest.mark.parametrize(
    ("table", "asked", "key", "expected"),
    [
        ("articles", "script>", "article", ["a9"]),
        ("articles", "100%", "article", []),
        ("claims", "200,000 shells", "event", ["shells"]),
        ("sources", "wire", "source", ["wire"]),
    ],
)
def test_other_tables_are_searched_by_words(site: Site, table: str, asked: str, key: str, expected: list[str]) -> None:
    assert [row[key] for row in site.json(f"/tocsin/{table}", _search=asked)["rows"]] == expected


@pytest.mark.parametrize(
    ("query", "values", "expected"),
    [
        ("disputed", {}, ["shells", "v1"]),
        ("embargo_in_force", {}, ["shells", "v1"]),
        ("by_pair", {"supplier": "DEU", "recipient": ""}, ["old", "tanks"]),
        ("by_pair", {"supplier": "DEU", "recipient": "RUS"}, []),
        ("unreviewed", {}, ["hostile", "old", "shells", "tanks"]),
        ("latest_changes", {}, ["shells", "v1"]),
    ],
)
def test_canned_questions_are_answered(site: Site, query: str, values: dict[str, str], expected: list[str]) -> None:
    assert sorted(row["event"] for row in site.json(f"/tocsin/{query}", **values)["rows"]) == expected


def test_questions_about_the_pipeline(site: Site) -> None:
    (failing,) = site.json("/tocsin/sources_failing")["rows"]
    assert (failing["source"], failing["error"]) == ("wire", HOSTILE)
    (letters,) = site.json("/tocsin/dead_letters_by_reason")["rows"]
    assert (letters["stage"], letters["letters"]) == ("ReadArticles", 2)
    (failed,) = site.json("/tocsin/failed_entries")["rows"]
    assert failed["reason"] == "HTTP 404"


def test_what_the_pipeline_writes_meanwhile_is_seen(site: Site) -> None:
    assert site.store.put_event(event("fresh", standing="denied", changes=(change(),)), "")
    assert "fresh" in {row["event"] for row in site.json("/tocsin/disputed")["rows"]}
    gone = event("fresh", merged_into="shells", first_seen=NOW)
    assert site.store.put_event(gone, site.store.events(["fresh"])["fresh"].version)
    assert "fresh" not in site.found()


def test_an_event_leads_to_its_claims_articles_and_entries(site: Site) -> None:
    assert 'href="/-/event/shells"' in site.get("/tocsin/events").text
    page = site.get("/-/event/shells").text
    assert "North Korea (PRK) → Russia (RUS)" in page and "https://news.example/a1" in page
    assert site.get("/-/event/gone").text.count("merged into this event") == 1
    assert 'href="/-/article/a1"' in site.get("/tocsin/claims", event="shells").text
    article = site.get("/-/article/a1").text
    assert "Shahed-136" in article and "1 claim" in article
    assert 'href="/-/event/shells"' in article and 'href="/tocsin/entries?entry=entry-a1"' in article
    for beside in ("/tocsin/claims?event=shells", "/tocsin/changes?event=shells", "/-/article/a1"):
        assert f'href="{beside}"' in page
        assert site.get(beside).status_code == 200
    rows = site.get("/tocsin/articles").text
    assert "/tocsin/entries?entry=entry-a1" in rows and "/tocsin/sources?source=un" in rows
    for missing in ("/-/event/none", "/-/article/none", "/tocsin/none"):
        assert site.get(missing).status_code == 404


@pytest.mark.parametrize("path", ["/tocsin/events", "/tocsin", "/-/event/shells", "/-/messages", "/tocsin/disputed"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_but_reading(site: Site, path: str, method: str) -> None:
    done = site.client.request(method, path, content="sql=delete from events")
    assert (done.status_code, done.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "sql",
    [
        "delete from main.events",
        "with x as (select 1) delete from main.events",
        "insert into main.events (id) values (1)",
        "attach database '/tmp/x.db' as x",
        "pragma journal_mode = delete",
        "select load_extension('x')",
        "select writefile('/tmp/x', 'x')",
    ],
)
def test_sql_that_would_write_is_refused(site: Site, sql: str) -> None:
    before = site.path.read_bytes()
    assert site.get("/tocsin", sql=sql).status_code == 400
    assert site.path.read_bytes() == before


def test_sql_of_a_readers_own_is_bounded(site: Site) -> None:
    done = site.get("/tocsin.json", sql="select count(*) from events", _shape="array")
    assert done.json() == [{"count(*)": len(events())}]
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    assert site.get("/tocsin", sql=endless).status_code == 400
    many = "with recursive n(i) as (select 1 union all select i + 1 from n limit 9999) select i from n"
    assert len(site.get("/tocsin.json", sql=many).json()["rows"]) == SETTINGS["max_returned_rows"]


def test_the_file_itself_cannot_be_taken(site: Site) -> None:
    assert site.get("/tocsin.db").status_code in (403, 404)


def test_only_under_its_own_name(site: Site) -> None:
    assert site.client.get("/tocsin", headers={"host": "attacker.example"}).status_code == 421
    assert site.client.get("/tocsin", headers={"host": "localhost"}).status_code == 200


def test_pages_may_load_nothing_from_elsewhere_and_nothing_may_frame_them(site: Site) -> None:
    policy = site.get("/tocsin/events").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy


def test_the_map_draws_what_the_search_finds(site: Site, view: View) -> None:
    page = view(f"{site.base}/-/map?{urlencode({'_search': 'standing:disputed', 'recipient': 'RUS'})}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Map of 1 event")
    assert page.locator(".arcs a").evaluate_all("all => all.map(a => a.getAttribute('aria-label'))") == [
        "North Korea → Russia: 1 event, disputed or denied"
    ]
    (mark,) = page.locator(".marks a").all()
    assert mark.get_attribute("aria-label") == "Dunai (delivery): North Korea → Russia, delivered"
    assert mark.get_attribute("href") == "/-/event/shells"
    expect(page.locator("#by-recipient")).to_have_value("RUS")
    page.locator("#by-recipient").select_option("UKR")
    page.get_by_label("Find events").fill("")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Map of 2 events")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/tocsin", "/tocsin/events", "/-/map", "/tocsin/disputed", "/-/event/hostile"])
def test_pages_are_whole_at_any_width_and_foreign_text_is_only_text(
    site: Site, view: View, path: str, width: int
) -> None:
    page = view(site.base + path, width=width)
    assert page.title() != "taken"
    assert overflow(page) == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", ["/tocsin", "/-/map"])
def test_pages_of_our_own_are_accessible(site: Site, view: View, path: str, dark: bool) -> None:
    page = view(site.base + path, dark=dark)
    expect(page.get_by_role("main")).to_be_visible()
    assert violations(page) == []


def test_a_table_is_dark_where_that_is_wished(site: Site, view: View) -> None:
    page = view(f"{site.base}/tocsin/events", dark=True)
    cell = page.locator("table.rows-and-columns td").first
    assert cell.evaluate("cell => getComputedStyle(cell.parentElement).backgroundColor") == "rgb(28, 32, 38)"
    assert page.locator(".wrapped-sql").is_hidden()  # the view's SQL tells an analyst nothing


def test_on_a_phone_the_maps_names_are_as_large_as_text(site: Site, view: View) -> None:
    page = view(f"{site.base}/-/map", width=360)
    name = page.locator(".labels text:visible").first.bounding_box()
    assert name is not None
    assert name["height"] >= 6


@pytest.mark.parametrize(
    ("value", "column", "html"),
    [
        ("narration, <b>Ana</b>", "says", "the report itself, &lt;b&gt;Ana&lt;/b&gt;"),
        ("narration", "name", "the report itself"),
        ("2025-06/2025-08", "date", '<span class="pair">2025-06</span>/<wbr><span class="pair">2025-08</span>'),
        ("<b>", "date", '<span class="pair">&lt;b&gt;</span>'),
    ],
)
def test_cells_are_put_in_words(value: str, column: str, html: str) -> None:
    assert str(render_cell(value=value, column=column, database=NAME)) == html


def test_a_facet_is_chosen_and_taken_back_with_the_mouse(site: Site, view: View) -> None:
    page = view(f"{site.base}/tocsin/events")
    page.get_by_role("link", name="North Korea", exact=True).click()
    expect(page.locator("table.rows-and-columns tbody tr")).to_have_count(1)
    expect(page.locator("table.rows-and-columns tbody tr")).to_contain_text("152 mm artillery shell")
    page.locator(".facet-info a.chosen", has_text="North Korea").click()
    expect(page.locator("table.rows-and-columns tbody tr")).to_have_count(len(events()))


def test_metadata_is_served(site: Site) -> None:
    told = site.get("/-/metadata.json").json()
    assert told["title"] == "Tocsin"
    settings = site.get("/-/settings.json").json()
    assert (settings["allow_download"], settings["default_allow_sql"]) == (False, True)
    assert json.dumps(told)
