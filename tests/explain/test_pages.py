"""The pages of ``tocsin explain`` as a reader sees and uses them, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from pipeline.explain import Explained
from pipeline.explain.event_page import event_page
from pipeline.explain.page import article_page
from tests.browser import View, overflow, violations
from tests.explain.pages import ARABIC, HOSTILE, disputed, explained, sample
from tests.samples import NOW
from transforms.read import given_article
from transforms.recognise.mentions import recognise, subject
from transforms.records import Document, Reading


def of_article() -> str:
    return article_page(sample(), NOW)


def of_event() -> str:
    event, articles, feedback = disputed()
    return event_page(event, articles, feedback, NOW, asked="v0")


def of_arabic() -> str:
    return article_page(explained(ARABIC, language="ar", title="إيران وروسيا"), NOW)


@pytest.fixture
def opened(view: View, tmp_path: Path) -> Callable[..., Page]:
    def open(html: str, **options: object) -> Page:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        return view(path, **options)  # type: ignore[arg-type]

    return open


def test_the_text_is_shown_whole_and_in_order(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    shown = page.evaluate(
        """[...document.querySelectorAll(".prose p")].map((p) => {
            const copy = p.cloneNode(true);
            copy.querySelectorAll(".claim-mark").forEach((mark) => mark.remove());
            return copy.textContent;
        })"""
    )
    assert "\n".join(shown) == sample().reading.article.text


def test_focus_shows_value_role_confidence_and_reason_and_escape_hides_it(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Shahed-136 drones":
            break
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    told = tip.inner_text()
    assert "Shahed-136" in told and "uncrewed aircraft" in told
    assert "goods in claim 1, confidence 0.50" in told
    assert "a system of the catalogue, by name" in told
    assert "12 aircraft" in told, "the number that the weapon is within is told too"
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Shahed-136 drones"


def test_hover_shows_the_same(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    box = page.locator("a.m", has_text="Houthis").evaluate("e => e.getClientRects()[0].toJSON()")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("tooltip")).to_contain_text("recipient in claim 1")
    page.get_by_role("heading", level=1).hover()
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_a_screen_reader_is_told_what_a_mention_is(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    mention = page.locator("a.m", has_text="Houthis")
    expect(mention).to_have_accessible_description(re.compile("State or actor: Houthis.*recipient in claim 1"))


def test_kinds_are_switched_off_for_eye_and_keyboard(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    place = page.locator("a.m", has_text="Hodeidah")
    tint = "getComputedStyle(document.querySelector('a.k-place')).backgroundColor"
    before = page.evaluate(tint)
    box = page.get_by_role("checkbox", name="Place")
    box.uncheck()
    assert page.evaluate(tint) == "rgba(0, 0, 0, 0)" != before
    expect(place).to_have_attribute("tabindex", "-1")
    box.check()
    assert page.evaluate(tint) == before
    expect(place).to_have_attribute("tabindex", "0")
    expect(page.locator(".prose .dim").first).to_be_visible()
    page.get_by_role("checkbox", name="Page furniture").uncheck()
    expect(page.locator(".prose .dim").first).to_be_hidden()


def test_a_claim_shows_its_sentence_and_the_parts_in_it(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    button = page.get_by_role("button", name="Show evidence")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    lit = page.locator(".prose .lit").all_inner_texts()
    assert "".join(lit) == sample().reading.claims[0].quote
    roles = page.evaluate(
        """Object.fromEntries(
            [...document.querySelectorAll("[data-role]")].map((e) => [e.dataset.role, e.textContent]))"""
    )
    assert roles["supplier"] == "Iran"
    assert roles["recipient"] == "Houthis"
    assert roles["denies"] == "Russia"
    assert roles["place of delivery"] == "Hodeidah"
    button.click()
    expect(page.locator(".lit")).to_have_count(0)
    expect(page.locator("[data-role]")).to_have_count(0)


def test_the_number_in_the_text_leads_to_the_claim(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    page.get_by_role("link", name="Claim 1 begins").click()
    expect(page.locator("#claim-1")).to_be_focused()


@pytest.mark.parametrize("made", [of_article, of_event, of_arabic])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_accessible_and_within_the_window(
    opened: Callable[..., Page], made: Callable[[], str], width: int, dark: bool
) -> None:
    page = opened(made(), width=width, dark=dark)
    assert violations(page) == []
    assert overflow(page) == 0
    for button in page.get_by_role("button", name="Show evidence").all()[:1]:
        button.click()
        assert violations(page) == []
        assert overflow(page) == 0


def test_foreign_text_is_only_ever_text(opened: Callable[..., Page]) -> None:
    page = opened(
        article_page(explained(HOSTILE, title=HOSTILE, language='x" onload="', url="javascript:alert(1)"), NOW)
    )
    assert page.title() != "taken"
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    shown = page.get_by_role("heading", level=1).inner_text()
    assert shown.startswith("<script>document.title='taken'</script><img")
    assert "\u202e" not in shown and "\N{REPLACEMENT CHARACTER}tanks" in shown
    assert page.locator("[lang]").count() == 1, "what is no language tag is told to nobody"


def test_arabic_runs_from_right_to_left_and_its_letters_stay_joined(opened: Callable[..., Page]) -> None:
    page = opened(of_arabic())
    paragraph = page.locator(".prose p").first
    assert paragraph.evaluate("e => getComputedStyle(e).direction") == "rtl"
    expect(page.locator(".prose")).to_have_attribute("lang", "ar")
    box = "e => { const s = getComputedStyle(e); return [s.paddingLeft, s.paddingRight, s.marginLeft, s.borderWidth]; }"
    assert page.locator("a.m").first.evaluate(box) == ["0px"] * 4


def test_in_print_the_claims_follow_the_text_and_controls_are_gone(opened: Callable[..., Page]) -> None:
    page = opened(of_article())
    page.emulate_media(media="print")
    expect(page.locator(".legend")).to_be_hidden()
    text, claims = page.locator(".prose").bounding_box(), page.locator("#claims").bounding_box()
    assert text and claims and claims["y"] >= text["y"] + text["height"]


def test_without_scripts_a_mention_leads_to_its_row(opened: Callable[..., Page]) -> None:
    page = opened(of_article(), scripts=False)
    mention = page.locator("a.m", has_text="Houthis")
    row = page.locator(str(mention.get_attribute("href")))
    assert "Houthis" in row.inner_text() or "Houthis" in str(row.text_content())
    assert "recipient (1)" in str(row.text_content())


def test_an_event_has_both_sides_its_history_and_what_people_said(opened: Callable[..., Page]) -> None:
    page = opened(of_event())
    expect(page.locator(".says li")).to_have_text(["ministry of Zembla 1"])
    expect(page.locator(".denies li")).to_have_text(["Russia (RUS) 1", "Iran (IRN) 3"])
    assert page.locator(".claim-title").all_inner_texts()[0].endswith("Iran (IRN) → Houthis")
    expect(page.locator("#claim-2")).to_contain_text("has this sentence no more")
    expect(page.locator(".changes li").first).to_contain_text("standing: from asserted →to disputed")
    body = page.locator("main").inner_text()
    assert "Confirmed by ana" in body and "seen the manifest" in body
    assert "wrong, desk: <i>old</i> news" in body
    assert "UNSC 2216 (2015)" in body and "A flag, not a verdict." in body
    assert "v0 was merged into this event" in page.locator("header").inner_text()
    links = (
        page.get_by_role("region", name="Table of articles")
        .locator("a")
        .evaluate_all("all => all.map(a => a.getAttribute('href'))")
    )
    assert links == ["https://news.example/a1"], "an address that is no web address is no link"


def test_evidence_of_an_event_opens_the_article(opened: Callable[..., Page]) -> None:
    page = opened(of_event())
    page.locator("details.panel").first.evaluate("e => { e.open = false; }")
    page.locator("#claim-1").get_by_role("button").click()
    expect(page.locator(".prose .lit").first).to_be_visible()
    expect(page.locator("#claim-3").get_by_role("button")).to_have_count(0)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=20))
def test_any_text_makes_a_page(text: str, title: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    document = Document(id="d", text=text, title=title)
    article = given_article(document, first_seen=NOW)
    mentions = recognise(subject(document))
    reading = Reading(article=article, relevant=False, mentions=mentions)
    html = article_page(Explained(reading), NOW)
    html.encode("utf-8")
    assert html.endswith("</html>")
