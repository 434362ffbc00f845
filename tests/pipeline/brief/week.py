"""An invented week of the register, with its articles, and as many generated events as a test asks for."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from pipeline.brief.build import chosen_events, gather
from pipeline.brief.period import Period
from pipeline.brief.render import html, markdown
from tests import samples
from tests.samples import article, change, claim, event
from transforms.records import (
    Amount,
    Article,
    ClaimPlace,
    EmbargoNote,
    Event,
    Goods,
    Money,
    Party,
    PlaceRole,
    Report,
    Stage,
    Standing,
    Voice,
)  # fmt: skip

UNTIL = datetime(2026, 3, 16, 8, tzinfo=UTC)
PERIOD = Period(UNTIL - timedelta(days=7), UNTIL)
WITHIN = UNTIL - timedelta(days=2)
BEFORE = UNTIL - timedelta(days=20)

USA, RUS, PRK, UKR, POL = (Party(iso3=code) for code in ("USA", "RUS", "PRK", "UKR", "POL"))
HOUTHIS = Party(actor="houthis", name="the Houthis")

TEXT = (
    "Officials met on Monday. A spokesman for Washington said that North Korea had shipped 300 howitzers to Russia "
    "in February. Russia denied the report. The talks go on."
)
QUOTE = "North Korea had shipped 300 howitzers to Russia"


def report(id: str, **fields: Any) -> Report:
    """A report as an event keeps it."""
    week: dict[str, Any] = {"publisher": "north-wire", "origin": "north-wire", "published": "2026-03-14"}
    return samples.report(id, **(week | {"first_seen": WITHIN} | fields))


def articles() -> dict[str, Article]:
    """The articles of :func:`events`."""
    return {"a1": article("a1", text=TEXT, language="en", publisher="north-wire", published="2026-03-14")}


def events() -> list[Event]:
    """One new and disputed, one changed, one new and confirmed to an armed group, one that nothing happened to."""
    start = TEXT.index(QUOTE)
    disputed = event(
        "e-disputed", supplier=PRK, recipient=RUS, stage="shipped", standing="disputed",
        goods=(Goods(value="howitzer", category="III"),), quantity_delivered=Amount(number=300), date="2026-02",
        asserted_by=(Voice(name="Washington", iso3="USA"),), denied_by=(Voice(name="Russia", iso3="RUS"),),
        claims=(
            claim("c1", "a1", supplier=PRK, recipient=RUS, start=start, end=start + len(QUOTE), quote=QUOTE,
                  standing="disputed", denied_by=(Voice(name="Russia", iso3="RUS"),)),
        ),
        reports=(report("a1"), report("a2", publisher="daily", copy_of="a1")), articles=2, origins=1,
        reliability="B", credibility=4, published="2026-03-14", first_seen=WITHIN, last_changed=WITHIN,
        places=(ClaimPlace(role="origin", text="Rajin", value="Rajin", start=0, end=5, lat=42.24, lon=130.3),),
        embargoes=(EmbargoNote(instrument="UNSC 1718", target="DPRK", side="supplier", source="S/RES/1718 (2006)"),),
        changes=(change(1, at=WITHIN),),
    )  # fmt: skip
    changed = event(
        "e-changed", supplier=USA, recipient=POL, stage="delivered", standing="confirmed",
        goods=(Goods(value="HIMARS", category="III", named=True),), quantity_ordered=Amount(number=20),
        quantity_delivered=Amount(min=6), value=Money(amount=414e6, currency="USD"),
        asserted_by=(Voice(name="Polish ministry", iso3="POL"),),
        claims=(claim("c2", "b1", quote="Poland took over the first six launchers"),),
        reports=(report("b0", first_seen=BEFORE, origin="daily"), report("b1")), articles=2, origins=2,
        reliability="B", credibility=1, published="2026-02-20", first_seen=BEFORE, last_changed=WITHIN,
        changes=(
            change(1, at=BEFORE),
            change(2, kind="stage", before="announced", after="contracted", at=BEFORE),
            change(3, kind="new_claim", after="Poland took over the first six launchers", at=WITHIN),
            change(4, kind="stage", before="contracted", after="shipped", at=WITHIN),
            change(5, kind="stage", before="shipped", after="delivered", at=WITHIN),
            change(6, kind="quantity", after="6–", at=WITHIN),
        ),
    )  # fmt: skip
    group = event(
        "e-group", supplier=Party(), recipient=HOUTHIS, stage="seized", standing="confirmed",
        goods=(Goods(value="rifle", category="SALW"),), claims=(claim("c3", "d1", quote="rifles were seized"),),
        reports=(report("d1"),), articles=1, origins=1, published="2026-03-15", first_seen=WITHIN,
        changes=(change(1, at=WITHIN),),
    )  # fmt: skip
    quiet = event("e-quiet", claims=(claim("c4"),), first_seen=BEFORE, changes=(change(1, at=BEFORE),))
    return [changed, disputed, group, quiet]


def generated(count: int, seed: int = 7) -> tuple[list[Event], dict[str, Article]]:
    """As many new and changed events, each with six claims in as many documents."""
    rng = random.Random(seed)
    states = ["USA", "RUS", "CHN", "PRK", "IRN", "FRA", "DEU", "GBR", "ISR", "TUR", "UKR", "SAU", "YEM", "SDN", "LBY"]
    stages, standings, roles = get_args(Stage), get_args(Standing), get_args(PlaceRole)
    found, texts = [], {}
    for n in range(count):
        supplier, recipient = (Party(iso3=code) for code in rng.sample(states, 2))
        standing, is_new = rng.choice(standings), rng.random() < 0.7
        denied = (Voice(name=f"the ministry of {recipient.iso3}", iso3=recipient.iso3),)
        claims, reports = [], []
        for m in range(6):
            id = f"g{n}-{m}"
            quote = f"consignment {n} of {rng.randint(2, 900)} guided rockets went out in lot {m}"
            text = f"In the {m}th report of the affair, two officials and a broker said that {quote} by sea. " * 3
            texts[id] = article(id, text=text, language="en", publisher=f"paper-{m}", published="2026-03-12")
            start = text.index(quote)
            claims.append(claim(f"c{id}", id, start=start, end=start + len(quote), quote=quote, standing=standing))
            reports.append(report(id, title=f"Consignment {n}: what the papers of the port of call say, part {m}"))
        at = WITHIN if is_new else BEFORE
        steps = [change(1, at=at)]
        if not is_new:
            steps.append(change(2, kind="standing", before="alleged", after=standing, at=WITHIN))
        lat, lon = rng.uniform(-30, 60), rng.uniform(-100, 140)
        place = ClaimPlace(role=rng.choice(roles), text=f"Port {n}", start=0, end=4, lat=lat, lon=lon)
        found.append(
            event(
                f"{n:032x}", supplier=supplier, recipient=recipient, stage=rng.choice(stages), standing=standing,
                goods=(Goods(value=f"guided rocket {n % 40}", category="III"),), places=(place,),
                quantity_delivered=Amount(number=rng.randint(2, 900)), claims=tuple(claims), reports=tuple(reports),
                asserted_by=(Voice(name="two officials"),),
                denied_by=denied if standing in ("disputed", "denied") else (), articles=6,
                origins=rng.randint(1, 6), published=f"2026-03-{rng.randint(1, 15):02}", first_seen=at,
                last_changed=WITHIN, changes=tuple(steps),
            )
        )  # fmt: skip
    return found, texts


def page(found: Collection[Event], texts: Mapping[str, Article], most: int = 500) -> str:
    """The HTML brief of events."""
    chosen, omitted = chosen_events(found, PERIOD, most)
    return html(chosen, omitted, gather(chosen, lambda ids: {id: texts[id] for id in ids if id in texts}), PERIOD)


def text(found: Collection[Event], texts: Mapping[str, Article]) -> str:
    """The Markdown brief of events."""
    chosen, omitted = chosen_events(found, PERIOD)
    return markdown(chosen, omitted, gather(chosen, lambda ids: {id: texts[id] for id in ids if id in texts}), PERIOD)
