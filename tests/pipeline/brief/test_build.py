"""What a brief says of a week, as values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.brief.arcs import curve
from pipeline.brief.build import build, chosen_events, gather
from pipeline.brief.evidence import Detail
from pipeline.brief.labels import Node, place_labels
from pipeline.brief.model import Brief, Card, Change, Flag
from tests.pipeline.brief.week import HOUTHIS, PERIOD, PRK, QUOTE, RUS, TEXT, WITHIN, articles, events, report
from tests.samples import article, change, claim, event
from transforms.records import Amount, Article, Event, Party, Voice

FULL = Detail(quotes=4, length=400, documents=10)


def brief_of(found: list[Event], texts: dict[str, Article] | None = None, detail: Detail = FULL) -> Brief:
    known = articles() if texts is None else texts
    chosen, omitted = chosen_events(found, PERIOD)
    return build(chosen, omitted, known, PERIOD, detail)


@pytest.fixture
def brief() -> Brief:
    return brief_of(events())


def card(brief: Brief, id: str) -> Card:
    return next(card for card in brief.cards if card.id == id)


def test_the_week_in_figures_and_sentences(brief: Brief) -> None:
    assert [(f.number, f.label) for f in brief.figures] == [
        (2, "new"), (1, "changed"), (1, "disputed or denied"), (2, "confirmed"), (1, "under an embargo"),
        (2, "from one origin only"),
    ]  # fmt: skip
    assert brief.sentences == (
        "2 new transfers were reported, none of them yet by more than one origin.",
        "1 transfer is disputed or denied, by Russia.",
        "1 earlier transfer changed: United States → Poland, HIMARS (stage: Contracted → Delivered).",
        "1 transfer touches an embargo in force for the pair (North Korea).",
    )


def test_the_best_supported_new_one_is_named() -> None:
    found = [replace(one, origins=3) if one.id == "e-disputed" else one for one in events()]
    assert brief_of(found).sentences[0] == (
        "2 new transfers were reported. The best supported: North Korea → Russia, howitzer (shipped, 3 origins)."
    )
    assert brief_of(found[1:2]).sentences[0] == (
        "1 new transfer was reported: North Korea → Russia, howitzer (shipped, 3 origins)."
    )


def test_new_and_disputed_come_first(brief: Brief) -> None:
    assert [(c.id, c.why, c.contested) for c in brief.cards] == [
        ("e-disputed", "new", True), ("e-group", "new", False), ("e-changed", "changed", False),
    ]  # fmt: skip
    assert [c.key for c in brief.cards] == [0, 1, 2]


def test_both_sides_with_the_sentence_that_says_so(brief: Brief) -> None:
    told = card(brief, "e-disputed")
    assert told.says.voices == ("Washington (United States)",)
    (quote,) = told.says.quotes
    assert (quote.lead, quote.core, quote.tail) == ("A spokesman for Washington said that ", QUOTE, " in February.")
    assert (quote.by, quote.url, quote.fresh) == ("north-wire, 14 March 2026", "https://news.example/a1", True)
    assert told.denies.voices == told.deniers == ("Russia",)
    assert [quote.text for quote in told.denies.quotes] == ["Russia denied the report."]


def test_what_changed_before_and_after(brief: Brief) -> None:
    assert card(brief, "e-changed").changes == (
        Change("Stage", "Contracted", "Delivered"),
        Change("How many", "", "at least 6"),
        Change("Claims", "", "1 more"),
    )
    assert [c.id for c in brief.changed] == ["e-changed"]
    assert card(brief, "e-changed").facts == (("Ordered", "20"), ("Delivered", "at least 6"))
    assert card(brief, "e-changed").amount == "at least 6; 414 m USD"


def test_claims_that_came_and_went_are_one_line() -> None:
    steps = [("new_claim", None, "a"), ("withdrawn", "b", None), ("new_claim", None, "c")]
    changes = tuple(change(n, kind=k, before=b, after=a, at=WITHIN) for n, (k, b, a) in enumerate(steps, 2))
    (told,) = brief_of([event("v", claims=(claim(),), first_seen=WITHIN.replace(year=2025), changes=changes)]).cards
    assert told.changes == (Change("Claims", "", "2 more, 1 taken back"),)


def test_an_embargo_is_a_flag_with_its_source(brief: Brief) -> None:
    assert card(brief, "e-disputed").embargoes == (Flag("UNSC 1718", "DPRK", "supplier", "S/RES/1718 (2006)", False),)


def test_documents_name_copies_and_what_is_new(brief: Brief) -> None:
    assert [(d.title, d.publisher, d.copy) for d in card(brief, "e-disputed").documents] == [
        ("Title of a1", "north-wire", False), ("Title of a2", "daily", True),
    ]  # fmt: skip
    assert [(d.title, d.fresh) for d in card(brief, "e-changed").documents] == [
        ("Title of b1", True), ("Title of b0", False),
    ]  # fmt: skip


def test_the_map_has_an_arc_for_each_known_pair(brief: Brief) -> None:
    arcs = {arc.title: (arc.style, arc.weight, arc.keys) for arc in brief.map.arcs}
    assert arcs == {
        "United States → Poland: 1 transfer; 2 origins": ("firm", 2, (2,)),
        "North Korea → Russia: 1 transfer, disputed or denied by Russia; 1 origin": ("contested", 1, (0,)),
    }
    assert brief.map.undrawn == 1
    assert [(m.role, m.title) for m in brief.map.marks if m.keys] == [("origin", "Origin: Rajin; 1 transfer")]
    assert [view.name for view in brief.map.views] == ["World", "Europe", "Asia and Pacific", "Americas"]


def test_doubted_and_undoubted_transfers_of_a_pair_are_two_arcs() -> None:
    sure = event("s", supplier=PRK, recipient=RUS, claims=(claim(),), first_seen=WITHIN, changes=(change(at=WITHIN),))
    brief = brief_of([sure, replace(sure, id="d", standing="disputed"), replace(sure, id="a", standing="alleged")])
    assert [arc.style for arc in brief.map.arcs] == ["firm", "alleged", "contested"]
    assert len({arc.path for arc in brief.map.arcs}) == 3


def test_an_armed_group_is_drawn_where_it_is_based() -> None:
    found = event(supplier=Party(iso3="IRN"), recipient=HOUTHIS, claims=(claim(),), first_seen=WITHIN)
    brief = brief_of([found])
    assert {label.text for label in brief.map.labels} == {"Iran", "Yemen"}
    at_home = event(supplier=Party(iso3="YEM"), recipient=HOUTHIS, claims=(claim(),), first_seen=WITHIN)
    (ring,) = brief_of([at_home]).map.arcs
    assert ring.path.count("C") == 1


def test_curves_bend_north_then_south_and_stay_on_the_map() -> None:
    path, tip, _ = curve((100, 200), (300, 200), 0)
    assert (path, tip) == ("M100 200Q200 132 300 200", (300, 200))
    assert curve((300, 200), (100, 200), 0)[0] == "M300 200Q200 132 100 200"
    assert curve((100, 200), (300, 200), 1)[0] == "M100 200Q200 268 300 200"
    high = curve((100, 20), (900, 20), 0)[0]
    assert float(high.split("Q")[1].split(" ")[1]) >= 0


def test_names_do_not_cover_each_other() -> None:
    nodes = [Node(500 + n, 250, f"State {n}", 9 - n, f"S{n}") for n in range(4)]
    found = list(place_labels(nodes, [], [], 1000, 500))
    assert found[0].tier == 0
    assert len({(label.dx, label.dy) for label in found}) == len(found)


def test_names_stand_beside_arrows_and_marks() -> None:
    node = [Node(500, 250, "Nabia", 1, "NAB")]
    plain, beside = (next(place_labels(node, heads, marks, 1000, 500)) for heads, marks in (
        ([], []), ([(500.0, 250.0, 180.0)], [(480.0, 250.0)]),
    ))  # fmt: skip
    right, left = (6.0, 3.5), (-6.0, 3.5)
    assert (plain.dx, plain.dy) == right
    assert (beside.dx, beside.dy) not in (right, left)


def test_the_timeline_has_a_lane_for_each_stage_told(brief: Brief) -> None:
    assert [(lane.name, len(lane.dots)) for lane in brief.timeline.lanes] == [
        ("Shipped", 1), ("Delivered", 1), ("Seized", 1),
    ]  # fmt: skip
    (dot,) = brief.timeline.lanes[0].dots
    assert (dot.style, dot.title) == ("contested", "North Korea → Russia: howitzer; February 2026")


def test_an_old_transfer_does_not_squeeze_the_timeline() -> None:
    many = [
        event(f"v{n}", claims=(claim(),), first_seen=WITHIN, published=f"2026-03-{n + 1:02}") for n in range(14)
    ] + [event("old", claims=(claim(),), first_seen=WITHIN, date="1986")]
    timeline = brief_of(many).timeline
    assert (timeline.earlier, timeline.later) == (1, 0)
    assert len({dot.x for lane in timeline.lanes for dot in lane.dots}) >= 14


def test_pairs_and_what_can_be_filtered(brief: Brief) -> None:
    assert [(p.supplier, p.recipient, p.events, p.contested) for p in brief.pairs] == [
        ("North Korea", "Russia", 1, 1), ("United States", "Poland", 1, 0),
    ]  # fmt: skip
    assert [(c.value, c.label, c.count) for c in brief.choices["standing"]] == [
        ("confirmed", "Confirmed", 2), ("disputed", "Disputed", 1), ("contested", "Disputed or denied", 1),
    ]  # fmt: skip


def test_a_quote_outlives_its_article() -> None:
    (quote,) = card(brief_of(events(), texts={}), "e-disputed").says.quotes
    assert (quote.lead, quote.core, quote.tail) == ("", QUOTE, "")
    moved = {"a1": article("a1", text="Corrected. " + TEXT)}
    (quote,) = card(brief_of(events(), texts=moved), "e-disputed").says.quotes
    assert quote.text == QUOTE


def test_quotes_are_cut_to_measure() -> None:
    (quote,) = card(brief_of(events(), detail=Detail(quotes=1, length=60, documents=1)), "e-disputed").says.quotes
    assert quote.core == QUOTE
    assert len(quote.text) <= 60
    assert card(brief_of(events(), detail=Detail(1, 60, 1)), "e-disputed").more_documents == 1


def test_one_quote_a_source_before_a_second() -> None:
    claims = tuple(claim(f"c{n}", f"a{n}", quote=f"quote {n}") for n in range(4))
    reports = (report("a0"), report("a1"), report("a2", publisher="daily"), report("a3", publisher="daily"))
    found = event("v", claims=claims, reports=reports, first_seen=WITHIN)
    (told,) = brief_of([found], detail=Detail(quotes=2, length=100, documents=2)).cards
    assert [quote.by.split(",")[0] for quote in told.says.quotes] == ["north-wire", "daily"]


def test_an_order_alone_is_named_as_such() -> None:
    found = event("v", stage="delivered", quantity_ordered=Amount(number=40), claims=(claim(),), first_seen=WITHIN)
    assert brief_of([found]).cards[0].amount == "40 ordered"


def test_a_denial_alone_has_its_quote_on_its_side() -> None:
    nay = claim("c", "z", standing="denied", quote="never sent any", denied_by=(Voice(name="Nabia"),))
    found = event("v", standing="denied", denied_by=(Voice(name="Nabia"),), claims=(nay,), first_seen=WITHIN)
    (told,) = brief_of([found]).cards
    assert (told.says.quotes, [quote.core for quote in told.denies.quotes]) == ((), ["never sent any"])


def test_an_empty_week() -> None:
    brief = brief_of([])
    assert brief.cards == () and brief.sentences == ("No new transfer was reported.",)


def test_articles_are_asked_for_by_key_and_not_all_at_once() -> None:
    asked: list[int] = []

    def store(ids: object) -> dict[str, Article]:
        asked.append(len(ids))  # type: ignore[arg-type]
        return {}

    found = [event(f"v{n}", claims=(claim(f"c{n}", f"a{n}"),), first_seen=WITHIN) for n in range(450)]
    gather(chosen_events(found, PERIOD)[0], store)
    assert asked == [200, 200, 50]
