"""Events for export tests: one rich one, and what strategies make of every text in it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.samples import NOW, claim, event, later, place, report
from transforms.records import (
    Amount,
    Carrier,
    EmbargoNote,
    Event,
    Goods,
    Money,
    Party,
    Review,
    Voice,
)

SPOKESMAN = Voice(name="Foreign Ministry", iso3="RUS")
SEOUL = Voice(name="Defence Ministry", iso3="KOR")


def rich_event(id: str = "v1", **fields: Any) -> Event:
    """An event with every kind of thing in it."""
    defaults: dict[str, Any] = {
        "transit": (Party(iso3="CHN"),),
        "broker": Party(name="Harbour Trading"),
        "end_user": Party(actor="houthis", name="Houthis"),
        "goods": (
            Goods(value="KN-23", category="VII", named=True),
            Goods(value="artillery shell", category="ammunition"),
        ),
        "quantity_ordered": Amount(min=100, max=200, unit="piece", approx=True),
        "quantity_delivered": Amount(number=40, unit="piece"),
        "value": Money(amount=2.5e6, currency="USD", bound="max"),
        "carriers": (Carrier(kind="vessel", name="Lady Mara", imo="9240000", flag="RUS"),),
        "markings": ("lot 7", "2019"),
        "standing": "disputed",
        "asserted_by": (SEOUL,),
        "denied_by": (SPOKESMAN,),
        "date": "2024-06",
        "published": "2024-06-28",
        "last_changed": later(hours=3),
        "places": (place(), place("origin", value="Rajin", country="PRK", lat=42.25, lon=130.3)),
        "claims": (
            claim(
                "c1",
                "a1",
                asserted_by=(SEOUL,),
                quote="Forty missiles were unloaded there, the ministry said.",
                start=10,
                end=64,
                confidence=0.8,
                stage="delivered",
            ),
            claim(
                "c2",
                "a2",
                denied_by=(SPOKESMAN,),
                quote="The spokeswoman called that invented.",
                standing="denied",
                confidence=0.7,
            ),
        ),
        "reports": (report("a1"), report("a2", url="https://other.example/2", publisher="other", origin="other")),
        "articles": 2,
        "origins": 2,
        "reliability": "B",
        "credibility": 4,
        "confidence": 0.94,
        "embargoes": (
            EmbargoNote(instrument="UNSCR 1718", target="PRK", side="supplier", source="https://un.example/1718"),
        ),
        "review": Review(state="confirmed", who="ana", when=later(hours=3), why="seen on pictures"),
    }
    return event(id, **(defaults | fields))


texts = st.text(max_size=60)
hostile = st.one_of(
    texts,
    st.builds(
        lambda before, start, rest: before + start + rest,
        st.sampled_from(["", " ", "\u00a0", "\t", "\r\n", "a;", "a,", 'a","', "a|", "'", '"', "\ufeff", "\u200b"]),
        st.sampled_from(["=", "+", "-", "@", "\uff1d", "\uff0b", "\t=", "\r=", "\n@"]),
        st.sampled_from(["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")', "\n=2", ";=3", ',"=4', ""]),
    ),
)


@st.composite
def hostile_events(draw: st.DrawFn) -> Event:
    """A rich event in which everything that a stranger writes is hostile."""
    text = hostile
    lat = st.floats(allow_nan=True, allow_infinity=True) | st.none()
    return rich_event(
        supplier=Party(name=draw(text)),
        broker=Party(name=draw(text)),
        goods=(Goods(value=draw(text), category="VII"),),
        carriers=(Carrier(kind="vessel", name=draw(text), imo=draw(text), operator=draw(text)),),
        markings=(draw(text), draw(text)),
        asserted_by=(Voice(name=draw(text)), Voice(name=draw(text))),
        denied_by=(Voice(name=draw(text)),),
        date=draw(st.none() | text),
        published=draw(st.none() | text),
        places=(place(text=draw(text), value=draw(text), lat=draw(lat), lon=draw(lat)), place("use")),
        claims=(claim("c1", "a1", quote=draw(text), asserted_by=(Voice(name=draw(text)),)),),
        reports=(report("a1", url=draw(text), title=draw(text), publisher=draw(text), published=draw(text)),),
        review=Review(state="rejected", who=draw(text), why=draw(text), when=NOW),
        first_seen=NOW,
    )
