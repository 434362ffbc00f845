"""The brief as a person meets it: in a real browser, by mouse, keyboard and reader, wide and narrow, on paper."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from pipeline.brief.render import LARGEST
from tests.browser import View, overflow, violations
from tests.pipeline.brief import hostile
from tests.pipeline.brief.week import articles, events, generated, page, text

ROWS = "#table tbody tr:not([hidden]) .pair"


@pytest.fixture
def week(tmp_path: Path) -> Path:
    return write(tmp_path, page(events(), articles()))


def write(folder: Path, html: str) -> Path:
    file = folder / "brief.html"
    file.write_text(html, encoding="utf-8")
    return file


def test_it_is_one_file_the_same_each_time() -> None:
    first = page(events(), articles())
    assert page(reversed(events()), articles()) == first  # type: ignore[arg-type]
    assert not re.search(r"<(link|script|img|iframe|object)[^>]+(src|href)=\"(?!data:,)", first)
    assert "default-src 'none'" in unescape(first) and "unsafe" not in first
    assert not re.search(r"\sstyle=|\son\w+=", first)


def test_who_has_never_seen_it_finds_the_answers(view: View, week: Path) -> None:
    shown = view(week)
    assert shown.title() == "Arms transfers, 9–16 March 2026 – Tocsin brief"
    assert shown.locator(".figures b").all_inner_texts() == ["2", "1", "1", "2", "1", "2"]
    disputed = shown.locator("#disputed tbody tr")
    assert disputed.locator("td").all_inner_texts() == [
        "North Korea → Russia\nhowitzer; 300", "Washington (United States)", "Russia", "1 origin, B4",
    ]  # fmt: skip
    assert [" ".join(step.split()) for step in shown.locator("#changed li.panel li").all_inner_texts()] == [
        "Stage was Contracted → , now Delivered", "How many at least 6", "Claims 1 more",
    ]  # fmt: skip
    assert shown.locator(ROWS).all_inner_texts() == [
        "North Korea → Russia",
        "Unknown → Houthis",
        "United States → Poland",
    ]
    shown.locator("#disputed a.pair").click()
    card = shown.locator("#e0")
    assert card.locator(".side h4").all_inner_texts() == ["Says so", "Denies it"]
    assert card.locator("mark").inner_text() == "North Korea had shipped 300 howitzers to Russia"
    assert card.locator("blockquote a").first.get_attribute("href") == "https://news.example/a1"


def test_filters_work_by_keyboard(view: View, week: Path) -> None:
    shown = view(week)
    shown.locator("#f-standing").focus()
    shown.keyboard.type("Disputed or")
    assert shown.locator(ROWS).all_inner_texts() == ["North Korea → Russia"]
    assert shown.locator("#count").inner_text() == "1 of 3 transfers shown in table, map, timeline and evidence"
    assert shown.locator("article.card:visible").count() == 1
    assert shown.locator(".arcs path:not(.off)").count() == 1
    shown.locator("#filters button[type=reset]").focus()
    shown.keyboard.press("Enter")
    shown.locator("#table tbody tr:not([hidden])").nth(2).wait_for(state="attached")
    shown.locator("#f-text").focus()
    shown.keyboard.type("poland himars")
    assert shown.locator(ROWS).all_inner_texts() == ["United States → Poland"]


def test_a_figure_leads_to_what_it_counts(view: View, week: Path) -> None:
    shown = view(week)
    for label, rows in (("changed", ["United States → Poland"]), ("under an embargo", ["North Korea → Russia"])):
        link = shown.locator(".figures a", has_text=label).first
        link.focus()
        shown.keyboard.press("Enter")
        assert shown.locator(ROWS).all_inner_texts() == rows


def test_columns_sort_by_keyboard_and_say_so(view: View, week: Path) -> None:
    shown = view(week)
    head = shown.locator("#table th", has_text="Origins")
    head.locator("button").focus()
    shown.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    shown.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert shown.locator(ROWS).first.inner_text() == "United States → Poland"
    shown.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert shown.locator(ROWS).first.inner_text() == "North Korea → Russia"


def test_numbers_sort_as_numbers(view: View, tmp_path: Path) -> None:
    shown = view(write(tmp_path, page(*generated(40))))
    shown.locator("#table th button", has_text="How many").click()
    numbers = [float(n.replace(",", "")) for n in shown.locator("#table td:nth-child(2)").all_inner_texts()]
    assert numbers == sorted(numbers)


def test_the_map_shows_a_part_of_the_world(view: View, week: Path) -> None:
    shown = view(week)
    before = shown.locator("#world").get_attribute("viewBox")
    button = shown.locator(".views button", has_text="Europe")
    button.focus()
    shown.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "true"
    assert shown.locator("#world").get_attribute("viewBox") != before
    assert shown.locator("#world").get_attribute("aria-label") == (
        "World map with 2 pairs of supplier and recipient. Most transfers: North Korea to Russia, 1; "
        "United States to Poland, 1."
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_too_wide_and_axe_finds_nothing(view: View, week: Path, width: int, dark: bool) -> None:
    shown = view(week, width=width, dark=dark)
    assert overflow(shown) == 0
    assert violations(shown) == []


def test_light_and_dark_differ(view: View, week: Path) -> None:
    grounds = [
        view(week, dark=dark).evaluate("getComputedStyle(document.body).backgroundColor") for dark in (False, True)
    ]
    assert grounds[0] != grounds[1]


def test_without_scripts_all_is_there(view: View, week: Path) -> None:
    shown = view(week, scripts=False)
    assert shown.locator("#table tbody tr").count() == 3
    assert shown.locator("#filters").is_hidden() and shown.locator(".views").is_hidden()
    assert shown.locator("#table th button").count() == 0
    assert shown.locator("article.card blockquote:visible").count() == 4


def test_on_paper_the_evidence_is_unfolded_and_controls_are_gone(view: View, tmp_path: Path) -> None:
    shown = view(write(tmp_path, page(*generated(45))))
    assert shown.locator("article.card details:not([open])").count() == 5
    shown.emulate_media(media="print")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.locator("article.card details:not([open])").count() == 0
    assert shown.locator("#filters").is_hidden() and shown.locator("nav").is_hidden()
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.locator("article.card details:not([open])").count() == 5


def test_a_link_into_folded_evidence_unfolds_it(view: View, tmp_path: Path) -> None:
    shown = view(write(tmp_path, page(*generated(45))))
    shown.locator("#table a[href='#e44']").click()
    shown.locator("#e44 details[open]").wait_for(state="attached")


def test_five_hundred_are_small_and_usable(view: View, tmp_path: Path) -> None:
    html = page(*generated(500))
    assert len(html.encode("utf-8")) < LARGEST
    shown = view(write(tmp_path, html), width=360)
    assert shown.locator("#table tbody tr").count() == shown.locator("article.card").count() == 500
    assert shown.locator("article.card blockquote").count() >= 500
    assert overflow(shown) == 0
    shown.locator("#f-text").fill("rocket 17")
    wanted = int(shown.locator("#count").inner_text().split(" ")[0])
    assert 0 < wanted < 500
    assert shown.locator("#table tbody tr:not([hidden])").count() == wanted


def test_more_than_are_told_are_counted(view: View, tmp_path: Path) -> None:
    shown = view(write(tmp_path, page(*generated(30), most=20)))
    assert "10 further transfers of the period are left out" in shown.locator(".short").inner_text()


def test_hostile_text_stays_text(view: View, tmp_path: Path) -> None:
    shown = view(write(tmp_path, page(hostile.events(), hostile.articles())), width=360)
    assert shown.title() == "Arms transfers, 9–16 March 2026 – Tocsin brief"
    assert shown.locator("#owned").count() == 0
    assert shown.locator("script").count() == 1 and shown.locator("img").count() == 0
    links = shown.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href'))")
    assert {link.split(":")[0] for link in links if not link.startswith("#")} <= {"https"}
    assert shown.locator("[onclick], [onerror], [data-x]").count() == 0
    assert overflow(shown) == 0
    assert violations(shown) == []


def test_an_empty_week_says_so(view: View, tmp_path: Path) -> None:
    shown = view(write(tmp_path, page([], {})), width=360)
    assert shown.locator(".sentences").inner_text() == "No new transfer was reported."
    assert shown.locator("#table").count() == 0
    assert violations(shown) == []


def test_both_forms_tell_the_same() -> None:
    told = text(events(), articles())
    for sentence in ("none of them yet by more than one origin", "disputed or denied, by Russia"):
        assert sentence in told and sentence in page(events(), articles())
