"""Feeds of every kind, sound and broken (cases 07, 09, 10, 12; pains 4, 5, 11), from a server on loopback."""

from __future__ import annotations

import gzip
import html
import json
from datetime import UTC, datetime

import pytest

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Site
from transforms.poll.formats import RawFeed, RawItem
from transforms.poll.formats.html import feeds_of, parse_html
from transforms.poll.items import MAX_TEXT, Draft, drafts_of
from transforms.records import FeedEntry
from transforms.sources import Source


def polled(site: Site, poller: Poller, body: bytes | str, content_type: str = "", **keys: object) -> list[FeedEntry]:
    data = body.encode() if isinstance(body, str) else body
    site.on("/feed", Answer(data, headers={"Content-Type": content_type}))
    return list(poller.poll(**keys).entries)


def test_rss_2(site: Site, poller: Poller) -> None:
    body = rss(
        "<item><title>Crates &amp;amp; rails</title><link> https://news.example/crates </link>"
        "<guid isPermaLink='false'>c-1</guid><pubDate>Tue, 16 Jul 2024 09:15:00 GMT</pubDate>"
        "<description>&lt;p&gt;Short.&lt;/p&gt;</description>"
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[<p>Long.</p>]]>"
        "</content:encoded><dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>A. Writer</dc:creator></item>"
    )
    (entry,) = polled(site, poller, body)
    assert (entry.title, entry.url, entry.guid) == ("Crates & rails", "https://news.example/crates", "c-1")
    assert (entry.summary, entry.content, entry.author) == ("<p>Short.</p>", "<p>Long.</p>", "A. Writer")
    assert entry.published == datetime(2024, 7, 16, 9, 15, tzinfo=UTC) and entry.flags == ()


def test_rss_0_91_with_its_old_public_doctype(site: Site, poller: Poller) -> None:
    body = (
        "<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
        "'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel><title>t</title>"
        "<item><title>Depot gates</title><link>https://news.example/depot</link></item></channel></rss>"
    )
    (entry,) = polled(site, poller, body)
    assert entry.title == "Depot gates" and "repaired" not in entry.flags
    assert site.paths() == ["/feed"]


def test_rss_1_0(site: Site, poller: Poller) -> None:
    body = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://news.example/'><title>t</title></channel>"
        "<item rdf:about='https://news.example/a'><title>Rail wagons</title><link>https://news.example/a</link>"
        "<dc:date>2024-07-16T09:15:00Z</dc:date></item></rdf:RDF>"
    )
    (entry,) = polled(site, poller, body)
    assert (entry.guid, entry.published) == ("https://news.example/a", datetime(2024, 7, 16, 9, 15, tzinfo=UTC))


def test_relative_links_by_xml_base_then_the_feeds_site_then_its_address(site: Site, poller: Poller) -> None:
    """Case 07."""
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://yard.example/blog/'><title>Yard</title>"
        "<entry><id>y:1</id><title>One</title><link href='/a/one'/></entry>"
        "<entry xml:base='2024/'><id>y:2</id><title>Two</title><link href='two.html'/></entry>"
        "<entry><id>y:3</id><title>Three</title><link href='//cdn.example/three'/></entry></feed>"
    )
    assert [e.url for e in polled(site, poller, atom)] == [
        "https://yard.example/a/one",
        "https://yard.example/blog/2024/two.html",
        "https://cdn.example/three",
    ]
    poller.state = None
    by_site = rss(item("Four", "/four"), site="https://yard.example/")
    assert [e.url for e in polled(site, poller, by_site)] == ["https://yard.example/four"]
    poller.state = None
    by_address = rss(item("Five", "/five"), site="")
    assert [e.url for e in polled(site, poller, by_address)] == [site.url("/five")]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "mailto:a@example.org", "file:///etc/hosts"]
)
def test_a_link_that_is_no_web_address_is_refused_and_the_item_kept(site: Site, poller: Poller, link: str) -> None:
    (entry,) = polled(site, poller, rss(item("Kept", link, "k")))
    assert entry.url == "" and "link_refused" in entry.flags


def test_control_characters_cost_only_themselves(site: Site, poller: Poller) -> None:
    """Case 09."""
    body = rss(
        item("Sound heading", guid="a", text="whole"),
        item("Cut \x08here", guid="b", text="<![CDATA[m\x03n]]>"),
        item("And &#x1F;here &#3;too", guid="c"),
    )
    entries = polled(site, poller, body)
    assert [e.title for e in entries] == ["Sound heading", "Cut here", "And here too"]
    assert entries[0].summary == "whole" and entries[1].summary == "mn"
    assert all("repaired" in e.flags for e in entries) and poller.state and poller.state.flags == ("repaired",)


UKRAINIAN = "Баржу з ящиками зупинено"


def test_one_bad_byte_does_not_turn_utf_8_into_something_else(site: Site, poller: Poller) -> None:
    """Case 10."""
    body = (
        rss(item(UKRAINIAN, guid="1"))
        .encode()
        .replace(b"</channel>", b"<item><guid>2</guid><title>Torn \xe2\x28 here</title></item></channel>")
    )
    entries = polled(site, poller, body, "application/rss+xml; charset=utf-8")
    assert [e.title for e in entries] == [UKRAINIAN, "Torn \ufffd( here"]
    assert "repaired" in entries[0].flags


def test_the_headers_charset_is_used_where_the_document_names_none(site: Site, poller: Poller) -> None:
    body = f"<rss version='2.0'><channel><item><guid>1</guid><title>{UKRAINIAN}</title></item></channel></rss>"
    (entry,) = polled(site, poller, body.encode("cp1251"), "text/xml; charset=windows-1251")
    assert entry.title == UKRAINIAN and "repaired" not in entry.flags


def test_the_document_overrules_a_default_of_the_header(site: Site, poller: Poller) -> None:
    (entry,) = polled(site, poller, rss(item(UKRAINIAN, guid="1")), "text/xml; charset=us-ascii")
    assert entry.title == UKRAINIAN


def test_a_newline_before_the_declaration_does_not_lose_its_encoding(site: Site, poller: Poller) -> None:
    """Pain 5."""
    body = rss(item(UKRAINIAN, guid="1")).replace("utf-8", "windows-1251").encode("cp1251")
    (entry,) = polled(site, poller, b"\r\n \n" + body)
    assert entry.title == UKRAINIAN


def test_a_declaration_that_is_plainly_wrong_is_overruled(site: Site, poller: Poller) -> None:
    body = rss(item(UKRAINIAN, guid="1")).replace("utf-8", "iso-8859-1").encode()
    (entry,) = polled(site, poller, body)
    assert entry.title == UKRAINIAN and "repaired" in entry.flags


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_byte_order_marks_and_wide_encodings(site: Site, poller: Poller, encoding: str) -> None:
    (entry,) = polled(site, poller, rss(item(UKRAINIAN, guid="1")).encode(encoding))
    assert entry.title == UKRAINIAN


def test_entities_open_no_file_and_blow_up_nothing(site: Site, poller: Poller) -> None:
    """Case 12."""
    nested = "".join(f"<!ENTITY n{level} '{f'&n{level - 1};' * 10 if level else 'boom'}'>" for level in range(12))
    body = (
        f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY file SYSTEM 'file:///etc/hostname'>"
        f"<!ENTITY net SYSTEM '{site.url('/secret')}'>{nested}]><rss version='2.0'><channel>"
        "<item><guid>1</guid><title>Lead &file;&net;</title><description>&n11;</description></item>"
        "<item><guid>2</guid><title>Caf&eacute; &uuml;ber</title></item></channel></rss>"
    )
    entries = polled(site, poller, body)
    assert [e.title for e in entries] == ["Lead", "Café über"]
    assert entries[0].summary is None and site.paths() == ["/feed"]


def test_an_external_dtd_is_not_fetched(site: Site, poller: Poller) -> None:
    body = f"<!DOCTYPE rss SYSTEM '{site.url('/feed.dtd')}'>" + rss(item("Kept", guid="1")).partition("\n")[2]
    assert [e.title for e in polled(site, poller, body)] == ["Kept"]
    assert site.paths() == ["/feed"]


def test_stray_ampersands_and_unclosed_elements_are_mended(site: Site, poller: Poller) -> None:
    body = (
        "<rss version='2.0'><channel><item><title>Guns & butter &mdash; again</title>"
        "<link><![CDATA[https://news.example/x?a=1&b=2]]></link></item>"
        "<item><title>Second<link>https://news.example/y</link></item></channel></rss>"
    )
    entries = polled(site, poller, body)
    assert entries[0].title == "Guns & butter — again" and entries[0].url == "https://news.example/x?a=1&b=2"
    assert len(entries) == 2 and "repaired" in entries[0].flags


def test_something_printed_before_the_feed_is_skipped(site: Site, poller: Poller) -> None:
    body = "Warning: deprecated in feed.php on line 3\n" + rss(item("Kept", guid="1"))
    assert [e.title for e in polled(site, poller, body, "text/html")] == ["Kept"]


def test_json_feed(site: Site, poller: Poller) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Yard",
        "language": "en-GB",
        "items": [
            {"id": 7, "url": "https://yard.example/7", "title": "Cranes < barges", "content_text": "Words.",
             "date_published": "2024-07-16T09:15:00+02:00", "authors": [{"name": "B. Writer"}]},
            {"id": "8", "external_url": "https://yard.example/8", "summary": "No title here"},
            "not an item",
        ],
    }  # fmt: skip
    site.on("/feed", json.dumps(feed))
    outcome = poller.poll()
    first, second = outcome.entries
    assert (first.guid, first.title, first.content) == ("7", "Cranes < barges", "Words.")
    assert (first.language, first.author) == ("en", "B. Writer")
    assert first.published == datetime(2024, 7, 16, 7, 15, tzinfo=UTC)
    assert (second.title, second.url) == ("No title here", "https://yard.example/8")
    assert [p.message for p in outcome.problems] == ["item 3 of 3: neither address nor title nor text"]


def test_a_news_sitemap_with_cdata_addresses(site: Site, poller: Poller) -> None:
    """Pain 11."""
    body = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
        "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>"
        "<url><loc><![CDATA[https://news.example/a?id=1]]></loc><image:image><image:loc>https://i.example/p.jpg"
        "</image:loc><image:title>A picture</image:title></image:image>"
        "<news:news><news:publication><news:name>Desk</news:name><news:language>fr</news:language></news:publication>"
        "<news:publication_date>2024-07-16T09:15:00Z</news:publication_date>"
        "<news:title><![CDATA[Quai & grue]]></news:title></news:news></url>"
        "<url><loc> https://news.example/b </loc><lastmod>2024-07-15</lastmod></url></urlset>"
    )
    first, second = polled(site, poller, body, kind="sitemap")
    assert (first.url, first.title, first.language) == ("https://news.example/a?id=1", "Quai & grue", "fr")
    assert first.published == datetime(2024, 7, 16, 9, 15, tzinfo=UTC)
    assert second.url == "https://news.example/b" and second.updated == datetime(2024, 7, 15, tzinfo=UTC)


def test_a_sitemap_index_of_another_host_says_what_to_poll(site: Site, poller: Poller) -> None:
    site.on("/feed", "<sitemapindex><sitemap><loc>https://news.example/s1.xml</loc></sitemap></sitemapindex>")
    problem = poller.poll().problems[0]
    assert problem.message == "a sitemap index that names 1 sitemaps, none of them on its own host"
    assert problem.remedy == "poll one of these instead: https://news.example/s1.xml"


def test_a_pictures_title_is_not_the_articles(site: Site, poller: Poller) -> None:
    media = "xmlns:media='http://search.yahoo.com/mrss/'"
    body = rss(
        f"<item {media}><media:title>A crane at dusk</media:title><media:description>Photo: nobody</media:description>"
        "<title>Crane sold</title><link>https://news.example/crane</link><description>Sold.</description></item>"
    )
    atom = (
        f"<feed xmlns='http://www.w3.org/2005/Atom' {media}><entry><media:group><media:title>Dusk</media:title>"
        "</media:group><media:title>Dusk</media:title><title>Crane moved</title><id>2</id>"
        "<source><title>Another desk</title><id>urn:other</id></source></entry></feed>"
    )
    assert [(e.title, e.summary) for e in polled(site, poller, body)] == [("Crane sold", "Sold.")]
    assert [(e.title, e.guid) for e in polled(site, poller, atom)] == [("Crane moved", "2")]


def test_items_that_are_a_document_or_a_picture_only(site: Site, poller: Poller) -> None:
    media = "xmlns:media='http://search.yahoo.com/mrss/'"
    body = rss(
        "<item><title>Report</title><guid isPermaLink='false'>r</guid>"
        "<enclosure url='https://news.example/report.pdf' type='application/pdf' length='5'/></item>",
        f"<item {media}><media:content url='https://news.example/v.mp4' type='video/mp4'/><media:title>Ship at sea"
        "</media:title></item>",
        "<item><title>Talk</title><link>https://news.example/talk</link><enclosure url='https://news.example/t.mp3' "
        "type='audio/mpeg'/></item>",
    )
    assert [(e.title, e.url) for e in polled(site, poller, body)] == [
        ("Report", "https://news.example/report.pdf"),
        ("Ship at sea", "https://news.example/v.mp4"),
        ("Talk", "https://news.example/talk"),
    ]


def test_posts_as_wordpress_lists_them(site: Site, poller: Poller) -> None:
    post = {
        "id": 4, "date": "2024-07-16T10:00:00", "date_gmt": "2024-07-16T08:00:00", "link": "https://news.example/p/4",
        "guid": {"rendered": "https://news.example/?p=4"}, "title": {"rendered": "Guns &#8217;n&#8217; boats"},
        "content": {"rendered": "<p>They came.</p>"}, "excerpt": {"rendered": "<p>They</p>"},
    }  # fmt: skip
    (entry,) = polled(site, poller, json.dumps([post]))
    assert (entry.url, entry.title, entry.content) == (
        "https://news.example/p/4",
        "Guns ’n’ boats",
        "<p>They came.</p>",
    )
    assert entry.published == datetime(2024, 7, 16, 8, tzinfo=UTC) and entry.flags == ()


def test_a_feed_served_as_a_page_and_dates_of_the_dublin_core(site: Site, poller: Poller) -> None:
    body = (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:a='http://www.w3.org/2005/Atom' "
        "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel><title>t</title><item><title>One</title>"
        "<link/><a:link href='https://news.example/1'/><dc:date>2024-07-16T10:00:00+02:00</dc:date></item><item>"
        "<title>Two</title><link>https://proxy.example/~r/2</link><feedburner:origLink>https://news.example/2"
        "</feedburner:origLink><a:updated>2024-07-16T10:00:00Z</a:updated></item></channel></rss>"
    )
    site.on("/feed", Answer(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"}))
    first, second = poller.poll().entries
    assert (first.url, first.published) == ("https://news.example/1", datetime(2024, 7, 16, 8, tzinfo=UTC))
    assert (second.url, second.published) == ("https://news.example/2", None)
    assert second.updated == datetime(2024, 7, 16, 10, tzinfo=UTC)


LISTING = {"item": "li.story", "link": "h3 a", "date": "time", "summary": "p"}
PAGE = """\
<html lang="en"><head><title>Press</title></head><body><nav><a href="/">Home</a></nav><ul>
<li class="story"><a href="/pic"><img src="x"></a><h3><a href="/releases/1">First release</a></h3>
 <time datetime="2024-07-16T09:15:00Z">16 July</time><p>What it says.</p></li>
<li class="story"><h3><a href="../releases/2">Second   release</a></h3><time>15 July 2024</time></li>
</ul></body></html>"""


def test_a_listing_page_by_selectors(site: Site, poller: Poller) -> None:
    first, second = polled(site, poller, PAGE, kind="html", listing=LISTING, language="en")
    assert (first.title, first.url, first.summary) == ("First release", site.url("/releases/1"), "What it says.")
    assert first.published == datetime(2024, 7, 16, 9, 15, tzinfo=UTC)
    assert (second.title, second.url) == ("Second release", site.url("/releases/2"))
    assert second.published == datetime(2024, 7, 15, tzinfo=UTC)


def test_a_listing_reads_dates_from_addresses_by_rule(site: Site, poller: Poller) -> None:
    page = "<html><p class=r><a href='/2024/07/16/quay'>Quay</a></p></html>"
    rule = r"/(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/"
    (entry,) = polled(site, poller, page, kind="html", listing={"item": "p.r", "url_date": rule})
    assert entry.published == datetime(2024, 7, 16, tzinfo=UTC) and "time_missing" in entry.flags


def test_a_redesigned_listing_is_an_error_and_no_silence(site: Site, poller: Poller) -> None:
    site.on("/feed", PAGE, PAGE.replace("story", "card"))
    assert poller.poll(kind="html", listing=LISTING).counts.new == 2
    outcome = poller.poll(kind="html", listing=LISTING)
    assert outcome.result == "failed" and outcome.state.health == "failing"
    assert outcome.problems[0].message == "no element of the page matches listing.item 'li.story'"
    assert len(outcome.state.listed) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "an empty body"),
        (b"  \n", "an empty body"),
        (b"%PDF-1.4 ...", "a PDF file, not a feed"),
        (b'{"items": [', "JSON that cannot be read"),
        (b'{"a": 1}', "JSON, but no JSON Feed: it has no list of items"),
        (b"\x00\xff\x01\x02", "neither XML nor JSON nor HTML"),
        (b"[" * 200_000, "JSON that cannot be read"),
    ],
)
def test_what_is_no_feed_is_an_error_that_says_what_it_is(
    site: Site, poller: Poller, body: bytes, message: str
) -> None:
    site.on("/feed", body)
    outcome = poller.poll()
    assert outcome.result == "failed" and outcome.problems[0].message.startswith(message)
    assert outcome.state.error == outcome.problems[0].message


def test_an_empty_feed_is_a_feed(site: Site, poller: Poller) -> None:
    site.on("/feed", rss())
    outcome = poller.poll()
    assert outcome.state.health == "healthy" and [p.kind for p in outcome.problems] == ["empty"]


def test_a_feed_of_unusable_items_only_is_a_failure(site: Site, poller: Poller) -> None:
    site.on("/feed", rss("<item/>", "<item><guid>x</guid></item>"))
    outcome = poller.poll()
    assert outcome.result == "failed" and "none of the 2 items could be used" in outcome.problems[0].message


def test_gzip_though_no_header_says_so(site: Site, poller: Poller) -> None:
    """Pain 4."""
    assert [e.title for e in polled(site, poller, gzip.compress(rss(item("Kept", guid="1")).encode()))] == ["Kept"]


def test_a_body_that_breaks_off_gives_what_came_whole_and_moves_no_validator(site: Site, poller: Poller) -> None:
    whole = rss(
        item("First", guid="1"), item("Second", guid="2"), item("Third, and longer than that", guid="3")
    ).encode()
    headers = {"ETag": '"v1"', "Content-Encoding": "gzip"}
    packed = gzip.compress(whole, compresslevel=0)
    short = packed[: packed.index(b"Third") + 5]
    site.on("/feed", Answer(short, headers=headers), Answer(packed, headers=headers))
    outcome = poller.poll()
    assert [e.title for e in outcome.entries] == ["First", "Second"]
    assert outcome.state.health == "failing" and "broke off" in str(outcome.state.error)
    assert outcome.state.etag is None and outcome.state.body_sha256 is None
    second = poller.poll()
    assert [e.title for e in second.entries] == ["Third, and longer than that"] and second.counts.known == 2
    assert second.state.etag == '"v1"' and second.state.health == "healthy"


def test_a_connection_that_breaks_off_is_the_same(site: Site, poller: Poller) -> None:
    whole = rss(item("First", guid="1"), item("Second, and longer", guid="2")).encode()
    site.on("/feed", Answer(whole, cut=whole.index(b"Second") + 3))
    outcome = poller.poll()
    assert [e.title for e in outcome.entries] == ["First"] and outcome.problems[0].kind == "truncated"


SOUND = [
    rss(
        item("First", "https://news.example/1", "g1", "Tue, 16 Jul 2024 09:15:00 GMT", "&lt;b&gt;Bold&lt;/b&gt; words"),
        item("Вторая новость", "https://news.example/2", "g2", "Tue, 16 Jul 2024 10:15:00 +0300"),
        item("Guns &amp;amp; butter", "https://news.example/3?a=1&amp;b=2", "g3"),
    ),
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><id>f</id><entry><id>urn:1</id><title type='html'>"
    "Half &amp;lt; whole</title><link rel='self' href='https://news.example/self'/><link href='https://news.example/4'/>"
    "<published>2024-07-16T09:15:00Z</published><summary>In short.</summary></entry></feed>",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://news.example/'><title>t</title></channel>"
    "<item rdf:about='https://news.example/5'><title>Rails</title><link>https://news.example/5</link>"
    "<dc:date>2024-07-16T09:15:00Z</dc:date></item></rdf:RDF>",
]


@pytest.mark.parametrize("feed", SOUND)
def test_sound_feeds_read_as_feedparser_reads_them(site: Site, poller: Poller, feed: str) -> None:
    import feedparser

    theirs = feedparser.parse(feed.encode())
    ours = polled(site, poller, feed)
    assert [e.url for e in ours] == [e.link for e in theirs.entries]
    assert [e.guid for e in ours] == [e.id for e in theirs.entries]
    assert [e.title for e in ours] == [html.unescape(e.title) for e in theirs.entries]
    stamps = [e.published.timetuple()[:6] if e.published else None for e in ours]
    assert stamps == [e.published_parsed[:6] if "published" in e else e.updated_parsed[:6] if "updated" in e else None
                      for e in theirs.entries]  # fmt: skip


def test_what_libxml2_finds_no_feed_in_goes_to_feedparser(site: Site, poller: Poller) -> None:
    """A fragment with two roots and an unquoted attribute in each."""
    body = "".join(
        f"<item rdf:about=https://news.example/{n}><title>Notice {n}</title><link>https://news.example/{n}</link></item>"
        for n in range(2)
    )
    entries = polled(site, poller, "<x:y>" + body)
    assert [e.url for e in entries] == ["https://news.example/0", "https://news.example/1"]
    assert all("repaired" in e.flags for e in entries)


def test_the_configured_language_goes_before_the_feeds(site: Site, poller: Poller) -> None:
    body = rss(item("Вагоны", guid="1")).replace("<title>Harbour", "<language>en-us</language><title>Harbour")
    assert polled(site, poller, body, language="ru")[0].language == "ru"
    poller.state = None
    assert polled(site, poller, body)[0].language == "en"


@pytest.mark.parametrize(("beyond", "flags"), [(0, False), (1, True)])
def test_an_item_as_long_as_a_book_is_cut_and_says_so(beyond: int, flags: bool) -> None:
    book = RawItem(
        index=0, link="https://n.example/1", title="Log", summary="Short.", content="x" * (MAX_TEXT + beyond)
    )
    feed = RawFeed(format="rss", items=[book])
    (made,) = drafts_of(feed, Source(id="s", url="https://n.example/feed"), fetched="https://n.example/feed", now=NOON)
    assert isinstance(made, Draft)
    assert (len(made.content), made.summary, "cut" in made.flags) == (MAX_TEXT, "Short.", flags)


def test_the_feeds_that_a_page_names_each_once_those_of_comments_last() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}" title="{}">'
    links = [link.format("/comments/feed", ""), link.format("/feed", "Comments"), link.format("/feed", "News")]
    many = [link.format(f"/topic/{n}/feed", "") for n in range(30_000)]  # a page may name them without end
    tree = parse_html(f"<html><head>{''.join(links + many)}</head></html>")
    assert tree is not None
    found = feeds_of(tree, "https://n.example/")
    assert (found[0], found[-1]) == ("https://n.example/feed", "https://n.example/comments/feed")
    assert len(found) == 30_002
