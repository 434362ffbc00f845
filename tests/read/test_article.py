"""From a page to a clean article: HTML, feed text, plain text, PDF, given documents; and pages that are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.read.texts import ESTONIA, NORLAND, pdf
from tests.samples import NOW, entry
from transforms.read import Unreadable, given_article, read_page
from transforms.read.pdf import PdfLimits, PdfText, extract_pdf
from transforms.records import Article, Document, Evidence, Page
from transforms.sources import Source
from transforms.sources.schema import TextRules

SOURCE = Source(
    id="daily", name="The Daily Example", url="https://daily.example/feed", publisher="example", language="en"
)


def html(text: str = NORLAND, *, head: str = "", before: str = "", after: str = "", lang: str = "en") -> str:
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in text.split("\n\n"))
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Guns for Moldova | Daily</title>{head}</head><body>'
        f'<nav><a href="/">Home</a></nav>{before}<article><h1>Guns for Moldova</h1>{paragraphs}</article>{after}'
        f"<footer>Contact us</footer></body></html>"
    )


def read(
    body: str, *, source: Source = SOURCE, origin: Any = "page", kind: str = "text/html", **fields: Any
) -> Article:
    article = read_page(Page(entry=entry(**fields), origin=origin, content_type=kind, body=body), source)
    assert isinstance(article, Article), article
    return article


def refused(body: str, kind: str = "text/html") -> str:
    found = read_page(Page(entry=entry(), origin="page", content_type=kind, body=body), SOURCE)
    assert isinstance(found, Unreadable)
    return found.reason


def test_paragraphs_are_kept_and_the_rest_of_the_page_is_not() -> None:
    article = read(html())
    paragraphs = [p for p in article.text.split("\n\n") if p != "Guns for Moldova"]
    assert paragraphs == NORLAND.split("\n\n")
    assert article.language == "en"
    assert (article.publisher, article.origin) == ("example", "example")


def test_what_the_page_says_of_itself() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Site"},
            {
                "@type": ["NewsArticle"],
                "headline": "Guns for Moldova: the whole story",
                "datePublished": "2024-06-27T23:30:00-04:00",
                "dateModified": "2024-06-28T08:00:00-04:00",
                "author": [{"@type": "Person", "name": "Ana Writer"}, {"name": "Reuters"}],
                "publisher": {"@type": "Organization", "name": "Daily Example"},
                "mainEntityOfPage": {"@id": "https://daily.example/guns"},
            },
        ],
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    article = read(html(head=head), title="", published=None)
    assert article.title == "Guns for Moldova: the whole story"
    assert article.author == "Ana Writer, Reuters"
    assert article.site == "Daily Example"
    assert article.canonical_url == "https://daily.example/guns"
    assert (article.published, article.published_from) == ("2024-06-27T23:30:00-04:00", "page")
    assert article.modified == "2024-06-28T08:00:00-04:00"
    assert article.origin == "reuters"


def test_meta_elements_where_there_is_no_structured_data() -> None:
    head = (
        '<link rel="canonical" href="https://daily.example/c"><meta name="author" content="Ana Writer">'
        '<meta property="og:site_name" content="Daily"><meta property="article:published_time" content="2024-06-27">'
        '<script type="application/ld+json">{"@type": "NewsArticle", broken</script>'
    )
    article = read(html(head=head), published=None)
    assert (article.canonical_url, article.author, article.site) == ("https://daily.example/c", "Ana Writer", "Daily")
    assert (article.published, article.published_from) == ("2024-06-27", "page")


def test_the_feeds_date_is_the_rule_and_says_so() -> None:
    article = read(html(), published=NOW)
    assert (article.published, article.published_from) == ("2024-06-28T12:00:00+00:00", "feed")
    article = read(html(), published=None)
    assert (article.published, article.published_from) == ("2024-06-28T12:00:00+00:00", "first_seen")


def test_css_of_the_source() -> None:
    page = html(
        before='<div class="box"><p>A poll: do you like guns? Tell us what you think of this question now.</p></div>'
    )
    page = page.replace("<h1>", '<p class="promo">Buy the book of the guns of the north today in our shop.</p><h1>')
    page = page.replace(
        "</h1>", '</h1><span class="who">Ana Writer</span><time datetime="2024-06-20T10:00:00+02:00">x</time>'
    )
    rules = TextRules(body="article", remove=("p.promo", ".who", "time", "h1"), title="h1", author=".who", date="time")
    plain = read(page, source=SOURCE.model_copy(update={"text": rules.model_copy(update={"remove": ("p.promo",)})}))
    assert "book of the guns" not in plain.text
    ruled = read(page, source=SOURCE.model_copy(update={"text": rules}), published=None)
    assert ruled.text == NORLAND


def test_feed_text_is_read_as_markup() -> None:
    body = f"<p>{ESTONIA.split(chr(10))[0]}</p><ul><li>One &amp; two</li><li>Three</li></ul>tail<br><br>end"
    article = read(body, origin="feed")
    assert article.text.split("\n\n")[1:] == ["One & two", "Three", "tail", "end"]


def test_a_summary_is_flagged() -> None:
    article = read("Norway has handed over 18 howitzers to Moldova.", origin="summary", kind="text/plain")
    assert article.flags == ("summary_only",)


def test_plain_text_is_kept_to_the_letter() -> None:
    text = "close\n\n" + NORLAND
    article = read(text, kind="text/plain")
    assert article.text == text
    assert [(p.kind, p.start, p.end) for p in article.passages] == [("furniture", 0, 5)]


def test_language_is_the_texts_own_without_furniture() -> None:
    german = (
        "Norwegen hat Moldau 18 Haubitzen übergeben, teilte das Ministerium in Oslo mit. Die Geschütze verließen den "
        "Hafen von Narvik auf einem Frachter und wurden mit der Bahn in ein Lager gebracht."
    )
    article = read(html(german, lang="en"), language="en")
    assert (article.language, article.language_declared) == ("de", "en")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no text"),
        ("<html><body></body></html>", "no text"),
        (html("We value your privacy.\n\nWe and our partners store cookies on your device.\n\nAccept all"), "consent"),
        (html("Subscribe to continue reading this story.\n\nAlready a subscriber? Sign in."), "paywall"),
        (html("Just a moment...\n\nEnable JavaScript and cookies to continue. Ray ID: 7f"), "blocked"),
    ],
)
def test_pages_that_are_no_article(body: str, reason: str) -> None:
    assert reason in refused(body)


def test_a_teaser_by_the_pages_own_word() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    assert "paywall" in refused(html(NORLAND.split("\n\n")[0], head=head))
    assert "paywall" in read(html(NORLAND, head=head)).flags


def test_an_article_with_a_cookie_notice_is_one() -> None:
    article = read(html(NORLAND, after="<div><p>We use cookies. Accept all cookies.</p></div>"))
    assert "18 refurbished howitzers" in article.text


def test_evidence_and_address_come_along() -> None:
    evidence = Evidence(
        retrieved=NOW,
        requested_url="https://daily.example/a",
        final_url="https://daily.example/b",
        status=200,
        sha256="0",
    )
    page = Page(entry=entry(), origin="page", content_type="text/html", body=html(), evidence=evidence)
    article = read_page(page, SOURCE)
    assert isinstance(article, Article)
    assert (article.evidence, article.url) == (evidence, "https://daily.example/b")


def test_a_pdf() -> None:
    data = pdf(["Norway has handed over 18 howitzers to Moldova, the ministry said.", "The guns left Narvik by sea."])
    page = Page(entry=entry(published=NOW), origin="page", content_type="application/pdf", binary=data)
    article = read_page(page, SOURCE)
    assert isinstance(article, Article)
    assert (
        article.text
        == "Norway has handed over 18 howitzers to Moldova, the ministry said.\n\nThe guns left Narvik by sea."
    )


@pytest.mark.parametrize(("length", "cut"), [(1_000, False), (2_000_000, True)])
def test_an_endless_page_is_cut_and_says_so(length: int, cut: bool) -> None:
    body = f"<html><body><article><p>The guns left Narvik by sea on Monday.</p>{' ' * length}<p>Unread.</p></article>"
    page = Page(entry=entry(published=NOW), origin="page", content_type="text/html", body=body)
    article = read_page(page, SOURCE)
    assert isinstance(article, Article)
    assert article.text.startswith("The guns left Narvik by sea on Monday.")
    assert ("cut" in article.flags, "Unread." in article.text) == (cut, not cut)


def test_pdf_limits() -> None:
    found = extract_pdf(pdf(["One page."] * 4), PdfLimits(pages=3))
    assert isinstance(found, PdfText)
    assert (found.text.count("One page."), found.cut) == (3, True)
    assert extract_pdf(b"%PDF" + b"x" * 200, PdfLimits(size=100)) == "a PDF of more than 0 MB"


def test_a_page_of_a_pdf_that_never_ends_is_stopped_and_the_pages_before_are_kept() -> None:
    endless = "(x) Tj " + "/F1 9 Tf 1 0 0 1 0 0 Tm (word) Tj " * 400_000
    found = extract_pdf(pdf(["The guns left Narvik.", endless, "Never seen."]), PdfLimits(page_seconds=1, seconds=60))
    assert found == PdfText(text="The guns left Narvik.", cut=True)


def test_a_pdf_that_fills_the_memory_is_stopped() -> None:
    found = extract_pdf(pdf(["x" * 3_000_000] * 3), PdfLimits(memory=90))
    assert found in ("a PDF that takes too much time or memory", "a PDF that cannot be read (MemoryError)")


def test_broken_pdfs_say_what_they_are() -> None:
    assert extract_pdf(b"%PDF-1.7 and no more") == extract_pdf(b"%PDF-1.7 and no more")
    assert isinstance(extract_pdf(b"%PDF-1.7 and no more"), str)
    assert extract_pdf(pdf([""])) == "a PDF without text (a scan?)"


GIVEN = Document(
    id="d1", url="https://x.example/1", title="Guns", published="2024-06", lang="en", source="AP (scrape)",
    text=f"close\n<p>{NORLAND}</p>\u00a0 ",
)  # fmt: skip


def test_a_given_document_stays_untouched() -> None:
    article = given_article(GIVEN, first_seen=NOW)
    assert article.text == GIVEN.text
    assert (article.id, article.published, article.published_from) == ("d1", "2024-06", "given")
    assert (article.origin, article.language, article.flags) == ("ap", "en", ("given",))
    assert [article.text[p.start : p.end] for p in article.passages] == ["close"]


def test_a_backfilled_entry_gives_the_same_article() -> None:
    given_entry = entry(
        "d1", source="ap-scrape", url=GIVEN.url, canonical_url=GIVEN.url, title=GIVEN.title, content=GIVEN.text,
        published_raw=GIVEN.published, language="en", flags=("given",),
    )  # fmt: skip
    source = Source(id="ap-scrape", url="https://source.invalid/")
    article = read_page(Page(entry=given_entry, origin="feed", content_type="text/html", body=GIVEN.text), source)
    expected = given_article(GIVEN, first_seen=NOW)
    assert isinstance(article, Article)
    for name in ("id", "text", "title", "published", "published_from", "language", "origin", "passages", "un", "flags"):
        assert getattr(article, name) == getattr(expected, name), name


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300), st.sampled_from(["text/html", "text/plain"]), st.sampled_from(["page", "feed", "summary"])
)
def test_any_page(body: str, kind: str, origin: Any) -> None:
    found = read_page(Page(entry=entry(), origin=origin, content_type=kind, body=body), SOURCE)
    assert isinstance(found, Article | Unreadable)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["<p>", "</p>", "<div", ">", "<script>", "<td>", "a b.", "&amp;", "<!--", "]]>", "\x00"]))
)
def test_any_markup(parts: list[str]) -> None:
    read_page(Page(entry=entry(), origin="page", content_type="text/html", body="".join(parts)), SOURCE)


@settings(max_examples=8, deadline=None)  # each starts a process
@given(st.binary(max_size=200))
def test_any_binary(data: bytes) -> None:
    read_page(Page(entry=entry(), origin="page", content_type="application/pdf", binary=b"%PDF-1.4\n" + data), SOURCE)


def test_deep_nesting_is_read() -> None:
    body = f"<html><body>{'<div>' * 3000}<p>{NORLAND}</p>{'</div>' * 3000}</body></html>"
    found = read_page(Page(entry=entry(), origin="feed", content_type="text/html", body=body), SOURCE)
    assert isinstance(found, Article | Unreadable)


@pytest.mark.parametrize(("shown", "flagged"), [("02.05.2024", True), ("28.06.2024", False), ("29/06/2024", False)])
def test_a_page_that_shows_another_day_than_it_says_is_flagged(shown: str, flagged: bool) -> None:
    """The page's data is taken; neither a script's date nor the footer's, nor one of the text."""
    head = (
        '<meta property="article:published_time" content="2024-06-28"><script>var promo={"ends":"2031-12-31"}</script>'
    )
    text = f"Posted {shown} by the desk\n\n{NORLAND}\n\nOn 3 May 2024 the panel met."
    body = html(text, head=head, after="<aside>Latest: 5 June 2024</aside><p>© 2001-2026</p>")
    article = read(body, published=None)
    assert (article.published, article.published_from) == ("2024-06-28", "page")
    assert ("dates_disagree" in article.flags) == flagged


def test_a_date_of_next_year_is_the_templates() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    article = read(html(head=head), published=None, first_seen=datetime(2024, 6, 28, tzinfo=UTC))
    assert article.published_from == "first_seen"
