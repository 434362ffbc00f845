"""Sitemap indexes are followed, within bounds: newest first, on their own host, each sitemap with its validators."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.poll.poller import Poller
from tests.poll.site import Answer, Site
from transforms.poll.formats import RawItem
from transforms.poll.sitemaps import MAX_ITEMS, MAX_PARTS, MAX_REQUESTS, newest
from transforms.sources.schema import UrlRules

HOUR = timedelta(hours=1)


def index(site: Site, *parts: tuple[str, str]) -> str:
    """An index of sitemaps: path and lastmod."""
    rows = (f"<sitemap><loc>{site.url(p)}</loc>{f'<lastmod>{d}</lastmod>' if d else ''}</sitemap>" for p, d in parts)
    return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{''.join(rows)}</sitemapindex>"


def sitemap(*names: str) -> str:
    """A sitemap of articles with these names."""
    rows = (f"<url><loc>https://n.example/{n}</loc><lastmod>2024-07-19T08:00:00Z</lastmod></url>" for n in names)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{''.join(rows)}</urlset>"


def names(poller: Poller) -> set[str]:
    return {entry.url.rsplit("/", 1)[-1] for entry in poller.entries.values()}


def test_the_sitemaps_of_an_index_are_read_as_one_feed(site: Site, poller: Poller) -> None:
    site.on("/feed", index(site, ("/a.xml", "2024-07-20T08:00:00Z"), ("/b.xml", "2024-07-19T08:00:00Z")))
    site.on("/a.xml", sitemap("a1", "a2"))
    site.on("/b.xml", sitemap("b1"))
    outcome = poller.poll(kind="sitemap")
    assert (outcome.result, outcome.state.health) == ("changed", "healthy")
    assert site.paths(robots=True) == ["/robots.txt", "/feed", "/a.xml", "/b.xml"]
    assert names(poller) == {"a1", "a2", "b1"}
    assert len(outcome.state.listed) == 3


def test_only_the_newest_few_are_read_and_none_of_another_host(site: Site, poller: Poller) -> None:
    parts = [(f"/{month:02}.xml", f"2024-{month:02}-01T00:00:00Z") for month in range(1, 8)]
    listed = index(site, *parts).replace("</sitemapindex>", "")
    listed += (
        "<sitemap><loc>https://elsewhere.example/x.xml</loc><lastmod>2024-07-20</lastmod></sitemap></sitemapindex>"
    )
    site.on("/feed", listed)
    for path, _ in parts:
        site.on(path, sitemap(path.strip("/.xml")))
    poller.poll()
    assert site.paths() == ["/feed", "/07.xml", "/06.xml", "/05.xml", "/04.xml", "/03.xml"]
    assert len(site.paths()) == 1 + MAX_PARTS


@pytest.mark.parametrize(
    ("paths", "first"),
    [
        (["/post-sitemap3.xml", "/post-sitemap12.xml", "/post-sitemap1.xml"], "/post-sitemap12.xml"),
        (["/s-2023-12.xml", "/s-2024-07.xml", "/s-2024-06.xml"], "/s-2024-07.xml"),
        (["/pages-9.xml", "/news-sitemap.xml", "/tags-4.xml"], "/news-sitemap.xml"),
    ],
)
def test_without_dates_news_and_the_highest_number_come_first(
    site: Site, poller: Poller, paths: list[str], first: str
) -> None:
    site.on("/feed", index(site, *((path, "") for path in paths)))
    for path in paths:
        site.on(path, sitemap(path.strip("/.xml")))
    poller.poll()
    assert site.paths()[1] == first


def test_each_sitemap_has_validators_and_what_has_not_changed_is_not_asked_for(site: Site, poller: Poller) -> None:
    old, new = ("/old.xml", "2024-06-01T00:00:00Z"), ("/new.xml", "2024-07-20T08:00:00Z")
    later = ("/new.xml", "2024-07-20T12:30:00Z")
    site.on("/feed", index(site, new, old), index(site, later, old))
    site.on("/old.xml", Answer(sitemap("o").encode(), headers={"ETag": '"o1"'}))
    site.on("/new.xml", Answer(sitemap("n1").encode(), headers={"ETag": '"n1"'}), Answer(sitemap("n1", "n2").encode()))
    poller.poll()
    outcome = poller.poll(after=HOUR)
    assert site.paths() == ["/feed", "/new.xml", "/old.xml", "/feed", "/new.xml"]
    assert site.last("/new.xml").headers["if-none-match"] == '"n1"'
    assert [e.url for e in outcome.entries] == ["https://n.example/n2"]
    assert len(outcome.state.listed) == 3  # what the sitemap that was not asked for lists is listed still


def test_an_index_that_answers_304_does_not_hide_what_its_sitemaps_bring(site: Site, poller: Poller) -> None:
    site.on("/feed", Answer(index(site, ("/a.xml", "")).encode(), headers={"ETag": '"i"'}), Answer(status=304))
    site.on("/a.xml", Answer(sitemap("a1").encode(), headers={"ETag": '"1"'}), Answer(sitemap("a1", "a2").encode()))
    poller.poll()
    assert [e.url for e in poller.poll(after=HOUR).entries] == ["https://n.example/a2"]


def test_articles_of_a_sitemap_that_stands_still_for_weeks_are_not_new_again(site: Site, poller: Poller) -> None:
    site.on("/feed", index(site, ("/new.xml", ""), ("/old.xml", "")))
    site.on("/old.xml", Answer(sitemap("o").encode(), headers={"ETag": '"o"'}), *[Answer(status=304)] * 12)
    site.on("/new.xml", *(sitemap(f"n{day}") for day in range(30)))
    for _ in range(10):
        poller.poll(after=timedelta(hours=20))
    site.on("/old.xml", sitemap("o", "o2"))
    outcome = poller.poll(after=HOUR)
    assert "o2" in {e.url.rsplit("/", 1)[-1] for e in outcome.entries}
    assert poller.revisions[next(i for i, e in poller.entries.items() if e.url.endswith("/o"))] == 1


def test_one_sitemap_that_fails_costs_only_itself_and_is_asked_again(site: Site, poller: Poller) -> None:
    dated = "2024-07-20T08:00:00Z"
    site.on("/feed", Answer(index(site, ("/a.xml", dated), ("/b.xml", dated)).encode(), headers={"ETag": '"i"'}),
            Answer(status=304))  # fmt: skip
    site.on("/a.xml", sitemap("a"))
    site.on("/b.xml", Answer(status=500), Answer(sitemap("b").encode()))
    first = poller.poll()
    assert first.state.health == "healthy" and names(poller) == {"a"}
    assert [p.message for p in first.problems] == [f"{site.url('/b.xml')}: HTTP 500"]
    poller.poll(after=HOUR)
    assert names(poller) == {"a", "b"}
    assert site.paths() == ["/feed", "/b.xml", "/a.xml", "/feed", "/b.xml"]


def test_where_all_fail_the_source_fails_with_what_the_host_asks_for(site: Site, poller: Poller) -> None:
    site.on("/feed", index(site, ("/a.xml", "")))
    site.on("/a.xml", Answer(status=429, headers={"Retry-After": "7200"}))
    outcome = poller.poll()
    assert (outcome.result, outcome.state.health) == ("failed", "failing")
    assert outcome.problems[0].message.endswith("/a.xml: HTTP 429") and outcome.problems[0].fatal
    assert outcome.state.next_due >= poller.now + timedelta(hours=2) and outcome.state.body_sha256 is None


def test_an_index_inside_an_index_is_followed_and_no_further(site: Site, poller: Poller) -> None:
    site.on("/feed", index(site, ("/inner.xml", "")))
    site.on("/inner.xml", index(site, ("/leaf.xml", ""), ("/deeper.xml", "")))
    site.on("/deeper.xml", index(site, ("/never.xml", "")))
    site.on("/leaf.xml", sitemap("x"), sitemap("x", "y"))
    outcome = poller.poll()
    assert names(poller) == {"x"} and "/never.xml" not in site.paths()
    assert [p.message for p in outcome.problems] == [f"{site.url('/deeper.xml')} is an index inside an index"]
    poller.poll(after=HOUR)
    assert names(poller) == {"x", "y"}


def test_an_index_that_names_itself_or_endless_others_ends(site: Site, poller: Poller) -> None:
    inner = [(f"/i{n}.xml", "") for n in range(9)]
    site.on("/feed", index(site, ("/feed", ""), *inner))
    for path, _ in inner:
        site.on(path, index(site, ("/feed", ""), *((f"{path[:-4]}-{m}.xml", "") for m in range(9))))
    for number in range(9):
        for part in range(9):
            site.on(f"/i{number}-{part}.xml", sitemap(f"{number}-{part}"))
    poller.poll()
    assert len(site.paths()) <= 1 + MAX_REQUESTS and site.paths().count("/feed") <= 2


def test_of_a_long_sitemap_the_newest_are_taken_and_those_the_rules_let_in() -> None:
    items = [RawItem(index=n, link=f"https://n.example/{n}", updated=f"2024-01-01T{n:06}") for n in range(5000)]
    taken = newest(items, UrlRules(exclude=r"/4999$"))
    assert [item.index for item in taken] == list(range(4999 - MAX_ITEMS, 4999))
