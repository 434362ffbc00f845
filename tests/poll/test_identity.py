"""Which article an item is (pains 12, 14, 16 and issue 4): same one again, edited, moved, or new; never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.poll.poller import Poller, item, rss
from tests.poll.site import Site
from transforms.poll.urls import absolute, canonical, un_symbol, url_key
from transforms.sources import UrlRules

HOUR = timedelta(hours=1)
DATE = "Tue, 16 Jul 2024 09:15:00 GMT"
LATER = "Tue, 16 Jul 2024 11:00:00 GMT"
OTHER = item("Unrelated notice on mooring fees", "https://news.example/fees", "fees", "Mon, 15 Jul 2024 08:00:00 GMT")


def edited(site: Site, poller: Poller, before: str, after: str, **keys: object) -> list[int]:
    """Revisions of the entries after an edit of one item, in the order of first sight."""
    site.on("/feed", rss(before, OTHER), rss(after, OTHER))
    poller.poll(**keys)
    poller.poll(after=HOUR, **keys)
    return list(poller.revisions.values())


def test_an_edited_headline_is_a_new_revision_of_the_same_article(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped off the cape", "https://news.example/v", "v", DATE)
    b = item("Vessel held off the cape", "https://news.example/v", "v", DATE)
    assert edited(site, poller, a, b) == [2, 1]
    assert poller.titles()[0] == "Vessel held off the cape"


def test_a_headline_edit_that_changes_slug_and_guid_is_one_article(site: Site, poller: Poller) -> None:
    """Pain 12."""
    a = item(
        "Vessel stopped off the cape",
        "https://news.example/vessel-stopped",
        "https://news.example/vessel-stopped",
        DATE,
    )
    b = item("Vessel held off the cape", "https://news.example/vessel-held", "https://news.example/vessel-held", DATE)
    assert edited(site, poller, a, b) == [2, 1]


def test_an_article_number_holds_an_edited_article_together(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped", "https://news.example/world/847213-vessel-stopped", "x1", DATE)
    b = item(
        "Crew of nine questioned by harbour police", "https://news.example/world/847213-crew-questioned", "x2", DATE
    )
    assert edited(site, poller, a, b) == [2, 1]


def test_the_same_text_under_a_new_address_guid_and_date_is_one_article(site: Site, poller: Poller) -> None:
    text = "Harbour police stopped a freighter whose papers named agricultural machines."
    a = item("Freighter stopped at the mole", "https://news.example/freighter-stopped", "x1", DATE, text)
    b = item("Freighter searched at the mole", "https://news.example/freighter-searched", "x2", LATER, text)
    assert edited(site, poller, a, b) == [2, 1]


def test_a_standing_phrase_does_not_hold_two_articles_together(site: Site, poller: Poller) -> None:
    text = "Read the whole of this report on our website, free of charge and without a log-in."
    a = item("Freighter stopped at the mole", "https://news.example/freighter", "x1", DATE, text)
    b = item("Minister visits new academy", "https://news.example/academy", "x2", LATER, text)
    assert edited(site, poller, a, b) == [1, 1, 1]


def test_a_topic_number_does_not(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped", "https://news.example/topic/84721/vessel", "x1", DATE)
    b = item("Airfield reopened", "https://news.example/topic/84721/airfield", "x2", "Tue, 16 Jul 2024 11:00:00 GMT")
    assert edited(site, poller, a, b) == [1, 1, 1]


def test_two_articles_of_the_same_second_are_two(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped off the cape", "https://news.example/vessel", "x1", DATE)
    b = item("Airfield reopened after repairs", "https://news.example/airfield", "x2", DATE)
    assert edited(site, poller, a, b) == [1, 1, 1]


def test_a_guid_that_changes_while_the_address_stays_is_one_article(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped", "https://news.example/v", "rev-1", DATE)
    b = item("Vessel held", "https://news.example/v", "rev-2", DATE)
    assert edited(site, poller, a, b) == [2, 1]


def test_an_address_that_changes_while_the_guid_stays_is_one_article(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped", "https://news.example/2024/v", "tag:news,2024:v")
    b = item("Vessel stopped", "https://news.example/archive/v", "tag:news,2024:v")
    assert edited(site, poller, a, b) == [1, 1]


def test_a_rule_of_the_source_names_the_article(site: Site, poller: Poller) -> None:
    a = item("Vessel stopped", "https://news.example/a-9931-vessel", "1", DATE)
    b = item("Something else entirely now", "https://news.example/b-9931-other", "2", "Tue, 16 Jul 2024 12:00:00 GMT")
    assert edited(site, poller, a, b, url_rules={"identity": r"-(\d+)-"}) == [2, 1]


def test_changed_markup_is_no_new_revision(site: Site, poller: Poller) -> None:
    a = item("Vessel", "https://news.example/v", "v", text="&lt;p&gt;Nine  crates.&lt;/p&gt;")
    b = item(
        "Vessel", "https://news.example/v", "v", text="&lt;p class='x'&gt;Nine crates.&lt;/p&gt;&lt;img src='/1'&gt;"
    )
    assert edited(site, poller, a, b) == [1, 1]


def test_all_items_with_one_guid_go_by_their_addresses(site: Site, poller: Poller) -> None:
    items = [item(f"Notice {n}", f"https://news.example/{n}", "https://news.example/feed", DATE) for n in range(4)]
    site.on("/feed", rss(*items), rss(item("Notice 9", "https://news.example/9", "https://news.example/feed"), *items))
    assert poller.poll().counts.new == 4
    assert [e.title for e in poller.poll(after=HOUR).entries] == ["Notice 9"]


def test_all_items_with_one_address_go_by_their_guids(site: Site, poller: Poller) -> None:
    items = [item("Notice", "https://news.example/", f"n-{n}", DATE) for n in range(4)]
    site.on("/feed", rss(*items), rss(item("Notice", "https://news.example/", "n-9", DATE), *items))
    assert poller.poll().counts.new == 4
    assert poller.poll(after=HOUR).counts.new == 1


def test_one_guid_that_comes_to_be_shared_does_not_repeat_the_first_item(site: Site, poller: Poller) -> None:
    first = item("Notice 1", "https://news.example/1", "same")
    site.on("/feed", rss(first), rss(item("Notice 2", "https://news.example/2", "same"), first))
    poller.poll()
    assert [e.title for e in poller.poll(after=HOUR).entries] == ["Notice 2"]


def test_items_without_a_date_or_with_equal_dates_are_all_kept(site: Site, poller: Poller) -> None:
    """Pain 14: a cursor on dates would lose the late ones."""
    early = [item(f"Dated {n}", f"https://news.example/d{n}", date=DATE) for n in range(3)]
    late = [item("Same second", "https://news.example/same", date=DATE), item("No date", "https://news.example/none"),
            item("Older", "https://news.example/old", date="Mon, 01 Jul 2024 00:00:00 GMT")]  # fmt: skip
    site.on("/feed", rss(*early), rss(*late, *early))
    poller.poll()
    assert [e.title for e in poller.poll(after=HOUR).entries] == ["Same second", "No date", "Older"]


def test_items_without_address_and_guid_are_kept_apart(site: Site, poller: Poller) -> None:
    items = [item("Bulletin", text="First words"), item("Bulletin", text="Other words"), item("Notice", date=DATE)]
    site.on("/feed", rss(*items), rss(*items, item("Fresh")))
    assert poller.poll().counts.new == 3
    assert [e.title for e in poller.poll(after=HOUR).entries] == ["Fresh"]


def test_a_large_feed_is_remembered_whole(site: Site, poller: Poller) -> None:
    """Pain 16."""
    items = [item(f"Row {n}", f"https://news.example/row/{n}") for n in range(3000)]
    site.on("/feed", rss(*items), rss(item("Row new", "https://news.example/row/new"), *items))
    assert poller.poll().counts.new == 3000
    outcome = poller.poll(after=HOUR)
    assert (outcome.counts.new, outcome.counts.known, len(outcome.entries)) == (1, 3000, 1)


def test_what_left_the_feed_and_comes_back_has_its_old_id(site: Site, poller: Poller) -> None:
    """Pain 15: what was decided about an entry holds; a feed that flaps repeats nothing."""
    gone = item("Vessel", "https://news.example/v", "v", DATE)
    site.on("/feed", rss(gone, OTHER), rss(OTHER), rss(gone, OTHER))
    first = {e.id for e in poller.poll().entries}
    poller.poll(after=HOUR)
    assert poller.poll(after=HOUR).entries == ()
    poller.poll(after=timedelta(days=30))
    assert set(poller.entries) == first


def test_the_same_article_twice_in_one_feed_is_one(site: Site, poller: Poller) -> None:
    site.on(
        "/feed",
        rss(
            item("Vessel", "https://www.news.example/v?utm_source=rss&amp;utm_medium=feed", "v"),
            item("Vessel", "http://news.example/v/#top", "v"),
        ),
    )
    outcome = poller.poll()
    assert (outcome.counts.listed, outcome.counts.new, outcome.counts.merged) == (2, 1, 1)
    assert outcome.entries[0].canonical_url == "https://www.news.example/v"


def test_one_un_meeting_under_two_addresses_is_one_article(site: Site, poller: Poller) -> None:
    site.on(
        "/feed",
        rss(item("Council meets", "https://www.un.org/press/en/2024/sc15741.doc.htm", "node/1")),
        rss(item("Council meets", "https://press.un.org/en/2024/sc15741.doc.htm", "node/77")),
    )
    first = poller.poll().entries[0].id
    poller.poll(after=HOUR)
    assert list(poller.entries) == [first] and poller.revisions == {first: 1}


def test_ids_differ_between_sources(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(OTHER))
    one = poller.poll().entries[0].id
    poller.state = None
    assert poller.poll(id="another").entries[0].id != one


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example:443/a//b/?utm_source=x&b=2&a=1#part", "https://news.example/a/b?a=1&b=2"),
        ("https://news.example/story/index.html", "https://news.example/story"),
        ("https://news.example/story/amp/", "https://news.example/story"),
        ("https://news.example/%7euser/%d0%bf", "https://news.example/~user/%D0%BF"),
        ("https://news.example/новини", "https://news.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"),
        ("https://news.example/?p=123&fbclid=x", "https://news.example/?p=123"),
        ("https://news.example/story?ref=home&source=rss", "https://news.example/story"),
        ("https://news.example/show.php?source=12", "https://news.example/show.php?source=12"),
        ("https://news.example", "https://news.example/"),
        ("https://user:pw@news.example:8443/x", "https://news.example:8443/x"),
        ("https://news.example/app#!/story/5", "https://news.example/app#!/story/5"),
        ("https://news.example/amp/2024/story", "https://news.example/2024/story"),
        ("https://news.example/story.amp?at_medium=RSS&xtor=RSS-1", "https://news.example/story"),
        ("https://news-example.cdn.ampproject.org/c/s/news.example/story", "https://news.example/story"),
        ("https://www.google.com/amp/s/news.example/story/amp", "https://news.example/story"),
        ("https://news.example/a-1?maca=en-rss-all-1573-rdf", "https://news.example/a-1"),
        ("https://news.example/a?ns_linkname=0&ns_fee=0&ns_campaign=x", "https://news.example/a"),
        ("https://news.example/a?mod=rss_front&cid=rss&id=7", "https://news.example/a?id=7"),
        ("https://news.example/read.php?type=rss&id=7", "https://news.example/read.php?id=7&type=rss"),
        ("https://news.example/a;jsessionid=0A1B2C?lang=ru", "https://news.example/a?lang=ru"),
    ],
)
def test_canonical_addresses(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


def test_a_sources_rules_for_addresses() -> None:
    assert (
        canonical("https://n.example/x?id=5&page=2&utm_id=1", UrlRules(keep_params=("id",)))
        == "https://n.example/x?id=5"
    )
    assert canonical("https://n.example/x?id=5&page=2", UrlRules(drop_params=("page",))) == "https://n.example/x?id=5"
    assert canonical("https://n.example/News/X", UrlRules(ignore_case=True)) == "https://n.example/news/x"


def test_doors_of_the_same_house_have_one_key() -> None:
    keys = {url_key(canonical(u)) for u in (
        "http://www.news.example/a/", "https://news.example/a", "https://m.news.example/a?utm_term=1")}  # fmt: skip
    assert keys == {"news.example/a"}


@pytest.mark.parametrize(
    ("url", "symbol"),
    [
        ("https://press.un.org/en/2024/sc15741.doc.htm", ("SC/15741", "en")),
        ("http://www.un.org/press/en/2024/sc15741.doc.htm", ("SC/15741", "en")),
        ("https://press.un.org/fr/2024/cs15741.doc.htm", ("CS/15741", "fr")),
        ("https://press.un.org/en/2023/gadis3722.doc.htm", ("GA/DIS/3722", "en")),
        ("https://press.un.org/en/2023/sgsm21840.doc.htm", ("SG/SM/21840", "en")),
        ("https://undocs.org/S/2024/215", ("S/2024/215", "en")),
        ("https://undocs.org/en/S/2024/215", ("S/2024/215", "en")),
        ("https://docs.un.org/fr/S/PV.9650", ("S/PV.9650", "fr")),
        ("https://undocs.org/pdf?symbol=en/S/2024/215", ("S/2024/215", "en")),
        ("https://documents.un.org/api/symbol/access?s=S/RES/1929%20(2010)&l=en", ("S/RES/1929(2010)", "en")),
        ("https://documents.un.org/api/symbol/access?s=S/RES/1929(2010)&l=en", ("S/RES/1929(2010)", "en")),
        ("https://daccess-ods.un.org/access.nsf/Get?Open&DS=S/2024/215&Lang=E", ("S/2024/215", "en")),
        ("https://news.un.org/en/story/2024/06/1151586", ("NEWS/1151586", "en")),
        ("https://news.un.org/feed/view/en/story/2024/06/1151586", ("NEWS/1151586", "en")),
        ("https://press.un.org/en", None),
        ("https://undocs.org.evil.example/S/2024/215", None),
    ],
)
def test_un_document_symbols(url: str, symbol: tuple[str, str] | None) -> None:
    assert un_symbol(url) == symbol


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("a b.html", "https://n.example/x/a%20b.html"),
        ("\n  https://n.example/long\n   -name ", "https://n.example/long-name"),
        ("/s?a=1&amp;b=2", "https://n.example/s?a=1&b=2"),
        ("//cdn.example/y", "https://cdn.example/y"),
        ("?p=3", "https://n.example/x/feed?p=3"),
        ("JavaScript:alert(1)", ""),
        ("http:", ""),
        ("https://n.example:99999/", ""),
        ("https://n.example/" + "y" * 5000, ""),
    ],
)
def test_links_as_feeds_write_them(link: str, expected: str) -> None:
    assert absolute(link, "https://n.example/x/feed") == expected


def test_an_international_host_has_one_form() -> None:
    assert canonical("https://bücher.example/a") == canonical("https://xn--bcher-kva.example/a")


@given(st.text(max_size=200))
def test_any_text_as_an_address_is_taken_or_refused_and_stable(text: str) -> None:
    for url in (text, "https://n.example/" + text):
        once = canonical(url)
        assert canonical(once) == once or not once.startswith("http")
        un_symbol(url)
    found = absolute(text, "https://n.example/feed")
    assert found == "" or found.lower().startswith(("http://", "https://"))
