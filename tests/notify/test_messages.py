"""What messages say, and that no text of a document can break out of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from tests.notify.samples import changed, place, shipment
from tests.samples import claim, later, report
from tests.sinks.channels import messages, new_message
from transforms.notify.content import how_many, value
from transforms.notify.payload import body
from transforms.notify.plan import net_changes
from transforms.notify.render import one_line, render_html, render_short, render_text
from transforms.records import Amount, Change, EmbargoNote, Money, Party, Voice

TEXTS = st.text(max_size=80) | st.sampled_from(["</td><script>", "\r\nBcc: x@y", "\ud800", '"><img src=x onerror=1>'])


def test_one_glance_tells_all() -> None:
    message = new_message(
        quantity_delivered=Amount(number=40, approx=True),
        quantity_ordered=Amount(min=100, max=120),
        value=Money(amount=4e9, currency="USD", bound="max"),
        asserted_by=(Voice(name="a ministry", iso3="KOR"),),
        denied_by=(Voice(name="Moscow", iso3="RUS"),),
        standing="disputed",
        date="2024-05",
        places=(place(42.3, 130.4, "origin", "Rajin"),),
        end_user=Party(actor="wagner-group", name="Wagner"),
        embargoes=(EmbargoNote(instrument="UNSCR 1718", target="PRK", side="supplier", source="https://un.org"),),
        origins=3,
        articles=5,
        credibility=2,
    )
    assert message.items[0].headline == ("North Korea (PRK) → Russia (RUS): about 40 KN-25, delivered (disputed)")
    lines = {line.label: line.text for line in message.items[0].lines}
    assert lines == {
        "Supplier → recipient": "North Korea (PRK) → Russia (RUS)",
        "End user": "Wagner",
        "What": "KN-25",
        "How many": "about 40; ordered: 100–120",
        "Value": "up to 4,000,000,000 USD",
        "Stage": "delivered",
        "Standing": "disputed",
        "Says": "a ministry (KOR)",
        "Denies": "Moscow (RUS)",
        "When": "2024-05",
        "Where": "Rajin (origin)",
        "Sources": "3 independent origins, 5 articles, rated B2",
        "Embargo": "UNSCR 1718 (PRK)",
    }


def test_new_evidence_comes_first_and_copies_not_at_all() -> None:
    event = shipment(
        claims=(
            claim("c1", quote="The first."),
            claim("c2", document="a2", quote="The copy.", copy_of="a1"),
            claim("c3", document="a3", quote="The new one."),
        ),
        reports=(report("a1"), report("a2", copy_of="a1"), report("a3", first_seen=later(hours=2))),
    )
    event = changed(event, "denial", later(hours=2), after="Sudland")
    (message,) = messages(event, hear="denial")
    assert [quote.text for quote in message.items[0].quotes] == ["The new one.", "The first."]
    assert message.items[0].more_reports == 1


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (None, ""),
        (Amount(number=1200), "1,200"),
        (Amount(number=2.5, unit="tonne"), "2.5 tonnes"),
        (Amount(min=10), "at least 10"),
        (Amount(max=1e6, unit="round"), "at most 1,000,000 rounds"),
        (Amount(), ""),
    ],
)
def test_numbers(amount: Amount | None, expected: str) -> None:
    assert how_many(amount) == expected


def test_values() -> None:
    assert value(Money(amount=5e8, currency="EUR", bound="about")) == "about 500,000,000 EUR"


def test_steps_are_joined_and_what_came_back_is_left_out() -> None:
    def step(n: int, kind: str, before: str | None, after: str | None) -> Change:
        return Change(number=n, kind=kind, at=later(minutes=n), before=before, after=after)

    steps = [
        step(2, "stage", "announced", "shipped"),
        step(3, "standing", "asserted", "disputed"),
        step(4, "denial", None, "Moscow"),
        step(5, "stage", "shipped", "delivered"),
        step(6, "standing", "disputed", "asserted"),
    ]
    assert [(c.kind, c.before, c.after) for c in net_changes(steps)] == [
        ("denial", None, "Moscow"),
        ("stage", "announced", "delivered"),
    ]


@given(st.lists(TEXTS, min_size=7, max_size=7))
def test_no_text_raises_or_breaks_out(texts: list[str]) -> None:
    fields: dict[str, Any] = {
        "supplier": Party(name=texts[0]),
        "claims": (claim(quote=texts[1]),),
        "reports": (report(title=texts[2], url=texts[3], publisher=texts[4]),),
        "asserted_by": (Voice(name=texts[5]),),
    }
    event = changed(shipment(**fields), "denial", after=texts[6])
    (message,) = messages(event)
    page = lxml_html.document_fromstring(render_html(message).encode("utf-8", "strict"))
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert tags <= {
        *("html head meta title body h2 ul li b table tbody tr td blockquote br a p code".split()),
    }
    assert all(a.get("href", "").startswith(("https://", "http://")) for a in page.iter("a"))
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert render_text(message).encode()
    assert render_short(message).encode()
    assert "\n" not in one_line(message.subject)
    assert json.loads(body(message))["events"][0]["new"] is True
