"""A small register that searches, dashboards and exports are tried on: every kind of value, several scripts."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache

from tests.samples import NOW, change, claim, event, later, report
from transforms.records import (
    Amount,
    Carrier,
    ClaimPlace,
    EmbargoNote,
    Event,
    Goods,
    Money,
    Party,
    Review,
    Voice,
)

STATES = ("PRK", "RUS", "IRN", "YEM", "SDN", "ARE")
GOODS = (
    Goods(value="Shahed-136", category="UAV", family="Shahed", named=True),
    Goods(value="T-72B3", category="I", family="T-72", named=True),
    Goods(value="ballistic missile", category="VII"),
    Goods(value="rifle", category="SALW"),
    Goods(value="152 mm artillery shell", category="ammunition"),
)
QUOTES = (
    "The ministry said that twelve Geran-2 drones were handed over at the port.",
    "Министерство сообщило о поставке ракет в порт Латакия.",
    "وزارة الدفاع أعلنت وصول الصواريخ الإيرانية",
    "朝鲜向俄罗斯运送导弹",
    "Coast guards stopped a dhow with anti-tank missiles and rifles.",
    "Le ministère a démenti toute livraison d’obus.",
    "",
)
PLACES = (
    ("Hodeidah", "YEM", 14.8, 42.95), ("Latakia", "SYR", 35.52, 35.78), ("Vostochny", "RUS", 42.75, 133.06),
    ("Port Sudan", "SDN", 19.62, 37.22),
)  # fmt: skip
STAGES = ("announced", "contracted", "shipped", "delivered", "seized", "in_use")
STANDINGS = ("confirmed", "asserted", "alleged", "disputed", "denied")
ROLES = ("origin", "transit", "seizure", "delivery", "use")
DATES = (None, "2024-01-02", "2024-03", "2023", "2024-W10", "2023-11/2024-02", "no date")


@cache
def register(count: int = 60) -> tuple[Event, ...]:
    """Events that differ in everything searches and charts ask for; always the same."""
    return tuple(_event(n, random.Random(n)) for n in range(count))


def _event(n: int, draw: random.Random) -> Event:
    supplier, recipient = draw.sample(STATES, 2)
    quote, place = draw.choice(QUOTES), draw.choice(PLACES)
    seen = NOW - timedelta(hours=draw.randrange(2000))
    carrier = Carrier(kind="vessel", name="Aurora Star", imo="IMO 9187629", flag="PAN")
    plane = Carrier(kind="aircraft", registration="EP-GOQ", operator="Fars Air")
    role = draw.choice(ROLES)
    told = report(
        f"a{n}", title=f"Report {n} on a shipment", source=f"s{n % 4}", publisher=draw.choice(("reuters", "tass")),
        origin="reuters", language=draw.choice(("en", "ru", "ar")), published=None, first_seen=seen,
    )  # fmt: skip
    return event(
        f"v{n:03}",
        supplier=Party() if n % 11 == 0 else Party(iso3=supplier),
        recipient=Party(actor="houthis", name="Houthis") if n % 7 == 0 else Party(iso3=recipient),
        transit=(Party(iso3="OMN"),) if n % 5 == 0 else (),
        broker=Party(name="an unnamed broker") if n % 13 == 0 else None,
        end_user=Party(iso3="LBY") if n % 9 == 0 else None,
        goods=tuple(draw.sample(GOODS, draw.randrange(3))),
        quantity_delivered=Amount(number=float(n), unit="piece") if n % 2 else None,
        value=Money(amount=1e6 * n, currency="USD") if n % 6 == 0 else None,
        carriers=((carrier,), (plane,), ())[n % 3],
        markings=("lot 51-25-02",) if n % 8 == 0 else (),
        stage=draw.choice(STAGES),
        standing=draw.choice(STANDINGS),
        asserted_by=(Voice(name="Ministry of Defence", iso3=recipient),),
        denied_by=(Voice(name="Embassy in Norville", iso3=supplier),) if n % 4 == 0 else (),
        date=draw.choice(DATES),
        published="2024-04-05" if n % 3 else None,
        first_seen=seen,
        last_changed=seen + timedelta(hours=draw.randrange(3)),
        places=(
            ClaimPlace(role=role, text=place[0], start=0, end=1, value=place[0], country=place[1], lat=place[2],  # type: ignore[arg-type]
                       lon=place[3], place_type="city"),
        ),
        claims=(claim(f"c{n}", quote=quote, confidence=0.5),),
        reports=(told,),
        articles=draw.randrange(1, 5),
        origins=draw.randrange(1, 4),
        reliability=draw.choice("ABCF"),  # type: ignore[arg-type]
        credibility=draw.randrange(1, 7),
        confidence=draw.choice((0.25, 0.5, 0.57, 0.9)),
        embargoes=(
            EmbargoNote(instrument="Resolution 1718", target="PRK", side="supplier", source="UN", contested=n % 2 == 0),
        )
        if supplier == "PRK"
        else (),
        review=Review(state=draw.choice(("unreviewed", "confirmed", "rejected")), who="w", when=later(), why="seen"),  # type: ignore[arg-type]
        changes=(change(1, at=seen),),
        merged_into="v001" if n % 17 == 16 else None,
    )  # fmt: skip
